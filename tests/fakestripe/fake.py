"""The stand-in itself: a Stripe account as one object."""

import secrets
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.fakestripe.account import Account
from tests.fakestripe.books import SETTINGS, Books
from tests.fakestripe.control import Control
from tests.fakestripe.delivery import Delivery, Webhooks
from tests.fakestripe.errors import ApiError, Doc
from tests.fakestripe.faults import EXECUTION, NETWORK, Fault, Faults
from tests.fakestripe.hands import Hands
from tests.fakestripe.hosted import PREFIX, Hosted
from tests.fakestripe.idempotency import Keys
from tests.fakestripe.routes import Routes
from tests.fakestripe.shape import present
from tests.fakestripe.store import Store
from tests.fakestripe.wire import Reply, Request

API_KEY = "sk_test_duredesk"
HOUR = 3600


class FakeStripe(Hands, Webhooks):
    """A Stripe account, from meters to payouts; every call may come from any thread.

    Time passes in it when it is asked something: what fell due since is then done, each at its own time.
    """

    def __init__(
        self,
        *,
        state: str | None = None,
        now: Callable[[], float] = time.time,
        api_key: str = API_KEY,
        seed: int = 0,
    ) -> None:
        self._api_key = api_key
        self._lock = threading.RLock()
        self._store = Store(state)
        self._keys = Keys(self._store)
        self._books = Books(self._store, now)
        self._account = Account(self._books)
        self._routes = Routes(self._account)
        self._delivery = Delivery(self._books, seed)
        self._control, self._hosted = Control(self), Hosted(self)
        self.faults = Faults(seed)
        self.requests: deque[Doc] = deque(maxlen=100_000)
        self._apply_settings()

    def now(self) -> float:
        """Tell the time in seconds since 1970, shifted as asked."""
        return self._books.now()

    @property
    def settings(self) -> Doc:
        """The settings: the clock's shift, the summaries' lag, a charge's fee, a line for each tier or not."""
        return {name: self._books.setting(name) for name in SETTINGS}

    def set(self, **changes: float) -> None:
        """Change settings, absolutely: setting the same twice changes nothing."""
        with self._lock:
            self._store.put("settings", "settings", self._store.kind("settings").get("settings", {}) | changes)
            self._apply_settings()

    def host(self, base: str) -> None:
        """Host the pages for browsers at `base`, our own address, instead of naming Stripe's."""
        self._books.hosted = {kind: f"{base}{PREFIX}{kind}/" for kind in self._books.hosted}

    def fault(self, kind: str, **details: Any) -> None:
        """Queue a fault (see `Fault` for the kinds)."""
        with self._lock:
            self.faults.add(Fault(kind, **details))

    def reset(self) -> None:
        """Forget everything, the clock's shift too."""
        with self._lock:
            self._store.clear()
            self._account.index()
            self._delivery.clear()
            self.faults.clear()
            self.requests.clear()
            self._apply_settings()

    def dump(self) -> Doc:
        """Return everything held; totals are those that Stripe will have once its lag has passed."""
        with self._lock:
            kinds = {f"{kind}s": list(self._store.kind(kind).values()) for kind in ("customer", "meter", "event")}
            return {"now": self.now(), "totals": self._totals(), **kinds}

    def tick(self) -> None:
        """Do what has fallen due."""
        with self._working():
            pass

    def objects(self, kind: str) -> list[Doc]:
        """Return all objects of a kind (`invoice`, `charge`, …), oldest first; drafts as last looked at."""
        with self._working():
            rows: list[Doc] = present(list(self._store.kind(kind).values()))
            return rows

    def total(self, event_name: str, customer: str) -> int:
        """Sum one customer's usage of one meter over all hours."""
        rows = self.dump()["totals"]
        mine = [row for row in rows if (row["event_name"], row["customer"]) == (event_name, customer)]
        return sum(row["total"] for row in mine)

    def error_reports(self) -> list[Doc]:
        """Return the asynchronous refusals, one report for each."""
        with self._lock:
            return list(self._store.kind("report").values())

    def handle(self, request: Request) -> Reply:
        """Answer one request; its writes are committed before the answer is given."""
        if request.path.startswith("/_fake/"):
            return self._control.answer(request)
        if request.path.startswith(PREFIX):
            return self._hosted.answer(request)
        with self._lock:
            with self._working():
                reply = self._answer(request)
            reply.headers.setdefault("Request-Id", f"req_{secrets.token_hex(7)}")
            self.requests.append(
                {"at": self.now(), "method": request.method, "path": request.path, "text": request.text}
                | {"idempotency_key": request.key, "status": reply.status, "dropped": reply.dropped}
            )
            return reply

    def close(self) -> None:
        """Release the state file, and stop delivering."""
        self._delivery.close()
        self._store.close()

    @contextmanager
    def _working(self) -> Iterator[None]:
        with self._lock, self._store.transaction():
            self._books.catch_up()
            yield

    def _answer(self, request: Request) -> Reply:
        try:
            self._authenticate(request)
            fault = self.faults.take(NETWORK, request)
            if fault is not None and fault.kind in ("rate_limit", "conflict"):
                raise fault.error()
            if fault is not None and fault.kind == "lost":
                return Reply(0, {}, dropped=True, hold_seconds=fault.seconds)
            reply = self._once(request)
            if fault is not None:
                reply.dropped, reply.hold_seconds = True, fault.seconds
        except ApiError as error:
            return Reply(error.status, error.body, dict(error.headers))
        return reply

    def _authenticate(self, request: Request) -> None:
        # [doc] API authentication: a missing or wrong key is 401.
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not given:
            raise ApiError(401, "You did not provide an API key.")
        if given != self._api_key:
            raise ApiError(401, f"Invalid API Key provided: {given[:7]}****")

    def _once(self, request: Request) -> Reply:
        """Execute the request, or replay what its Idempotency-Key was answered before."""
        replayed = self._keys.replay(request, self.now())
        if replayed is not None:
            return replayed
        fault = self.faults.take(EXECUTION, request)
        failed = fault is not None and fault.kind == "server_error"
        try:
            if fault is not None and failed and not fault.accepted:
                raise fault.error()
            reply = Reply(200, self._routes.dispatch(request, fault))
            if fault is not None and failed:
                raise fault.error()
        except ApiError as error:
            # [doc] results are saved once the endpoint has begun to execute, so not for failed validation.
            if not failed and not error.stored:
                raise
            reply = Reply(error.status, error.body, dict(error.headers))
        reply.headers["Request-Id"] = f"req_{secrets.token_hex(7)}"
        self._keys.remember(request, reply, self.now())
        return reply

    def _totals(self) -> list[Doc]:
        rows: list[Doc] = []
        for meter_id, customer in self._account.events.owners():
            meter = self._account.catalog.meter(meter_id)
            hours: Counter[int] = Counter()
            for when, value in self._account.events.counted(meter, customer, float("inf")):
                hours[when - when % HOUR] += value
            shared = {"meter": meter_id, "event_name": meter["event_name"], "customer": customer}
            rows += [{**shared, "hour": hour, "total": hours[hour]} for hour in sorted(hours)]
        return rows

    def _apply_settings(self) -> None:
        self._account.events.lag_seconds = self._books.setting("lag_seconds")
