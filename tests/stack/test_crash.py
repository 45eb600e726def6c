"""Wherever a process is killed: nothing acknowledged is lost, nothing is doubled, nothing stays stuck."""

from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import ExitStack
from typing import Any

import pytest

from tests.stack.conftest import Stack
from tests.stack.ground import ground
from tests.stack.inside import inside

pytestmark = pytest.mark.stack

# Two lists of about the same length, for the two processes that work through them.
LISTS = (
    "sweep merge open message reopen release note claim heartbeat relay sweep_lets_in sweep_spends hold",
    "send_usage pull message_reopens transfer reply reply_again resolve spam undo_spam leave pull_lets_in "
    "relay_held sweep_forgotten",
)
OPERATIONS = [name for names in LISTS for name in names.split()]

Trials = dict[str, "Future[tuple[list[str], list[str]]]"]


@pytest.fixture(scope="module")
def trials(stack: Stack) -> Iterator[Trials]:
    """Every operation's trials, begun at once in two processes."""
    with ExitStack() as resources:
        begun: dict[str, Future[Any]] = {}
        for number, names in enumerate(LISTS):
            here = resources.enter_context(ground(stack, f"crash{number}"))
            run = resources.enter_context(inside(stack, here))
            begun |= {name: run("tests.stack.crash_trial:crash", name) for name in names.split()}
            begun[f"known{number}"] = run("tests.stack.crash_trial:operations")
        yield begun


@pytest.mark.parametrize("operation", OPERATIONS)
def test_killed_at_any_call(trials: Trials, operation: str, record_property: Any) -> None:
    calls, wrong = trials[operation].result()

    record_property("calls", calls)
    assert calls
    assert wrong == []


def test_every_operation_is_killed(trials: dict[str, Any]) -> None:
    assert trials["known0"].result() == sorted(OPERATIONS)


def test_a_slow_sender_does_not_overwrite_a_newer_total(stack: Stack) -> None:
    with ground(stack, "overtaken") as here, inside(stack, here) as run:
        assert run("tests.stack.overtaking:overtake").result() == []
