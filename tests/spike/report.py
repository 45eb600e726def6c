"""The figures of a promotion day, and its pictures."""

import json
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from chalicelib.kernel.clock import HOUR, MINUTE, SECOND, Millis
from infra.stages import LOCAL
from tests.spike.figures import percentile
from tests.spike.floor import UNSERVED
from tests.spike.outcome import FOLDER, Outcome
from tests.spike.pictures import Points, bars, lines
from tests.spike.simulate.measures import (
    FAIR_OVER,
    Run,
    Window,
    bound,
    drained,
    fairness,
    unserved_s,
    waits_s,
    window,
)

FILE = LOCAL / "spike.json"
BIGGEST, POINTS = 20, 200
_SHORTEST_PROMISE_S = 60
Outcomes = Mapping[str, Outcome]
Figures = dict[str, Any]


def figures(found: Outcomes) -> Figures:
    """Return what the played variants show; None where one that is needed was not played."""
    peaceful = [one for name, one in found.items() if name != "faults"]
    first = next(iter(found.values()))
    return {
        "scale": first.scale,
        "seed": first.seed,
        "cut_short_after_minutes": {name: one.minutes for name, one in found.items() if one.minutes},
        "accepted": sum(one.accepted for one in peaceful),
        "lost": sum(len(one.lost) for one in peaceful),
        "duplicated": sum(len(one.duplicated) for one in peaceful),
        "wrong": sum(len(one.wrong) for one in found.values()),
        **_waits(found),
        "jain_index": _jain(found.get("rivals")),
        "max_unserved_s": max((_unserved_s(one) for one in peaceful), default=None),
        "drained_s": _drained_s(found.get("guarded")),
        "eta_p90_error": _promises(found.get("guarded")),
        "faults": _faults(found.get("faults")),
        "variants": {name: _effort(one) for name, one in found.items()},
    }


def _waits(found: Outcomes) -> Figures:
    """Return the waits of all shops that send no more than usual, from the spike on until it is drained."""
    spans = {name: window(_while_they_come(found[name].run)) for name in ("unguarded", "guarded") if name in found}
    widest = max(spans.values(), key=lambda span: span[1], default=None)
    if widest and "calm" in found:
        spans["calm"] = widest
    surging = found["guarded"].run.day.surging if "guarded" in found else frozenset()
    surging |= found["unguarded"].run.day.surging if "unguarded" in found else frozenset()
    p90 = {name: _p90(found[name].run, span, surging) for name, span in spans.items()}
    theory = bound(_while_they_come(found["unguarded"].run)).quantile_s(0.9) if "unguarded" in found else None
    hand_over = _hand_over_s(found["guarded"].run) if "guarded" in found else None
    limit = p90["calm"] + 2 * hand_over if hand_over is not None and "calm" in p90 else None
    return {
        "others_wait_p90_s": {name: _rounded(p90.get(name), 2) for name in ("calm", "unguarded", "guarded")},
        "bound_p90_s": _rounded(theory, 2),
        "others_wait_over_bound": _rounded(p90["unguarded"] / theory if theory else None, 3),
        "others_wait_guarded_s": _rounded(p90.get("guarded"), 2),
        "others_wait_guarded_limit_s": _rounded(limit, 2),
    }


def _while_they_come(run: Run) -> Run:
    """Return a run whose backlogs end with the last arrival: the rest tells nothing of others."""
    end = max(one.at for one in run.arrivals)
    both = zip(run.arrivals, run.started, strict=True)
    started = [min(at, max(end, one.at)) if one.tenant in run.day.surging else at for one, at in both]
    return replace(run, started=started)


def _p90(run: Run, span: Window, surging: frozenset[str]) -> float:
    return percentile(waits_s(run, span, lambda tenant: tenant not in surging), 0.9)


def _hand_over_s(run: Run) -> float:
    """Return how often a slot falls free when all are busy: the mean handling time of the run by its slots."""
    return sum(one.handling for one in run.arrivals) / len(run.arrivals) / SECOND / run.day.slots


def _unserved_s(one: Outcome) -> float:
    """Return the longest time that a slot was free beside a conforming contact that waited, in seconds."""
    run = one.run
    served = [pair for pair in zip(run.arrivals, run.started, strict=True) if pair[1] < UNSERVED]
    return round(unserved_s(Run(run.day, [pair[0] for pair in served], [pair[1] for pair in served])), 1)


def _jain(one: Outcome | None) -> float | None:
    """Return Jain's index over the contacts served while all rivals had a backlog; None if that was too short."""
    if one is None:
        return None
    run = _while_they_come(one.run)
    both = min(drained(run, {rival}) for rival in run.day.surging) - run.day.surged
    return round(fairness(run)["jain"], 4) if both >= FAIR_OVER else None


def _drained_s(one: Outcome | None) -> float | None:
    if one is None or not one.run.day.surges:
        return None
    return (drained(one.run, one.run.day.surging) - one.run.day.surged) / SECOND


def _promises(one: Outcome | None) -> float | None:
    """Return the error of nine tenths of the promised waits, as a share of the promise (a minute at least)."""
    both = zip(one.run.arrivals, one.served, strict=True) if one else ()
    errors = [
        abs((served.started - came.at) / SECOND - served.expected_s) / max(served.expected_s, _SHORTEST_PROMISE_S)
        for came, served in both
        if served.expected_s is not None
    ]
    return _rounded(percentile(errors, 0.9), 3) if errors else None


def _faults(one: Outcome | None) -> Figures:
    names = ("lost", "duplicated", "amplification", "refused_429_503", "other_5xx", "drained_s", "outcomes")
    if one is None:
        return dict.fromkeys(names)
    return {
        "lost": len(one.lost),
        "duplicated": len(one.duplicated),
        "amplification": amplification(one.troubles),
        "refused_429_503": sum(one.statuses.get(status, 0) for status in ("429", "503")),
        "other_5xx": sum(count for status, count in one.statuses.items() if status >= "500" and status != "503"),
        "drained_s": _drained_s(one),
        "outcomes": one.troubles,
    }


def amplification(counts: Mapping[str, int]) -> float | None:
    """Return the calls that were made for each call that was no repeat."""
    first = counts.get("calls", 0) - counts.get("repeats", 0)
    return _rounded(counts["calls"] / first, 3) if first else None


def _effort(one: Outcome) -> Figures:
    return {
        "requests": one.requests,
        "seconds": one.seconds,
        "requests_per_second": round(one.requests / one.seconds, 1),
        "accepted": one.accepted,
        "held_back": sum(served.held > 0 for served in one.served),
        "statuses": one.statuses,
        "repeats": one.repeats,
        "failed_sweeps": one.failed_sweeps,
        "dead_letters": one.dead_letters,
        "relay_caught_up": [asdict(caught_up) for caught_up in one.caught_up],
        "wrong": one.wrong[:5],
    }


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


def write(shown: Figures, found: Outcomes) -> None:
    """Keep the figures, and draw."""
    FILE.write_text(json.dumps(shown, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    spiked = found.get("guarded") or found.get("unguarded") or found.get("faults")
    if spiked:
        _draw_waits(FOLDER / "waits.svg", found, spiked)
        _draw_depths(FOLDER / "depths.svg", found)


def _draw_waits(path: Path, found: Outcomes, spiked: Outcome) -> None:
    """Draw nine tenths of the waits of the biggest shops and of those that spike, in each variant."""
    surging = spiked.run.day.surging
    names = sorted({one.tenant for one in spiked.run.arrivals})
    shown = [*names[:BIGGEST], *(name for name in sorted(surging) if name not in names[:BIGGEST])]
    span = window(spiked.run)
    labels = [name for name in found if name != "rivals"]
    groups = {
        f"{tenant} *" if tenant in surging else tenant: [
            percentile(waits_s(found[name].run, span, lambda one, tenant=tenant: one == tenant), 0.9)  # type: ignore[misc]
            for name in labels
        ]
        for tenant in shown
    }
    bars(path, "Waits, p90, of the biggest shops and those that spike (*)", groups, labels)


def _draw_depths(path: Path, found: Outcomes) -> None:
    """Draw over time what waits, what is held back, and how many contacts are in agents' hands."""
    shown = {name: one for name, one in found.items() if name != "rivals"}
    end = max(max(served.started for served in one.served if served.started < UNSERVED) for one in shown.values())
    moments = [place * (end + 10 * MINUTE) // POINTS for place in range(POINTS + 1)]
    panels = {
        "waiting in the queue": _lines(shown, moments, _queued),
        "held back": _lines(shown, moments, _held),
        "in agents' hands": _lines(shown, moments, _busy),
    }
    lines(path, "A promotion day", panels, across="hours")


Span = tuple[Millis, Millis]


def _lines(
    shown: Outcomes, moments: Sequence[Millis], spans: Callable[[Outcome], list[Span]]
) -> dict[str, Points]:
    hours = [at / HOUR for at in moments]
    return {name: (hours, depths(spans(one), moments)) for name, one in shown.items()}


def depths(spans: Sequence[Span], moments: Sequence[Millis]) -> list[int]:
    """Return how many of the spans are open at each of the moments."""
    begun, ended = (sorted(span[place] for span in spans) for place in (0, 1))
    return [bisect_right(begun, at) - bisect_right(ended, at) for at in moments]


def _queued(one: Outcome) -> list[Span]:
    both = zip(one.run.arrivals, one.served, strict=True)
    return [
        (came.at if not served.held else served.admitted or served.started, served.started)
        for came, served in both
    ]


def _held(one: Outcome) -> list[Span]:
    return [(served.held, served.admitted or served.started) for served in one.served if served.held]


def _busy(one: Outcome) -> list[Span]:
    both = zip(one.run.arrivals, one.served, strict=True)
    return [(served.started, served.started + came.handling) for came, served in both]
