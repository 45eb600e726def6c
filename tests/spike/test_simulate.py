from functools import cache
from pathlib import Path

import pytest

from chalicelib.agents.model import Presence
from chalicelib.kernel.clock import HOUR, SECOND
from chalicelib.tenants.model import Contract
from tests.spike.figures import percentile
from tests.spike.pictures import bars, lines
from tests.spike.scenario import Arrival, Scenario, Surge, calm, name, promotion_day, rivalry
from tests.spike.simulate.disciplines import (
    DISCIPLINES,
    GUARDED,
    OURS,
    RoundRobin,
    StartTime,
    Strict,
    VirtualClock,
)
from tests.spike.simulate.loop import run
from tests.spike.simulate.measures import (
    Run,
    bound,
    conforms,
    drained,
    fairness,
    overtaken,
    summary,
    unserved_s,
    waits_s,
    window,
)
from tests.spike.simulate.report import BEGIN, DOCUMENT, END, depths, fill, play, rows, table, trial

FIRST, STRICT = "first come, first served", "strict priority"
each = pytest.mark.parametrize("order", DISCIPLINES)


def small(seed: int) -> Scenario:
    return promotion_day(seed, scale=0.1)


@cache
def served(seed: int = 1) -> dict[str, Run]:
    return play(small(seed), DISCIPLINES)


@cache
def rivals() -> dict[str, Run]:
    return play(rivalry(1), DISCIPLINES)


def p90_over_bound(one: Run) -> float:
    others = waits_s(one, window(one), lambda tenant: tenant not in one.day.surging)
    return percentile(others, 0.9) / bound(one).quantile_s(0.9)


@each
def test_every_contact_is_served_once_and_never_by_more_slots_than_there_are(order: str) -> None:
    one = served()[order]
    assert len(one.started) == len(one.arrivals)
    assert all(started >= sent.at for sent, started in zip(one.arrivals, one.started, strict=True))
    changes = [(started, 1) for started in one.started]
    changes += [(at + sent.handling, -1) for sent, at in zip(one.arrivals, one.started, strict=True)]
    busy = most = 0
    for _, change in sorted(changes):
        busy += change
        most = max(most, busy)
    assert most == one.day.slots


@each
def test_a_seed_says_everything(order: str) -> None:
    assert play(small(1), [order])[order] == served()[order]


@each
def test_no_slot_is_free_while_a_conforming_contact_waits(order: str) -> None:
    assert unserved_s(served()[order]) == 0


@each
def test_order_inside_a_tenant_holds_but_for_strict_priority(order: str) -> None:
    assert (overtaken(served()[order]) > 0) is (order == STRICT)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_others_wait_no_longer_than_behind_a_backlog_without_priority(seed: int) -> None:
    assert p90_over_bound(served(seed)[OURS]) <= 1.2
    assert p90_over_bound(served(seed)[FIRST]) > 20


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_guards_leave_the_others_almost_their_calm(seed: int) -> None:
    one = served(seed)[GUARDED]
    quiet = play(calm(one.day), [OURS])[OURS]
    before, under = (waits_s(of, window(one), lambda who: who not in one.day.surging) for of in (quiet, one))
    hand_over = one.day.handling / one.day.slots / SECOND
    assert percentile(under, 0.9) <= percentile(before, 0.9) + 2 * hand_over
    assert drained(one, one.day.surging) > drained(served(seed)[OURS], one.day.surging)


def test_equal_contracts_get_equal_parts() -> None:
    assert fairness(rivals()[OURS])["jain"] >= 0.95
    assert fairness(rivals()[OURS])["jain_worst"] >= 0.95
    assert fairness(rivals()[GUARDED])["jain"] >= 0.95
    assert fairness(rivals()[FIRST])["jain"] < 0.85
    assert fairness(rivals()[STRICT])["jain"] < 0.85


def test_nobody_else_is_forgotten_for_a_little_excess() -> None:
    longest = {order: summary(one)["longest"] for order, one in served().items()}
    assert longest[OURS] < 0.1 * longest[STRICT]


HOURLY = Contract(rate_per_hour=1, burst=1)
MINUTELY = Contract(rate_per_hour=60, burst=1)
BACKLOG = [Arrival(number, "wild", 10 * SECOND) for number in range(4)]


@pytest.mark.parametrize(("guarded", "last"), [(False, [20, 30]), (True, [60, 120])])
def test_the_guard_keeps_the_last_slot_for_what_is_due(guarded: bool, last: list[int]) -> None:
    known = {"wild": MINUTELY, "calm": Contract(rate_per_hour=60, burst=60)}
    sent = [*[Arrival(0, "calm", HOUR) for _ in range(9)], *BACKLOG]
    started = run(sent, 10, VirtualClock(known, guarded=guarded))
    assert started[9:] == [0, 10 * SECOND, *(at * SECOND for at in last)]


def test_the_guard_opens_once_more_is_free() -> None:
    known = {"wild": MINUTELY, "calm": Contract(rate_per_hour=60, burst=60)}
    sent = [*[Arrival(0, "calm", 25 * SECOND) for _ in range(9)], *BACKLOG]
    started = run(sent, 10, VirtualClock(known, guarded=True))
    assert started[9:] == [0, 10 * SECOND, 25 * SECOND, 25 * SECOND]


def test_a_backlog_lets_pass_who_keeps_to_the_contract() -> None:
    sent = [*BACKLOG, Arrival(15 * SECOND, "calm", SECOND)]
    started = run(sent, 1, VirtualClock({"wild": HOURLY, "calm": HOURLY}, guarded=False))
    assert started == [at * SECOND for at in (0, 10, 21, 31, 20)]


def test_deficit_round_robin_shares_time_and_not_contacts() -> None:
    sent = [Arrival(0, tenant, taken) for tenant, taken in [("long", 4), ("short", 1)] for _ in range(8)]
    line = RoundRobin(quantum=4)
    for number, one in enumerate(sent):
        line.arrive(number, one)
    taken = [sent[line.take(0, Presence(1, 0)) or 0].tenant for _ in range(10)]
    assert taken == ["long", "short", "short", "short", "short"] * 2


def test_start_time_fair_queueing_shares_by_contract() -> None:
    known = {"big": Contract(30, 3), "tiny": Contract(10, 3)}
    line = StartTime(known)
    sent = [Arrival(0, tenant, 60) for tenant in known for _ in range(12)]
    for number, one in enumerate(sent):
        line.arrive(number, one)
    taken = [sent[line.take(0, Presence(1, 0)) or 0].tenant for _ in range(12)]
    assert taken.count("big") == 9


def test_start_time_fair_queueing_gives_nothing_for_time_without_a_backlog() -> None:
    line = StartTime(dict.fromkeys(("old", "new"), HOURLY))
    sent = [Arrival(0, "old", 60)] * 9 + [Arrival(1, "new", 60)] * 3
    for number in range(9):
        line.arrive(number, sent[number])
    for _ in range(6):
        line.take(0, Presence(1, 0))
    for number in range(9, 12):
        line.arrive(number, sent[number])
    taken = [sent[line.take(1, Presence(1, 0)) or 0].tenant for _ in range(6)]
    assert taken == ["new", "old", "new", "old", "new", "old"]


def test_strict_priority_lets_excess_wait_for_all_that_conforms() -> None:
    sent = [*BACKLOG, Arrival(12 * SECOND, "calm", 60 * SECOND), Arrival(70 * SECOND, "wild", SECOND)]
    started = run(sent, 1, Strict({"wild": MINUTELY, "calm": MINUTELY}))
    assert started == [at * SECOND for at in (0, 10, 81, 91, 20, 80)]


DAY = Scenario(1, 2, 1, capacity=1, surges=(Surge(name(1), 0, 10, 2),))
SENT = [Arrival(0, name(1), 10), Arrival(1, name(1), 10), Arrival(2, name(2), 10), Arrival(50, name(1), 10)]


def test_what_is_measured_on_a_run_by_hand() -> None:
    good = Run(DAY, SENT, [0, 20, 10, 50])
    assert (drained(good, DAY.surging), overtaken(good), unserved_s(good)) == (20, 0, 0)
    assert waits_s(good, (0, 20), lambda tenant: tenant == name(2)) == [0.008]
    assert depths(good, [0, 10, 20, 30], lambda _: True) == [1.7, 1, 0]
    bad = Run(DAY, SENT, [30, 12, 22, 2_050])
    assert (overtaken(bad), unserved_s(bad)) == (1, 2.0)
    assert bound(good).mean_s == pytest.approx(0.01 / (1 - 10 / 20))


def test_who_conforms_is_told_by_the_contract_alone() -> None:
    day = Scenario(1, 200, 40)
    sent = [Arrival(0, name(200), 1)] * 6 + [Arrival(2 * HOUR, name(200), 1)]
    assert conforms(Run(day, sent, [0] * 7)) == [True] * 4 + [False] * 2 + [True]


def test_the_table_has_a_line_for_each_order_and_for_theory(tmp_path: Path) -> None:
    found = rows([trial(seed, small, lambda seed: rivalry(seed, agents=10)) for seed in (1,)])
    lines_of_it = table("A day", found).splitlines()
    assert len(lines_of_it) == 4 + len(DISCIPLINES) + 2
    assert len({line.count("|") for line in lines_of_it[2:]}) == 1
    document = tmp_path / "fairness.md"
    document.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n", encoding="utf-8")
    for _ in range(2):
        fill(document, "new")
        assert document.read_text(encoding="utf-8") == f"before\n{BEGIN}\n\nnew\n\n{END}\nafter\n"


def test_the_document_has_a_place_for_the_tables() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert text.count(BEGIN) == text.count(END) == 1
    assert all(f"| {order} |" in text for order in DISCIPLINES)


def test_pictures_do_not_change_from_run_to_run(tmp_path: Path) -> None:
    def drawn(turn: str, wait: float) -> bytes:
        bars(tmp_path / turn / "bars.svg", "waits", {"a": [wait, 10.0], "b": [0.0, 1_000.0]}, ("p50", "p90"))
        lines(tmp_path / turn / "lines.svg", "depth", {"all": {"a": ([0, 1], [wait, 5])}}, across="hours")
        return b"".join((tmp_path / turn / f"{kind}.svg").read_bytes() for kind in ("bars", "lines"))

    assert drawn("one", 3) == drawn("two", 3) != drawn("three", 4)
