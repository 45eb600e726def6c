"""Webhooks: each event signed and sent, in good order and in bad."""

import json
import random
import threading
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.error import URLError
from urllib.request import Request, urlopen

import stripe

from tests.fakestripe.books import Books
from tests.fakestripe.errors import Doc

TIMEOUT_SECONDS = 10
PAUSE_SECONDS = 0.5
# [doc] webhooks: Stripe tries for up to three days. How often, here, does not matter but that it ends.
ATTEMPTS = 20


@dataclass(frozen=True)
class Disorder:
    """How deliveries go wrong: the share that comes twice or never, and whether they come in order."""

    shuffled: bool = False
    duplicated: float = 0.0
    dropped: float = 0.0


@dataclass
class Endpoint:
    """One receiver; without a URL its events are only taken by `Delivery.pending`."""

    url: str | None
    secret: str
    types: tuple[str, ...] = ()
    waiting: list[Doc] = field(default_factory=list)


class Delivery:
    """Sends what the account tells to whoever registered; what nobody waits for is not kept here."""

    def __init__(self, books: Books, seed: int = 0) -> None:
        self._books = books
        self._random = random.Random(seed)
        self._lock = threading.Lock()
        self._attempts: dict[str, int] = defaultdict(int)
        self._endpoints: list[Endpoint] = []
        self._wake = threading.Event()
        self._closing = threading.Event()
        self.disorder = Disorder()
        books.listeners.append(self._enqueue)

    def register(self, url: str | None, secret: str, types: tuple[str, ...], *, background: bool) -> None:
        """Have every event from now on sent to `url`, by a thread of its own or whenever `deliver` is called."""
        endpoint = Endpoint(url, secret, types)
        with self._lock:
            self._endpoints.append(endpoint)
        if background:
            threading.Thread(target=self._work, args=(endpoint,), daemon=True).start()

    def clear(self) -> None:
        """Forget the receivers."""
        with self._lock:
            self._endpoints.clear()

    def close(self) -> None:
        """Stop the threads."""
        self._closing.set()
        self._wake.set()

    def pending(self) -> list[tuple[dict[str, str], bytes]]:
        """Take all that waits, as (headers, body), in the order and number of the disorder set."""
        with self._lock:
            endpoints = [endpoint for endpoint in self._endpoints if endpoint.url is None]
        return [self._signed(endpoint, event) for endpoint in endpoints for event in self._take(endpoint)]

    def deliver(self) -> int:
        """Send all that waits once, and tell how many were taken; the others wait on."""
        with self._lock:
            endpoints = [endpoint for endpoint in self._endpoints if endpoint.url]
        return sum(self._send_all(endpoint) for endpoint in endpoints)

    def _enqueue(self, event: Doc) -> None:
        with self._lock:
            for endpoint in self._endpoints:
                if not endpoint.types or event["type"] in endpoint.types:
                    endpoint.waiting.append(event)
        self._wake.set()

    def _take(self, endpoint: Endpoint) -> list[Doc]:
        with self._lock:
            events, endpoint.waiting = endpoint.waiting, []
            # [doc] webhooks: neither the order nor a single delivery of an event is promised.
            kept = [event for event in events if self._random.random() >= self.disorder.dropped]
            kept += [event for event in kept if self._random.random() < self.disorder.duplicated]
            if self.disorder.shuffled:
                self._random.shuffle(kept)
            return kept

    def _send_all(self, endpoint: Endpoint) -> int:
        taken = 0
        for event in self._take(endpoint):
            if self._sent(endpoint, event):
                taken += 1
                continue
            with self._lock:
                self._attempts[event["id"]] += 1
                if self._attempts[event["id"]] < ATTEMPTS:
                    endpoint.waiting.append(event)
        return taken

    def _sent(self, endpoint: Endpoint, event: Doc) -> bool:
        headers, body = self._signed(endpoint, event)
        try:
            # [doc] webhooks: any 2xx is an acknowledgement; for anything else `urlopen` raises.
            with urlopen(Request(endpoint.url or "", body, headers), timeout=TIMEOUT_SECONDS):
                return True
        except (URLError, OSError):
            return False

    def _signed(self, endpoint: Endpoint, event: Doc) -> tuple[dict[str, str], bytes]:
        text = json.dumps(event, ensure_ascii=False)
        sign = stripe.WebhookSignature.generate_signature_header
        signature = sign(text, endpoint.secret, timestamp=int(time.time()))
        return {"Content-Type": "application/json; charset=utf-8", "Stripe-Signature": signature}, text.encode()

    def _work(self, endpoint: Endpoint) -> None:
        while not self._closing.is_set():
            self._wake.wait(PAUSE_SECONDS)
            self._wake.clear()
            with self._lock:
                if endpoint not in self._endpoints:
                    return
            self._send_all(endpoint)
            if endpoint.waiting:
                self._closing.wait(PAUSE_SECONDS)


class Webhooks:
    """The account's webhooks, for whoever holds the stand-in."""

    _delivery: Delivery

    def tick(self) -> None:
        """Do what has fallen due."""
        raise NotImplementedError

    def webhooks(
        self, url: str | None, secret: str, *, types: Sequence[str] = (), background: bool = False
    ) -> None:
        """Send every event from now on to `url`, by a thread or on `deliver`; without a URL `pending` has them."""
        self._delivery.register(url, secret, tuple(types), background=background and url is not None)

    def disorder(self, *, shuffled: bool = False, duplicated: float = 0.0, dropped: float = 0.0) -> None:
        """Deliver badly from now on: out of order, a share twice or never; without arguments well again."""
        self._delivery.disorder = Disorder(shuffled, duplicated, dropped)

    def deliver(self) -> int:
        """Send each waiting event once, in the caller's thread, and return how many were taken."""
        self.tick()
        return self._delivery.deliver()

    def pending(self) -> list[tuple[dict[str, str], bytes]]:
        """Take the waiting events as (headers, body), signed now."""
        self.tick()
        return self._delivery.pending()
