"""Meter events: what is accepted, what is refused at once, what is refused later, and what counts."""

import re
import secrets
from collections import defaultdict

from tests.fakestripe.catalog import Catalog
from tests.fakestripe.errors import ApiError, Doc, duplicate, invalid
from tests.fakestripe.faults import Fault
from tests.fakestripe.form import Params
from tests.fakestripe.store import Store

DAY = 24 * 3600
WINDOWS = {"hour": 3600, "day": DAY}
# [doc] MeterEventCreateParams.timestamp: "within the past 35 calendar days or up to 5 minutes in the future".
OLDEST = 35 * DAY
FARTHEST = 5 * 60
# [doc] MeterEventCreateParams.identifier: unique "within a rolling period of at least 24 hours", no longer.
REMEMBERED = DAY
# [doc] MeterEventAdjustmentCreateParamsCancel: "within 24 hours of Stripe receiving them".
CANCELLABLE = DAY

_WHOLE = re.compile(r"-?[0-9]+", re.ASCII)


class Events:
    """Every event ever received, and the totals that follow from them."""

    def __init__(self, store: Store, catalog: Catalog) -> None:
        self._store = store
        self._catalog = catalog
        self.lag_seconds = 0.0
        self.index()

    def index(self) -> None:
        """Rebuild what is derived from the stored events."""
        self._by_owner: dict[tuple[str, str], list[Doc]] = defaultdict(list)
        self._by_identifier: dict[str, Doc] = {}
        self._order = 0
        for event in self._store.kind("event").values():
            self._enter(event)

    def accept(self, form: Params, key: str | None, now: float, fault: Fault | None) -> Doc:
        """POST /v1/billing/meter_events."""
        event = _read(form, now)
        meter = self._catalog.meter_named(event["event_name"])
        if meter is None:
            # [doc] the code `no_meter`; that v1 answers it at once rather than later is unverified.
            message = "No meter found for the given event name."
            raise ApiError(400, message, code="no_meter", param="event_name")
        _check_time(event["timestamp"], now)
        self._check_identifier(event["identifier"], now)
        payload = event["payload"]
        event |= {"received": now, "applied": now, "order": self._order + 1, "cancelled": False}
        event |= {"meter": meter["id"], "idempotency_key": key}
        event["customer"] = payload.get(meter["customer_mapping"]["event_payload_key"])
        event["value"] = payload.get(meter["value_settings"]["event_payload_key"])
        event["error"] = self._judge(event, fault)
        self._admit(event, meter, fault)
        answer = {name: event[name] for name in ("event_name", "identifier", "payload", "timestamp")}
        return {"object": "billing.meter_event", "created": int(now), "livemode": False, **answer}

    def cancel(self, form: Params, now: float) -> Doc:
        """POST /v1/billing/meter_event_adjustments."""
        event_name = form.text("event_name", longest=100)
        kind = form.text("type")
        identifier = form.mapping("cancel").get("identifier", "")
        form.finish()
        event = self._by_identifier.get(identifier)
        if kind != "cancel" or event is None or event["event_name"] != event_name:
            raise invalid("cancel[identifier]", f"No event found with identifier {identifier}.")
        if event["received"] + CANCELLABLE < now:
            raise invalid("cancel[identifier]", "Events can only be cancelled within 24 hours of being received.")
        event["cancelled"] = True
        self._save(event)
        answer: Doc = {"object": "billing.meter_event_adjustment", "livemode": False, "status": "pending"}
        return answer | {"event_name": event_name, "type": kind, "cancel": {"identifier": identifier}}

    def counted(self, meter: Doc, customer: str, now: float) -> list[tuple[int, int]]:
        """Return the (timestamp, value) pairs that count towards a customer's usage at `now`."""
        owned = self._by_owner.get((meter["id"], customer), [])
        live = [event for event in owned if self._visible(event, now)]
        window = WINDOWS.get(meter["event_time_window"] or "")
        if window is not None:
            # [doc] recording-usage: "Stripe only uses the most recently received meter event"; a newer one
            # "within the same hourly or daily window overwrites the previous one", at UTC boundaries.
            live.sort(key=lambda event: (event["applied"], event["order"]))
            live = list({event["timestamp"] // window: event for event in live}.values())
        return [(event["timestamp"], int(event["value"])) for event in live]

    def owners(self) -> list[tuple[str, str]]:
        """List every (meter, customer) that events were received for."""
        return list(self._by_owner)

    def _visible(self, event: Doc, now: float) -> bool:
        applied = event["applied"]
        held_back = applied is None or applied + self.lag_seconds > now
        return not (held_back or event["cancelled"] or event["error"])

    def _judge(self, event: Doc, fault: Fault | None) -> str | None:
        """Name the reason for which the event is refused later, as an asynchronous error report."""
        # [doc] v1.billing.meter.error_report_triggered lists these codes; the request itself gets a 200.
        if fault is not None and fault.kind == "reject":
            return fault.code
        if not event["customer"]:
            return "meter_event_no_customer_defined"
        if event["customer"] not in self._store.kind("customer"):
            return "meter_event_customer_not_found"
        if not _WHOLE.fullmatch(event["value"] or ""):
            return "meter_event_invalid_value"
        return None

    def _admit(self, event: Doc, meter: Doc, fault: Fault | None) -> None:
        late = fault if fault is not None and fault.kind == "late" else None
        if late is not None:
            event["applied"] = event["received"] + late.seconds if late.seconds else None
        self._enter(event)
        self._save(event)
        if late is None:
            self._release(event, WINDOWS.get(meter["event_time_window"] or "", 1))
        if event["error"]:
            self._report(event)

    def _release(self, event: Doc, window: int) -> None:
        """Apply what was held back in this window, behind the event that has just been applied."""
        for held in self._by_owner[(event["meter"], event["customer"] or "")]:
            if held["applied"] is None and held["timestamp"] // window == event["timestamp"] // window:
                self._order += 1
                held |= {"applied": event["applied"], "order": self._order}
                self._save(held)

    def _check_identifier(self, identifier: str, now: float) -> None:
        known = self._by_identifier.get(identifier)
        if known is not None and known["received"] + REMEMBERED > now:
            raise duplicate(identifier)

    def _enter(self, event: Doc) -> None:
        self._by_owner[(event["meter"], event["customer"] or "")].append(event)
        self._by_identifier[event["identifier"]] = event
        self._order = max(self._order, event["order"])

    def _save(self, event: Doc) -> None:
        # An identifier may come back after a day, so the receipt order is the key.
        event.setdefault("id", f"mev_{len(self._store.kind('event')) + 1:08d}")
        self._store.put("event", event["id"], event)

    def _report(self, event: Doc) -> None:
        # [doc] sample_errors[].request.identifier is "the request idempotency key", not the event's own.
        sample = {"error_message": event["error"], "request": {"identifier": event["idempotency_key"]}}
        report = {
            "type": "v1.billing.meter.error_report_triggered",
            "meter": event["meter"],
            "code": event["error"],
        }
        self._store.put("report", event["id"], {**report, "created": event["received"], "sample_errors": [sample]})


def _read(form: Params, now: float) -> Doc:
    event: Doc = {"event_name": form.text("event_name", longest=100), "payload": form.mapping("payload")}
    event["identifier"] = form.optional("identifier", longest=100) or secrets.token_hex(16)
    event["timestamp"] = form.integer("timestamp", int(now))
    form.finish()
    return event


def _check_time(timestamp: int, now: float) -> None:
    # https://github.com/the-answerai/theanswer/pull/624 quotes the first wording; the second mirrors it.
    oldest, farthest = int(now - OLDEST), int(now + FARTHEST)
    if timestamp < oldest:
        why = f"more than 35 days in past. Expected a timestamp greater than or equal to {oldest}."
    elif timestamp > farthest:
        why = f"more than 5 minutes in the future. Expected a timestamp less than or equal to {farthest}."
    else:
        return
    raise ApiError(400, f"The event timestamp cannot be {why}", param="timestamp")
