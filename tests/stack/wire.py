"""The one place that every call to AWS and Stripe passes: both SDKs send through urllib3."""

import os
from collections.abc import Callable
from typing import Any

from urllib3.connectionpool import HTTPConnectionPool

from tests.stack.forks import KILLED

Send = Callable[[], Any]


def tap(handle: Callable[[str, Send], Any]) -> None:
    """Let `handle` answer every outgoing call of this process; it gets the call's name and what sends it."""
    original = HTTPConnectionPool.urlopen

    def urlopen(pool: Any, method: str, url: str, *args: Any, **options: Any) -> Any:
        return handle(
            _name(method, url, options.get("headers")), lambda: original(pool, method, url, *args, **options)
        )

    # The hook is not ours to type: urllib3's signature has a dozen parameters.
    HTTPConnectionPool.urlopen = urlopen  # type: ignore[method-assign,assignment]


def record() -> list[str]:
    """Return a list that grows by the name of every call that this process makes."""
    names: list[str] = []

    def handle(name: str, send: Send) -> Any:
        names.append(name)
        return send()

    tap(handle)
    return names


def kill_at(number: int, *, after: bool) -> None:
    """Kill this process just before its `number`th call, or just after the other side carried it out."""
    left = [number]

    def handle(name: str, send: Send) -> Any:
        left[0] -= 1
        if left[0] == 0 and not after:
            os._exit(KILLED)
        answer = send()
        if left[0] == 0:
            os._exit(KILLED)
        return answer

    tap(handle)


def _name(method: str, url: str, headers: Any) -> str:
    target = (headers or {}).get("X-Amz-Target", "")
    operation = target.decode() if isinstance(target, bytes) else target
    return operation.rpartition(".")[2] or f"{method} {url.partition('?')[0]}"
