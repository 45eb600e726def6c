"""Whatever is delivered five times and out of order: contacts, ledger, windows and Stripe end the same."""

import pytest

from tests.stack.conftest import Stack
from tests.stack.ground import ground
from tests.stack.inside import inside

pytestmark = pytest.mark.stack


@pytest.mark.parametrize(
    ("rounds", "seeds"), [(1, [1, 2]), pytest.param(3, list(range(20)), marks=pytest.mark.soak)]
)
def test_everything_five_times(stack: Stack, rounds: int, seeds: list[int]) -> None:
    with ground(stack, "replay") as here, inside(stack, here) as run:
        found = run("tests.stack.replaying:compare", rounds, seeds).result()

    assert found["wrong"] == {"once": [], **{f"seed {seed}": [] for seed in seeds}}
    assert found["contacts"] == 20 * rounds + 8
    assert found["held"] == 6
    assert found["billed"] > 0
    assert found["delivered"] >= 5 * found["steps"] * len(seeds)
