"""The measured table, its budgets, and the figures as JSON."""

import json
import os
import platform
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Figures = dict[str, Any]
SHOWN = (
    "open", "open_over_contract", "open_held", "relay_held", "message", "claim", "claim_from_short_queue",
    "pull_lets_in", "reply", "reply_again", "resolve", "relay", "send_usage", "life", "life_through_overflow",
    "authorize", "poll", "heartbeat", "sweep", "bare_call",
)  # fmt: skip


@dataclass(frozen=True)
class Budget:
    """A figure's limit; one that depends on the machine is reported but breaks nothing."""

    name: str
    limit: float
    hard: bool = True


BUDGETS = (
    Budget("open.calls", 3),
    Budget("open_over_contract.calls", 3),
    Budget("claim.calls", 4),
    Budget("life.write_units", 55),
    Budget("life.read_units", 10.4),
    Budget("overflow.ratio.units", 1.6),
    Budget("overflow.ratio.won", 1.6),
    Budget("claim.ratios.calls", 1.2),
    Budget("claim.ratios.units", 1.2),
    Budget("claim.ratios.cpu", 1.2, hard=False),
    Budget("package_mb", 30),
    Budget("open.cpu_ms", 5, hard=False),
    Budget("claim.cpu_ms", 5, hard=False),
    Budget("reply.cpu_ms", 5, hard=False),
    Budget("resolve.cpu_ms", 5, hard=False),
    Budget("cold_import_ms", 300, hard=False),
    Budget("hostile_cpu_ms.text", 500, hard=False),
    Budget("hostile_cpu_ms.body", 500, hard=False),
)


def machine() -> Figures:
    """Return what the figures were measured on."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    model = next(
        (line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.processor()
    )
    return {
        "cpu": model,
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "load_1m": round(os.getloadavg()[0], 2),
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    }


def show(figures: Figures) -> None:
    """Print the measured table, where it goes, and what it costs."""
    times = f"{'CPU ms':>8}{'p10':>7}{'p90':>7}{'wall ms':>9}"
    print(f"\n{'operation':24}{'calls':>6}{'write':>7}{'read':>6}{'apart':>6}{times}  AWS calls")
    for name in SHOWN:
        _row(name, figures[name])
    print("\nclaim by backlog (wall time is the emulator's: its index is linear)")
    for size, row in figures["claim_by_backlog"].items():
        _row(f"{size} waiting", row)
    whole = figures["reconcile"]
    print(f"\none reconciliation of {whole['tenants']} tenants with {whole['contacts']} contacts in all")
    _row("reconcile", whole)
    print("\nwon per 1,000 lives at list prices in Seoul")
    for name, won in figures["won_by_service"].items():
        print(f"{name:24}{won:>8.1f}")
    print(f"{'total':24}{figures['won_per_1000_contacts']:>8.1f}")
    print(f"{'through overflow':24}{figures['overflow']['won_per_1000']:>8.1f}")
    print(f"\npackage {figures['package_mb']} MB; calibration loop {figures['calibration_ms']} ms CPU")
    cold = f"median {figures['cold_import_ms']}, CPU {figures['cold_import_cpu_ms']}"
    print(f"cold import {cold}, best {figures['cold_import_best_ms']} ms")


def _row(name: str, row: Figures) -> None:
    counts = f"{row['calls']:>6}{row['write_units']:>7.1f}{row['read_units']:>6.1f}{row['apart_units']:>6.1f}"
    times = f"{row['cpu_ms']:>8.2f}{row['cpu_ms_p10']:>7.2f}{row['cpu_ms_p90']:>7.2f}{row['wall_ms']:>9.1f}"
    calls = " ".join(f"{operation}×{count}" for operation, count in row["by_operation"].items())
    print(f"{name:24}{counts}{times}  {calls}")


def judge(figures: Figures) -> bool:
    """Print each budget, and return whether all that do not depend on the machine are kept."""
    print("\nbudgets")
    kept = True
    for budget in BUDGETS:
        value = _value(figures, budget.name)
        over = value > budget.limit
        mark = "ok" if not over else "BROKEN" if budget.hard else "OVER (depends on the machine)"
        print(f"{budget.name:36}{value:>9.2f} of {budget.limit:>6}  {mark}")
        kept = kept and not (over and budget.hard)
    return kept


def _value(figures: Figures, name: str) -> float:
    found: Any = figures
    for part in name.split("."):
        found = found[part]
    return float(found["worst"] if isinstance(found, dict) else found)


def write(figures: Figures, path: Path) -> None:
    """Keep the figures as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(figures, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
