from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.clock import HOUR, SECOND, month_span
from chalicelib.metering.model import Meter, UsageEntry
from chalicelib.pricing.model import Plan, Rate, RatedEntry, Tier
from chalicelib.pricing.rules import adjustments, rate, tiers_for
from chalicelib.pricing.statement import rated, rated_adjustments
from tests.pricing.slow import a_plan, entry, months, plans, price_list, quantities
from tests.samples import NOON

TIERS = (Tier(2, 0), Tier(3, 100), Tier(None, 70))
PLAN = a_plan(Rate(Meter.HUMAN, TIERS), Rate(Meter.BOT, (Tier(None, 20),)))
DECEMBER = month_span("2026-12")[0]


def figures(lines: Sequence[RatedEntry]) -> list[tuple[str, int, int, int, int, int]]:
    """Contact, n, won, running sum, tier, unit price."""
    return [(one.entry.contact, one.entry.n, one.won, one.running_won, one.tier, one.unit_won) for one in lines]


def test_every_line_says_what_it_added_and_in_which_tier() -> None:
    entries = [entry(f"c{i}", at=NOON + i) for i in range(1, 6)]
    assert figures(rated(PLAN, entries)) == [
        ("c1", 1, 0, 0, 1, 0),
        ("c2", 1, 0, 0, 1, 0),
        ("c3", 1, 100, 100, 2, 100),
        ("c4", 1, 70, 170, 3, 70),
        ("c5", 1, 70, 240, 3, 70),
    ]


def test_a_reversal_takes_off_the_last_contact_of_the_sum() -> None:
    # Booked where it was billed, so that three contacts remain of four when the fourth comes.
    entries = [entry(f"c{i}", at=NOON + i) for i in range(1, 5)] + [entry("c3", 2, -1, at=NOON + 3)]
    assert figures(rated(PLAN, entries)) == [
        ("c1", 1, 0, 0, 1, 0),
        ("c2", 1, 0, 0, 1, 0),
        ("c3", 1, 100, 100, 2, 100),
        ("c3", 2, -100, 0, 2, 100),
        ("c4", 1, 100, 100, 2, 100),
    ]


def test_a_reversal_in_a_free_tier_gives_nothing_back() -> None:
    assert figures(rated(PLAN, [entry("c1"), entry("c1", 2, -1)])) == [
        ("c1", 1, 0, 0, 1, 0),
        ("c1", 2, 0, 0, 1, 0),
    ]


def test_a_reversal_just_above_a_tier_gives_back_that_tiers_price() -> None:
    lines = rated(PLAN, [*(entry(f"c{i}", at=NOON + i) for i in range(1, 5)), entry("c9", 2, -1, at=NOON + 9)])
    assert figures(lines)[-1] == ("c9", 2, -70, 100, 3, 70)


def test_meters_run_apart() -> None:
    entries = [entry(f"c{i}", meter=meter, at=NOON + i) for i, meter in enumerate([*Meter, *Meter, *Meter])]
    assert [(one.won, one.running_won) for one in rated(PLAN, entries)] == [
        (0, 0), (20, 20), (0, 0), (20, 40), (100, 100), (20, 60),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (entry("c2", at=NOON), entry("c1", at=NOON + 1)),
        (entry("c1", 2, at=NOON), entry("c2", 1, at=NOON)),
        (entry("c1", 2, episode=1), entry("c1", 1, episode=2)),
        (entry("c1", 1), entry("c1", 2)),
    ],
)
def test_lines_follow_time_then_contact_then_episode_then_n(first: UsageEntry, second: UsageEntry) -> None:
    for entries in ([first, second], [second, first]):
        assert [one.entry for one in rated(PLAN, entries)] == [first, second]


def test_adjustments_are_no_lines_of_the_months_usage() -> None:
    here, late = entry("c1", at=DECEMBER), entry("c0", 2, -1, at=DECEMBER, origin="2026-11")
    assert [one.entry for one in rated(PLAN, [late, here])] == [here]
    billed = {("2026-11", meter): 9 for meter in Meter}
    assert [one.entry for one in rated_adjustments(lambda _: PLAN, billed, [late, here])] == [late]


@given(plans(), months())
def test_lines_add_up_to_the_months_usage(one: Plan, entries: list[UsageEntry]) -> None:
    lines = rated(one, entries)
    assert Counter(line.entry for line in lines) == Counter(entries)
    for meter in Meter:
        mine = [line for line in lines if line.entry.meter is meter]
        total = sum(line.entry.delta for line in mine)
        won = sum(price_list(tiers_for(one, meter), total))
        assert sum(line.won for line in mine) == won == rate(tiers_for(one, meter), total)
        assert won == (mine[-1].running_won if mine else 0)


@given(plans(), months(), st.randoms())
def test_the_order_of_reading_changes_no_line(one: Plan, entries: list[UsageEntry], chance: Random) -> None:
    shuffled = chance.sample(entries, len(entries))
    assert rated(one, shuffled) == rated(one, entries)


@given(plans(), months())
def test_a_line_is_its_unit_price_with_the_sign_of_its_entry(one: Plan, entries: list[UsageEntry]) -> None:
    for line in rated(one, entries):
        assert line.won == line.entry.delta * line.unit_won
        assert line.unit_won == tiers_for(one, line.entry.meter)[line.tier - 1].won


def late(contact: str, delta: int, origin: str, meter: Meter = Meter.HUMAN) -> UsageEntry:
    return entry(contact, 2, delta, meter, DECEMBER + int(contact[1:]) * SECOND, origin)


def test_adjustments_are_rated_where_they_stand_in_their_origin() -> None:
    entries = [
        late("c1", -1, "2026-11"),
        late("c2", -1, "2026-10"),
        late("c3", -1, "2026-11"),
        late("c4", 1, "2026-10"),
        late("c5", 1, "2026-10", Meter.BOT),
    ]
    billed = {("2026-10", meter): 3 for meter in Meter} | {("2026-11", meter): 4 for meter in Meter}
    assert figures(rated_adjustments(lambda _: PLAN, billed, reversed(entries))) == [
        ("c1", 2, -70, -70, 3, 70),
        ("c2", 2, -100, -100, 2, 100),
        ("c3", 2, -100, -170, 2, 100),
        ("c4", 2, 100, 0, 2, 100),
        ("c5", 2, 20, 20, 1, 20),
    ]


def test_an_adjustment_below_the_minimum_of_its_origin_changes_nothing() -> None:
    origin = a_plan(*PLAN.rates, minimum=1_000)
    billed = {("2026-11", Meter.HUMAN): 4, ("2026-11", Meter.BOT): 0}
    lines = rated_adjustments(lambda _: origin, billed, [late("c1", -1, "2026-11")])
    assert figures(lines) == [("c1", 2, 0, 0, 3, 70)]


@given(plans(), plans(), quantities, months("2026-10"), months("2026-11"))
def test_lines_of_adjustments_add_up_to_the_lines_of_the_bill(
    one: Plan, other: Plan, metered: dict[Meter, int], october: list[UsageEntry], november: list[UsageEntry]
) -> None:
    in_force = {"2026-10": one, "2026-11": other}
    entries = [replace(each, booked_at=each.booked_at + 20 * 24 * HOUR) for each in [*october, *november]]
    billed = {(origin, meter): quantity for origin in in_force for meter, quantity in metered.items()}
    lines = rated_adjustments(in_force.__getitem__, billed, entries)
    won: Counter[str] = Counter()
    for line in lines:
        won[line.entry.origin] += line.won
        assert line.running_won == won[line.entry.origin]
    assert Counter(line.entry for line in lines) == Counter(entries)
    expected = adjustments(in_force.__getitem__, billed, entries)
    assert {line.origin: line.won for line in expected} == dict(won)


def test_what_was_billed_of_an_origin_must_be_known() -> None:
    with pytest.raises(KeyError):
        rated_adjustments(lambda _: PLAN, {}, [late("c1", -1, "2026-11")])
