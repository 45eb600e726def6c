"""How big the shipped package is, and how long a cold start imports it."""

import statistics
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from infra.stages import REGION

_IMPORT = """
import sys, time
sys.path[:0] = sys.argv[1:]
wall, cpu = time.perf_counter(), time.process_time()
import app
print((time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000)
"""


def package_mb(folder: Path) -> float:
    """Return the megabytes of all zips of the package."""
    return round(sum(path.stat().st_size for path in folder.glob("*.zip")) / 1e6, 2)


def cold_import(folder: Path, *, runs: int = 9) -> dict[str, float]:
    """Return the median import of `app` by fresh interpreters that see the unpacked zips and nothing else."""
    with tempfile.TemporaryDirectory(prefix="duredesk-cold-") as scratch:
        task, layer = Path(scratch) / "task", Path(scratch) / "opt"
        for archive, place in (("deployment.zip", task), ("layer.zip", layer)):
            with zipfile.ZipFile(folder / archive) as packed:
                packed.extractall(place)
        command = [getattr(sys, "_base_executable", sys.executable), "-I", "-S", "-B", "-c", _IMPORT]
        command += [str(task), str(layer / "python")]
        environment = {"AWS_DEFAULT_REGION": REGION, "AWS_REGION": REGION, "TABLE_NAME": "t", "STAGE": "local"}
        times = []
        for _ in range(runs + 1):
            answer = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
            times.append([float(number) for number in answer.stdout.split()])
    walls, cpus = zip(*times[1:], strict=True)
    return {
        "cold_import_ms": round(statistics.median(walls), 1),
        "cold_import_cpu_ms": round(statistics.median(cpus), 1),
        "cold_import_best_ms": round(min(walls), 1),
    }
