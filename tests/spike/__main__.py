"""Plays a promotion day on a deployed stack: `python -m tests.spike`; exit code 1 when a limit is broken."""

import argparse
import signal
import sys
import time
from dataclasses import replace

from chalicelib.kernel.clock import MINUTE
from tests.spike import report
from tests.spike.day import Variant, play, variants
from tests.spike.judge import judge
from tests.spike.outcome import load, outcome_of, save

SCALE = 0.05


def main() -> None:
    """Play the variants, keep what came of them, show it and judge it."""
    options = _options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    known = variants(options.seed, options.scale)
    for name in options.variant or known:
        since = time.monotonic()

        def say(line: str, name: str = name, since: float = since) -> None:
            print(f"{name:10} {time.monotonic() - since:6.0f} s  {line}", flush=True)

        played = play(_shortened(known[name], options.minutes), say)
        save(outcome_of(name, options.scale, played, minutes=options.minutes))
    kept = {name: load(name, options.seed, options.scale) for name in known}
    found = {name: one for name, one in kept.items() if one}
    shown = report.figures(found)
    report.write(shown, found)
    verdicts = judge(shown)
    print("\n".join(str(verdict) for verdict in verdicts))
    sys.exit(0 if all(verdict.kept for verdict in verdicts) else 1)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.spike", description=__doc__)
    parser.add_argument("--variant", action="append", help="play only this one; others are taken from files")
    parser.add_argument("--scale", type=float, default=SCALE, help="share of the 5,000 contacts of the burst")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=int, default=0, help="end arrivals after so many minutes of the day")
    return parser.parse_args()


def _shortened(variant: Variant, minutes: int) -> Variant:
    if not minutes:
        return variant
    return replace(variant, day=replace(variant.day, lasts=minutes * MINUTE))


if __name__ == "__main__":
    main()
