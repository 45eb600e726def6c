import pytest

from chalicelib.agents.model import Agent, Presence
from chalicelib.kernel.clock import HOUR, MINUTE, SECOND, Millis
from chalicelib.routing.model import Band, Candidate, Place
from chalicelib.routing.rules import FRESH, SPREAD, choose, guard_open, is_due, place
from chalicelib.tenants.model import Contract

# One contact a minute, and three at once.
CONTRACT = Contract(rate_per_hour=60, burst=3)
NOW: Millis = 1_795_230_000_000


@pytest.mark.parametrize(
    ("clock", "waiting", "rank", "after"),
    [
        (0, False, 0, MINUTE),
        (-HOUR, True, 0, MINUTE),
        (2 * MINUTE, True, 0, 3 * MINUTE),
        (3 * MINUTE, True, 0, 4 * MINUTE),
        (3 * MINUTE + 1, True, 1, 4 * MINUTE + 1),
        (10 * MINUTE, True, 7 * MINUTE, 11 * MINUTE),
        (3 * MINUTE + 1, False, 0, MINUTE),
        (10 * MINUTE, False, 0, MINUTE),
    ],
)
def test_place(clock: Millis, waiting: bool, rank: Millis, after: Millis) -> None:
    placed = place(NOW + clock, CONTRACT, NOW, lambda: waiting)
    assert placed == Place(NOW + rank, NOW + after)


def test_a_burst_ranks_now_and_the_rest_at_the_contracted_rate() -> None:
    clock, ranks = 0, []
    for _ in range(6):
        placed = place(clock, CONTRACT, NOW, lambda: True)
        clock = placed.clock
        ranks.append(placed.rank - NOW)
    assert ranks == [0, 0, 0, 0, MINUTE, 2 * MINUTE]


@pytest.mark.parametrize(("clock", "asked"), [(3 * MINUTE, 0), (3 * MINUTE + 1, 1)])
def test_the_index_is_asked_only_beyond_the_allowance(clock: Millis, asked: int) -> None:
    questions: list[None] = []

    def any_waiting() -> bool:
        questions.append(None)
        return True

    place(NOW + clock, CONTRACT, NOW, any_waiting)
    assert len(questions) == asked


@pytest.mark.parametrize(
    ("band", "rank", "due"),
    [(Band.ARRIVED, 0, True), (Band.ARRIVED, -1, True), (Band.ARRIVED, 1, False), (Band.FRONT, 1, True)],
)
def test_is_due(band: Band, rank: Millis, due: bool) -> None:
    assert is_due(Candidate("danbi", "c1", 1, band, NOW + rank), NOW) is due


@pytest.mark.parametrize(
    ("capacity", "load", "is_open"),
    [(100, 89, True), (100, 90, False), (6, 5, True), (6, 6, False), (0, 0, False)],
)
def test_the_guard_keeps_a_tenth_of_the_pool(capacity: int, load: int, is_open: bool) -> None:
    assert guard_open(Presence(capacity, load)) is is_open


def chosen(*queue: Candidate, free: int = 6, guard: bool = False, start: int = 0, now: Millis = NOW) -> list[str]:
    found = choose(
        queue, Agent("mina", "미나", "main", 6, load=6 - free), now=now, guard=lambda: guard, start=start
    )
    return [candidate.contact for candidate in found]


def waiting(
    name: str, rank: Millis = 0, *, weight: int = 1, band: Band = Band.ARRIVED, preferred: str = ""
) -> Candidate:
    return Candidate("danbi", name, weight, band, NOW + rank, preferred)


def test_what_fits_and_is_due_comes_in_the_order_of_the_queue() -> None:
    queue = waiting("a", -FRESH), waiting("b", -1, weight=6), waiting("c"), waiting("d", 1)
    assert chosen(*queue) == ["a", "b", "c"]
    assert chosen(*queue, free=5) == ["a", "c"]
    assert chosen(*queue, free=0) == []


def test_what_is_not_due_waits_for_the_guard() -> None:
    assert chosen(waiting("a", 1), guard=True) == ["a"]
    assert chosen(waiting("a", 1), guard=False) == []
    assert chosen(waiting("a", 1), waiting("b", 2), now=NOW + 1) == ["a"]


def test_the_guard_is_not_asked_while_something_is_due_or_nothing_fits() -> None:
    def asked() -> bool:
        raise AssertionError("the pool's capacity is not read")

    for free in (0, 6):
        choose(
            [waiting("a"), waiting("b", 1)],
            Agent("mina", "미나", "main", 6, load=6 - free),
            now=NOW,
            guard=asked,
            start=0,
        )


def test_returned_contacts_of_the_same_agent_come_first_in_their_band() -> None:
    front = waiting("front", -3, band=Band.FRONT)
    others, mine = waiting("others", -2), waiting("mine", -1, preferred="mina")
    hers = waiting("hers", preferred="jina")
    assert chosen(front, others, mine, hers) == ["front", "mine", "others", "hers"]
    assert chosen(others, mine, hers, start=1) == ["mine", "others", "hers"]


@pytest.mark.parametrize(
    ("start", "order"), [(0, "abcdef"), (1, "bcdaef"), (3, "dabcef"), (4, "abcdef"), (65_535, "dabcef")]
)
def test_contenders_start_at_different_places(start: int, order: str) -> None:
    assert chosen(*map(waiting, "abcdef"), start=start) == list(order)
    assert len(order) > SPREAD


@pytest.mark.parametrize("start", range(SPREAD))
def test_nobody_passes_over_what_has_waited_or_was_returned(start: int) -> None:
    assert chosen(waiting("a", -FRESH), waiting("b", -1), waiting("c"), start=start) == ["a", "b", "c"]
    fresh = waiting("a", -SECOND, band=Band.FRONT), waiting("b"), waiting("c")
    assert chosen(*fresh, start=start)[0] == "a"


def kept_free(heavy: Candidate, *, free: int, now: Millis = NOW) -> int:
    """Return how many of 80 agents with so much free let a light contact pass while `heavy` waits."""
    light = waiting("light")
    agents = [Agent(f"agent{n}", f"agent{n}", "main", 6, load=6 - free) for n in range(80)]
    found = [choose([heavy, light], one, now=now, guard=lambda: False, start=0) for one in agents]
    return sum(light not in taken and heavy not in taken for taken in found)


def test_a_few_agents_empty_themselves_for_a_call_that_waits_long_and_never_most_of_them() -> None:
    minutes = [0, 1, 2, 4, 8, 60]
    counts = [kept_free(waiting("call", -n * MINUTE, weight=6), free=4) for n in minutes]
    assert counts[0] == 0
    assert counts == sorted(counts)
    assert 0 < counts[1] < 15
    assert 10 < counts[-1] < 30


def test_nobody_waits_for_a_call_behind_what_fits() -> None:
    chat, call = waiting("chat", -30 * MINUTE, weight=2), waiting("call", -9 * MINUTE, weight=6)
    agents = [Agent(f"agent{n}", f"agent{n}", "main", 6, load=2) for n in range(80)]
    for agent in agents:
        assert choose([chat, call], agent, now=NOW, guard=lambda: False, start=0) == [chat]


@pytest.mark.parametrize(
    ("heavy", "free"),
    [
        (waiting("fits", -HOUR, weight=6), 6),
        (waiting("for nobody", -HOUR, weight=7), 4),
        (waiting("in the future", HOUR, weight=6), 4),
        (waiting("light", -HOUR, weight=4), 4),
    ],
)
def test_nobody_waits_for_what_fits_what_never_will_and_what_is_not_due(heavy: Candidate, free: int) -> None:
    assert kept_free(heavy, free=free) == 0
