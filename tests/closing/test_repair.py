"""A month is repaired by hand: what Stripe holds wrongly is sent again, and the rest is named."""

from dataclasses import replace
from datetime import datetime

import pytest

from chalicelib.aws.tables import commit
from chalicelib.billing import wiring
from chalicelib.closing.model import Break, Cause, Repair, Rule, Stays
from chalicelib.closing.proving import repair
from chalicelib.closing.rules import stays
from chalicelib.closing.rules_records import record_id, seen
from chalicelib.closing.store import Breaks
from chalicelib.kernel.caller import Caller, Kind
from chalicelib.kernel.clock import DAY, HOUR, MINUTE
from chalicelib.kernel.errors import Conflict
from chalicelib.metering.model import Meter, Period, PeriodState
from chalicelib.metering.periods import Periods
from chalicelib.metering.windows import Windows
from tests.billing.fake_gateway import FakeGateway
from tests.bills.world import book
from tests.closing.world import DUE, MONTH, Shop
from tests.moto_desk import MINA, SHOP, Desk
from tests.samples import NOON

ANN = Caller(Kind.FINANCE, "", person="00000001-0000-0000-0000-000000000000")
REPAIR = f"POST /v1/tenants/danbi/periods/{MONTH}/repair"
THREE = "human/2026-11-21T03"


def sent(later: int = HOUR) -> Shop:
    """Return a shop whose three contacts Stripe holds since so long."""
    found = Shop()
    for n in range(3):
        found.answer(f"c{n}")
    found.until(NOON + later)
    return found


def hour_of(here: Shop) -> tuple[str, str, datetime]:
    [hour] = here.gateway.hours
    return hour


def told(repaired: Repair) -> tuple[list[str], list[tuple[str, str]]]:
    return [one.item for one in repaired.sent], [(one.item, why) for one, why in repaired.left]


def test_hour_that_stripe_holds_wrongly_is_sent_again_and_its_break_clears_itself() -> None:
    here = sent()
    here.gateway.hours[hour_of(here)] = 2
    assert told(repair(here.here(by="finance:ann"))) == ([THREE], [])
    [record] = here.breaks.open()
    assert (record.item, record.cause) == (THREE, Cause.STALE_OVERWRITE)
    assert here.ledger.windows.rows[Meter.HUMAN, "2026-11-21T03"].dirty_since == here.now
    # Asked again before it was sent, it is under way, and not a second time due.
    assert told(repair(here.here())) == ([], [(THREE, Stays.IN_FLIGHT)])
    assert [one.status for one in here.breaks.of_month(MONTH)] == ["open"]
    here.send()
    assert here.gateway.hours[hour_of(here)] == 3
    here.now += HOUR
    assert told(repair(here.here())) == ([], [])
    assert [one.status for one in here.breaks.of_month(MONTH)] == ["cleared"]


def test_month_in_which_nothing_is_wrong_has_nothing_to_repair() -> None:
    here = sent()
    calls = len(here.ledger.windows.rows)
    assert told(repair(here.here())) == ([], [])
    assert (here.breaks.rows, len(here.ledger.windows.rows)) == ({}, calls)


def test_what_sending_again_does_not_mend_is_left_to_a_person() -> None:
    here = sent()
    meter, customer, hour = hour_of(here)
    here.gateway.hours[meter, customer, hour.replace(hour=9)] = 7
    other = Break(Rule.BILL_LINE, "danbi", "il_1", 900, 1_000, Cause.PRICE_VERSION, MONTH)
    elsewhere = Break(Rule.BILL_LINE, "danbi", "il_2", 900, 1_000, Cause.PRICE_VERSION, "2026-10")
    for one in (other, elsewhere):
        here.breaks.rows[record_id(one)] = seen(one, None, NOON)[1]
    items = [("human/2026-11-21T09", Stays.PERSON), ("il_1", Stays.PERSON)]
    assert told(repair(here.here())) == ([], items)


def test_window_whose_own_total_is_in_doubt_is_never_sent_again() -> None:
    here = sent()
    here.gateway.hours[hour_of(here)] = 2
    rows = here.ledger.windows.rows
    [key] = rows
    rows[key] = replace(rows[key], total=5)
    repaired = repair(here.here())
    assert [(one.rule, why) for one, why in repaired.left] == [
        (Rule.LEDGER_WINDOW, Stays.PERSON),
        (Rule.WINDOW_STRIPE, Stays.TOTAL_IN_DOUBT),
    ]
    assert (repaired.sent, rows[key].dirty_since) == ((), None)


def test_hour_that_stripe_takes_no_more_is_left() -> None:
    here = sent(35 * DAY)
    here.gateway.hours[hour_of(here)] = 2
    assert told(repair(here.here())) == ([], [(THREE, Stays.TOO_OLD)])
    assert here.ledger.windows.rows[Meter.HUMAN, "2026-11-21T03"].dirty_since is None


def test_month_whose_invoice_is_made_out_is_not_repaired() -> None:
    here = sent()
    here.until(DUE)
    here.closed()
    with pytest.raises(Conflict) as refusal:
        repair(here.here())
    assert refusal.value.code == "already_invoiced"


@pytest.mark.parametrize(
    ("cause", "why"),
    [
        (Cause.IN_FLIGHT, Stays.IN_FLIGHT),
        (Cause.UNKNOWN_USAGE, Stays.PERSON),
        (Cause.NOT_SENT, Stays.TOO_OLD),
        (Cause.REFUSED, Stays.TOO_OLD),
    ],
)
def test_reason_for_which_a_break_stays(cause: Cause, why: Stays) -> None:
    one = Break(Rule.WINDOW_STRIPE, "danbi", THREE, 3, 2, cause, MONTH)
    assert stays(one, [one], "2026-11-21T04") is why


def test_finance_repairs_a_month_and_is_told_what_is_left(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiring, "gateway", lambda: FakeGateway(now=NOON))
    book(2, at=NOON - 30 * MINUTE)
    found = Break(Rule.BILL_LINE, "danbi", "il_1", 900, 1_000, Cause.PRICE_VERSION, MONTH)
    commit(Breaks("danbi").save(None, seen(found, None, NOON)[1]))
    window = Windows("danbi").find(Meter.HUMAN, "2026-11-21T02")
    assert window is not None
    commit(Windows("danbi").refuse(window, "no such customer"))
    answer = desk.call(ANN, REPAIR)
    assert answer.status == 200, answer
    assert answer.body["repaired"] == ["human/2026-11-21T02"]
    [left] = answer.body["left"]
    assert left == {
        "id": record_id(found),
        "rule": "R4",
        "item": "il_1",
        "difference": 100,
        "cause": "price_version",
        "why": "person",
    }
    again = Windows("danbi").find(Meter.HUMAN, "2026-11-21T02")
    assert again is not None
    assert (again.gen, again.refused) == (window.gen + 1, "")


def test_repair_is_for_finance_and_for_months_without_an_invoice(desk: Desk) -> None:
    for who in (SHOP, MINA, Caller(Kind.OWNER, "", tenant="danbi", person="p")):
        assert desk.call(who, REPAIR).refusal == (403, "forbidden")
    period = Period("danbi", MONTH, PeriodState.INVOICED, version=1, invoice="in_1")
    commit(Periods("danbi").save(Period("danbi", MONTH), period))
    assert desk.call(ANN, REPAIR).refusal == (409, "already_invoiced")
    assert desk.call(ANN, REPAIR.replace("danbi", "absent00")).refusal == (404, "not_found")
