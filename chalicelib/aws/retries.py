"""Retries: one layer for all calls to AWS, with one budget for the whole process.

Every call earns 0.4 of a retry and every retry costs a whole one: however long a disturbance lasts, a call becomes
1.4 calls at most. What a calm process has saved is enough for a blip.
"""

import random
import time
from dataclasses import dataclass
from typing import Any

from botocore.retries.quota import RetryQuota

from chalicelib.aws.failures import code_of, is_fault

# What `bounded` builds on: the SDK's own retries would know nothing of the budget.
NO_RETRIES: dict[str, Any] = {"total_max_attempts": 1, "mode": "standard"}

_ATTEMPTS = 4
# In tenths of a retry: whole numbers add up exactly.
_EARNED, _COST = 4, 10
_SAVED = 50 * _COST
_BACKOFF_SECONDS = 0.05
# The storage answers within 20 ms, and is given 5 s.
_SLOW_SECONDS = 2.0


@dataclass(slots=True)
class Tally:
    """How many calls the storage was sent since the process began, and how many failed, or took too long."""

    calls: int = 0
    troubled: int = 0

    def count(self, *, troubled: bool) -> None:
        """Count one call."""
        self.calls += 1
        self.troubled += troubled


storage = Tally()
_budget = RetryQuota(_SAVED)


def bounded(client: Any) -> None:
    """Let `client`, which has NO_RETRIES of its own, repeat failed calls for as long as the budget lasts."""
    client.meta.events.register(f"needs-retry.{_service(client)}", _delay, unique_id="retry-budget")


def watched(client: Any) -> None:
    """Count every attempt of `client` as one to reach the storage."""
    client.meta.events.register(f"request-created.{_service(client)}", _begin, unique_id="tally-begin")
    client.meta.events.register(f"needs-retry.{_service(client)}", _count, unique_id="tally-count")


def may_repeat() -> bool:
    """Take what a retry costs that the caller makes as a call of its own, which earns too; False without it."""
    return bool(_budget.acquire(_COST + _EARNED))


def refill() -> None:
    """Let the budget be whole again: for tests."""
    _budget.release(_SAVED)


def _delay(*, response: Any, attempts: int, caught_exception: Any, **_: Any) -> float | None:
    """Return in how many seconds to try again; None for not at all."""
    if attempts == 1:
        _budget.release(_EARNED)
    answer = response and response[1]
    if attempts >= _ATTEMPTS or not _repeatable(answer, caught_exception) or not _budget.acquire(_COST):
        return None
    # Anything from nothing up: those who failed together must not come back together.
    return random.uniform(0, _BACKOFF_SECONDS * 2 ** (attempts - 1))


def _repeatable(answer: Any, error: Any) -> bool:
    code = code_of(answer)
    if code == "TransactionCanceledException":
        # `commit` repeats it under a new token: nobody promises that a cancelled one is carried out under its own.
        return False
    # While the first try of a transaction goes on unseen, only the same token finds out how it ended.
    return code == "TransactionInProgressException" or is_fault(answer, error)


def _begin(*, request: Any, **_: Any) -> None:
    request.context["sent_at"] = time.monotonic()


def _count(*, response: Any, caught_exception: Any, request_dict: Any, **_: Any) -> None:
    slow = time.monotonic() - request_dict["context"]["sent_at"] > _SLOW_SECONDS
    storage.count(troubled=slow or is_fault(response and response[1], caught_exception))


def _service(client: Any) -> str:
    return str(client.meta.service_model.service_id.hyphenize())
