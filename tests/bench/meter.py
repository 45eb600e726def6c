"""Counts what a piece of work asks of AWS and of this machine, by hooks on every botocore client."""

import statistics
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from botocore.session import Session

from tests.bench.capacity import READS, read_units, write_units


@dataclass
class Sample:
    """One measured run; `sent` holds the parameters of the queue messages that it sent.

    `apart` and `apart_units` are what accounting for looks at personal data takes, and what sessions and keys do.
    """

    calls: Counter[str] = field(default_factory=Counter)
    apart: Counter[str] = field(default_factory=Counter)
    apart_units: float = 0.0
    write_units: float = 0.0
    read_units: float = 0.0
    cpu_ms: float = 0.0
    wall_ms: float = 0.0
    log_bytes: int = 0
    sent: list[dict[str, Any]] = field(default_factory=list)


class Meter:
    """Measures one piece of work at a time; AWS calls outside of `measure` are not counted."""

    def __init__(self) -> None:
        self._now: Sample | None = None
        self._asked: dict[str, Any] = {}
        self._answers: list[tuple[str, dict[str, Any], dict[str, Any]]] = []
        self.log = LogSink()

    def install(self) -> None:
        """Watch every client that is created from now on."""
        create = Session.create_client

        def create_watched(session: Any, *args: Any, **kwargs: Any) -> Any:
            client = create(session, *args, **kwargs)
            events = client.meta.events
            events.register("provide-client-params.dynamodb", self._ask_for_capacity)
            # Retries count: each request that leaves is one that AWS bills.
            events.register("before-send", self._count)
            events.register("after-call.dynamodb", self._keep_answer)
            events.register("provide-client-params.sqs.SendMessage", self._remember_message)
            return client

        Session.create_client = create_watched

    @contextmanager
    def measure(self) -> Iterator[Sample]:
        """Fill the yielded sample with what happens inside."""
        sample = self._now = Sample()
        logged, wall, cpu = self.log.written, time.perf_counter(), time.process_time()
        try:
            yield sample
        finally:
            sample.cpu_ms = (time.process_time() - cpu) * 1000
            sample.wall_ms = (time.perf_counter() - wall) * 1000
            sample.log_bytes = self.log.written - logged
            self._now = None
            self._add_units(sample)

    def _ask_for_capacity(self, params: dict[str, Any], model: Any, **_: Any) -> dict[str, Any]:
        self._asked = params
        takes = "ReturnConsumedCapacity" in model.input_shape.members
        return {**params, "ReturnConsumedCapacity": "INDEXES"} if takes else params

    def _count(self, event_name: str, **_: Any) -> None:
        if self._now is not None:
            service, operation = event_name.split(".")[1:]
            apart = service in _SESSIONS_AND_KEYS or (service == "dynamodb" and is_apart(self._asked))
            (self._now.apart if apart else self._now.calls)[operation] += 1

    def _keep_answer(self, parsed: dict[str, Any], model: Any, **_: Any) -> None:
        if self._now is not None:
            self._answers.append((model.name, self._asked, parsed))

    def _add_units(self, sample: Sample) -> None:
        # Only after the clocks have stopped, so that counting costs the product nothing.
        for operation, asked, answer in self._answers:
            if is_apart(asked):
                sample.apart_units += read_units(asked, answer) if operation in READS else write_units(answer)
            elif operation in READS:
                sample.read_units += read_units(asked, answer)
            else:
                sample.write_units += write_units(answer)
        self._answers.clear()

    def _remember_message(self, params: dict[str, Any], **_: Any) -> None:
        if self._now is not None:
            self._now.sent.append(dict(params))


_SESSIONS_AND_KEYS = {"sts", "kms", "secretsmanager"}
_RECORDS = {"access", "seen"}


def is_apart(asked: dict[str, Any]) -> bool:
    """Return whether a call to the table writes a record of who looked, or reads a tenant's data key."""
    kind = asked.get("Item", {}).get("kind", {}).get("S", "")
    sk = asked.get("Key", {}).get("sk", {}).get("S", "")
    return kind in _RECORDS or sk.partition("#")[0] in _RECORDS or asked.get("TableName", "").find("Keyring") >= 0


class LogSink:
    """Takes the product's log lines and only counts their bytes."""

    def __init__(self) -> None:
        self.written = 0

    def write(self, text: str) -> int:
        """Count `text`."""
        self.written += len(text.encode())
        return len(text)

    def flush(self) -> None:
        """Do nothing: nothing is kept."""


def summary(samples: Sequence[Sample]) -> dict[str, Any]:
    """Return the medians of many runs, and the calls by operation in the usual run."""
    breakdowns = Counter(tuple(sorted(sample.calls.items())) for sample in samples)
    counts = [sum(sample.calls.values()) for sample in samples]
    cpu = sorted(sample.cpu_ms for sample in samples)
    return {
        "calls": statistics.median_low(counts),
        "calls_max": max(counts),
        "write_units": statistics.median(sample.write_units for sample in samples),
        "read_units": statistics.median(sample.read_units for sample in samples),
        "write_units_mean": round(statistics.mean(sample.write_units for sample in samples), 2),
        "read_units_mean": round(statistics.mean(sample.read_units for sample in samples), 2),
        "cpu_ms": round(statistics.median(cpu), 2),
        "cpu_ms_p10": round(cpu[len(cpu) // 10], 2),
        "cpu_ms_p90": round(cpu[int(len(cpu) * 0.9)], 2),
        "wall_ms": round(statistics.median(sample.wall_ms for sample in samples), 1),
        "apart_calls": statistics.median_low([sum(sample.apart.values()) for sample in samples]),
        "apart_units": statistics.median(sample.apart_units for sample in samples),
        "log_bytes": statistics.median_low([sample.log_bytes for sample in samples]),
        "by_operation": dict(breakdowns.most_common(1)[0][0]),
        "runs": len(samples),
    }


def calibration_ms() -> float:
    """Return the CPU time of a fixed loop in pure Python: how fast this machine is just now."""
    cpu = time.process_time()
    total = 0
    for number in range(1_000_000):
        total += number * number % 7
    return (time.process_time() - cpu) * 1000 if total else 0.0
