"""What the tests of the rules of what a shop sees leave open at the edges."""

from dataclasses import replace

import pytest

from chalicelib.bills import rules
from chalicelib.bills.sla import FIRST_RESPONSE, Target, credit_won
from chalicelib.kernel.errors import BadInput
from chalicelib.metering.model import Meter
from chalicelib.pricing.model import Bill, Item, Line, RatedEntry
from chalicelib.tenants.model import Term
from tests.bills.samples import CONTACT, MONTH, an_alert, an_entry
from tests.samples import NOON, SHOP


def test_what_is_promised_is_what_the_contract_says() -> None:
    assert Target(seconds=300, percent=90, per_point=2, most=30) == FIRST_RESPONSE


def test_a_month_without_a_charge_gives_nothing_back() -> None:
    assert [credit_won(100, won) for won in (-1, 0, 1)] == [0, 0, 1]


def test_a_line_stands_where_its_entry_stands_in_the_ledger() -> None:
    line = RatedEntry(an_entry(episode=2, n=3), 900, 900, 1, 900)
    assert rules.place(line) == (NOON, CONTACT, 2, 3)


def test_contacts_count_for_the_month_that_they_come_from() -> None:
    entries = [an_entry(), an_entry(meter=Meter.BOT, delta=-1), *[an_entry(origin="2026-10")] * 3]
    assert rules.quantities(entries, MONTH) == {Meter.HUMAN: 1, Meter.BOT: -1}


@pytest.mark.parametrize(("spent", "again"), [(999, 1), (1_000, 0), (1_001, 0)])
def test_an_alert_is_armed_anew_only_ahead_of_what_is_spent(spent: int, again: int) -> None:
    assert len(rules.rearmed([an_alert(50)], 2_000, spent)) == again


def test_a_cap_of_one_won_is_too_low_and_the_shop_hears_what_the_plan_costs() -> None:
    shop = replace(SHOP, plans=(Term("2026-10", "standard/2"),))
    with pytest.raises(BadInput) as refused:
        rules.check_cap(shop, 1, NOON)
    assert refused.value.details == {"fixed_won": 90_000}


def test_a_shop_may_take_a_change_back_before_it_begins() -> None:
    shop = replace(SHOP, plans=(Term("2027-01", "volume/1"),))
    rules.check_choice(shop, Term("2027-01", "flat/900"))


def test_a_credit_of_its_own_month_stands_whatever_comes() -> None:
    credit = Line(Item.DISPUTE, "dispute:d1", 1, -900, origin=MONTH)
    over = Line(Item.CARRIED, f"carried:{MONTH}", 1, 900, origin=MONTH)
    before = Line(Item.CARRIED, "carried:2026-10", 1, -5, origin="2026-10")
    usage = Line(Item.USAGE, "usage:human", 1, 900, Meter.HUMAN)
    assert rules.beyond_the_month(Bill(MONTH, "flat/900", (usage, credit, over, before))) == [credit, before]
