"""Throttles, failures and lost answers: nothing lost, nothing doubled, and refusals say when to come again."""

import pytest

from tests.stack.conftest import Stack
from tests.stack.ground import ground
from tests.stack.inside import inside

pytestmark = pytest.mark.stack


@pytest.mark.parametrize(
    ("seeds", "contacts"), [([1, 2, 3, 4], 4), pytest.param(list(range(10)), 50, marks=pytest.mark.soak)]
)
def test_a_bad_day(stack: Stack, seeds: list[int], contacts: int) -> None:
    with ground(stack, "faults") as here, inside(stack, here) as run:
        found = run("tests.stack.faulty:bad_day", seeds, contacts).result()

    assert found["strange"] == []
    assert found["wrong"] == []
    assert found["contacts"] == len(seeds) * contacts
    assert found["billed"] == found["stripe"] == len(seeds) * sum(number % 3 != 0 for number in range(contacts))
    # The day was bad indeed, and was felt outside.
    assert min(found[name] for name in ("throttled", "failed", "lost", "refused")) > 0
