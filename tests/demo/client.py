"""One caller of the public API, and the repeats that a careful caller sends when an answer is lost."""

import threading
import time
import zlib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import requests

Json = dict[str, Any]

TIMEOUT_SECONDS = 60
TRIES = 8
PASSING = {429, 502, 503, 504}
AT_ONCE, LATER, OTHER_BODY = 0, 1, 2
OF = 40
MAX_REUSES = 6


class Unexpected(Exception):
    """The API answered what the scenario does not allow."""


@dataclass(frozen=True)
class Answer:
    """What the API said."""

    status: int
    body: Any

    @property
    def code(self) -> str:
        """The machine word of a refusal."""
        return str(self.body["error"]["code"]) if self.status >= 400 and self.body else ""


@dataclass(frozen=True)
class Sent:
    """A request that created something, with its answer."""

    client: "Client"
    path: str
    body: Json
    key: str
    answer: Answer


@dataclass
class Traffic:
    """All requests of the run, counted."""

    requests: int = 0
    repeats: int = 0
    reuses: int = 0
    wrong: list[str] = field(default_factory=list)
    later: list[Sent] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(4, "repeat"))

    def repeat_later(self) -> None:
        """Send again, long after, what was set aside: the answers are the first ones."""
        with self.lock:
            due, self.later = self.later, []
        for sent, again in zip(due, self.pool.map(lambda one: one.client.send_once(one), due), strict=True):
            self.compare(sent.path, sent.answer, again)

    def compare(self, path: str, first: Answer, again: Answer) -> None:
        """Note a repeat, and whether it was answered otherwise."""
        with self.lock:
            self.repeats += 1
            if _lasting(first) != _lasting(again):
                self.wrong.append(f"{path} was answered {first} and, repeated, {again}")


# What can be told of a wait, and offered meanwhile, changes while it lasts.
_PASSING_NEWS = {"expected_wait", "notice", "offers"}


def _lasting(answer: Answer) -> Answer:
    """Return what every repeat of a request must be answered."""
    if not isinstance(answer.body, dict):
        return answer
    return Answer(answer.status, {key: value for key, value in answer.body.items() if key not in _PASSING_NEWS})


class Client:
    """A shop's server or an agent's console."""

    def __init__(self, base: str, token: str, traffic: Traffic) -> None:
        self._base = base
        self._headers = {"Authorization": f"Bearer {token}"}
        self._traffic = traffic
        self._local = threading.local()

    def get(self, path: str, **query: str) -> Any:
        """Return what a path shows."""
        return _checked("GET", path, self._request("GET", path, params=query)).body

    def act(self, path: str, body: Json | None = None, *, refusals: Mapping[int, str] | None = None) -> Answer:
        """Do something that needs no key; refusals of these statuses and codes are returned."""
        answer = self._request("POST", path, body=body)
        if refusals and answer.code and answer.code in refusals.get(answer.status, "").split():
            return answer
        return _checked("POST", path, answer)

    def create(self, path: str, body: Json, key: str) -> Answer:
        """Create something under a key; now and then the request goes out twice, or later again."""
        kind = zlib.crc32(key.encode()) % OF
        if kind == AT_ONCE:
            twin = self._traffic.pool.submit(self._request, "POST", path, body=body, key=key)
            answer = _checked("POST", path, self._request("POST", path, body=body, key=key))
            self._traffic.compare(path, answer, twin.result())
            return answer
        answer = _checked("POST", path, self._request("POST", path, body=body, key=key))
        if kind == LATER:
            with self._traffic.lock:
                self._traffic.later.append(Sent(self, path, body, key, answer))
        elif kind == OTHER_BODY:
            self._reuse(path, body, key)
        return answer

    def send_once(self, sent: Sent) -> Answer:
        """Send a request again exactly as it was."""
        return self._request("POST", sent.path, body=sent.body, key=sent.key)

    def _reuse(self, path: str, body: Json, key: str) -> None:
        """Send other content under a key that was used: refused."""
        with self._traffic.lock:
            if self._traffic.reuses == MAX_REUSES:
                return
            self._traffic.reuses += 1
        answer = self._request("POST", path, body={**body, "text": "같은 키, 다른 내용"}, key=key)
        if (answer.status, answer.code) != (409, "idempotency_mismatch"):
            with self._traffic.lock:
                self._traffic.wrong.append(f"{path} took another body under the same key: {answer}")

    def _request(
        self, method: str, path: str, *, body: Json | None = None, key: str = "", params: Json | None = None
    ) -> Answer:
        headers = {**self._headers, **({"Idempotency-Key": key} if key else {})}
        for attempt in range(TRIES):
            with self._traffic.lock:
                self._traffic.requests += 1
            response = self._session().request(
                method, self._base + path, json=body, headers=headers, params=params, timeout=TIMEOUT_SECONDS
            )
            if response.status_code not in PASSING:
                break
            time.sleep(0.25 * (attempt + 1))
        return Answer(response.status_code, response.json() if response.content else None)

    def _session(self) -> requests.Session:
        if not hasattr(self._local, "session"):
            self._local.session = requests.Session()
        session: requests.Session = self._local.session
        return session


def _checked(method: str, path: str, answer: Answer) -> Answer:
    if answer.status >= 400:
        raise Unexpected(f"{method} {path}: {answer.status} {answer.body}")
    return answer
