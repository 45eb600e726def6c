import subprocess
import sys

import pytest

from tests.mutants.targets import ROOT


@pytest.mark.soak
def test_the_rules_that_money_rests_on_are_tested() -> None:
    command = [sys.executable, "-m", "tests.mutants"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
