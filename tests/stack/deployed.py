"""The deployed API over HTTP, as a shop's server and an agent's console call it."""

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

import requests

T = TypeVar("T")

# As many as the pages in the browsers ask at once.
AT_ONCE = 6


@dataclass(frozen=True)
class Api:
    """The API as seen with one key."""

    url: str
    key: str

    def get(self, path: str) -> requests.Response:
        return self._send("GET", path)

    def post(
        self, path: str, body: dict[str, Any] | None = None, *, key: str | None = None, if_match: int | None = None
    ) -> requests.Response:
        headers = {"Idempotency-Key": key} if key else {}
        headers |= {} if if_match is None else {"If-Match": f'"{if_match}"'}
        return self._send("POST", path, json=body, headers=headers)

    def put(self, path: str, body: dict[str, Any]) -> requests.Response:
        return self._send("PUT", path, json=body)

    def open(self, tenant: str, key: str, channel: str = "email") -> str:
        """Open a contact and return its id."""
        body = {"channel": channel, "customer": {"id": "c-1"}, "text": "반품하고 싶어요."}
        answer = self.post(f"/v1/tenants/{tenant}/contacts", body, key=key)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def _send(self, method: str, path: str, **options: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.key}", **options.pop("headers", {})}
        return requests.request(method, self.url + path, headers=headers, timeout=60, **options)


def warm(api_url: str) -> None:
    """Start as many of the API's processes as browsers will use at once."""

    def ask(_: int) -> int:
        return requests.get(f"{api_url}/v1/health", timeout=120).status_code

    with ThreadPoolExecutor(AT_ONCE) as threads:
        assert set(threads.map(ask, range(2 * AT_ONCE))) == {200}


def invoke(functions: Any, name: str) -> Any:
    """Run a scheduled function now and return its answer; it must not fail."""
    failed, payload = _invoked(functions, name)
    assert not failed, payload
    return payload


def failure(functions: Any, name: str) -> str:
    """Run a scheduled function now and return the text of the exception that it ended with, or nothing."""
    failed, payload = _invoked(functions, name)
    return str(payload["errorMessage"]) if failed else ""


def _invoked(functions: Any, name: str) -> tuple[bool, Any]:
    event = {"source": "aws.events", "detail-type": "Scheduled Event", "detail": {}, "resources": [], "time": ""}
    rest = {"id": "1", "account": "000000000000", "region": "ap-northeast-2", "version": "0"}
    answer = functions.invoke(FunctionName=name, Payload=json.dumps({**event, **rest}).encode())
    return "FunctionError" in answer, json.loads(answer["Payload"].read())


def eventually(ask: Callable[[], T], wanted: Callable[[T], bool], *, seconds: float = 40) -> T:
    """Ask until the answer is as wanted, and return the last one in any case."""
    deadline = time.monotonic() + seconds
    answer = ask()
    while not wanted(answer) and time.monotonic() < deadline:
        time.sleep(0.2)
        answer = ask()
    return answer
