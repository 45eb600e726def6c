"""The measured days as tables and pictures, and their place in the documentation."""

import statistics
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from pathlib import Path

from chalicelib.kernel.clock import HOUR, Millis
from infra.stages import ROOT
from tests.spike.figures import percentiles
from tests.spike.pictures import Points, bars, lines
from tests.spike.scenario import Scenario, arrivals, calm
from tests.spike.simulate.disciplines import DISCIPLINES, OURS
from tests.spike.simulate.loop import run
from tests.spike.simulate.measures import Run, bound, fairness, summary, waits_s, window

DOCUMENT, PICTURES = ROOT / "docs" / "fairness.md", ROOT / "docs" / "fairness"
BEGIN, END = "<!-- generated: make simulate ARGS=--write -->", "<!-- end of generated -->"
CALM, THEORY = "(no surge at all)", "(theory: priority bound)"
SHARES = (0.5, 0.9, 0.99)
POINTS = 160
HEAD = (
    "| order of service | others p50 / p90 / p99 | longest | 50x shop p50 / p90 | burst's shop p50 / p90 "
    "| drained | unserved | overtaken | Jain: whole / worst 5 min |\n|---|---|---|---|---|---|---|---|---|"
)


@dataclass(frozen=True, slots=True)
class Trial:
    """One seed: how each discipline served the promotion day, ours in its calm, and the day of the rivals."""

    runs: Mapping[str, Run]
    quiet: Run
    rivals: Mapping[str, Run]


def trial(seed: int, promoted: Callable[[int], Scenario], rivals: Callable[[int], Scenario]) -> Trial:
    """Let each discipline serve the two days of a seed, and ours the first one's calm."""
    day = promoted(seed)
    return Trial(play(day, DISCIPLINES), play(calm(day), [OURS])[OURS], play(rivals(seed), DISCIPLINES))


def play(day: Scenario, orders: Iterable[str]) -> dict[str, Run]:
    """Return how each discipline serves the day."""
    coming = arrivals(day)
    return {order: Run(day, coming, run(coming, day.slots, DISCIPLINES[order](day))) for order in orders}


def rows(trials: Sequence[Trial]) -> dict[str, dict[str, float]]:
    """Return each discipline's figures, medians over the seeds, with the calm and theory below them."""
    found = {order: _median([_row(one, order) for one in trials]) for order in DISCIPLINES}
    found[CALM] = _median([_waits(_others(one.quiet, one.runs[OURS])) for one in trials])
    bounds = [bound(one.runs[OURS]) for one in trials]
    found[THEORY] = _median([_waits([one.quantile_s(share) for share in SHARES]) for one in bounds])
    return found


def _row(one: Trial, order: str) -> dict[str, float]:
    return summary(one.runs[order]) | fairness(one.rivals[order])


def _others(quiet: Run, surged: Run) -> tuple[float, ...]:
    """Return the calm waits of those who are the others in the surge, while it lasts."""
    surging = surged.day.surging
    return percentiles(waits_s(quiet, window(surged), lambda tenant: tenant not in surging), SHARES)


def _waits(values: Sequence[float]) -> dict[str, float]:
    return dict(zip(("p50", "p90", "p99"), values, strict=True))


def _median(found: Sequence[Mapping[str, float]]) -> dict[str, float]:
    return {name: statistics.median(one[name] for one in found) for name in found[0]}


def table(title: str, found: Mapping[str, Mapping[str, float]]) -> str:
    """Return a Markdown table under its title, waits in seconds."""
    return "\n".join([f"### {title}\n", HEAD, *(_line(order, row) for order, row in found.items())])


def _line(order: str, row: Mapping[str, float]) -> str:
    cells = [" / ".join(_seconds(row[name]) for name in ("p50", "p90", "p99"))]
    if "jain" in row:
        cells += [_seconds(row["longest"])]
        cells += [f"{row[f'{of}_p50']:,.0f} / {row[f'{of}_p90']:,.0f}" for of in ("spiking", "bursting")]
        cells += [f"{row['drained']:,.0f}", _seconds(row["unserved"])]
        cells += [f"{row['overtaken']:,.0f}", f"{row['jain']:.3f} / {row['jain_worst']:.2f}"]
    return f"| {order} | {' | '.join(cells)} |" + " |" * (8 - len(cells))


def _seconds(value: float) -> str:
    return f"{value:,.1f}" if value < 100 else f"{value:,.0f}"


def draw(found: Mapping[str, Mapping[str, float]], shown: Trial) -> None:
    """Draw the others' waits, and how many wait over time."""
    waits = {order: [row["p50"], row["p90"], row["p99"]] for order, row in found.items()}
    bars(PICTURES / "waits.svg", "Waits of all other shops under the surges", waits, ("p50", "p90", "p99"))
    panels = {"waiting, all shops": _depths(shown, lambda _: True)}
    surging = shown.runs[OURS].day.surging
    panels["waiting, other shops"] = _depths(shown, lambda tenant: tenant not in surging)
    lines(PICTURES / "queue.svg", "Contacts that wait", panels, across="hours")


def _depths(shown: Trial, of: Callable[[str], bool]) -> dict[str, Points]:
    end = max(window(one)[1] for one in shown.runs.values()) + HOUR
    moments = [place * end // POINTS for place in range(POINTS + 1)]
    hours = [at / HOUR for at in moments[1:]]
    return {order: (hours, depths(one, moments, of)) for order, one in shown.runs.items()}


def depths(one: Run, moments: Sequence[Millis], of: Callable[[str], bool]) -> list[float]:
    """Return how many contacts of such tenants wait on average between each two of the moments."""
    mine = [(sent.at, started) for sent, started in zip(one.arrivals, one.started, strict=True) if of(sent.tenant)]
    came = _since([at for at, _ in mine])
    gone = _since(sorted(started for _, started in mine))
    waited = [(at, came(at) - gone(at)) for at in moments]
    return [(late - early) / (to - at) for (at, early), (to, late) in pairwise(waited)]


def _since(times: Sequence[Millis]) -> Callable[[Millis], Millis]:
    """Return a function that adds up how long ago each of the sorted `times` was that has passed."""
    sums = list(accumulate(times, initial=0))

    def passed(now: Millis) -> Millis:
        count = bisect_right(times, now)
        return count * now - sums[count]

    return passed


def fill(path: Path, generated: str) -> None:
    """Put `generated` between the markers of a document."""
    before, rest = path.read_text(encoding="utf-8").split(BEGIN)
    after = rest.split(END)[1]
    path.write_text(f"{before}{BEGIN}\n\n{generated}\n\n{END}{after}", encoding="utf-8")
