"""A shop disputes what it was billed, finance decides, and usage stays as it is."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.aws.tables import commit
from chalicelib.billing.credits import Credits
from chalicelib.bills.model import DisputesMoved, Verdict
from chalicelib.bills.ports import Claims
from chalicelib.bills.service import Ruling, decide, open_dispute
from chalicelib.bills.store import Disputes, open_disputes
from chalicelib.bills.wiring import claims
from chalicelib.kernel.caller import Caller
from chalicelib.kernel.clock import DAY, MINUTE, month_span
from chalicelib.kernel.errors import Busy, Conflict
from chalicelib.metering.store import Ledger
from tests.bills.samples import MONTH, an_entry, taken_back
from tests.bills.world import AT, COLLEAGUE, FINANCE, OWNER, STAFF, VIEWER, book, contact, get, post, subscribed
from tests.moto_desk import MINA, SHOP, Answer, Desk, shop
from tests.samples import NOON

OCTOBER = month_span("2026-10")[0] + 20 * DAY
REASON = "스팸이었어요"
UPHELD = {"uphold": True, "reason": "확인했습니다"}
REJECTED = {"uphold": False, "reason": "상담원이 답변했습니다"}


def dispute(desk: Desk, number: int, who: Caller = OWNER, **changes: Any) -> Answer:
    return post(desk, "disputes", {"contact": contact(number), "episode": 1, "reason": REASON, **changes}, who)


def ruled(desk: Desk, number: int, ruling: dict[str, Any] = UPHELD, who: Caller = FINANCE) -> Answer:
    return post(desk, f"disputes/{contact(number)}-1/decide", ruling, who)


def credited(month: str = MONTH) -> list[tuple[str, int, str]]:
    return [(one.id, one.won, one.origin) for one in Credits("danbi").booked(month)]


def test_upheld_dispute_is_credited_on_the_current_bill_and_usage_stays(desk: Desk) -> None:
    book(2, at=OCTOBER)
    before = get(desk, "usage", month="2026-10")["entries"]
    opened = dispute(desk, 1)
    assert opened.status == 201
    assert (opened.body["id"], opened.body["state"], opened.body["month"]) == (
        f"{contact(1)}-1",
        "open",
        "2026-10",
    )
    decided = ruled(desk, 1)
    assert (decided.status, decided.body["state"], decided.body["won"]) == (200, "upheld", 900)
    assert decided.body["answer"] == UPHELD["reason"]
    [line] = [one for one in get(desk, "bill")["lines"] if one["item"] == "dispute"]
    assert (line["won"], line["month"]) == (-900, "2026-10")
    after = get(desk, "usage", month="2026-10")["entries"]
    assert [one.pop("dispute", None) for one in after] == [{"id": f"{contact(1)}-1", "state": "upheld"}, None]
    assert after == before
    assert get(desk, "bill", month="2026-10")["subtotal_won"] == 1_800


def test_rejected_dispute_shows_the_reason_and_credits_nothing(desk: Desk) -> None:
    book(1)
    dispute(desk, 1)
    decided = ruled(desk, 1, REJECTED)
    assert (decided.body["state"], decided.body["answer"]) == ("rejected", REJECTED["reason"])
    assert get(desk, "disputes")["disputes"] == [decided.body]
    assert credited() == []


def test_dispute_is_opened_once_for_an_episode(desk: Desk) -> None:
    book(1)
    first = dispute(desk, 1)
    assert dispute(desk, 1).body == first.body
    assert dispute(desk, 1, STAFF).body == first.body
    assert dispute(desk, 1, reason="다른 이유").refusal == (409, "already_disputed")
    ruled(desk, 1, REJECTED)
    assert dispute(desk, 1).body["state"] == "rejected"
    assert len(get(desk, "disputes")["disputes"]) == 1


def test_what_is_not_on_the_bill_is_not_disputed(desk: Desk) -> None:
    one = desk.open()
    assert post(desk, "disputes", {"contact": one, "episode": 1, "reason": REASON}).refusal == (404, "not_found")
    book(1)
    assert dispute(desk, 1, episode=2).refusal == (404, "not_found")
    commit(*Ledger("danbi").writes([taken_back(an_entry(contact(1), at=NOON))]))
    assert dispute(desk, 1).refusal == (409, "not_billed")
    book(1, first=2, at=month_span("2026-08")[0])
    assert dispute(desk, 2).refusal == (409, "dispute_too_late")
    book(1, first=3, at=month_span("2026-09")[0])
    assert dispute(desk, 3).status == 201


def test_decision_is_made_once(desk: Desk) -> None:
    book(1)
    dispute(desk, 1)
    first = ruled(desk, 1)
    assert ruled(desk, 1).body == first.body
    assert ruled(desk, 1, REJECTED).refusal == (409, "already_decided")
    assert ruled(desk, 1, UPHELD, COLLEAGUE).refusal == (409, "already_decided")
    assert credited() == [(f"{contact(1)}-1", 900, MONTH)]
    assert ruled(desk, 7).refusal == (404, "not_found")


def test_line_that_was_taken_off_meanwhile_is_credited_with_nothing(desk: Desk) -> None:
    book(2)
    dispute(desk, 1)
    commit(*Ledger("danbi").writes([taken_back(an_entry(contact(1), at=NOON))]))
    decided = ruled(desk, 1)
    assert (decided.body["state"], decided.body.get("won", 0)) == ("upheld", 0)
    assert credited() == []


def test_credits_of_a_month_follow_its_tiers_whatever_their_order(desk: Desk) -> None:
    subscribed(("2026-10", "starter/1"))
    book(12, at=OCTOBER)
    for number in (1, 12, 5):
        dispute(desk, number)
    assert [ruled(desk, number).body.get("won", 0) for number in (1, 12, 5)] == [1_200, 1_200, 0]
    assert get(desk, "bill")["subtotal_won"] == 0


def test_adjustment_of_the_month_counts_when_a_dispute_is_priced(desk: Desk) -> None:
    subscribed(("2026-10", "starter/1"))
    book(12, at=OCTOBER)
    commit(*Ledger("danbi").writes([taken_back(an_entry(contact(11), at=OCTOBER), booked_at=NOON)]))
    for number in (1, 2):
        dispute(desk, number)
    assert [ruled(desk, number).body.get("won", 0) for number in (1, 2)] == [1_200, 0]


def test_what_was_credited_is_not_taken_off_the_bill_as_well(desk: Desk) -> None:
    book(2, at=OCTOBER)
    for number in (1, 2):
        dispute(desk, number)
    ruled(desk, 1)
    ruled(desk, 2, REJECTED)
    back = [taken_back(an_entry(contact(number), at=OCTOBER), booked_at=NOON) for number in (1, 2)]
    with pytest.raises(Conflict, match="credited"):
        commit(*Ledger("danbi").writes(back[:1]))
    commit(*Ledger("danbi").writes(back[1:]))
    assert [one.won for one in Credits("danbi").booked(MONTH)] == [900]


def test_agent_is_told_that_a_credited_contact_stays_as_it_is(desk: Desk) -> None:
    one, other = desk.answered(), desk.answered()
    assert post(desk, "disputes", {"contact": one, "episode": 1, "reason": REASON}).status == 201
    assert post(desk, f"disputes/{one}-1/decide", UPHELD, FINANCE).body["won"] == 900
    assert desk.call(MINA, f"POST {AT}/contacts/{one}/spam").refusal == (409, "credited")
    assert desk.call(MINA, f"POST {AT}/contacts/{one}/merge", {"into": other}).refusal == (409, "credited")
    desk.act(MINA, other, "spam")
    assert get(desk, "bill")["subtotal_won"] == 0


def test_line_that_is_taken_off_while_it_is_decided_is_credited_with_nothing(desk: Desk) -> None:
    book(1)
    dispute(desk, 1)
    reversal = taken_back(an_entry(contact(1), at=NOON - 60 * MINUTE))
    here = interrupted(claims("danbi"), 1, lambda: commit(*Ledger("danbi").writes([reversal])))
    mine = decide(here, f"{contact(1)}-1", Ruling(True, "네", FINANCE.name, NOON))
    assert (mine.verdict, mine.won, credited()) == (Verdict.UPHELD, 0, [])


def interrupted(here: Claims, times: int, meanwhile: Callable[[], object]) -> Claims:
    """Return claims between whose reads and writes something else happens, so many times."""
    left = [times]

    def slow(*writes: Any) -> None:
        if left[0]:
            left[0] -= 1
            meanwhile()
        commit(*writes)

    return replace(here, commit=slow)


@pytest.mark.parametrize("earlier", [0, 1])
def test_two_disputes_that_are_decided_at_once_are_priced_one_after_the_other(desk: Desk, earlier: int) -> None:
    subscribed(("2026-10", "starter/1"))
    book(11 + earlier, at=OCTOBER)
    for number in range(1, 3 + earlier):
        dispute(desk, number)
    for number in range(3, 3 + earlier):
        assert ruled(desk, number).body["won"] == 1_200
    here, ruling = claims("danbi"), Ruling(True, "네", FINANCE.name, NOON)
    other = interrupted(here, 1, lambda: decide(here, f"{contact(2)}-1", ruling))
    mine = decide(other, f"{contact(1)}-1", ruling)
    assert (mine.verdict, mine.won) == (Verdict.UPHELD, 0)
    assert (f"{contact(2)}-1", 1_200, "2026-10") in credited()
    assert len(credited()) == 1 + earlier


def test_dispute_that_is_decided_twice_at_once_is_credited_once(desk: Desk) -> None:
    book(1)
    dispute(desk, 1)
    here, name = claims("danbi"), f"{contact(1)}-1"
    theirs = Ruling(False, "아니요", COLLEAGUE.name, NOON)
    other = interrupted(here, 1, lambda: decide(here, name, theirs))
    with pytest.raises(Conflict, match="already_decided"):
        decide(other, name, Ruling(True, "네", FINANCE.name, NOON))
    assert credited() == []


def test_dispute_that_is_opened_twice_at_once_is_one(desk: Desk) -> None:
    book(1)
    here = claims("danbi")
    first = []
    slow = interrupted(
        here,
        1,
        lambda: first.append(open_dispute(here, contact(1), 1, REASON, by="owner:a", now=NOON)),
    )
    assert open_dispute(slow, contact(1), 1, REASON, by="owner:b", now=NOON + 1) == first[0]


def test_too_many_decisions_at_once_are_refused_for_the_moment(desk: Desk) -> None:
    book(1)
    dispute(desk, 1)

    def never(*_: Any) -> None:
        raise DisputesMoved

    with pytest.raises(Busy):
        decide(replace(claims("danbi"), commit=never), f"{contact(1)}-1", Ruling(True, "네", FINANCE.name, NOON))


def test_shop_sees_its_disputes_newest_first_in_pages(desk: Desk) -> None:
    book(51)
    for number in range(1, 52):
        open_dispute(claims("danbi"), contact(number), 1, REASON, by="owner:a", now=NOON + number)
    first = get(desk, "disputes")
    rest = get(desk, "disputes", cursor=first["cursor"])
    seen = [one["contact"] for page in (first, rest) for one in page["disputes"]]
    assert seen == [contact(number) for number in range(51, 0, -1)]
    assert rest["cursor"] is None


def test_finance_sees_the_open_ones_of_all_shops_oldest_first(desk: Desk) -> None:
    entry = an_entry(contact(9), at=NOON, tenant="mungmeal")
    commit(*Ledger("mungmeal").writes([entry]))
    open_dispute(claims("mungmeal"), contact(9), 1, REASON, by="owner:m", now=NOON - 1)
    book(2)
    for number in (1, 2):
        dispute(desk, number)
    shown = desk.call(FINANCE, "GET /v1/disputes").body["disputes"]
    assert [(one["tenant"], one["contact"]) for one in shown] == [
        ("mungmeal", contact(9)),
        ("danbi", contact(1)),
        ("danbi", contact(2)),
    ]
    ruled(desk, 1, REJECTED)
    shown = desk.call(FINANCE, "GET /v1/disputes").body["disputes"]
    assert [one["contact"] for one in shown] == [contact(9), contact(2)]
    assert open_disputes(1) == [("mungmeal", f"{contact(9)}-1")]


def test_shop_disputes_and_finance_decides_and_nobody_else(desk: Desk) -> None:
    book(1)
    for who in (SHOP, VIEWER, FINANCE, MINA):
        assert dispute(desk, 1, who).refusal == (403, "forbidden")
    assert dispute(desk, 1, STAFF).status == 201
    for who in (OWNER, STAFF, SHOP, MINA):
        assert ruled(desk, 1, UPHELD, who).refusal == (403, "forbidden")
        assert desk.call(who, "GET /v1/disputes").refusal == (403, "forbidden")
    for who in (OWNER, SHOP, VIEWER, FINANCE):
        assert len(get(desk, "disputes", who)["disputes"]) == 1
    other = replace(OWNER, tenant="mungmeal")
    assert desk.call(other, f"GET {AT}/disputes").refusal == (404, "not_found")
    assert desk.call(shop("mungmeal"), f"GET {AT}/disputes").refusal == (404, "not_found")
    stranger = "POST /v1/tenants/mungmeal/disputes"
    body = {"contact": contact(1), "episode": 1, "reason": REASON}
    assert desk.call(other, stranger, body).refusal == (404, "not_found")
    assert Disputes("mungmeal").find(f"{contact(1)}-1") is None


def test_numbers_of_cards_and_residents_are_not_kept(desk: Desk) -> None:
    book(1)
    assert "900101-1234567" not in str(dispute(desk, 1, reason="고객 900101-1234567 건은 스팸").body)
