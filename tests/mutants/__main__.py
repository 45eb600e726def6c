"""Tries each mutant of the rules that money rests on: `python -m tests.mutants [--only closing/rules_money]`.

Exit code 1 when less than 85 % are killed, in all or in one module, or when the survivors are not those of
`docs/mutants.md`.
"""

import argparse
import multiprocessing
import os
import sys
from collections.abc import Iterator, Sequence

from tests.mutants.listed import differences, entry
from tests.mutants.targets import REASONS, TARGETS
from tests.mutants.trial import Verdict, examine

LEAST_PERCENT = 85
Figures = tuple[str, int, int]
"""A module's name, its mutants and how many of them were killed."""


def main() -> None:
    """Examine the modules, a process for each CPU, and tell what became of their mutants."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--only", default="", help="modules whose path contains this")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="processes at once")
    asked = parser.parse_args()
    _fix_the_order_of_sets()
    modules = [module for module in TARGETS if asked.only in module]
    verdicts = []
    # Each module in a process that has not imported it, nor anything that did.
    with multiprocessing.get_context("fork").Pool(asked.jobs, maxtasksperchild=1) as pool:
        for verdict in pool.imap(examine, modules, chunksize=1):
            verdicts.append(verdict)
            _tell(_lines(verdict))
    wrong = [*_too_few(verdicts), *differences(REASONS.read_text(encoding="utf-8"), verdicts)]
    _tell(wrong or ["the survivors are those that docs/mutants.md lists"])
    sys.exit(1 if wrong else 0)


def _fix_the_order_of_sets() -> None:
    """Begin anew with hashes that are the same in each run: a mutant may depend on the order of a set."""
    if os.environ.get("PYTHONHASHSEED") != "0":
        os.execve(sys.executable, sys.orig_argv, os.environ | {"PYTHONHASHSEED": "0"})


def _lines(verdict: Verdict) -> Iterator[str]:
    yield _row(_figures(verdict)) + f"   {verdict.seconds:.0f} s"
    yield from (f"  - {entry(mutant)}" for mutant in verdict.survivors)


def _too_few(verdicts: Sequence[Verdict]) -> list[str]:
    figures = [_figures(verdict) for verdict in verdicts]
    whole = "all", sum(total for _, total, _ in figures), sum(killed for *_, killed in figures)
    _tell([_row(whole)])
    return [
        f"{name}: less than {LEAST_PERCENT} % killed"
        for name, total, killed in (*figures, whole)
        if 100 * killed < LEAST_PERCENT * total
    ]


def _figures(verdict: Verdict) -> Figures:
    return verdict.module, verdict.total, verdict.total - len(verdict.survivors)


def _row(figures: Figures) -> str:
    name, total, killed = figures
    return f"{name:40} {killed:5} of {total:5} killed, {100 * killed / max(1, total):5.1f} %"


def _tell(lines: Sequence[str] | Iterator[str]) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


if __name__ == "__main__":
    main()
