"""Meters: under which name usage is reported."""

import secrets

from tests.fakestripe.errors import ApiError, Doc, invalid, no_such
from tests.fakestripe.form import Params
from tests.fakestripe.pages import page
from tests.fakestripe.store import Store


class Catalog:
    """The account's meters."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def customer(self, ident: str) -> Doc:
        """GET /v1/customers/{id}."""
        if ident not in self._store.kind("customer"):
            raise no_such("customer", ident)
        return self._store.kind("customer")[ident]

    def create_meter(self, form: Params, now: float) -> Doc:
        """POST /v1/billing/meters."""
        meter: Doc = {"id": f"mtr_test_{secrets.token_hex(7)}", "object": "billing.meter", "livemode": False}
        meter["display_name"] = form.text("display_name", longest=250)
        meter["event_name"] = form.text("event_name", longest=100)
        meter["event_time_window"] = form.optional("event_time_window")
        meter["default_aggregation"] = form.mapping("default_aggregation")
        by_id = {"type": "by_id", "event_payload_key": "stripe_customer_id"}
        meter["customer_mapping"] = form.mapping("customer_mapping") or by_id
        meter["value_settings"] = form.mapping("value_settings") or {"event_payload_key": "value"}
        form.finish()
        self._check_meter(meter)
        meter |= {"status": "active", "status_transitions": {"deactivated_at": None}}
        meter |= {"created": int(now), "updated": int(now)}
        self._store.put("meter", meter["id"], meter)
        return meter

    def list_meters(self, query: Params) -> Doc:
        """GET /v1/billing/meters; the event name is no filter of it (SDK 16.1.0, MeterListParams)."""
        status = query.optional("status")
        rows = [row for row in self._newest("meter") if status in (None, row["status"])]
        return page(rows, query, "/v1/billing/meters")

    def meter(self, ident: str) -> Doc:
        """GET /v1/billing/meters/{id}."""
        if ident not in self._store.kind("meter"):
            raise no_such("billing meter", ident)
        return self._store.kind("meter")[ident]

    def meter_named(self, event_name: str) -> Doc | None:
        """Find the meter of an event name."""
        meters = self._store.kind("meter").values()
        return next((meter for meter in meters if meter["event_name"] == event_name), None)

    def _newest(self, kind: str) -> list[Doc]:
        return list(reversed(self._store.kind(kind).values()))

    def _check_meter(self, meter: Doc) -> None:
        # Stripe has `count` and `last` too; we bill nothing by them, so the stand-in says that it lacks them.
        if meter["default_aggregation"] != {"formula": "sum"}:
            raise invalid("default_aggregation", "the stand-in knows the formula sum only")
        if meter["event_time_window"] not in (None, "hour", "day"):
            raise invalid("event_time_window", "Invalid event_time_window: must be one of hour or day")
        if set(meter["customer_mapping"]) != {"type", "event_payload_key"}:
            raise invalid("customer_mapping", "Invalid customer_mapping")
        # [doc] usage-based/meters/configure: one meter for each event name.
        if self.meter_named(meter["event_name"]):
            name = meter["event_name"]
            raise ApiError(
                400, f"There is already an active meter with the event name {name}.", param="event_name"
            )
