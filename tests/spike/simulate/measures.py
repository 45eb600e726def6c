"""What a simulated day shows: waits, fairness, order, and slots that stood idle beside somebody's turn."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from itertools import accumulate, pairwise

from chalicelib.kernel.clock import MINUTE, SECOND, Millis
from chalicelib.routing.rules import place
from tests.spike.figures import jain, percentiles
from tests.spike.scenario import Arrival, Scenario, contracts
from tests.spike.theory import Bound, priority_bound

FAIR_OVER = 5 * MINUTE
Window = tuple[Millis, Millis]


@dataclass(frozen=True, slots=True)
class Run:
    """A day as one discipline served it: `started` holds the start of each of `arrivals`."""

    day: Scenario
    arrivals: list[Arrival]
    started: list[Millis]


def drained(run: Run, tenants: Collection[str]) -> Millis:
    """Return when, after their surges, nothing of the surging `tenants` waited any more."""
    surges = [surge for surge in run.day.surges if surge.tenant in tenants]
    begun, until = min(surge.start for surge in surges), max(surge.end for surge in surges)
    for one, started in zip(run.arrivals, run.started, strict=True):
        if one.at > until:
            break
        if one.tenant in tenants and one.at >= begun:
            until = max(until, started)
    return until


def window(run: Run) -> Window:
    """Return the span that is measured: from the first surge until all of them have drained."""
    return min(surge.start for surge in run.day.surges), drained(run, run.day.surging)


def waits_s(run: Run, span: Window, of: Callable[[str], bool]) -> list[float]:
    """Return the waits, in seconds, of those who came in `span` to a tenant for which `of` holds."""
    both = zip(run.arrivals, run.started, strict=True)
    return [
        (started - one.at) / SECOND for one, started in both if span[0] <= one.at <= span[1] and of(one.tenant)
    ]


def bound(run: Run) -> Bound:
    """Return theory's wait of everybody without a surge, from the run's own handling times and load.

    The load of the others is that of all contacts but those that a surging tenant sends while it has a
    backlog: before and after that it is one of the others.
    """
    span = window(run)
    backlogs = {surge.tenant: (surge.start, drained(run, {surge.tenant})) for surge in run.day.surges}
    whole = [one for one in run.arrivals if span[0] <= one.at <= span[1]]
    others = sum(one.handling for one in whole if not _within(backlogs.get(one.tenant), one.at))
    handling = sum(one.handling for one in whole) / len(whole)
    return priority_bound(handling / SECOND, run.day.slots, others / run.day.slots / (span[1] - span[0]))


def _within(span: Window | None, at: Millis) -> bool:
    return span is not None and span[0] <= at <= span[1]


def fairness(run: Run) -> dict[str, float]:
    """Return Jain's index of the surging tenants' served contacts while all of them have a backlog.

    `jain` is over the whole time, `jain_worst` in the worst five minutes of it.
    """
    rivals = run.day.surging
    start, end = run.day.surged, min(drained(run, {rival}) for rival in rivals)
    parts = range((end - start) // FAIR_OVER)
    served = Counter(
        (one.tenant, (started - start) // FAIR_OVER)
        for one, started in zip(run.arrivals, run.started, strict=True)
        if one.tenant in rivals
    )
    worst = min(jain([served[rival, part] for rival in rivals]) for part in parts)
    return {"jain": jain([sum(served[rival, part] for part in parts) for rival in rivals]), "jain_worst": worst}


def overtaken(run: Run) -> int:
    """Return how many contacts were started after a later one of the same tenant."""
    earliest: dict[str, Millis] = {}
    count = 0
    for one, started in zip(reversed(run.arrivals), reversed(run.started), strict=True):
        count += started > earliest.get(one.tenant, started)
        earliest[one.tenant] = min(started, earliest.get(one.tenant, started))
    return count


def unserved_s(run: Run) -> float:
    """Return the longest time, in seconds, that a slot was free while a conforming contact waited."""
    idle = _idle_before(run)
    conforming = zip(run.arrivals, run.started, conforms(run), strict=True)
    spans = ((one.at, started) for one, started, conformed in conforming if conformed and started > one.at)
    return max((idle(started) - idle(at) for at, started in spans), default=0) / SECOND


def conforms(run: Run) -> list[bool]:
    """Return of each contact whether its tenant kept to the contract with all that it had sent by then."""
    known, clocks, found = contracts(run.day), Counter[str](), []
    for one in run.arrivals:
        placed = place(clocks[one.tenant], known[one.tenant], one.at, lambda: True)
        clocks[one.tenant] = placed.clock
        found.append(placed.rank == one.at)
    return found


def _idle_before(run: Run) -> Callable[[Millis], Millis]:
    changes: Counter[Millis] = Counter()
    for one, started in zip(run.arrivals, run.started, strict=True):
        changes[started] += 1
        changes[started + one.handling] -= 1
    moments = sorted(changes)
    free = [busy < run.day.slots for busy in accumulate(changes[at] for at in moments)]
    spans = [(to - at) * is_free for (at, to), is_free in zip(pairwise(moments), free, strict=False)]
    passed = list(accumulate(spans, initial=0))

    def idle(at: Millis) -> Millis:
        last = bisect_right(moments, at) - 1
        return passed[last] + (at - moments[last]) * free[last] if last >= 0 else 0

    return idle


def summary(run: Run) -> dict[str, float]:
    """Return the figures of a day with surges, waits in seconds, in the order in which they are shown."""
    span, surging = window(run), run.day.surging
    others = waits_s(run, span, lambda tenant: tenant not in surging)
    shown = dict(zip(("p50", "p90", "p99"), percentiles(others), strict=True)) | {"longest": max(others)}
    for surge, of in zip(run.day.surges, ("spiking", "bursting"), strict=True):
        own = _own(run, span, surge.tenant)
        shown |= {f"{of}_p50": own[0], f"{of}_p90": own[1]}
    shown |= {"drained": (span[1] - run.day.surged) / SECOND}
    return shown | {"unserved": unserved_s(run), "overtaken": overtaken(run)}


def _own(run: Run, span: Window, tenant: str) -> tuple[float, ...]:
    return percentiles(waits_s(run, span, lambda one: one == tenant), (0.5, 0.9))
