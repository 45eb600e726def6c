"""Shifts the time of the deployed local stage: `python -m infra.clock --shift 73h` or `--reset`."""

import argparse
import json
import re
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from infra.cloud import client
from infra.stages import LOCAL, outputs

UNIT_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
VARIABLE = "CLOCK_OFFSET_SECONDS"
STATE = LOCAL / "state" / "clock.json"


def seconds(text: str) -> int:
    """Return the seconds of a text such as `90s`, `-5m`, `73h` or `31d`."""
    match = re.fullmatch(r"(-?\d+)([smhd])", text)
    if not match:
        raise argparse.ArgumentTypeError(f"not a time span: {text}")
    return int(match[1]) * UNIT_SECONDS[match[2]]


def offset(state: Path = STATE) -> int:
    """Return by how many seconds the local stage's clock is shifted."""
    return int(json.loads(state.read_text(encoding="utf-8"))) if state.exists() else 0


def now(state: Path = STATE) -> float:
    """Return the seconds since 1970 that the local stage's clock shows."""
    return time.time() + offset(state)


def shift(found: dict[str, Any], total: int) -> None:
    """Set the offset of every deployed function and of the Stripe stand-in to a total, in seconds."""
    names = [value for key, value in found.items() if key.endswith("Function")]
    # The emulator waits for a function's warm workers to end, so all functions at once.
    with ThreadPoolExecutor(len(names)) as pool:
        list(pool.map(lambda name: _shift_function(client("lambda", found["Endpoint"]), name, total), names))
    _shift_stripe(found["StripeBase"], total)


def _shift_function(functions: Any, name: str, total: int) -> None:
    variables = functions.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    if variables.get("STAGE") != "local":
        raise SystemExit("only the local stage has a clock that can be shifted")
    functions.update_function_configuration(
        FunctionName=name, Environment={"Variables": {**variables, VARIABLE: str(total)}}
    )


def _shift_stripe(base: str, total: int) -> None:
    request = urllib.request.Request(
        f"{base}/_fake/clock",
        data=json.dumps({"shift_seconds": total}).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=10):
        pass


def main() -> None:
    """Shift or reset the clock as the command line asks and print the total."""
    parser = argparse.ArgumentParser(description=__doc__)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--shift", type=seconds, help="time span such as 73h, added to what was set before")
    what.add_argument("--reset", action="store_true")
    asked = parser.parse_args()
    total = 0 if asked.reset else offset() + asked.shift
    shift(outputs("local"), total)
    STATE.write_text(json.dumps(total), encoding="utf-8")
    print(f"the local clock is shifted by {total} s ({total / 3600:.1f} h)")


if __name__ == "__main__":
    main()
