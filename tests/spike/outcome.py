"""What came of a variant, as it is kept in a file: its figures, and every contact with its times."""

import json
from collections import Counter
from dataclasses import asdict, dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from chalicelib.kernel.clock import Millis
from infra.stages import LOCAL
from tests.spike.day import Played, variants
from tests.spike.floor import Record
from tests.spike.scenario import Arrival, Scenario, arrivals
from tests.spike.simulate.measures import Run
from tests.spike.stage import CaughtUp
from tests.stack.invariants import STATES, Rows, violations

FOLDER = LOCAL / "spike"


@dataclass(frozen=True)
class Served:
    """A contact: when it came, was held back, let in and claimed, in milliseconds of the day; 0: never."""

    number: int
    started: Millis
    held: Millis = 0
    admitted: Millis = 0
    expected_s: float | None = None


@dataclass(frozen=True)
class Outcome:
    """What came of a variant; of a day that was cut short after so many `minutes`, 0 for a whole one."""

    variant: str
    seed: int
    scale: float
    minutes: int
    requests: int
    seconds: float
    statuses: dict[str, int]
    accepted: int
    lost: list[str]
    duplicated: list[str]
    wrong: list[str]
    repeats: dict[str, int]
    troubles: dict[str, int]
    caught_up: list[CaughtUp]
    failed_sweeps: int
    dead_letters: int
    served: list[Served]

    @cached_property
    def run(self) -> Run:
        """Return the day as it was served."""
        day, coming = _planned(self.variant, self.seed, self.scale)
        return Run(day, [coming[one.number] for one in self.served], [one.started for one in self.served])


@cache
def _planned(variant: str, seed: int, scale: float) -> tuple[Scenario, list[Arrival]]:
    day = variants(seed, scale)[variant].day
    return day, arrivals(day)


def outcome_of(name: str, scale: float, played: Played, *, minutes: int = 0) -> Outcome:
    """Return what came of a played variant, compared with the rows that it left."""
    floor, rows = played.floor, played.rows
    refs = {number: _refs(floor.arrivals[number], ids) for number, ids in floor.record.ids.items()}
    wrong = [*floor.record.strange, *(violations(rows) if played.variant.drain else [])]
    if played.variant.drain:
        wrong += [
            f"{ref} ends {row['status']}" for ref, row in rows.contacts.items() if row["status"] != "resolved"
        ]
    return Outcome(
        variant=name,
        seed=played.variant.day.seed,
        scale=scale,
        minutes=minutes,
        requests=sum(played.statuses.values()),
        seconds=round(played.seconds, 1),
        statuses={str(status): count for status, count in sorted(played.statuses.items())},
        accepted=len(refs),
        lost=lost(refs, rows),
        duplicated=duplicated(refs, floor.record, rows),
        wrong=wrong,
        repeats=dict(floor.record.repeats),
        troubles=played.troubles,
        caught_up=played.caught_up,
        failed_sweeps=len(played.swept),
        dead_letters=played.dead_letters,
        served=[_served(number, refs[number], played) for number in sorted(refs)],
    )


def _refs(arrival: Arrival, ids: set[str]) -> set[str]:
    return {f"{arrival.tenant}/{contact}" for contact in ids}


def lost(refs: dict[int, set[str]], rows: Rows) -> list[str]:
    """Return which acknowledged contacts are not there, or in no state that has a name."""
    states = STATES | {"overflow"}
    known = {ref for ref, row in rows.contacts.items() if row["status"] in states}
    return sorted({ref for found in refs.values() for ref in found} - known)


def duplicated(refs: dict[int, set[str]], record: Record, rows: Rows) -> list[str]:
    """Return what was there twice: contacts of one key, and contacts claimed, answered or billed again."""
    acknowledged = {ref for found in refs.values() for ref in found}
    wrong = [f"one key made {sorted(found)}" for found in refs.values() if len(found) > 1]
    wrong += [
        f"{ref} was made beside the ones acknowledged" for ref in sorted(rows.contacts.keys() - acknowledged)
    ]
    wrong += [f"{ref} was claimed twice" for ref in record.twice]
    answers = Counter(rows.owner(row) for row in rows.messages if row["author"] == "agent")
    entries = Counter(rows.owner(row) for row in rows.usage)
    wrong += [f"{ref} was answered {times} times" for ref, times in answers.items() if times > 1]
    return wrong + [f"{ref} was billed {times} times" for ref, times in entries.items() if times > 1]


def _served(number: int, refs: set[str], played: Played) -> Served:
    row: dict[str, Any] = played.rows.contacts.get(min(refs), {})
    start, record = played.floor.start, played.floor.record
    times = [row[name] - start if row.get(name) else 0 for name in ("held_at", "admitted_at")]
    return Served(number, record.started[number], times[0], times[1], record.expected_s.get(number))


def save(outcome: Outcome) -> None:
    """Keep an outcome in its file."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    path(outcome.variant).write_text(json.dumps(asdict(outcome)), encoding="utf-8")


def load(name: str, seed: int, scale: float) -> Outcome | None:
    """Return the outcome of a variant that was kept, if it is one of this seed and scale."""
    if not path(name).exists():
        return None
    kept = json.loads(path(name).read_text(encoding="utf-8"))
    if (kept["seed"], kept["scale"]) != (seed, scale):
        return None
    kept["served"] = [Served(**one) for one in kept["served"]]
    kept["caught_up"] = [CaughtUp(**one) for one in kept["caught_up"]]
    return Outcome(**kept)


def path(name: str) -> Path:
    """Return the file of a variant's outcome."""
    return FOLDER / f"{name}.json"
