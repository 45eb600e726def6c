"""What others wrote and our tests talk to, in pinned versions under `.local/tools`: made once, by the first test.

Nothing here is a dependency of ours: localstripe (GPL) has an environment of its own and is never imported.
"""

import fcntl
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from infra.web import node, npm

ROOT = Path(__file__).resolve().parents[2]
PINS = Path(__file__).parent / "pins"
SECONDS = 240
"""The most that one installation may take before its test fails."""

FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{home}/fonts</dir><cachedir>{home}/fonts-cache</cachedir></fontconfig>
"""


def localstripe() -> Path:
    """Return the Python that has localstripe."""
    home = _made("localstripe", "localstripe.txt", _environment)
    return home / "bin" / "python"


def emulate() -> list[str]:
    """Return the command that runs emulate."""
    return [str(node()), str(_npm() / "node_modules" / "emulate" / "dist" / "index.js")]


def chromium() -> tuple[Path, dict[str, str]]:
    """Return a headless Chromium and the environment variables that it needs; skip where there is none.

    It brings its own libraries and fonts, so a bare Debian will do.
    """
    if (sys.platform, platform.machine()) != ("linux", "x86_64"):
        pytest.skip("the pinned Chromium is for Linux on x86-64 alone")
    home = _made("chromium", "package-lock.json", _inflate)
    return home / "chromium", {"LD_LIBRARY_PATH": str(home / "lib"), "FONTCONFIG_FILE": str(home / "fonts.conf")}


def _made(name: str, pin: str, make: Callable[[Path, Path], None]) -> Path:
    """Return the directory of a tool, made anew when what it is pinned to has changed."""
    home = ROOT / ".local" / "tools" / name
    home.parent.mkdir(parents=True, exist_ok=True)
    stamp = home / ".made"
    wanted = (PINS / pin).read_text(encoding="utf-8")
    with Path(f"{home}.lock").open("w", encoding="utf-8") as lock:
        # Parallel workers need the same tools at the same time.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
            shutil.rmtree(home, ignore_errors=True)
            home.mkdir()
            make(home, PINS / pin)
            stamp.write_text(wanted, encoding="utf-8")
    return home


def _environment(home: Path, pins: Path) -> None:
    _run([sys.executable, "-m", "venv", "--without-pip", str(home)])
    pip = [sys.executable, "-m", "pip", "--python", str(home / "bin" / "python")]
    _run([*pip, "install", "--quiet", "--disable-pip-version-check", "--no-deps", "-r", str(pins)])


def _npm() -> Path:
    return _made("npm", "package-lock.json", _modules)


def _modules(home: Path, lock: Path) -> None:
    for name in ("package.json", lock.name):
        shutil.copy(lock.parent / name, home)
    # Scripts of packages are not run: what is needed of them is plain files.
    npm("ci", "--ignore-scripts", "--no-audit", "--no-fund", folder=home)


def _inflate(home: Path, _: Path) -> None:
    packed = _npm() / "node_modules" / "@sparticuz" / "chromium" / "bin"
    inflate = [str(node()), str(PINS / "inflate.mjs")]
    _run([*inflate, str(packed / "chromium.br"), str(home / "chromium")])
    for name in ("al2023.tar", "fonts.tar"):
        _run([*inflate, str(packed / f"{name}.br"), str(home / name)])
        # Not Python's own: before 3.11.4 it cannot check what it unpacks, and Debian 12 has an older one.
        _run(["tar", "-xf", str(home / name), "-C", str(home)])
    (home / "fonts.conf").write_text(FONTS.format(home=home), encoding="utf-8")


def _run(command: list[str]) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS, check=False)
    if done.returncode:
        raise AssertionError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
