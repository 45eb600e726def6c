"""What a shop's page shows before anybody wrote, and how it keeps itself fresh."""

from dataclasses import replace

import pytest

from chalicelib.aws.tables import commit
from chalicelib.incidents.model import Incident
from chalicelib.incidents.store import Incidents
from chalicelib.incidents.wiring import forget_incidents
from chalicelib.kernel.caller import Caller, Kind
from chalicelib.kernel.clock import HOUR
from chalicelib.tenants.aims import Holidays
from chalicelib.tenants.service import apply
from chalicelib.tenants.store import Tenants
from chalicelib.visitors.wiring import forget_pages
from chalicelib.web.limits import OPENED_BY_WIDGET, limiter
from tests.moto_desk import DANBI, KEY, MINA, NOBODY, SHOP, Answer, Desk
from tests.samples import NOON

ORIGIN = "https://danbi.kr"
SATURDAY = {"name": "단비옷장", "name_en": "Danbi Closet", "language": "ko", "bot": False}


def widget(desk: Desk) -> str:
    body = {"origins": [ORIGIN], "label": "쇼핑몰"}
    return str(desk.call(SHOP, "POST /v1/tenants/danbi/widget-keys", body).body["key"])


def shop(desk: Desk, key: str, origin: str = ORIGIN) -> Answer:
    return desk.call(NOBODY, "GET /v1/widget/shop", headers={"X-Widget-Key": key, "Origin": origin})


def always_open() -> None:
    apply(replace(DANBI, hours=type(DANBI.hours)()), Tenants("danbi"), commit)


def visit(desk: Desk, key: str, number: int) -> Answer:
    headers = {"X-Widget-Key": key, "Origin": ORIGIN, "Idempotency-Key": f"0123456789abcdef-{number:012d}"}
    return desk.call(NOBODY, "POST /v1/widget/contacts", {"text": "언제 와요?"}, headers=headers)


def test_a_page_shows_the_shop_and_when_it_opens(desk: Desk) -> None:
    key = widget(desk)
    shut = shop(desk, key)
    assert shut.status == 200
    assert {**shut.body, **SATURDAY} == shut.body
    assert shut.body["greeting"] == DANBI.persona.greeting
    assert shut.body["colour"].startswith("#")
    # Noon of a Saturday; the shop opens on Monday at ten.
    assert (shut.body["open_now"], shut.body["opens_at"]) == (False, "2026-11-23T01:00:00.000Z")
    assert shut.body["expected_wait_seconds"] is None
    desk.later(2 * 86_400)
    assert [shop(desk, key).body[name] for name in ("open_now", "opens_at")] == [True, None]


def seen(desk: Desk) -> tuple[str, str]:
    [key] = desk.call(SHOP, "GET /v1/tenants/danbi/widget-keys").body["keys"]
    return key["seen_at"][:16], key["seen_origin"]


def test_shop_is_told_which_page_last_showed_its_widget(desk: Desk) -> None:
    key = widget(desk)
    assert seen(desk) == ("", "")
    assert shop(desk, key, "https://else.example").status == 403
    assert seen(desk) == ("", "")
    assert shop(desk, key).status == 200
    assert seen(desk) == ("2026-11-21T03:00", ORIGIN)


def test_widget_that_is_shown_again_and_again_costs_one_write_in_ten_minutes(desk: Desk) -> None:
    key = widget(desk)
    writes = desk.written()
    for _ in range(5):
        assert shop(desk, key).status == 200
    assert writes == ["UpdateItem"]
    forget_pages()
    desk.later(3600)
    assert shop(desk, key).status == 200
    assert (len(writes), seen(desk)) == (2, ("2026-11-21T04:00", ORIGIN))


def test_page_is_shown_though_it_cannot_be_noted(desk: Desk) -> None:
    key = widget(desk)
    desk.fail("UpdateItem", "InternalServerError", status=500, times=99)
    assert shop(desk, key).status == 200
    assert seen(desk) == ("", "")


def test_page_shows_the_newest_notice_of_an_incident_that_concerns_the_shop(desk: Desk) -> None:
    key = widget(desk)
    assert shop(desk, key).body["notice"] is None
    for number, tenants in enumerate(((), ("danbi",), ("mungmeal",))):
        since = NOON + number
        told = Incident(
            f"{number:032x}", "main", tenants, f"알림 {number}", "Notice", since, NOON + HOUR, "lead", "d"
        )
        commit(Incidents().add(told))
    forget_incidents()
    desk.later(1)
    assert shop(desk, key).body["notice"]["text"] == "알림 1"
    forget_incidents()
    desk.later(3600)
    assert shop(desk, key).body["notice"] is None


def test_own_holidays_are_told_on_the_page(desk: Desk) -> None:
    key = widget(desk)
    apply(replace(DANBI, holidays=Holidays(closed_on=("2026-11-23",))), Tenants("danbi"), commit)
    assert shop(desk, key).body["opens_at"] == "2026-11-24T01:00:00.000Z"


def test_a_wait_is_told_while_somebody_is_there_and_grows_with_the_queue(desk: Desk) -> None:
    always_open()
    key = widget(desk)
    assert shop(desk, key).body["expected_wait_seconds"] is None
    assert desk.call(MINA, "POST /v1/agents/me/heartbeat").status == 200
    desk.later(3)
    soon = shop(desk, key).body["expected_wait_seconds"]
    for _ in range(8):
        desk.open()
    desk.later(6)
    assert desk.call(MINA, "POST /v1/agents/me/heartbeat").status == 200
    later = shop(desk, key).body["expected_wait_seconds"]
    assert 0 <= soon < later


def test_while_chats_are_held_back_the_next_one_waits_behind_them(desk: Desk) -> None:
    always_open()
    key = widget(desk)
    assert desk.call(MINA, "POST /v1/agents/me/heartbeat").status == 200
    for number in range(DANBI.contract.burst + 6):
        assert visit(desk, key, number).status == 201
    desk.later(12)
    assert desk.call(MINA, "POST /v1/agents/me/heartbeat").status == 200
    told = shop(desk, key).body["expected_wait_seconds"]
    last = visit(desk, key, 99).body["contact"]
    shown = desk.call(SHOP, f"GET /v1/tenants/danbi/contacts/{last}/wait").body["expected_wait"]
    assert told > 0
    assert abs(told - shown["expected_s"]) <= shown["expected_s"] / 10


@pytest.mark.parametrize("key", ["", "danbi", "ddw.danbi." + "f" * 16, "ddw.absent00." + "f" * 16])
def test_without_a_key_there_is_no_shop(desk: Desk, key: str) -> None:
    assert shop(desk, key).refusal == (401, "unauthenticated")
    assert shop(desk, widget(desk), "https://evil.kr").refusal == (403, "origin_not_allowed")


def test_looking_does_not_use_up_the_conversations_that_a_page_may_open(desk: Desk) -> None:
    key = widget(desk)
    limiter.forget()
    desk.limited = True
    opener = Caller(Kind.VISITOR, key.rpartition(".")[2], "danbi")
    for _ in range(OPENED_BY_WIDGET.burst - 1):
        limiter.admit(opener, "")
    assert [shop(desk, key).status for _ in range(5)] == [200] * 5
    assert visit(desk, key, 1).status == 201
    assert visit(desk, key, 2).refusal == (429, "too_many_requests")


def test_one_address_looks_at_a_bounded_rate(desk: Desk) -> None:
    key = widget(desk)
    limiter.forget()
    desk.limited = True
    assert {shop(desk, key).status for _ in range(40)} == {200, 429}


def poll(desk: Desk, contact: str, known: str = "") -> Answer:
    page = Caller(Kind.VISITOR, KEY, tenant="danbi", contact=contact, origins=ORIGIN)
    headers = {"Origin": ORIGIN, "If-None-Match": known} if known else {"Origin": ORIGIN}
    return desk.call(page, f"GET /v1/tenants/danbi/contacts/{contact}", headers=headers)


def test_a_page_that_knows_all_is_told_so_by_one_read_of_one_row(desk: Desk) -> None:
    contact = desk.open()
    first = poll(desk, contact)
    tag = first.headers["ETag"]
    queries, reads = desk.watch("Query"), desk.watch("GetItem")
    again = poll(desk, contact, tag)
    assert (again.status, again.body, again.headers["ETag"]) == (304, None, tag)
    assert queries == []
    assert [read["Key"]["sk"]["S"] for read in reads] == ["contact"]


def test_whatever_comes_changes_the_tag(desk: Desk) -> None:
    contact = desk.open()
    seen = [poll(desk, contact).headers["ETag"]]
    for who, action, body in (
        (MINA, "claim", None),
        (MINA, "replies", {"text": "내일 도착해요."}),
        (SHOP, "messages", {"text": "고마워요"}),
        (MINA, "resolve", None),
    ):
        desk.act(who, contact, action, body)
        fresh = poll(desk, contact, seen[-1])
        assert fresh.status == 200, action
        assert fresh.headers["ETag"] not in seen
        seen.append(fresh.headers["ETag"])
    assert len(poll(desk, contact, '"0"').body["messages"]) == 3


def test_a_tag_opens_nobody_elses_conversation(desk: Desk) -> None:
    contact, other = desk.open(), desk.open()
    tag = poll(desk, contact).headers["ETag"]
    page = Caller(Kind.VISITOR, KEY, tenant="danbi", contact=contact, origins=ORIGIN)
    headers = {"Origin": ORIGIN, "If-None-Match": tag}
    answer = desk.call(page, f"GET /v1/tenants/danbi/contacts/{other}", headers=headers)
    assert answer.refusal == (404, "not_found")
    assert "ETag" not in answer.headers
