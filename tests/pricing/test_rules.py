from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.clock import month_span
from chalicelib.metering.model import Meter, UsageEntry
from chalicelib.pricing.model import Bill, Credit, Item, Line, Plan, Rate, Tier
from chalicelib.pricing.plans import PUBLISHED, plan
from chalicelib.pricing.rules import (
    adjust,
    adjustments,
    bill,
    carried,
    list_won,
    price_month,
    rate,
    tier_at,
    tiers_for,
    tiers_of,
    unit,
    vat,
)
from tests.pricing.slow import a_plan, entry, month_won, months, plans, price_list, quantities, tier_lists
from tests.samples import NOON

# Ten free, ten at 100, ten at 70, then 50.
TIERS = (Tier(10, 0), Tier(20, 100), Tier(30, 70), Tier(None, 50))
BOT = (Tier(5, 0), Tier(None, 20))
PLAN = a_plan(Rate(Meter.HUMAN, TIERS), Rate(Meter.BOT, BOT))
DECEMBER = month_span("2026-12")[0]


def counted(human: int = 0, bot: int = 0) -> dict[Meter, int]:
    return {Meter.HUMAN: human, Meter.BOT: bot}


def a_credit(won: int, name: str = "d1", item: Item = Item.DISPUTE) -> Credit:
    return Credit("danbi", name, item, won, "2026-10", NOON, "c1", "agent:kim")


@pytest.mark.parametrize(
    ("quantity", "shares", "won"),
    [
        (-1, (0, 0, 0, 0), 0),
        (0, (0, 0, 0, 0), 0),
        (1, (1, 0, 0, 0), 0),
        (9, (9, 0, 0, 0), 0),
        (10, (10, 0, 0, 0), 0),
        (11, (10, 1, 0, 0), 100),
        (20, (10, 10, 0, 0), 1_000),
        (21, (10, 10, 1, 0), 1_070),
        (30, (10, 10, 10, 0), 1_700),
        (31, (10, 10, 10, 1), 1_750),
        (100_030, (10, 10, 10, 100_000), 5_001_700),
    ],
)
def test_graduated_prices(quantity: int, shares: tuple[int, ...], won: int) -> None:
    assert tiers_of(TIERS, quantity) == shares
    assert rate(TIERS, quantity) == won


@pytest.mark.parametrize(
    ("nth", "number", "won"),
    [
        (0, 1, 0),
        (1, 1, 0),
        (10, 1, 0),
        (11, 2, 100),
        (20, 2, 100),
        (21, 3, 70),
        (30, 3, 70),
        (31, 4, 50),
        (99, 4, 50),
    ],
)
def test_the_nth_contact_falls_into_one_tier(nth: int, number: int, won: int) -> None:
    assert tier_at(TIERS, nth) == number
    assert unit(TIERS, nth) == won


@given(tier_lists(), st.integers(0, 60))
def test_rating_is_the_sum_of_each_contact_looked_up_in_the_price_list(
    tiers: tuple[Tier, ...], quantity: int
) -> None:
    prices = price_list(tiers, quantity)
    assert rate(tiers, quantity) == sum(prices)
    assert [unit(tiers, nth) for nth in range(1, quantity + 1)] == prices
    shares = tiers_of(tiers, quantity)
    assert sum(shares) == quantity
    by_tier = Counter(tier_at(tiers, nth) for nth in range(1, quantity + 1))
    assert list(shares) == [by_tier[number] for number in range(1, len(tiers) + 1)]


@given(tier_lists(), st.integers(0, 60))
def test_one_contact_more_never_costs_less_and_exactly_its_own_price(
    tiers: tuple[Tier, ...], quantity: int
) -> None:
    added = rate(tiers, quantity + 1) - rate(tiers, quantity)
    assert added == unit(tiers, quantity + 1) >= 0


@pytest.mark.parametrize("one", PUBLISHED, ids=lambda one: one.version)
@pytest.mark.parametrize("meter", list(Meter))
def test_published_tiers_leave_no_gap_at_their_ends(one: Plan, meter: Meter) -> None:
    tiers = tiers_for(one, meter)
    for tier, following in pairwise(tiers):
        assert tier.up_to is not None
        assert rate(tiers, tier.up_to) - rate(tiers, tier.up_to - 1) == tier.won
        assert rate(tiers, tier.up_to + 1) - rate(tiers, tier.up_to) == following.won


@pytest.mark.parametrize(
    ("version", "meter", "won"),
    [
        ("trial/1", Meter.HUMAN, 0),
        ("starter/1", Meter.HUMAN, 1_200),
        ("starter/1", Meter.BOT, 300),
        ("standard/1", Meter.HUMAN, 1_000),
        ("standard/2", Meter.BOT, 240),
        ("flat/900", Meter.HUMAN, 900),
        ("flat/0", Meter.HUMAN, 0),
    ],
)
def test_a_plan_is_known_by_the_price_of_its_first_paid_contact(version: str, meter: Meter, won: int) -> None:
    assert list_won(plan(version), meter) == won


@pytest.mark.parametrize(
    ("won", "tax"),
    [
        (0, 0),
        (1, 0),
        (9, 0),
        (10, 1),
        (15, 1),
        (19, 1),
        (20, 2),
        (-1, 0),
        (-9, 0),
        (-10, -1),
        (-19, -1),
        (-20, -2),
    ],
)
def test_tax_is_a_tenth_cut_off_below_one_won(won: int, tax: int) -> None:
    assert vat(won) == tax


@given(st.integers(-(10**15), 10**15))
def test_tax_that_was_charged_is_given_back_whole(won: int) -> None:
    assert vat(-won) == -vat(won)
    assert isinstance(vat(won), int)


USAGE = [Line(Item.USAGE, "usage:human", 15, 500, Meter.HUMAN), Line(Item.USAGE, "usage:bot", 7, 40, Meter.BOT)]


@pytest.mark.parametrize(
    ("base", "minimum", "more"),
    [
        (0, 0, []),
        (0, 539, []),
        (0, 540, []),
        (0, 541, [Line(Item.MINIMUM, "minimum", 1, 1)]),
        (1, 0, [Line(Item.BASE, "base", 1, 1)]),
        (300, 840, [Line(Item.BASE, "base", 1, 300)]),
        (300, 1_000, [Line(Item.BASE, "base", 1, 300), Line(Item.MINIMUM, "minimum", 1, 160)]),
    ],
)
def test_a_month_costs_usage_and_base_fee_and_at_least_the_minimum(
    base: int, minimum: int, more: list[Line]
) -> None:
    lines = price_month(a_plan(*PLAN.rates, base=base, minimum=minimum), counted(15, 7))
    assert lines == (*USAGE, *more)


def test_a_month_without_contacts_still_names_its_meters() -> None:
    assert price_month(PLAN, {}) == (
        Line(Item.USAGE, "usage:human", 0, 0, Meter.HUMAN),
        Line(Item.USAGE, "usage:bot", 0, 0, Meter.BOT),
    )


def test_the_month_by_hand_of_the_page_on_pricing() -> None:
    standard = plan("standard/2")
    one = bill("2026-12", standard, counted(400, 150))
    assert [(line.key, line.won) for line in one.lines] == [
        ("usage:human", 353_600),
        ("usage:bot", 12_000),
        ("base", 39_000),
    ]
    assert (one.subtotal, vat(one.subtotal)) == (404_600, 40_460)
    assert adjust(standard, counted(400, 150), counted(399, 150)) == -890


@given(plans(), quantities)
def test_a_month_is_what_it_costs_by_hand(one: Plan, some: dict[Meter, int]) -> None:
    lines = price_month(one, some)
    assert sum(line.won for line in lines) == month_won(one, some)
    assert len({line.key for line in lines}) == len(lines)


@given(plans(), quantities, st.sampled_from(Meter))
def test_a_contact_more_never_lowers_a_month(one: Plan, some: dict[Meter, int], meter: Meter) -> None:
    assert adjust(one, some, {**some, meter: some[meter] + 1}) >= 0


@given(plans(), quantities, quantities)
def test_a_change_costs_the_bill_after_it_less_the_bill_before(
    one: Plan, before: dict[Meter, int], after: dict[Meter, int]
) -> None:
    assert adjust(one, before, after) == month_won(one, after) - month_won(one, before)
    assert adjust(one, before, after) + adjust(one, after, before) == 0


@pytest.mark.parametrize(
    ("minimum", "before", "after", "won"),
    [
        (0, counted(20), counted(21), 70),
        (0, counted(21), counted(20), -70),
        (0, counted(9), counted(10), 0),
        (1_000, counted(15), counted(20), 0),
        (1_000, counted(20), counted(21), 70),
        (1_000, counted(22), counted(10), -140),
        (0, counted(20, 5), counted(19, 6), -80),
    ],
)
def test_a_change_is_priced_where_it_stands_in_its_month(
    minimum: int, before: dict[Meter, int], after: dict[Meter, int], won: int
) -> None:
    assert adjust(a_plan(*PLAN.rates, minimum=minimum), before, after) == won


def late(origin: str, delta: int = 1, meter: Meter = Meter.HUMAN) -> UsageEntry:
    return entry("c9", 2, delta, meter, DECEMBER, origin)


BILLED = {
    ("2026-10", Meter.HUMAN): 20,
    ("2026-10", Meter.BOT): 6,
    ("2026-11", Meter.HUMAN): 21,
    ("2026-11", Meter.BOT): 0,
}


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([], []),
        ([entry(at=DECEMBER)], []),
        ([late("2026-11", -1)], [("2026-11", -1, -70)]),
        ([late("2026-11", -1), late("2026-11", -1)], [("2026-11", -2, -170)]),
        ([late("2026-11"), late("2026-10")], [("2026-10", 1, 70), ("2026-11", 1, 70)]),
        ([late("2026-10", -1, Meter.BOT)], [("2026-10", -1, -20)]),
        ([late("2026-10", -1), late("2026-10", 1, Meter.BOT)], [("2026-10", 0, -80)]),
        ([late("2026-11", -1), late("2026-11", 1)], [("2026-11", 0, 0)]),
        ([late("2026-10"), entry(at=DECEMBER), late("2026-10")], [("2026-10", 2, 140)]),
    ],
)
def test_each_passed_month_that_changes_is_a_line(
    entries: list[UsageEntry], expected: list[tuple[str, int, int]]
) -> None:
    assert adjustments(lambda _: PLAN, BILLED, entries) == [
        Line(Item.ADJUSTMENT, f"adjustment:{origin}", quantity, won, origin=origin)
        for origin, quantity, won in expected
    ]


def test_an_adjustment_is_priced_under_the_plan_of_its_origin() -> None:
    in_force = {"2026-10": PLAN, "2026-11": a_plan(*PLAN.rates, minimum=1_070)}
    lines = adjustments(in_force.__getitem__, BILLED, [late("2026-10", -1), late("2026-11", -1)])
    assert [line.won for line in lines] == [-100, 0]


def test_what_was_billed_of_an_origin_must_be_known_of_every_meter() -> None:
    with pytest.raises(KeyError):
        adjustments(lambda _: PLAN, {("2026-11", Meter.HUMAN): 21}, [late("2026-11", -1)])


@given(plans(), quantities, st.lists(months("2026-11"), min_size=1, max_size=3))
def test_months_of_adjustments_leave_the_origin_at_what_it_costs_in_the_end(
    one: Plan, metered: dict[Meter, int], batches: list[list[UsageEntry]]
) -> None:
    now, paid = dict(metered), month_won(one, metered)
    for batch in batches:
        later = [replace(each, booked_at=DECEMBER) for each in batch]
        billed = {("2026-11", meter): quantity for meter, quantity in now.items()}
        paid += sum(line.won for line in adjustments(lambda _: one, billed, later))
        for each in later:
            now[each.meter] += each.delta
    assert paid == month_won(one, now)


@given(plans(), quantities, st.sampled_from(Meter), st.integers(1, 5))
def test_what_is_taken_off_and_put_back_leaves_nothing(
    one: Plan, metered: dict[Meter, int], meter: Meter, times: int
) -> None:
    billed = {("2026-11", each): quantity + times for each, quantity in metered.items()}
    off = adjustments(lambda _: one, billed, [late("2026-11", -1, meter)] * times)
    billed["2026-11", meter] -= times
    on = adjustments(lambda _: one, billed, [late("2026-11", 1, meter)] * times)
    assert off[0].won + on[0].won == 0
    assert off[0].won <= 0


def test_a_bill_shows_usage_then_adjustments_then_credits() -> None:
    adjusted = Line(Item.ADJUSTMENT, "adjustment:2026-10", -1, -70, origin="2026-10")
    one = bill("2026-11", PLAN, counted(15, 7), [adjusted], [a_credit(30), a_credit(200, "r1", Item.SLA)])
    assert one == Bill(
        "2026-11",
        "test/1",
        (
            *USAGE,
            adjusted,
            Line(Item.DISPUTE, "dispute:d1", 1, -30, origin="2026-10"),
            Line(Item.SLA, "sla:r1", 1, -200, origin="2026-10"),
        ),
    )
    assert one.subtotal == 240


@pytest.mark.parametrize(
    ("credit", "subtotal", "over"), [(539, 1, 0), (540, 0, 0), (541, 0, 1), (10_000, 0, 9_460)]
)
def test_a_bill_never_falls_below_nothing_and_carries_the_rest(credit: int, subtotal: int, over: int) -> None:
    one = bill("2026-11", PLAN, counted(15, 7), credits=[a_credit(credit)])
    assert one.subtotal == subtotal
    out = [Line(Item.CARRIED, "carried:2026-11", 1, over, origin="2026-11")] if over else []
    assert list(one.lines[3:]) == out
    assert carried(one) == tuple(replace(line, won=-over) for line in out)


def test_a_rest_is_carried_until_it_is_used_up() -> None:
    november = bill("2026-11", PLAN, {}, credits=[a_credit(600)])
    december = bill("2026-12", PLAN, counted(15), carried(november))
    january = bill("2027-01", PLAN, counted(15), carried(december))
    february = bill("2027-02", PLAN, counted(15), carried(january))
    assert [one.subtotal for one in (november, december, january, february)] == [0, 0, 400, 500]
    assert december.lines[2:] == (
        Line(Item.CARRIED, "carried:2026-11", 1, -600, origin="2026-11"),
        Line(Item.CARRIED, "carried:2026-12", 1, 100, origin="2026-12"),
    )


@given(plans(), st.lists(st.tuples(quantities, st.integers(0, 80_000)), min_size=1, max_size=8))
def test_carrying_over_loses_no_won(one: Plan, course: list[tuple[Mapping[Meter, int], int]]) -> None:
    before: tuple[Line, ...] = ()
    invoiced = owed = 0
    for number, (some, credit) in enumerate(course, 1):
        month = bill(f"2027-{number:02d}", one, some, before, [a_credit(credit)])
        before = carried(month)
        assert month.subtotal >= 0
        assert len({line.key for line in month.lines}) == len(month.lines)
        invoiced += month.subtotal
        owed += month_won(one, some) - credit
    assert invoiced + sum(line.won for line in before) == owed
