"""What a cold start pays for: seen in a fresh process."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def loaded() -> set[str]:
    """The names of all modules that importing the app brings along."""
    program = "import json, sys, app; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize(
    "module", ["stripe", "boto3", "typeguard", "requests", "aws_lambda_powertools.utilities.batch"]
)
def test_app_does_not_import(loaded: set[str], module: str) -> None:
    assert module not in loaded


def test_app_imports_what_it_serves_with(loaded: set[str]) -> None:
    assert {"app", "chalice", "pynamodb", "msgspec", "chalicelib.contacts.http"} <= loaded


def test_product_imports_no_test(loaded: set[str]) -> None:
    assert [name for name in loaded if name.split(".")[0] in {"tests", "infra", "pytest", "moto"}] == []
