"""Handbooks in tenants' declarations: read strictly, and applied without undoing what people changed."""

from dataclasses import replace

import pytest
from msgspec.structs import replace as with_

from chalicelib.handbook.declared import BY, Declared, apply_declared, parse_handbook
from chalicelib.handbook.model import Handbook, Shelf
from chalicelib.kernel.errors import BadInput
from tests.handbook.shops import FILES, shops
from tests.samples import NOON

GOOD = """id = "danbi"

[handbook]
colour = "#c2255c"
dos = ["치수는 cm로"]

[[answers]]
title = "배송"
intent = "delivery"
shortcut = "배송"
text = "{{customer.name}}, 내일 가요"

[[answers]]
title = "환불"
intent = "refund"
shortcut = "환불"
text = "돌려 드려요"
"""


def parsed(text: str = GOOD) -> Declared:
    return parse_handbook(text, "tenants/danbi.toml")


def test_a_declaration_is_read() -> None:
    found = parsed()
    assert found.handbook == Handbook(colour="#c2255c", dos=("치수는 cm로",))
    assert [one.shortcut for one in found.answers] == ["배송", "환불"]
    assert parsed('id = "danbi"') == Declared()


def test_declared_shops_have_a_whole_handbook() -> None:
    for shop in shops().values():
        handbook = shop.shelf.kept.handbook
        assert len(shop.shelf.offered) == 8
        parts = (handbook.dos, handbook.donts, handbook.links, handbook.steps, handbook.forbidden)
        assert [part for part in parts if not part] == []
        assert handbook.refund_limit_won > 0
    assert len({shop.shelf.kept.handbook.colour for shop in shops().values()}) == len(FILES)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"#c2255c"', '"red"', "danbi.toml:3: handbook.colour: "),
        ('colour = "#c2255c"', 'color = "#c2255c"', "danbi.toml:3: handbook: "),
        ('"치수는 cm로"', '" "', "danbi.toml:3: handbook: dos is empty"),
        ('dos = ["치수는 cm로"]', 'steps = [{ id = "a" }]', "danbi.toml:3: handbook.steps[0]: "),
        ("{{customer.name}}", "{{customer.phone}}", "danbi.toml:7: answers[0]: a slot is one of"),
        ('text = "돌려 드려요"', "", "danbi.toml:13: answers[1]: "),
        ('shortcut = "환불"', 'shortcut = "배송"', "danbi.toml:13: answers[1]: another canned answer"),
        ('intent = "refund"', 'intent = "환불"', "danbi.toml:13: answers[1].intent: "),
        ("[handbook]", "[handbook", "danbi.toml: "),
    ],
)
def test_what_is_wrong_is_said_with_its_place(old: str, new: str, message: str) -> None:
    assert old in GOOD
    with pytest.raises(BadInput) as refused:
        parsed(GOOD.replace(old, new))
    assert refused.value.code == "invalid_tenant"
    assert refused.value.message.startswith(f"tenants/{message}")


def test_what_is_declared_is_applied_once() -> None:
    first = apply_declared(parsed(), "danbi", Shelf(), NOON)
    assert (first.kept.version, first.kept.updated_by) == (1, BY)
    assert [one.version for one in first.answers] == [1, 1]
    assert apply_declared(parsed(), "danbi", first, NOON + 1) == first
    assert {one.id for one in apply_declared(parsed(), "mungmeal", Shelf(), NOON).answers}.isdisjoint(
        one.id for one in first.answers
    )


def test_what_people_changed_stays_until_the_declaration_changes() -> None:
    first = apply_declared(parsed(), "danbi", Shelf(), NOON)
    mine = replace(
        first.answers[0],
        version=2,
        wording=with_(first.answers[0].wording, text="모레 가요"),
        updated_by="owner:x",
    )
    changed = replace(
        first,
        kept=replace(first.kept, handbook=Handbook(colour="#000000"), version=2),
        answers=(mine, replace(first.answers[1], retired=True)),
    )
    assert apply_declared(parsed(), "danbi", changed, NOON + 1) == changed
    again = apply_declared(parsed(GOOD.replace("내일 가요", "오늘 가요")), "danbi", changed, NOON + 1)
    assert again.kept == changed.kept
    assert (again.answers[0].version, again.answers[0].wording.text) == (3, "{{customer.name}}, 오늘 가요")
    assert again.answers[1].retired
    recoloured = apply_declared(parsed(GOOD.replace("#c2255c", "#111111")), "danbi", changed, NOON + 1)
    assert (recoloured.kept.version, recoloured.kept.handbook.colour) == (3, "#111111")


def test_an_answer_of_the_shops_own_stays_beside_declared_ones() -> None:
    first = apply_declared(parsed(), "danbi", Shelf(), NOON)
    own = replace(first.answers[0], id="f" * 32, declared="")
    kept = apply_declared(parsed(), "danbi", Shelf(answers=(own,)), NOON).answers
    assert own in kept
    assert len(kept) == 3
