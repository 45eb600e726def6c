"""A bad day: calls are throttled, fail, or are carried out with the answer lost on the way."""

import io
import json
import random
from collections.abc import Callable
from typing import Any

from urllib3 import HTTPResponse
from urllib3.exceptions import ProtocolError

from tests.stack import wire

THROTTLED, FAILED, LOST = 0.30, 0.05, 0.02

Handle = Callable[[str, wire.Send], Any]

_TYPE = "com.amazonaws.dynamodb.v20120810#"
_JSON = "application/x-amz-json-1.0"


class Trouble:
    """Disturbs every call that `tap` hands it while it is `on`: all of this process by default."""

    def __init__(self, seed: int, tap: Callable[[Handle], None] = wire.tap) -> None:
        self._lots = random.Random(seed)
        self.on = True
        self.done = dict.fromkeys(("throttled", "failed", "lost", "passed"), 0)
        tap(self._handle)

    @property
    def calls(self) -> int:
        """Return how many calls were made, however they ended."""
        return sum(self.done.values())

    def _handle(self, name: str, send: wire.Send) -> Any:
        lot = self._lots.random() if self.on else 1.0
        if lot < THROTTLED:
            self.done["throttled"] += 1
            return self._throttle(name)
        if lot < THROTTLED + FAILED:
            self.done["failed"] += 1
            return answer(500, {"__type": f"{_TYPE}InternalServerError", "message": "injected"})
        found = send()
        if lot < THROTTLED + FAILED + LOST:
            self.done["lost"] += 1
            found.drain_conn()
            raise ProtocolError("injected: the answer was lost")
        self.done["passed"] += 1
        return found

    def _throttle(self, name: str) -> HTTPResponse:
        if "/" in name:
            return answer(429, {"error": {"code": "rate_limit", "message": "injected"}})
        if name == "TransactWriteItems" and self._lots.random() < 0.5:
            # A transaction is cancelled when one of its rows is throttled.
            code = self._lots.choice(["ThrottlingError", "ProvisionedThroughputExceeded"])
            reasons = [{"Code": code, "Message": "injected"}, {"Code": "None"}]
            kind = "TransactionCanceledException"
            return answer(400, {"__type": _TYPE + kind, "message": "injected", "CancellationReasons": reasons})
        kind = "ProvisionedThroughputExceededException"
        return answer(400, {"__type": _TYPE + kind, "message": "injected"})


def answer(status: int, content: dict[str, Any]) -> HTTPResponse:
    """Return what a service would have sent."""
    body = json.dumps(content).encode()
    headers = {"Content-Type": _JSON, "Content-Length": str(len(body))}
    return HTTPResponse(io.BytesIO(body), headers, status=status, preload_content=False)
