"""Packages the app, its layer and the template of a stage: `python -m infra.package --stage local`."""

import argparse
import fcntl
import hashlib
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from infra.archive import compile_tree, environment, write_zip
from infra.layer import layer
from infra.stages import ROOT, STAGES, Stage

MAX_ZIP_BYTES = 30_000_000


def package(stage: Stage) -> Path:
    """Write the template and zips of a stage, unless they are there already, and return its path."""
    out = stage.package_dir
    out.parent.mkdir(parents=True, exist_ok=True)
    digest = _digest()
    with (out.parent / f"{stage.name}.lock").open("w") as lock:
        # Parallel test runs share the package.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (out / "digest").exists() or (out / "digest").read_text(encoding="utf-8") != digest:
            _build(stage, out)
            (out / "digest").write_text(digest, encoding="utf-8")
    return out / "sam.json"


def _build(stage: Stage, out: Path) -> None:
    shutil.rmtree(out, ignore_errors=True)
    with tempfile.TemporaryDirectory() as scratch:
        copy = _clean_copy(Path(scratch) / "app")
        merge = Path(scratch) / "merge.json"
        # In a process of its own: settings are read once, and this one may yet work on a deployed stage.
        subprocess.run([sys.executable, "-m", "infra.template", stage.name, merge], env=environment(), check=True)
        _chalice(copy, stage, merge=merge, out=out)
        _recompile(out / "deployment.zip", Path(scratch) / "unzipped")
    shutil.copyfile(layer(ROOT / "requirements.txt", stage), out / "layer.zip")
    _report(out)


def _digest() -> str:
    """Return a hash of everything that goes into a package."""
    shipped = [ROOT / name for name in ("app.py", "requirements.txt", ".chalice/config.json")]
    for folder in ("chalicelib", "infra"):
        shipped += sorted((ROOT / folder).rglob("*.*"))
    found = hashlib.sha256(sys.version.encode())
    for path in shipped:
        if path.is_file() and path.suffix != ".pyc":
            found.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()


def _clean_copy(copy: Path) -> Path:
    """Copy only what is shipped; the layer carries the requirements, so Chalice gets none."""
    ignore = shutil.ignore_patterns("__pycache__", "*.pyc", "deployed", "deployments")
    for part in ("chalicelib", ".chalice"):
        shutil.copytree(ROOT / part, copy / part, ignore=ignore)
    shutil.copyfile(ROOT / "app.py", copy / "app.py")
    (copy / "requirements.txt").touch()
    return copy


def _chalice(copy: Path, stage: Stage, *, merge: Path, out: Path) -> None:
    tool = Path(sys.executable).with_name("chalice")
    command: list[str | Path] = [tool, "package", "--stage", stage.name, "--merge-template", merge, out]
    subprocess.run(command, cwd=copy, env=environment(), check=True, stdout=subprocess.DEVNULL)


def _recompile(archive: Path, scratch: Path) -> None:
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(scratch)
    compile_tree(scratch, "/var/task")
    write_zip(scratch, archive)


def _report(out: Path) -> None:
    sizes = {path.name: path.stat().st_size for path in sorted(out.iterdir())}
    for name, size in sizes.items():
        print(f"{name:16} {size / 1e6:8.2f} MB")
    total = sum(size for name, size in sizes.items() if name.endswith(".zip"))
    if total > MAX_ZIP_BYTES:
        raise SystemExit(f"the zips hold {total} bytes, over the limit of {MAX_ZIP_BYTES}")


def main() -> None:
    """Package the stage named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stage", choices=STAGES, default="local")
    print(package(STAGES[parser.parse_args().stage]).relative_to(ROOT))


if __name__ == "__main__":
    main()
