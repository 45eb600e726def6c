"""`make close-demo`: three months of thirty shops, closed; writes `.local/close.json`, exits 1 at any fault."""

import argparse
import json
import logging
import sys
import time

from infra.stages import LOCAL
from tests.close.report import judge
from tests.close.scenario import scenario

FILE = LOCAL / "close.json"


def main() -> None:
    """Play the story that the command line asks for, print what came of it, and keep it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--shops", type=int, default=30)
    parser.add_argument("--contacts", type=int, default=6, help="about so many a month for each shop")
    options = parser.parse_args()
    logging.disable()
    started = time.monotonic()
    story = scenario(options.seed, shops=options.shops, contacts=options.contacts)
    outcome = {**vars(options), **judge(story), "took_s": round(time.monotonic() - started)}
    LOCAL.mkdir(exist_ok=True)
    FILE.write_text(json.dumps(outcome, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(json.dumps(outcome, indent=2, ensure_ascii=False))
    print(f"written to {FILE.relative_to(LOCAL.parent)}")
    sys.exit(bool(outcome["faults"]))


if __name__ == "__main__":
    main()
