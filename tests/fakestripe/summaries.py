"""Meter event summaries: what was counted, by hour, by day or in one sum."""

import hashlib
from collections import defaultdict

from tests.fakestripe.catalog import Catalog
from tests.fakestripe.errors import ApiError, Doc, invalid, no_such
from tests.fakestripe.events import WINDOWS, Events
from tests.fakestripe.form import Params
from tests.fakestripe.pages import page

MINUTE = 60


def summaries(events: Events, catalog: Catalog, ident: str, query: Params, now: float) -> Doc:
    """GET /v1/billing/meters/{id}/event_summaries."""
    meter = catalog.meter(ident)
    customer = query.text("customer")
    start, end = query.integer("start_time"), query.integer("end_time")
    grouping = query.optional("value_grouping_window")
    _check_span(start, end, grouping)
    try:
        catalog.customer(customer)
    except ApiError as error:
        raise no_such("customer", customer, status=400) from error
    # [doc] MeterListEventSummariesParams: start is inclusive, end exclusive.
    counted = [(when, value) for when, value in events.counted(meter, customer, now) if start <= when < end]
    rows = _rows(counted, start, end, grouping)
    shared: Doc = {"object": "billing.meter_event_summary", "livemode": False, "meter": ident}
    data = [{"id": _ident(ident, customer, row), **shared, **row} for row in rows]
    return page(data, query, f"/v1/billing/meters/{ident}/event_summaries")


def _check_span(start: int, end: int, grouping: str | None) -> None:
    if grouping not in (None, *WINDOWS):
        raise invalid("value_grouping_window", "Invalid value_grouping_window: must be one of day or hour")
    # [doc] "Must be aligned with minute boundaries"; with grouping, with hours or with UTC days.
    step = WINDOWS.get(grouping or "", MINUTE)
    for name, moment in (("start_time", start), ("end_time", end)):
        if moment % step:
            raise invalid(name, f"{name} must be aligned with {grouping or 'minute'} boundaries.")
    if start >= end:
        raise invalid("end_time", "end_time must be after start_time.")


def _rows(counted: list[tuple[int, int]], start: int, end: int, grouping: str | None) -> list[Doc]:
    if grouping is None:
        # [doc] "If not specified, a single event summary would be returned for the specified time range."
        return [{"start_time": start, "end_time": end, "aggregated_value": float(sum(v for _, v in counted))}]
    step = WINDOWS[grouping]
    sums: dict[int, int] = defaultdict(int)
    for when, value in counted:
        sums[when - when % step] += value
    return [
        {"start_time": when, "end_time": when + step, "aggregated_value": float(sums[when])}
        for when in sorted(sums, reverse=True)
    ]


def _ident(meter: str, customer: str, row: Doc) -> str:
    """Give a summary the same id each time, since paging names it."""
    what = f"{meter} {customer} {row['start_time']} {row['end_time']}"
    return f"mtrusg_test_{hashlib.sha256(what.encode()).hexdigest()[:16]}"
