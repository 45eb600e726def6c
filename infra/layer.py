"""Builds the layer that carries the pinned requirements, as small as the functions allow."""

import hashlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from infra.archive import compile_tree, write_zip
from infra.stages import LOCAL, Stage

AWS_SERVICES = {"cognito-idp", "dynamodb", "kms", "lambda", "s3", "secretsmanager", "sesv2", "sqs", "sts"}
# Lambda runs Amazon Linux on x86; the local stage runs on whatever this machine is.
AWS_WHEELS = ["--platform", "manylinux2014_x86_64", "--only-binary=:all:"]
# Stripe loads a product on first use, so those that a help desk never sells can go: half its 3,000 files.
STRIPE_UNUSED = (
    "apps",
    "climate",
    "events",
    "financial_connections",
    "forwarding",
    "identity",
    "issuing",
    "money_management",
    "product_catalog",
    "radar",
    "reporting",
    "reserve",
    "sigma",
    "terminal",
    "three_d_secure",
    "treasury",
)
UNUSED = ("*.pyi", "*.md", "*.rst", "py.typed", "bin", "swagger_ui")
# Pictures are only read and drawn anew, in four formats: no fonts, colour tables or further formats.
PICTURES_UNUSED = (
    *("PIL/_avif*", "PIL/_imagingft*", "PIL/_imagingcms*", "PIL/_imagingtk*"),
    *("pillow.libs/libavif*", "pillow.libs/libfreetype*", "pillow.libs/libharfbuzz*", "pillow.libs/liblcms2*"),
    *("pillow.libs/libbrotli*", "pillow.libs/libpng*"),
)
KEPT_INFO = {"METADATA", "entry_points.txt"}


def layer(requirements: Path, stage: Stage) -> Path:
    """Return the layer's zip, built only when the requirements or this module changed."""
    seed = [requirements.read_bytes(), Path(__file__).read_bytes(), sys.version.encode()]
    key = hashlib.sha256(b"\0".join([*seed, str(stage.is_local).encode()])).hexdigest()[:16]
    cached = LOCAL / "cache" / f"layer-{key}.zip"
    if not cached.exists():
        cached.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as scratch:
            _build(requirements, Path(scratch) / "python", stage=stage)
            write_zip(Path(scratch), cached)
    return cached


def _build(requirements: Path, content: Path, *, stage: Stage) -> None:
    wheels = [] if stage.is_local else AWS_WHEELS
    pip: list[str | Path] = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    options: list[str | Path] = ["--no-deps", "--no-compile", "--target", content, "-r", requirements]
    subprocess.run([*pip, *wheels, *options], check=True)
    _trim(content)
    compile_tree(content, "/opt/python", "-b")
    # Without sources a cold start unpacks half the files; tracebacks keep names and line numbers.
    for source in list(content.rglob("*.py")):
        source.unlink()


def _trim(content: Path) -> None:
    """Drop what no function imports, above all the descriptions of 400 AWS services."""
    for data in (content / "botocore" / "data", content / "boto3" / "data"):
        _remove(path for path in data.iterdir() if path.is_dir() and path.name not in AWS_SERVICES)
    for product in STRIPE_UNUSED:
        _remove((content / "stripe").rglob(product))
    for pattern in PICTURES_UNUSED:
        _remove(content.glob(pattern))
    for pattern in UNUSED:
        _remove(content.rglob(pattern))
    for info in content.glob("*.dist-info"):
        _remove(path for path in info.iterdir() if path.name not in KEPT_INFO)


def _remove(paths: Iterable[Path]) -> None:
    for path in list(paths):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
