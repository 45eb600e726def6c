"""The endpoints under `/_fake/`, which the real Stripe does not have."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.fakestripe.books import SETTINGS
from tests.fakestripe.errors import ApiError, Doc
from tests.fakestripe.hands import HANDS
from tests.fakestripe.wire import Reply, Request

if TYPE_CHECKING:
    from tests.fakestripe.fake import FakeStripe


class Control:
    """What a test or an operator asks of the stand-in over HTTP."""

    def __init__(self, fake: "FakeStripe") -> None:
        self._fake = fake

    def answer(self, request: Request) -> Reply:
        """Answer one control request; its body is JSON."""
        try:
            body = json.loads(request.text) if request.method == "POST" and request.text else {}
            return Reply(200, self._route(f"{request.method} {request.path.removeprefix('/_fake/')}", body))
        except ApiError as error:
            return Reply(error.status, error.body)
        except (TypeError, ValueError) as error:
            return Reply(400, {"error": {"type": "invalid_request_error", "message": str(error)}})

    def _route(self, what: str, body: Doc) -> Doc:
        fake = self._fake
        routes: dict[str, Callable[[], Doc]] = {
            "GET health": lambda: {"ok": True},
            "GET dump": fake.dump,
            "GET error_reports": lambda: {"data": fake.error_reports()},
            "GET requests": lambda: {"data": list(fake.requests)},
            "POST reset": lambda: _done(fake.reset),
            "POST clock": lambda: self._settings(body, {"shift_seconds"}),
            "POST settings": lambda: self._settings(body, set(SETTINGS)),
            "GET faults": lambda: {"data": fake.faults.listing()},
            "POST faults": lambda: self._add_fault(body),
            "DELETE faults": lambda: _done(fake.faults.clear),
            "POST tick": lambda: _done(fake.tick),
            "POST deliver": lambda: {"taken": fake.deliver()},
            "POST webhooks": lambda: _done(lambda: fake.webhooks(**body)),
            "POST disorder": lambda: _done(lambda: fake.disorder(**body)),
        }
        kind, _, name = what.partition("/")
        if kind == "GET objects":
            return {"data": fake.objects(name)}
        if kind == "POST do" and name in HANDS:
            return _done(lambda: getattr(fake, name)(**body))
        if what not in routes:
            raise ApiError(404, f"the stand-in knows no {what}")
        return routes[what]()

    def _settings(self, body: Doc, known: set[str]) -> Doc:
        if not body or set(body) - known:
            raise ApiError(400, f"expected some of {sorted(known)}")
        self._fake.set(**{name: float(value) for name, value in body.items()})
        return {"now": self._fake.now(), **self._fake.settings}

    def _add_fault(self, body: Doc) -> Doc:
        self._fake.faults.add(self._fake.faults.parse(body))
        return {"data": self._fake.faults.listing()}


def _done(action: Callable[[], None]) -> Doc:
    action()
    return {"ok": True}
