"""A day at the desk on moto, calm or bad, and what its requests cost in calls to the table."""

import io
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ConnectionClosedError
from moto.core.botocore_stubber import BotocoreStubber
from urllib3 import HTTPResponse
from urllib3.exceptions import ProtocolError

from chalicelib.kernel.caller import Caller
from tests.moto_desk import MINA, SHOP, Answer, Desk
from tests.stack.trouble import Handle, Trouble

CONTACTS = "/v1/tenants/danbi/contacts"


@contextmanager
def tapped(*, slept: list[float]) -> Iterator[Callable[[Handle], None]]:
    """Yield what lets a handler answer every call to the table; waiting costs no time, and goes into `slept`."""
    whole = BotocoreStubber.__call__
    with pytest.MonkeyPatch.context() as patch:

        def tap(handle: Handle) -> None:
            def call(stubber: Any, event_name: str, request: Any, **options: Any) -> Any:
                if "dynamodb" not in request.url:
                    return whole(stubber, event_name, request, **options)
                return _answered(handle, request, lambda: whole(stubber, event_name, request, **options))

            patch.setattr(BotocoreStubber, "__call__", call)

        patch.setattr(time, "sleep", slept.append)
        yield tap


def _answered(handle: Handle, request: Any, work: Callable[[], Any]) -> AWSResponse:
    def send() -> HTTPResponse:
        found = work()
        return HTTPResponse(io.BytesIO(found.content), found.headers, found.status_code, preload_content=False)

    target = request.headers["X-Amz-Target"]
    name = (target.decode() if isinstance(target, bytes) else target).rpartition(".")[2]
    try:
        answer = handle(name, send)
    except ProtocolError as error:
        raise ConnectionClosedError(endpoint_url=request.url) from error
    return AWSResponse(request.url, answer.status, answer.headers, answer)


@dataclass
class Day:
    """The requests that were sent by kind, how often each was refused, and what was strange."""

    desk: Desk
    sent: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    strange: list[tuple[str, Answer]] = field(default_factory=list)

    def send(self, kind: str, who: Caller, path: str, body: Any = None, key: str = "") -> Answer:
        """Send a request again for as long as it is answered 503, as its caller is told to."""
        while True:
            self.sent[kind] += 1
            answer = self.desk.call(who, f"POST {path}", body, headers={"Idempotency-Key": key} if key else {})
            if answer.status == 503 and int(answer.headers["Retry-After"]) > 0:
                self.refused[kind] += 1
                continue
            if answer.status >= 500:
                self.strange.append((kind, answer))
            return answer

    def live(self, contacts: range) -> None:
        """Open, pull, answer and resolve contacts, one after the other: four operations each."""
        for number in contacts:
            body = {"channel": "chat", "customer": {"id": "c1"}, "text": "언제 와요?"}
            opened = self.send("open", SHOP, CONTACTS, body, f"open-{number}").body["id"]
            # A pull whose answer was lost has claimed all the same, and a repeat finds nothing more.
            self.send("pull", MINA, "/v1/queue/next")
            one = f"{CONTACTS}/{opened}"
            self.send("reply", MINA, f"{one}/replies", {"text": "내일 도착해요."}, f"reply-{number}")
            self.send("resolve", MINA, f"{one}/resolve")


@dataclass(frozen=True)
class Cost:
    """Calls to the table: by the request as sent, and by the operation as it ended."""

    calls: int
    firsts: int
    requests: int
    operations: int


def measured(desk: Desk, trouble: Trouble, contacts: range) -> tuple[Day, Cost]:
    """Live a day and count its calls; `firsts` are those that the SDK did not repeat by itself."""
    day, before = Day(desk), trouble.calls
    firsts = desk.watch("*")
    day.live(contacts)
    requests = sum(day.sent.values())
    return day, Cost(trouble.calls - before, len(firsts), requests, 4 * len(contacts))
