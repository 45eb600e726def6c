"""What a promotion would mean, before anybody announces it: the same figures, and nothing is stored."""

from typing import Any

import pytest

from chalicelib.bills.wiring import bill, forecast
from chalicelib.kernel.caller import Caller, Kind
from chalicelib.kernel.clock import DAY, HOUR, iso, month_span
from chalicelib.pricing.model import Bill, Item, Line
from chalicelib.pricing.outlook import alike
from chalicelib.pricing.plans import plan
from chalicelib.pricing.rules import vat
from tests.bills.samples import MONTH
from tests.bills.world import FINANCE, OWNER, STAFF, VIEWER, book, post, subscribed
from tests.moto_desk import MINA, SHOP, Desk, shop
from tests.promotions.bad_input import IN
from tests.samples import NOON

PREVIEW = "promotions/preview"


def previewed(desk: Desk, who: Caller = OWNER, **values: Any) -> Any:
    answer = post(desk, PREVIEW, {**IN, **values}, who)
    assert answer.status == 200, answer
    return answer.body


def test_preview_says_what_announcing_says_afterwards(desk: Desk) -> None:
    before = desk.rows()
    shown = previewed(desk)
    assert desk.rows() == before
    made = desk.call(SHOP, "POST /v1/tenants/danbi/promotions", IN).body
    assert shown["contract_before"] == {"rate_per_hour": 40, "burst": 10}
    assert shown["contract_after"] == made["contract"] == {"rate_per_hour": 200, "burst": 50}
    same = ("name", "starts_at", "ends_at", "multiple", "contacts", "price", "staffing", "basis", "basis_en")
    assert {name: shown[name] for name in same} == {name: made[name] for name in same}


def test_month_costs_more_by_what_the_promotion_adds_to_the_usual(desk: Desk) -> None:
    book(100, at=NOON - 5 * DAY)
    shown = previewed(desk)
    # Four hours at 20 contacts an hour are in the month's forecast already.
    assert (shown["contacts"]["expected"], shown["added"]) == (400, 320)
    month = shown["month"]
    assert month["month"] == MONTH
    ahead = forecast("danbi", bill("danbi", MONTH), desk.now)
    assert ahead is not None
    assert abs(month["before"]["subtotal_won"] - ahead.expected.subtotal) <= 900
    assert month["after"]["subtotal_won"] - month["before"]["subtotal_won"] == 320 * 900
    for one in (month["before"], month["after"]):
        assert one["vat_won"] == vat(one["subtotal_won"])
        assert one["total_won"] == one["subtotal_won"] + one["vat_won"]


def test_later_month_is_priced_by_its_own_plan_and_the_pace_of_this_one(desk: Desk) -> None:
    subscribed((MONTH, "starter/1"), ("2026-12", "flat/100"))
    book(50, at=NOON - 5 * DAY)
    shown = previewed(desk, starts_at="2026-12-10T10:00+09:00", ends_at="2026-12-10T11:00+09:00")
    ahead = forecast("danbi", bill("danbi", MONTH), desk.now)
    assert ahead is not None
    contacts = sum(line.quantity for line in ahead.expected.lines if line.item is Item.USAGE)
    assert shown["month"]["month"] == "2026-12"
    assert shown["month"]["before"]["subtotal_won"] == contacts * 100
    assert shown["month"]["after"]["subtotal_won"] == (contacts + shown["added"]) * 100
    assert shown["price"]["price_version"] == "flat/100"


def test_first_day_of_a_month_tells_nothing_of_it(desk: Desk) -> None:
    desk.later((month_span("2026-12")[0] - NOON) // 1000 + 3600)
    shown = previewed(desk, starts_at="2026-12-10T10:00+09:00", ends_at="2026-12-10T11:00+09:00")
    assert (shown["month"], shown["added"]) == (None, 80)


def test_promotion_without_a_day_s_notice_raises_no_contract_and_costs_the_same(desk: Desk) -> None:
    shown = previewed(desk, starts_at=iso(NOON + 2 * HOUR), ends_at=iso(NOON + 6 * HOUR))
    assert shown["contract_after"] == shown["contract_before"]
    assert shown["contacts"] == previewed(desk)["contacts"]


def test_preview_is_for_the_shop_but_not_for_its_viewers(desk: Desk) -> None:
    for who in (OWNER, STAFF, SHOP):
        assert previewed(desk, who)["added"] == 320
    for other in (VIEWER, FINANCE, MINA, Caller(Kind.LEAD, "", agent="boss", pool="main", person="l")):
        assert post(desk, PREVIEW, IN, other).refusal == (403, "forbidden")
    assert post(desk, PREVIEW, IN, shop("mungmeal")).refusal == (404, "not_found")


@pytest.mark.parametrize("more", [0, 1, 95])
def test_month_alike_has_the_contacts_that_were_expected_and_those_more(more: int) -> None:
    terms = plan("starter/1")
    late = Line(Item.ADJUSTMENT, "adjustment:2026-10", -1, -1_200, origin="2026-10")
    none = Bill(MONTH, terms.version, ())
    eight = alike(MONTH, terms, none, 8, [late])
    found = alike(MONTH, terms, eight, more, [late])
    assert found == alike(MONTH, terms, none, 8 + more, [late])
    assert [line.item for line in found.lines].count(Item.ADJUSTMENT) == 1
