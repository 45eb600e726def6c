"""Bytecode and zips whose bytes depend on nothing but their content."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

from infra.stages import REGION

ZIP_DATE = (1980, 1, 1, 0, 0, 0)


def environment() -> dict[str, str]:
    """Return an environment in which packaging gives the same bytes each time and needs no credentials."""
    fixed = {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0", "AWS_DEFAULT_REGION": REGION}
    return {**os.environ, **fixed}


def compile_tree(content: Path, deployed_at: str, *options: str) -> None:
    """Ship bytecode that Python trusts without reading the source's date, which a zip does not keep."""
    command = [sys.executable, "-m", "compileall", "-q", "-f", "--invalidation-mode", "unchecked-hash"]
    command += [*options, "-s", str(content), "-p", deployed_at, str(content)]
    subprocess.run(command, env=environment(), check=True)


def write_zip(content: Path, archive: Path) -> None:
    """Write a zip whose bytes depend on nothing but its files, complete or not at all."""
    partial = archive.with_suffix(".part")
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for path in sorted(path for path in content.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(path.relative_to(content).as_posix(), ZIP_DATE)
            entry.external_attr = 0o644 << 16
            packed.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED, 9)
    partial.replace(archive)
