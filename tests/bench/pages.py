"""Measures how busy the console keeps its browser: `python -m tests.bench.pages`; exit code 1 over the budget.

The built pages are served as the distribution serves them; the API is answered from memory, so that the figures
are the pages' own. Other work on this machine only makes tasks longer: of the runs of a scene the best one counts.
"""

import argparse
import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

from infra import pages, web
from infra.processes import HOST
from infra.stages import LOCAL, ROOT
from tests.bench import report
from tests.wire.tools import chromium

BUDGET_MS = 50
SLOWER = 4
"""How many times slower than this machine one more run of each scene is, for which there is no budget."""

OUT = LOCAL / "bench-web"
SECONDS = 1_800
Run = dict[str, Any]


def main() -> None:
    """Measure everything, keep it, print it and judge it."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.pages", description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="runs of each scene, of which the best counts")
    parser.add_argument("--only", default="", help="a part of the names of the scenes to play")
    options = parser.parse_args()
    web.build()
    # The canned answers have the API's types: what they no longer fit is no longer measured.
    web.npm("exec", "--", "tsc", "-p", "bench")
    sizes = _sizes()
    with _served() as (address, settings):
        runs = _played(address, settings, runs=options.runs, only=options.only)
    scenes = [_best(found) for found in _by_scene(runs)]
    report.write({"machine": report.machine(), "sizes": sizes, "scenes": scenes}, LOCAL / "bench-web.json")
    _show(sizes, scenes)
    sys.exit(1 if any(_broken(one) for one in scenes) else 0)


def _sizes() -> dict[str, int]:
    """Return the gzipped bytes of script that a first visit loads, and those of the widget."""
    found = {}
    for name, program in {"console": "size.mjs", "widget": "widget/size.mjs"}.items():
        command = [str(web.node()), program]
        done = subprocess.run(command, cwd=web.WEB, capture_output=True, text=True, check=False)
        total = re.search(r"(\d+) bytes of", done.stdout)
        if not total:
            raise SystemExit(done.stdout + done.stderr)
        found[name] = int(total[1])
    return found


@contextmanager
def _served() -> Iterator[tuple[str, Path]]:
    """Serve the built pages, and yield their address and the file that says where the API is."""
    OUT.mkdir(parents=True, exist_ok=True)
    settings = OUT / "place"

    class Here(pages.Handler):
        pass

    Here.settings = settings
    server = ThreadingHTTPServer((HOST, 0), Here)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://{HOST}:{server.server_port}", settings
    finally:
        server.shutdown()
        settings.unlink(missing_ok=True)


def _played(address: str, settings: Path, *, runs: int, only: str) -> list[Run]:
    """Play the scenes, and return what was seen of each run."""
    binary, variables = chromium()
    told = {"pages": address, "settings": str(settings), "chromium": str(binary), "variables": variables}
    told |= {"out": str(OUT), "runs": {"1": runs, str(SLOWER): 1}, "only": only}
    environment = web.environment() | {"DUREDESK_BENCH": json.dumps(told)}
    command = [str(web.node()), "bench/main.ts"]
    done = subprocess.run(
        command, cwd=web.WEB, env=environment, stdout=subprocess.PIPE, text=True, timeout=SECONDS, check=False
    )
    if done.returncode:
        raise SystemExit(f"the scenes ended with {done.returncode}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def _by_scene(runs: list[Run]) -> list[list[Run]]:
    found: dict[tuple[str, int], list[Run]] = {}
    for run in runs:
        found.setdefault((run["scene"], run["rate"]), []).append(run)
    return list(found.values())


def _best(runs: list[Run]) -> Run:
    """Return the run whose longest task is the shortest, and how long the others' were."""
    best = min(runs, key=lambda run: run["longest"])
    trace = Path(best["trace"]).relative_to(ROOT).as_posix()
    return {**best, "trace": trace, "longest_of_each": [round(run["longest"], 1) for run in runs]}


def _broken(scene: Run) -> bool:
    return bool(scene["hard"] and scene["rate"] == 1 and scene["long"])


def _show(sizes: dict[str, int], scenes: list[Run]) -> None:
    """Print the measured table and what made tasks long."""
    columns = f"{'CPU':>5}{'longest ms':>12}{'processor':>11}{'> 50 ms':>9}{'tasks':>8}{'frames':>8}{'nodes':>7}"
    print(f"\n{'scene':24}{columns}  of each run")
    for one in scenes:
        times = f"{one['longest']:>12.1f}{one['busiest']:>11.1f}{one['long']:>9}"
        counts = f"{one['tasks']:>8}{one['frames']:>8}{one['nodes']:>7}"
        print(f"{one['scene']:24}{'1/' + str(one['rate']):>5}{times}{counts}  {one['longest_of_each']}")
    print(f"\nscript of a first visit {sizes['console']:,} bytes gzipped, widget {sizes['widget']:,}")
    for one in scenes:
        for cause in one["causes"]:
            print(f"{'BROKEN' if _broken(one) else 'long'}: {one['scene']} at 1/{one['rate']}: {cause}")
    print(f"the budget: no task over {BUDGET_MS} ms while scrolling, at this machine's own speed")


if __name__ == "__main__":
    main()
