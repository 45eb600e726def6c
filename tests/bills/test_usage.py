"""The ledger as its shop sees it: line by line, with what each one changed."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.aws.tables import commit
from chalicelib.bills.wiring import bill
from chalicelib.kernel.clock import DAY, MINUTE, month_span
from chalicelib.metering.model import Meter, Reason
from chalicelib.metering.store import Ledger
from chalicelib.metering.windows import Windows
from chalicelib.pricing.model import Item
from tests.bills.samples import MONTH, an_entry, taken_back
from tests.bills.world import AT, FINANCE, OWNER, STAFF, VIEWER, book, contact, get, post, subscribed
from tests.moto_desk import MINA, SHOP, Answer, Desk, shop
from tests.samples import NOON

USAGE = f"GET {AT}/usage"
OCTOBER = month_span("2026-10")[0] + 20 * DAY


def pages(desk: Desk, **query: str) -> list[dict[str, Any]]:
    """Return all pages of a month."""
    found = [get(desk, "usage", OWNER, **query)]
    while found[-1]["cursor"]:
        found.append(get(desk, "usage", OWNER, **query, cursor=found[-1]["cursor"]))
    return found


def test_line_shows_why_it_is_there_what_proves_it_and_what_it_cost(desk: Desk) -> None:
    one = desk.claimed()
    reply = desk.act(MINA, one, "replies", {"text": "네"}).body
    shown = desk.call(SHOP, USAGE).body
    assert (shown["month"], shown["billable"], shown["won"], shown["cursor"]) == (MONTH, 1, 900, None)
    [entry] = shown["entries"]
    texts = {name: entry.pop(name) for name in ("why", "rule_text")}
    assert texts["why"] == {"ko": "상담원이 답변했습니다", "en": "Answered by a person"}
    assert "72" in texts["rule_text"]["ko"]
    assert entry == {
        "contact": one,
        "episode": 1,
        "delta": 1,
        "meter": "human",
        "reason": "handled",
        "price_won": 900,
        "price_version": "flat/900",
        "tier": 1,
        "unit_won": 900,
        "won": 900,
        "running_won": 900,
        "evidence": reply["id"],
        "link": f"/v1/tenants/danbi/contacts/{one}#{reply['id']}",
        "rule": "first-human-reply/1",
        "actor": "agent:mina",
        "occurred_at": reply["at"],
        "booked_at": reply["at"],
    }
    assert desk.call(SHOP, f"GET {entry['link'].partition('#')[0]}").body["messages"][-1]["id"] == reply["id"]


def test_correction_is_a_line_of_its_own(desk: Desk) -> None:
    one = desk.answered()
    desk.act(MINA, one, "spam")
    shown = desk.call(SHOP, USAGE).body
    assert (shown["billable"], shown["won"]) == (0, 0)
    lines = [(entry["delta"], entry["reason"], entry["won"], entry["running_won"]) for entry in shown["entries"]]
    assert lines == [(1, "handled", 900, 900), (-1, "spam", -900, 0)]


def test_other_month_is_empty_and_the_current_one_is_the_default(desk: Desk) -> None:
    desk.answered()
    assert get(desk, "usage", month=MONTH) == get(desk, "usage")
    empty = {"month": "2020-01", "billable": 0, "won": 0, "adjusted": 0, "adjusted_won": 0, "entries": []}
    assert get(desk, "usage", month="2020-01") == {**empty, "cursor": None}


def test_lines_go_through_the_tiers_and_add_up_to_the_bill(desk: Desk) -> None:
    subscribed((MONTH, "starter/1"))
    book(12)
    book(31, first=100, meter=Meter.BOT)
    shown = get(desk, "usage")
    mine = [one for one in shown["entries"] if one["meter"] == "human"]
    assert [(one["tier"], one["won"]) for one in mine[8:]] == [(1, 0), (1, 0), (2, 1_200), (2, 1_200)]
    assert [one["running_won"] for one in mine[-2:]] == [1_200, 2_400]
    assert (shown["billable"], shown["won"]) == (43, 2_700)
    usage = [line for line in bill("danbi", MONTH).lines if line.item is Item.USAGE]
    assert sum(line.won for line in usage) == shown["won"] == sum(one["won"] for one in shown["entries"])


def test_late_correction_is_a_line_that_names_the_month_that_it_changes(desk: Desk) -> None:
    subscribed(("2026-10", "starter/1"))
    book(12, at=OCTOBER)
    late = taken_back(an_entry(contact(12), at=OCTOBER), booked_at=NOON)
    commit(*Ledger("danbi").writes([late]))
    shown = get(desk, "usage")
    assert (shown["billable"], shown["won"], shown["adjusted"], shown["adjusted_won"]) == (0, 0, -1, -1_200)
    [entry] = shown["entries"]
    assert (entry["adjusts"], entry["won"], entry["tier"], entry["reason"]) == ("2026-10", -1_200, 2, Reason.SPAM)
    [line] = [line for line in bill("danbi", MONTH).lines if line.item is Item.ADJUSTMENT]
    assert line.won == shown["adjusted_won"]
    assert get(desk, "usage", month="2026-10")["won"] == 2_400


def test_pages_hold_every_line_once_and_the_sums_of_the_whole_month(desk: Desk) -> None:
    book(201, at=NOON - 300 * MINUTE)
    found = pages(desk)
    assert [len(page["entries"]) for page in found] == [100, 100, 1]
    assert {(page["billable"], page["won"]) for page in found} == {(201, 201 * 900)}
    seen = [one["contact"] for page in found for one in page["entries"]]
    assert seen == [contact(number) for number in range(1, 202)]
    assert found[-1]["entries"][-1]["running_won"] == 201 * 900


def test_line_that_is_booked_between_two_pages_moves_no_other_one(desk: Desk) -> None:
    book(105, at=NOON - 300 * MINUTE)
    first = get(desk, "usage")
    book(1, first=900, at=NOON - 301 * MINUTE)
    rest = get(desk, "usage", cursor=first["cursor"])
    seen = Counter(one["contact"] for page in (first, rest) for one in page["entries"])
    assert seen == Counter(contact(number) for number in range(1, 106))


def test_cursor_is_of_its_month_and_its_caller(desk: Desk) -> None:
    book(101, at=NOON - 300 * MINUTE)
    cursor = get(desk, "usage")["cursor"]
    for who, query in (
        (OWNER, {"cursor": cursor, "month": "2026-10"}),
        (STAFF, {"cursor": cursor}),
        (OWNER, {"cursor": cursor[:-1] + "x"}),
    ):
        assert desk.call(who, USAGE, query=query).refusal == (400, "invalid_cursor")
    assert desk.call(OWNER, USAGE, query={"cursor": cursor}).status == 200


def test_newest_lines_come_first_with_the_running_sums_of_the_month(desk: Desk) -> None:
    book(201, at=NOON - 300 * MINUTE)
    found = pages(desk, order="newest")
    assert [len(page["entries"]) for page in found] == [100, 100, 1]
    seen = [one["contact"] for page in found for one in page["entries"]]
    assert seen == [contact(number) for number in range(201, 0, -1)]
    assert found[0]["entries"][0]["running_won"] == found[0]["won"] == 201 * 900
    other = desk.call(OWNER, USAGE, query={"cursor": found[0]["cursor"]})
    assert other.refusal == (400, "invalid_cursor")


def test_one_contact_s_lines_alone_beside_the_sums_of_the_month(desk: Desk) -> None:
    book(3)
    commit(*Ledger("danbi").writes([taken_back(an_entry(contact(2), at=NOON - 59 * MINUTE))]))
    shown = get(desk, "usage", contact=contact(2))
    assert [(one["contact"], one["delta"]) for one in shown["entries"]] == [(contact(2), 1), (contact(2), -1)]
    assert (shown["billable"], shown["won"]) == (2, 1_800)
    assert get(desk, "usage", contact="nosuch")["entries"] == []


def asked(desk: Desk, tag: str = "", **query: str) -> Answer:
    return desk.call(OWNER, USAGE, headers={"If-None-Match": tag} if tag else {}, query=query or None)


def test_ledger_that_is_as_it_was_is_not_sent_again(desk: Desk) -> None:
    book(2)
    first = asked(desk)
    tag = first.headers["ETag"]
    reads = desk.watch("BatchGetItem")
    again = asked(desk, tag)
    assert (again.status, again.body, again.headers["ETag"], reads) == (304, None, tag, [])
    assert asked(desk, tag, order="newest").status == 200


def booked_late(desk: Desk) -> None:
    commit(*Ledger("danbi").writes([taken_back(an_entry(contact(301), at=OCTOBER), booked_at=NOON)]))


@pytest.mark.parametrize(
    "change",
    [
        lambda desk: book(1, first=50),
        lambda desk: book(1, first=50, at=NOON - 200 * MINUTE),
        lambda desk: book(1, first=50, meter=Meter.BOT),
        lambda desk: commit(*Ledger("danbi").writes([taken_back(an_entry(contact(2), at=NOON - 59 * MINUTE))])),
        booked_late,
        lambda desk: post(desk, "disputes", {"contact": contact(2), "episode": 1, "reason": "스팸"}),
        lambda desk: post(desk, f"disputes/{contact(1)}-1/decide", {"uphold": True, "reason": "네"}, FINANCE),
        lambda desk: subscribed((MONTH, "standard/1")),
        lambda desk: desk.later(3600),
    ],
)
def test_whatever_changes_the_ledger_is_seen_at_once(desk: Desk, change: Callable[[Desk], object]) -> None:
    book(1, first=301, at=OCTOBER)
    book(2)
    assert post(desk, "disputes", {"contact": contact(1), "episode": 1, "reason": "스팸"}).status == 201
    tag = asked(desk).headers["ETag"]
    assert asked(desk, tag).status == 304
    change(desk)
    after = asked(desk, tag)
    assert (after.status, after.headers["ETag"] != tag) == (200, True)


def test_answer_that_is_behind_its_windows_is_asked_for_again(desk: Desk) -> None:
    book(1)
    # The list of entries shows a moment later what was booked; the windows show it at once.
    commit(*Windows("danbi").add([an_entry(contact(7))]))
    late = asked(desk)
    assert (late.status, len(late.body["entries"]), "ETag" in late.headers) == (200, 1, False)


def test_line_shows_that_it_is_disputed_and_what_became_of_it(desk: Desk) -> None:
    book(2)
    opened = post(desk, "disputes", {"contact": contact(2), "episode": 1, "reason": "스팸이었어요"})
    assert opened.status == 201
    name = f"{contact(2)}-1"
    assert [one.get("dispute") for one in get(desk, "usage")["entries"]] == [None, {"id": name, "state": "open"}]
    post(desk, f"disputes/{name}/decide", {"uphold": False, "reason": "답변이 있었습니다"}, FINANCE)
    assert get(desk, "usage")["entries"][1]["dispute"] == {"id": name, "state": "rejected"}


def test_ledger_is_for_the_shop_and_finance(desk: Desk) -> None:
    desk.answered()
    shown = get(desk, "usage")
    for who in (SHOP, STAFF, VIEWER, FINANCE):
        assert get(desk, "usage", who) == shown
    assert desk.call(MINA, USAGE).refusal == (403, "forbidden")
    assert desk.call(shop("mungmeal"), USAGE).refusal == (404, "not_found")
