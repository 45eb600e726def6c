"""Sends what the floor does to the deployed stack, each request at its virtual time, and counts."""

import json
import threading
import time
from collections import Counter
from collections.abc import Mapping
from typing import Any

import urllib3

from tests.spike.floor import Answer
from tests.spike.loop import THREADS

_TIMEOUT_SECONDS = 60
_TRIES = 5
HEADER = "X-Duredesk-Now"


class Driver:
    """The API with everybody's keys. `statuses` counts answers; a lost connection counts as 503."""

    def __init__(self, url: str, keys: Mapping[str, str]) -> None:
        self._url, self._keys = url, keys
        self._pool = urllib3.PoolManager(maxsize=2 * THREADS, retries=False, timeout=_TIMEOUT_SECONDS)
        self._lock = threading.Lock()
        self.statuses: Counter[int] = Counter()

    @property
    def requests(self) -> int:
        """Return how many requests were sent."""
        return sum(self.statuses.values())

    def send(
        self,
        who: str,
        path: str,
        now: int,
        *,
        body: dict[str, Any] | None = None,
        key: str = "",
        if_match: int | None = None,
    ) -> Answer:
        """Post `body` as `who` at the time `now`, in milliseconds UTC.

        A limit counts real time and so is waited out in real time; every other refusal is the caller's to repeat.
        """
        headers = {
            "Authorization": f"Bearer {self._keys[who]}",
            HEADER: str(now),
            "Content-Type": "application/json",
        }
        headers |= {"Idempotency-Key": key} if key else {}
        headers |= {} if if_match is None else {"If-Match": f'"{if_match}"'}
        data = json.dumps(body).encode() if body is not None else b""
        for _ in range(_TRIES):
            answer = self._once(path, data, headers)
            if answer.status != 429:
                break
            time.sleep(answer.wait)
        return answer

    def _once(self, path: str, data: bytes, headers: Mapping[str, str]) -> Answer:
        try:
            found = self._pool.request("POST", self._url + path, body=data, headers=headers)
        except urllib3.exceptions.HTTPError as error:
            self._count(503)
            return Answer(503, repr(error))
        self._count(found.status)
        wait = int(found.headers.get("Retry-After", "1"))
        return Answer(found.status, json.loads(found.data) if found.data else None, wait)

    def _count(self, status: int) -> None:
        with self._lock:
            self.statuses[status] += 1
