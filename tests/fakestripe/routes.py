"""Which endpoint a request means."""

import re
from collections.abc import Callable

from tests.fakestripe.catalog import Catalog
from tests.fakestripe.errors import ApiError, Doc
from tests.fakestripe.events import Events
from tests.fakestripe.faults import Fault
from tests.fakestripe.form import Params, decode
from tests.fakestripe.summaries import summaries
from tests.fakestripe.wire import Request

_FORM = "application/x-www-form-urlencoded"
_OBJECT = re.compile(r"(/v1/customers|/v1/billing/meters)/([^/]+)(/event_summaries)?")
Plain = Callable[[Params], Doc]


class Routes:
    """The endpoints that the SDK calls for meters, all of them on its `api` host."""

    def __init__(self, catalog: Catalog, events: Events, now: Callable[[], float]) -> None:
        self._catalog = catalog
        self._events = events
        self._now = now
        self._plain: dict[str, Plain] = {
            "POST /v1/customers": lambda form: catalog.create_customer(form, now()),
            "GET /v1/customers": catalog.list_customers,
            "POST /v1/billing/meters": lambda form: catalog.create_meter(form, now()),
            "GET /v1/billing/meters": catalog.list_meters,
            "POST /v1/billing/meter_event_adjustments": lambda form: events.cancel(form, now()),
        }

    def dispatch(self, request: Request, fault: Fault | None) -> Doc:
        """Execute the request and return the body of its 200."""
        if request.method == "POST" and request.headers.get("content-type", _FORM).split(";")[0] != _FORM:
            raise ApiError(400, f"Invalid request (check that your POST content type is {_FORM}).")
        params = Params(decode(request.text))
        name = f"{request.method} {request.path}"
        if name == "POST /v1/billing/meter_events":
            return self._events.accept(params, request.key, self._now(), fault)
        if name in self._plain:
            return self._plain[name](params)
        match = _OBJECT.fullmatch(request.path)
        if match is None or request.method != "GET":
            raise ApiError(404, f"Unrecognized request URL ({request.method}: {request.path}).")
        return self._read(match[1], match[2], params, summarize=match[3] is not None)

    def _read(self, kind: str, ident: str, query: Params, *, summarize: bool) -> Doc:
        if summarize and kind == "/v1/billing/meters":
            return summaries(self._events, self._catalog, ident, query, self._now())
        if summarize:
            raise ApiError(404, "Unrecognized request URL.")
        query.finish()
        return self._catalog.customer(ident) if kind == "/v1/customers" else self._catalog.meter(ident)
