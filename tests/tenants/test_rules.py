from pathlib import Path

import pytest

from chalicelib.kernel.errors import BadInput
from chalicelib.tenants.declared import parse_tenant
from chalicelib.tenants.model import Channel, Trade

GOOD = """\
id = "danbi"
name = "단비옷장"
name_en = "Danbi Closet"
kind = "fashion"
pool = "main"
price_won = 900
channels = ["chat", "email"]

[contract]
rate_per_hour = 40
burst = 10

[persona]
agent_name = "단비"
tone = "다정하게"
greeting = "안녕하세요"
signature = "단비옷장 드림"

[hours]
mon = ["10:00-12:30", "13:30-18:00"]
tue = []
"""

FILES = sorted(Path("tenants").glob("*.toml"))


def test_a_declaration_is_read() -> None:
    shop = parse_tenant(GOOD, "tenants/danbi.toml")
    assert (shop.id, shop.kind, shop.channels) == ("danbi", Trade.FASHION, (Channel.CHAT, Channel.EMAIL))
    assert (shop.contract.tick, shop.contract.allowance) == (90_000, 900_000)
    assert (shop.hours.mon, shop.hours.tue, shop.hours.sun) == (("10:00-12:30", "13:30-18:00"), (), ())
    assert (shop.price_won, shop.plan_in("2026-11"), shop.persona.language) == (900, "flat/900", "ko")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('id = "danbi"', 'id = "d"', ":1: id: Expected `str` matching regex '^[a-z0-9]{4,32}$'"),
        ('id = "danbi"', 'id = "mungmeal"', ":1: id: Expected the file's name without .toml"),
        ('name = "단비옷장"', 'name = ""', ":2: name: Expected `str` of length >= 1"),
        ('name = "단비옷장"', "name = 3", ":2: name: Expected `str`, got `int`"),
        ('name = "단비옷장"\n', "", ":1: name: Object missing required field `name`"),
        ('kind = "fashion"', 'kind = "cars"', ":4: kind: Invalid enum value 'cars'"),
        ('pool = "main"', 'pool = "Main"', ":5: pool: Expected `str` matching regex '^[a-z0-9]{3,32}$'"),
        ("price_won = 900", "price_won = -1", ":6: price_won: Expected `int` >= 0"),
        ("price_won = 900", "price_won = 1000001", ":6: price_won: Expected `int` <= 1000000"),
        ("price_won = 900", "price_won = 900.5", ":6: price_won: Expected `int`, got `float`"),
        ("price_won = 900", 'price_won = "900"', ":6: price_won: Expected `int`, got `str`"),
        ('["chat", "email"]', "[]", ":7: channels: Expected `array` of length >= 1"),
        ('["chat", "email"]', '["chat", "fax"]', ":7: channels[1]: Invalid enum value 'fax'"),
        ('["chat", "email"]', '[\n  "fax",\n]', ":7: channels[0]: Invalid enum value 'fax'"),
        ("rate_per_hour = 40", "rate_per_hour = 0", ":10: contract.rate_per_hour: Expected `int` >= 1"),
        ("burst = 10", "burst = true", ":11: contract.burst: Expected `int`, got `bool`"),
        ("burst = 10\n", "", ":9: contract: Object missing required field `burst`"),
        ("burst = 10", "brust = 10", ":11: contract.brust: Expected no field of this name"),
        ('tone = "다정하게"', f'tone = "{"가" * 301}"', ":15: persona.tone: Expected `str` of length <= 300"),
        (
            "[hours]",
            'language = "korean"\n[hours]',
            ":19: persona.language: Expected `str` matching regex '^[a-z]{2}$'",
        ),
        ("price_won = 900", "price_won = 900\ncolour = 1", ":7: colour: Expected no field of this name"),
        ("[hours]", "[opening]", ":19: opening: Expected no field of this name"),
        ("tue = []", 'tue = "10:00-18:00"', ":21: hours.tue: Expected `array`, got `str`"),
        (
            "tue = []",
            'tue = ["18:00-10:00"]',
            ":21: hours.tue: Expected spans in order, each ending after it starts; got 18:00-10:00",
        ),
        (
            "tue = []",
            'tue = ["10:00-12:00", "11:00-13:00"]',
            ":21: hours.tue: Expected spans in order, each ending after it starts; got 11:00-13:00",
        ),
        ("tue = []", "tuesday = []", ":21: hours.tuesday: Expected no field of this name"),
        ("burst = 10", "burst = 10\nburst = 11", ": Cannot overwrite a value (at line 12, column 11)"),
        ("burst = 10", "burst =", ": Invalid value (at line 11, column 8)"),
    ],
)
def test_every_mistake_is_named_with_its_line(old: str, new: str, message: str) -> None:
    assert GOOD.count(old) == 1
    with pytest.raises(BadInput) as refused:
        parse_tenant(GOOD.replace(old, new), "tenants/danbi.toml")
    assert (refused.value.code, refused.value.message) == ("invalid_tenant", f"tenants/danbi.toml{message}")


def test_the_desks_own_name_is_no_shops() -> None:
    with pytest.raises(BadInput, match="Expected an id that is not the desk's own"):
        parse_tenant(GOOD.replace('id = "danbi"', 'id = "duredesk"'), "tenants/duredesk.toml")


@pytest.mark.parametrize("span", ["24:00-24:30", "9:00-18:00", "10:00-25:00", "10:60-11:00", "10:00", ""])
def test_a_span_is_two_times_of_a_day(span: str) -> None:
    with pytest.raises(BadInput) as refused:
        parse_tenant(GOOD.replace("tue = []", f'tue = ["{span}"]'), "danbi.toml")
    assert refused.value.message.startswith("danbi.toml:21: hours.tue[0]: Expected `str` matching regex")


@pytest.mark.parametrize("span", ["00:00-24:00", "09:00-18:00", "23:59-24:00"])
def test_a_span_may_end_at_midnight(span: str) -> None:
    assert parse_tenant(GOOD.replace("tue = []", f'tue = ["{span}"]'), "danbi.toml").hours.tue == (span,)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_real_shops_are_declared_well(path: Path) -> None:
    assert parse_tenant(path.read_text(), str(path)).id == path.stem


def test_there_are_six_real_shops() -> None:
    assert len(FILES) == 6
