"""Compares orders of service on the same days: `python -m tests.spike.simulate`, with `--write` for the docs."""

import argparse
import time
from functools import partial

from tests.spike.scenario import promotion_day, rivalry
from tests.spike.simulate.report import DOCUMENT, Trial, draw, fill, rows, table, trial

SIZES = ((200, 40, 3), (10_000, 2_000, 1))


def main() -> None:
    """Play the days, print the tables, and if asked put them and the pictures into the documentation."""
    parser = argparse.ArgumentParser(prog="python -m tests.spike.simulate", description=__doc__)
    parser.add_argument("--write", action="store_true", help="rewrite docs/fairness.md and its pictures")
    write = parser.parse_args().write
    tables = []
    for number, (tenants, agents, seeds) in enumerate(SIZES):
        since = time.perf_counter()
        trials = _trials(tenants, agents, seeds)
        found = rows(trials)
        tables.append(table(_title(trials), found))
        print(f"{tables[-1]}\n\nwall time {time.perf_counter() - since:.1f} s\n")
        if write and number == 0:
            draw(found, trials[0])
    if write:
        fill(DOCUMENT, "\n\n".join(tables))


def _trials(tenants: int, agents: int, seeds: int) -> list[Trial]:
    days = [partial(made, tenants=tenants, agents=agents) for made in (promotion_day, rivalry)]
    return [trial(seed, *days) for seed in range(1, seeds + 1)]


def _title(trials: list[Trial]) -> str:
    day = trials[0].quiet.day
    seeds = f"median of {len(trials)} seeds" if len(trials) > 1 else "one seed"
    return f"{day.tenants:,} shops, {day.agents:,} agents with {day.slots:,} slots, {seeds}"


if __name__ == "__main__":
    main()
