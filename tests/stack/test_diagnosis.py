"""However a reader of past contacts ends: one report, the same as ever, and no file is left."""

import pytest

from tests.stack.conftest import Stack
from tests.stack.ground import ground
from tests.stack.inside import inside

pytestmark = pytest.mark.stack


def test_a_reader_killed_at_any_call(stack: Stack) -> None:
    with ground(stack, "reading") as here, inside(stack, here) as run:
        calls, wrong = run("tests.stack.diagnosing:killed").result()

    # One of the deaths was in the midst of the rows.
    assert calls.count("UpdateItem") >= 2
    assert wrong == []


def test_a_slow_reader_does_not_overwrite_the_report_of_a_second_one(stack: Stack) -> None:
    with ground(stack, "slowly") as here, inside(stack, here) as run:
        assert run("tests.stack.diagnosing:slow").result() == []
