"""The account's objects, its time, what falls due in it, and what it tells of itself."""

import heapq
import secrets
from collections.abc import Callable
from typing import Any

import stripe

from tests.fakestripe.errors import Doc, no_such
from tests.fakestripe.shape import present
from tests.fakestripe.store import Store

SETTINGS = {"shift_seconds": 0.0, "lag_seconds": 0.0, "fee_percent": 3.4, "tier_lines": 0.0}

# Where Stripe hosts its pages.
HOSTED = {
    "checkout": "https://checkout.stripe.com/c/pay/",
    "portal": "https://billing.stripe.com/p/session/",
    "invoice": "https://invoice.stripe.com/i/",
}


class Books:
    """What every part of the account stands on."""

    def __init__(self, store: Store, real_now: Callable[[], float]) -> None:
        self.store = store
        self.runners: dict[str, Callable[[str], None]] = {}
        self.listeners: list[Callable[[Doc], None]] = []
        self.request: Doc = {"id": None, "idempotency_key": None}
        self.hosted = dict(HOSTED)
        self._real_now = real_now
        self._moment: float | None = None
        self.forget()

    def forget(self) -> None:
        """Drop what is planned; whoever planned it plans it again from the store."""
        self._due: list[tuple[float, int, str, str]] = []
        self._planned = 0

    def now(self) -> float:
        """Tell the time in seconds since 1970, shifted as asked."""
        return self._real_now() + self.setting("shift_seconds")

    @property
    def time(self) -> int:
        """The time at which things are happening: now, or when what is being caught up with was due."""
        return int(self.now() if self._moment is None else self._moment)

    def setting(self, name: str) -> float:
        """Read one of the settings."""
        return float(self.store.kind("settings").get("settings", {}).get(name, SETTINGS[name]))

    def plan(self, when: float, what: str, ident: str) -> None:
        """Have the runner of `what` called with `ident` at `when`; it must bear being called in vain."""
        self._planned += 1
        heapq.heappush(self._due, (when, self._planned, what, ident))

    def catch_up(self) -> None:
        """Do all that has fallen due, each at its own time; none of it is at anybody's request."""
        now = self.now()
        self.request = {"id": None, "idempotency_key": None}
        try:
            while self._due and self._due[0][0] <= now:
                self._moment, _, what, ident = heapq.heappop(self._due)
                self.runners[what](ident)
        finally:
            self._moment = None

    def make(self, kind: str, prefix: str, **fields: Any) -> Doc:
        """Make an object with what all of them have; it is not saved yet."""
        doc: Doc = {"id": f"{prefix}_{secrets.token_hex(12)}", "object": kind, "created": self.time}
        return doc | {"livemode": False, "metadata": {}} | fields

    def save(self, doc: Doc) -> Doc:
        """Keep an object under its kind."""
        self.store.put(doc["object"], doc["id"], doc)
        return doc

    def newest(self, kind: str) -> list[Doc]:
        """List the objects of a kind, newest first as Stripe does."""
        return list(reversed(self.store.kind(kind).values()))

    def find(self, kind: str, ident: str, *, status: int = 404) -> Doc:
        """Find an object: 404 for an id in the path, 400 (say so) for one in a parameter."""
        if ident not in self.store.kind(kind):
            raise no_such(kind.replace("_", " "), ident, status=status)
        return self.store.kind(kind)[ident]

    def tell(self, kind: str, about: Doc) -> None:
        """Make an event of what has just become of an object."""
        event: Doc = {"id": f"evt_{secrets.token_hex(12)}", "object": "event", "created": self.time}
        event |= {"api_version": stripe.api_version, "livemode": False, "pending_webhooks": 1, "type": kind}
        event |= {"data": {"object": present(about)}, "request": dict(self.request), "account": None}
        # Meter events are the kind `event` in the store.
        self.store.put("notice", event["id"], event)
        for listener in self.listeners:
            listener(event)
