"""Runs one background job now: `python -m infra.run sweep|send-usage|backfill|reconcile|close --stage local`."""

import argparse
import sys

from infra.session import operate
from infra.stages import STAGES


def main() -> None:
    """Run the job that the command line names; exit 1 if windows stay dirty, anything differs or a month waits."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("job", choices=("sweep", "send-usage", "backfill", "reconcile", "close"))
    parser.add_argument("--stage", choices=STAGES, default="local")
    parser.add_argument("--repair", action="store_true", help="send again what Stripe holds wrongly")
    options = parser.parse_args()
    desk = operate(options.stage)
    if options.job == "sweep":
        desk.sweep()
    elif options.job == "send-usage":
        left = desk.send_usage()
        print(f"{left} windows still dirty")
        sys.exit(bool(left))
    elif options.job == "backfill":
        print(f"{desk.backfill()} events and invoices that were not heard")
    elif options.job == "close":
        sys.exit(bool(desk.close_periods()))
    else:
        sys.exit(any(report.breaks for report in desk.reconcile(repair=options.repair)))


if __name__ == "__main__":
    main()
