"""Finance in a browser closes a month, on a stack of its own, whose clock is moved."""

from pathlib import Path

import pytest

from tests.stack.specs import play, staged

pytestmark = pytest.mark.stack


def test_a_month_is_closed_and_reopened_in_the_browser(tmp_path: Path) -> None:
    home = tmp_path / "stack"
    home.mkdir()
    with staged(home) as told:
        play(told, tmp_path, ["close"])
