"""The bill as its shop sees it, from the first contact to the invoice."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.aws.tables import commit
from chalicelib.billing.credits import Credits
from chalicelib.billing.mirror import Mirror
from chalicelib.billing.model import Invoice, InvoiceStatus, Mirrored
from chalicelib.bills.jobs import alerts
from chalicelib.bills.service import grant
from chalicelib.bills.sla import FIRST_RESPONSE, Result
from chalicelib.bills.wiring import claims
from chalicelib.kernel.clock import DAY, HOUR, iso, month_span, utc_hour
from chalicelib.kernel.errors import Conflict
from chalicelib.letters.model import Name, To
from chalicelib.letters.store import Letters
from chalicelib.metering.model import Meter, PeriodState
from chalicelib.metering.periods import Periods
from chalicelib.metering.windows import Windows
from chalicelib.tenants.model import Cap
from tests.bills.samples import MONTH
from tests.bills.world import AT, FINANCE, STAFF, VIEWER, book, get, put, subscribed
from tests.moto_desk import MINA, SHOP, Desk, shop
from tests.samples import NOON
from tests.wall import behind

BILL = f"GET {AT}/bill"
OCTOBER = month_span("2026-10")[0] + 20 * DAY
INVOICE = Invoice(
    id="in_1",
    customer="cus_danbi",
    subscription="sub_1",
    month="2026-10",
    status=InvoiceStatus.OPEN,
    number="DD-0001",
    subtotal=2_400,
    tax=240,
    tax_lines=1,
    total=2_640,
    paid=0,
    remaining=2_640,
    credited=0,
    lines=(),
    period_start=month_span("2026-10")[0],
    period_end=month_span("2026-10")[1],
    created_at=NOON - 20 * DAY,
    due_at=NOON + DAY,
)


def lines(body: Any) -> list[tuple[str, int, int]]:
    return [(one["item"], one["quantity"], one["won"]) for one in body["lines"]]


def test_bill_shows_each_line_the_tax_and_the_total_in_two_languages(desk: Desk) -> None:
    subscribed((MONTH, "standard/1"))
    book(2)
    before = desk.now
    shown = get(desk, "bill")
    assert lines(shown) == [("usage", 2, 2_000), ("usage", 0, 0), ("base", 1, 29_000)]
    assert shown["lines"][0]["label"] == {"ko": "상담원이 답변한 문의", "en": "Contacts answered by people"}
    assert [one["unit"]["ko"] for one in shown["lines"]] == ["건", "건", "월"]
    assert (shown["subtotal_won"], shown["vat_won"], shown["total_won"]) == (31_000, 3_100, 34_100)
    assert shown["plan"] == {"version": "standard/1", "name": {"ko": "스탠다드", "en": "Standard"}}
    assert (shown["month"], shown["alerts"]) == (MONTH, [])
    assert iso(before) <= shown["as_of"] <= iso(desk.now)
    assert shown["period"]["state"] == "open"
    assert {"invoice", "cap"}.isdisjoint(shown)


def test_contact_is_on_the_bill_as_soon_as_it_is_answered_and_off_it_as_spam(desk: Desk) -> None:
    assert get(desk, "bill")["total_won"] == 0
    one = desk.answered()
    assert get(desk, "bill")["total_won"] == 990
    desk.act(MINA, one, "spam")
    assert get(desk, "bill")["total_won"] == 0


def test_bill_tells_what_the_provider_has_not_acknowledged(desk: Desk) -> None:
    assert get(desk, "bill")["lag"] == {"windows": 0}
    book(1)
    book(1, first=2, at=NOON - 3 * HOUR, meter=Meter.BOT)
    assert get(desk, "bill")["lag"] == {"windows": 2, "since": iso(NOON - 3 * HOUR)}
    held = Windows("danbi")
    window = held.find(Meter.BOT, utc_hour(NOON - 3 * HOUR))
    assert window is not None
    commit(held.sent(window, NOON))
    assert get(desk, "bill")["lag"] == {"windows": 1, "since": iso(NOON - HOUR)}
    assert get(desk, "bill", month="2026-10")["lag"] == {"windows": 0}


def test_forecast_is_of_the_current_month_alone_and_of_its_plan(desk: Desk) -> None:
    subscribed(("2026-10", "standard/1"))
    book(20)
    found = get(desk, "bill")["forecast"]
    assert found["method"] == "weekday-weekend-pace/1"
    assert found["text"]["ko"] != found["text"]["en"]
    low, expected, high = (found[name]["total_won"] for name in ("low", "expected", "high"))
    assert get(desk, "bill")["total_won"] <= low < expected < high
    assert expected == found["expected"]["subtotal_won"] + found["expected"]["vat_won"]
    assert "forecast" not in get(desk, "bill", month="2026-10")


def test_forecast_keeps_credits_and_adjustments_as_they_are(desk: Desk) -> None:
    subscribed(("2026-10", "standard/1"))
    book(100, at=OCTOBER)
    before = get(desk, "bill")["forecast"]
    credit = grant(claims("danbi"), FIRST_RESPONSE, Result("2026-10", 100, 80, "r1"), by="system:sla", now=NOON)
    assert (credit.percent, credit.won) == (20, 20_000)
    after = get(desk, "bill")["forecast"]
    for name in ("low", "expected", "high"):
        assert after[name]["subtotal_won"] == before[name]["subtotal_won"] - 20_000


def test_nothing_is_foretold_on_the_first_day(desk: Desk) -> None:
    desk.later((month_span("2026-12")[0] - NOON) // 1000 + 3600)
    assert "forecast" not in get(desk, "bill")


def test_bill_of_a_closed_month_shows_its_state_and_its_invoice(desk: Desk) -> None:
    subscribed(("2026-10", "starter/1"))
    book(12, at=OCTOBER)
    commit(Mirror("danbi").save(None, Mirrored(INVOICE, (), (), NOON, 1)))
    period = Periods("danbi").find("2026-10")
    commit(Periods("danbi").save(period, replace(period, state=PeriodState.INVOICED, version=1)))
    shown = get(desk, "bill", month="2026-10")
    assert shown["period"] == {
        "state": "invoiced",
        "text": {"ko": "청구서를 발행했습니다", "en": "The invoice is issued"},
    }
    assert shown["invoice"] == {
        "status": "open",
        "subtotal_won": 2_400,
        "tax_won": 240,
        "total_won": 2_640,
        "credited_won": 0,
        "paid_won": 0,
        "remaining_won": 2_640,
        "page": "/v1/tenants/danbi/payment-portal",
        "number": "DD-0001",
        "due_at": iso(NOON + DAY),
    }
    assert (shown["subtotal_won"], shown["total_won"]) == (INVOICE.subtotal, INVOICE.total)
    assert "invoice" not in get(desk, "bill")


def test_what_was_taken_off_an_invoice_is_told_beside_what_is_left(desk: Desk) -> None:
    subscribed(("2026-10", "starter/1"))
    corrected = replace(INVOICE, credited=110, remaining=2_530)
    commit(Mirror("danbi").save(None, Mirrored(corrected, (), (), NOON, 1)))
    shown = get(desk, "bill", month="2026-10")["invoice"]
    money = (shown["total_won"], shown["credited_won"], shown["paid_won"], shown["remaining_won"])
    assert money == (2_640, 110, 0, 2_530)


def test_bill_is_for_the_shop_and_finance(desk: Desk) -> None:
    for who in (SHOP, STAFF, VIEWER, FINANCE):
        assert get(desk, "bill", who)["month"] == MONTH
    assert desk.call(MINA, BILL).refusal == (403, "forbidden")
    assert desk.call(shop("mungmeal"), BILL).refusal == (404, "not_found")
    assert desk.call(FINANCE, "GET /v1/tenants/nosuchshop/bill").refusal == (404, "not_found")
    assert desk.call(SHOP, BILL, query={"month": "2026-13"}).refusal == (400, "invalid_month")


# Service credits.


def test_service_credit_is_booked_once_for_its_month(desk: Desk) -> None:
    subscribed(("2026-10", "standard/1"))
    book(100, at=OCTOBER)
    here, result = claims("danbi"), Result("2026-10", 200, 179, "sla:2026-10")
    first = grant(here, FIRST_RESPONSE, result, by="system:sla", now=NOON)
    assert (first.percent, first.won) == (2, 2_000)
    desk.later(40 * 24 * 3600)
    again = grant(here, FIRST_RESPONSE, replace(result, within=0), by="system:sla", now=desk.now)
    assert again == first
    [line] = [one for one in get(desk, "bill", month=MONTH)["lines"] if one["item"] == "sla"]
    assert (line["won"], line["month"], line["label"]["ko"]) == (
        -2_000,
        "2026-10",
        "2026년 10월 응답 약속 미달 보상",
    )
    assert lines(get(desk, "bill")) == [("usage", 0, 0), ("usage", 0, 0), ("base", 1, 29_000)]


def test_service_that_kept_its_word_is_recorded_and_credits_nothing(desk: Desk) -> None:
    book(3, at=OCTOBER)
    kept = grant(claims("danbi"), FIRST_RESPONSE, Result("2026-10", 100, 90, "r"), by="system:sla", now=NOON)
    assert (kept.percent, kept.won) == (0, 0)
    assert Credits("danbi").booked(MONTH) == []


def test_service_of_a_month_that_is_not_over_is_not_credited(desk: Desk) -> None:
    with pytest.raises(Conflict, match="month_not_over"):
        grant(claims("danbi"), FIRST_RESPONSE, Result(MONTH, 10, 0, "r"), by="system:sla", now=NOON)


# The cap, and being told of it.


def told(desk: Desk) -> list[tuple[int, int, int]]:
    names = ("threshold_percent", "cap_won", "spent_won")
    return [tuple(one[name] for name in names) for one in get(desk, "bill")["alerts"]]


def sweep(desk: Desk) -> int:
    with behind("sweep"):
        return alerts(desk.now)


def test_shop_sets_its_cap_and_sees_it_on_the_bill(desk: Desk) -> None:
    book(2)
    answer = put(desk, "cap", {"won": 3_000, "cap": "hard"})
    assert (answer.status, answer.body["won"], answer.body["cap"]) == (200, 3_000, "hard")
    cap = {"won": 3_000, "kind": "hard", "spent_won": 1_800, "reached": False}
    assert get(desk, "bill")["cap"] == get(desk, "overflow")["cap"] == cap
    assert "cap" not in get(desk, "bill", month="2026-10")
    assert put(desk, "cap", {"won": 0, "cap": "soft"}).status == 200
    assert "cap" not in get(desk, "bill")


def test_shop_is_told_once_of_each_threshold(desk: Desk) -> None:
    put(desk, "cap", {"won": 9_000, "cap": "soft"})
    book(4)
    assert (sweep(desk), told(desk)) == (0, [])
    book(1, first=5, at=NOON - 2 * HOUR)
    assert (sweep(desk), sweep(desk)) == (1, 0)
    assert told(desk) == [(50, 9_000, 4_500)]
    book(5, first=6)
    assert (sweep(desk), sweep(desk)) == (2, 0)
    assert told(desk) == [(50, 9_000, 4_500), (80, 9_000, 9_000), (100, 9_000, 9_000)]


def test_alert_is_a_letter_to_the_owners_once_for_each_time_that_it_is_told(desk: Desk) -> None:
    put(desk, "cap", {"won": 1_800, "cap": "soft"})
    book(2)
    assert (sweep(desk), sweep(desk)) == (3, 0)
    letters = [Letters("danbi").find(f"alert-{MONTH}-{percent:03d}-1") for percent in (50, 80, 100)]
    assert [letter and (letter.name, letter.to) for letter in letters] == [(Name.ALERT, To.OWNERS)] * 3
    assert letters[1] is not None
    assert letters[1].values == {"month": MONTH, "percent": 80, "spent_won": 1_800, "cap_won": 1_800}
    put(desk, "cap", {"won": 2_700, "cap": "soft"})
    book(1, first=3, at=NOON - 2 * HOUR)
    assert sweep(desk) == 2
    assert Letters("danbi").find(f"alert-{MONTH}-100-2")


def test_raised_cap_tells_anew_of_what_it_puts_ahead_again(desk: Desk) -> None:
    put(desk, "cap", {"won": 1_800, "cap": "soft"})
    book(2)
    assert sweep(desk) == 3
    assert put(desk, "cap", {"won": 2_700, "cap": "soft"}).status == 200
    assert sweep(desk) == 0
    book(1, first=3, at=NOON - 2 * HOUR)
    assert sweep(desk) == 2
    assert told(desk)[3:] == [(80, 2_700, 2_700), (100, 2_700, 2_700)]


def test_next_month_begins_anew(desk: Desk) -> None:
    put(desk, "cap", {"won": 900, "cap": "soft"})
    book(1)
    assert sweep(desk) == 3
    desk.later((month_span("2026-12")[0] - NOON) // 1000 + 3600)
    assert (sweep(desk), told(desk)) == (0, [])
    book(1, first=2, at=month_span("2026-12")[0])
    assert sweep(desk) == 3
    assert len(get(desk, "bill", month=MONTH)["alerts"]) == 3


def test_shop_without_a_cap_is_not_looked_at(desk: Desk) -> None:
    book(5)
    assert sweep(desk) == 0
    put(desk, "cap", {"won": 900, "cap": "soft"})
    put(desk, "cap", {"won": 0, "cap": "soft"})
    assert sweep(desk) == 0


def test_what_the_cap_counts_is_the_bill_of_the_plan_in_force_with_both_meters(desk: Desk) -> None:
    subscribed((MONTH, "starter/1"))
    put(desk, "cap", {"won": 3_000, "cap": "soft"})
    book(11)
    book(31, first=100, meter=Meter.BOT)
    assert get(desk, "bill")["cap"]["spent_won"] == get(desk, "bill")["subtotal_won"] == 1_500


@pytest.mark.parametrize("cap", list(Cap))
def test_cap_is_the_owners_and_is_above_the_plans_own_fees(desk: Desk, cap: Cap) -> None:
    subscribed((MONTH, "standard/1"))
    body = {"won": 29_000, "cap": cap}
    assert put(desk, "cap", body).refusal == (400, "cap_too_low")
    assert put(desk, "cap", {**body, "won": 29_001}).status == 200
    for who in (SHOP, STAFF, VIEWER, FINANCE, MINA):
        assert put(desk, "cap", {**body, "won": 40_000}, who).refusal == (403, "forbidden")


def test_cap_is_set_upon_the_version_that_was_seen(desk: Desk) -> None:
    seen = get(desk, "plan")["version"]
    first = put(desk, "cap", {"won": 5_000, "cap": "soft"}, If_Match=f'"{seen}"')
    assert first.status == 200
    stale = put(desk, "cap", {"won": 6_000, "cap": "soft"}, If_Match=f'"{seen}"')
    assert stale.refusal == (412, "version_mismatch")
    # A repeat of what was done already finds it done.
    assert put(desk, "cap", {"won": 5_000, "cap": "soft"}, If_Match=f'"{seen}"').body == first.body
    assert stale.body["error"]["version"] == first.body["version"]
