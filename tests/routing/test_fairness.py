"""What routing promises, whatever anybody sends.

The bound. Let k slots of one kind serve contacts that take H at most; let tenant j's contract be one contact
in t_j and b_j at once. Then every contact starts within W of its rank, where

    W = (FRESH + H * (1 + sum(b_j + 1) / k)) / (1 - H * sum(1 / t_j) / k)

if the contracts fit the pool (the last divisor is positive). By induction over ranks r: all ranks before r
have started within W of themselves, so what still waits at r has ranks in [r - W, r]. Since each rank moves
its tenant's clock on by t_j, and the clock starts anew only when nothing of j waits, these are at most
n = sum(b_j + 1 + W / t_j), the contact itself among them. From r + FRESH on nothing with a later rank is
started before these; a slot that is busy is free within H and then takes one, so k of them start in every H,
and the last after H * (1 + n / k). Now FRESH + H * (1 + n / k) = W. A tenant that keeps to its contract has
rank = arrival, so W bounds its wait: residual and burst, over one minus the load, as under priority.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from functools import partial
from itertools import cycle, pairwise

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.agents.model import Presence
from chalicelib.kernel.clock import HOUR, MINUTE, SECOND, Millis
from chalicelib.routing.rules import FRESH, guard_open, place
from chalicelib.tenants.model import Contract
from tests.routing.simulation import Sent, Served, conforming, run

SLOTS, HANDLING = 3, 5 * MINUTE
CONTRACTS = {
    "calm": Contract(rate_per_hour=4, burst=2),
    "busy": Contract(rate_per_hour=12, burst=3),
    "wild": Contract(rate_per_hour=6, burst=1),
}

GAPS = st.lists(st.integers(0, 20 * MINUTE), max_size=25)
SPIKES = st.lists(st.integers(0, 2 * MINUTE), max_size=80)
TURNS = st.lists(st.integers(0, 7), min_size=1, max_size=6)
HANDLINGS = st.lists(st.integers(1, HANDLING), min_size=1, max_size=6)


def bound(contracts: Iterable[Contract], slots: int, handling: Millis) -> Fraction:
    known = list(contracts)
    load = sum((Fraction(handling, contract.tick) for contract in known), Fraction(0)) / slots
    assert load < 1
    work = FRESH + handling * (1 + Fraction(sum(contract.burst + 1 for contract in known), slots))
    return Fraction(work / (1 - load))


def flood(tenant: str, gaps: Iterable[Millis]) -> list[Sent]:
    sent, now = [], 0
    for gap in gaps:
        now += gap
        sent.append(Sent(now, tenant, HANDLING))
    return sent


def handled(sent: Iterable[Sent], handlings: Iterable[Millis]) -> list[Sent]:
    return [replace(one, handling=taken) for one, taken in zip(sent, cycle(handlings), strict=False)]


def turns(values: list[int]) -> Callable[[], int]:
    endless = cycle(values)
    return lambda: next(endless)


def of(tenant: str, served: list[Served]) -> list[Served]:
    return sorted((one for one in served if one.sent.tenant == tenant), key=lambda one: one.number)


@given(GAPS, SPIKES, SPIKES, HANDLINGS, TURNS)
def test_who_keeps_to_the_contract_waits_no_longer_than_the_bound(
    gaps: list[Millis], busy: list[Millis], wild: list[Millis], handlings: list[Millis], starts: list[int]
) -> None:
    calm = conforming("calm", CONTRACTS["calm"], gaps, HANDLING)
    sent = handled([*calm, *flood("busy", busy), *flood("wild", wild)], handlings)
    served = run(CONTRACTS, sent, SLOTS, turns(starts))
    limit = bound(CONTRACTS.values(), SLOTS, HANDLING)
    assert len(served) == len(sent)
    for one in of("calm", served):
        assert one.rank == one.sent.at
        assert one.started - one.sent.at <= limit


@given(SPIKES, SPIKES, HANDLINGS, TURNS)
def test_every_backlog_is_served_at_its_contracted_rate(
    busy: list[Millis], wild: list[Millis], handlings: list[Millis], starts: list[int]
) -> None:
    served = run(CONTRACTS, handled([*flood("busy", busy), *flood("wild", wild)], handlings), SLOTS, turns(starts))
    limit = bound(CONTRACTS.values(), SLOTS, HANDLING)
    assert all(one.late <= limit for one in served)
    for tenant, contract in CONTRACTS.items():
        for span in backlogs(of(tenant, served)):
            began = span[0].sent.at
            for place_in, one in enumerate(span):
                assert one.started <= began + place_in * contract.tick + limit


def backlogs(served: list[Served]) -> list[list[Served]]:
    """Split one tenant's contacts wherever one arrives while nothing of the tenant waits."""
    spans: list[list[Served]] = []
    free_at = -1
    for one in served:
        if one.sent.at >= free_at:
            spans.append([])
        spans[-1].append(one)
        free_at = max(free_at, one.started)
    return spans


@given(SPIKES, HANDLINGS)
def test_order_inside_a_tenant_holds_while_something_of_it_waits(
    wild: list[Millis], handlings: list[Millis]
) -> None:
    served = of("wild", run(CONTRACTS, handled(flood("wild", wild), handlings), SLOTS, lambda: 0))
    for span in backlogs(served):
        assert [one.rank for one in span] == sorted(one.rank for one in span)
        assert [one.started for one in span] == sorted(one.started for one in span)


@given(st.integers(1, 3600), st.integers(1, 20), GAPS)
def test_inside_the_contract_rank_is_arrival(rate: int, burst: int, gaps: list[Millis]) -> None:
    contract, clock = Contract(rate, burst), 0
    for one in conforming("calm", contract, gaps, HANDLING):
        placed = place(clock, contract, one.at, lambda: True)
        clock = placed.clock
        assert placed.rank == one.at


@given(st.integers(1, 3600), st.integers(1, 20), SPIKES)
def test_in_any_span_a_backlog_ranks_its_contracted_share(rate: int, burst: int, gaps: list[Millis]) -> None:
    contract, clock, ranks = Contract(rate, burst), 0, []
    for one in flood("wild", gaps):
        placed = place(clock, contract, one.at, lambda: True)
        clock = placed.clock
        ranks.append(placed.rank)
    for first, rank in enumerate(ranks):
        for span in (0, contract.tick, 10 * contract.tick):
            assert bisect_right(ranks, rank + span) - first <= burst + 1 + span // contract.tick


@given(SPIKES, st.integers(0, 48 * HOUR))
def test_an_idle_tenant_is_not_punished_for_yesterday(gaps: list[Millis], idle: Millis) -> None:
    contract, clock, now = CONTRACTS["wild"], 0, 0
    for one in flood("wild", gaps):
        now, clock = one.at, place(clock, contract, one.at, lambda: True).clock
    assert place(clock, contract, now + idle, lambda: False).rank == now + idle


JUMPS = st.lists(st.tuples(st.integers(-80 * HOUR, 80 * HOUR), st.booleans()), max_size=30)


@given(st.integers(1, 3600), st.integers(1, 20), JUMPS)
def test_jumps_of_the_time_do_no_harm(rate: int, burst: int, jumps: list[tuple[Millis, bool]]) -> None:
    contract, clock, now, latest = Contract(rate, burst), 0, 100 * HOUR, 0
    for jump, anything in jumps:
        now += jump
        placed = place(clock, contract, now, partial(bool, anything))
        latest = max(latest, now)
        # No rank in the past, no clock behind the time, and back it goes only when nothing waits.
        assert placed.rank >= now
        assert placed.clock >= now + contract.tick
        if anything or clock - contract.allowance <= now:
            assert placed.clock >= clock + contract.tick
        else:
            assert placed == place(0, contract, now, lambda: False)
        # Never further ahead than the contract makes of what was sent by the latest time seen.
        assert placed.rank <= latest + len(jumps) * contract.tick
        clock = placed.clock


@given(SPIKES, st.integers(-80 * HOUR, 80 * HOUR), TURNS)
def test_after_a_jump_everything_is_still_served(gaps: list[Millis], jump: Millis, starts: list[int]) -> None:
    before, after = flood("wild", gaps), flood("busy", gaps)
    moved = [replace(one, at=max(0, one.at + jump)) for one in after]
    served = run(CONTRACTS, [*before, *moved], SLOTS, turns(starts))
    assert sorted(one.number for one in served) == list(range(len(gaps) * 2))


def test_a_spike_takes_idle_slots_and_nobody_elses_turn() -> None:
    spike = [Sent(0, "wild", HANDLING) for _ in range(200)]
    calm = conforming("calm", CONTRACTS["calm"], [MINUTE] + [15 * MINUTE] * 20, HANDLING)
    served = run(CONTRACTS, [*spike, *calm], 20, lambda: 0)
    assert max(one.started - one.sent.at for one in of("calm", served)) == 0
    wild = of("wild", served)
    assert [one.started for one in wild[:18]] == [0] * 18
    for held, following in pairwise(wild):
        assert following.started >= held.started
    assert guard_open(Presence(20, 17))
    assert not guard_open(Presence(20, 18))


def test_nobody_is_passed_over_for_long_by_a_shop_that_always_has_two_more() -> None:
    # Its clock starts anew each time that its last one is taken, so that all of its contacts are due.
    contracts = {"calm": Contract(rate_per_hour=1, burst=1), "wild": Contract(rate_per_hour=6, burst=2)}
    taken = contracts["wild"].tick // 2 - SECOND
    start = [Sent(0, "wild", taken), Sent(1, "calm", taken)]
    pairs = [Sent(2 + 2 * number * taken, "wild", taken) for number in range(60) for _ in range(2)]
    served = run(contracts, [*start, *pairs], 1, lambda: 1)
    assert max(one.late for one in served) <= bound(contracts.values(), 1, taken)


def test_without_ranks_the_calm_shop_would_wait_beyond_the_bound() -> None:
    spike = [Sent(0, "wild", HANDLING) for _ in range(200)]
    calm = [Sent(SECOND, "calm", HANDLING)]
    first_come: Mapping[str, Contract] = dict.fromkeys(CONTRACTS, Contract(rate_per_hour=100_000, burst=100_000))
    limit = bound(CONTRACTS.values(), SLOTS, HANDLING)
    assert of("calm", run(first_come, [*spike, *calm], SLOTS, lambda: 0))[0].late > limit
    assert of("calm", run(CONTRACTS, [*spike, *calm], SLOTS, lambda: 0))[0].late <= limit
