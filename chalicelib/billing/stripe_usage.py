"""Meters at Stripe and the hourly totals that they hold."""

from datetime import UTC, datetime, timedelta

import stripe
from stripe.params import billing

from chalicelib.billing.model import GatewayRefused
from chalicelib.billing.stripe_client import PAGE, Account, fit, translated, whole

_EPOCH = datetime.fromtimestamp(0, UTC)


class StripeUsage:
    """What we tell Stripe of usage, and what it says it holds."""

    def __init__(self, account: Account) -> None:
        self._billing = account.api.billing
        self._meters: dict[str, str] = {}

    @translated()
    def ensure_meter(self, event_name: str) -> str:
        """Return the id of the event name's hourly sum meter, making it if there is none."""
        if event_name not in self._meters:
            self._meters[event_name] = self._find_meter(event_name) or self._create_meter(event_name)
        return self._meters[event_name]

    @translated()
    def put_hour_total(
        self, *, event_name: str, customer: str, hour: datetime, total: int, identifier: str, attempt: int
    ) -> None:
        """State the absolute total of one UTC hour; stating it again changes nothing."""
        if hour.utcoffset() != timedelta(0) or (hour.minute, hour.second, hour.microsecond) != (0, 0, 0):
            raise ValueError(f"not a UTC hour: {hour.isoformat()}")
        params = fit(billing.MeterEventCreateParams)(
            {
                "event_name": event_name,
                "payload": {"stripe_customer_id": customer, "value": f"{total:d}"},
                "identifier": identifier,
                "timestamp": int(hour.timestamp()),
            }
        )
        # Stripe replays even a stored 500 under the same key, so each attempt has its own; the identifier
        # comes first because asynchronous error reports quote this key and nothing else.
        try:
            self._billing.meter_events.create(params, {"idempotency_key": f"{identifier}:a{attempt}"})
        except stripe.InvalidRequestError as error:
            if not _already_delivered(error, identifier):
                raise

    def hour_totals(
        self, *, event_name: str, customer: str, start: datetime, end: datetime
    ) -> dict[datetime, int]:
        """Return what Stripe counts for each UTC hour from `start` until before `end`, without the zeros."""
        rows = self._summaries(event_name, customer, (start, end), hourly=True)
        return {datetime.fromtimestamp(when, UTC): total for when, total in rows if total}

    def period_total(self, *, event_name: str, customer: str, start: datetime, end: datetime) -> int:
        """Return what Stripe counts from `start` until before `end`, in one call."""
        return sum(total for _, total in self._summaries(event_name, customer, (start, end), hourly=False))

    @translated()
    def _summaries(
        self, event_name: str, customer: str, span: tuple[datetime, datetime], *, hourly: bool
    ) -> list[tuple[int, int]]:
        start, end = (int((moment - _EPOCH).total_seconds()) for moment in span)
        params: billing.MeterListEventSummariesParams = {
            "customer": customer,
            "start_time": start,
            "end_time": end,
            "limit": PAGE,
        }
        if hourly:
            params["value_grouping_window"] = "hour"
        meter = self.ensure_meter(event_name)
        rows = self._billing.meters.event_summaries.list(
            meter, fit(billing.MeterListEventSummariesParams)(params)
        ).auto_paging_iter()
        return [(row.start_time, whole(row.aggregated_value, "summary")) for row in rows]

    def _find_meter(self, event_name: str) -> str | None:
        # The API filters meters by status only, so the event name is looked for on our side.
        params = fit(billing.MeterListParams)({"status": "active", "limit": PAGE})
        for meter in self._billing.meters.list(params).auto_paging_iter():
            if meter.event_name == event_name:
                # A meter without the hourly window would add repeats up instead of overwriting.
                if (meter.event_time_window, meter.default_aggregation.formula) != ("hour", "sum"):
                    raise GatewayRefused("meter_mismatch", f"{event_name} is not an hourly sum meter")
                return meter.id
        return None

    def _create_meter(self, event_name: str) -> str:
        params = fit(billing.MeterCreateParams)(
            {
                "display_name": event_name,
                "event_name": event_name,
                "event_time_window": "hour",
                "default_aggregation": {"formula": "sum"},
                "customer_mapping": {"type": "by_id", "event_payload_key": "stripe_customer_id"},
                "value_settings": {"event_payload_key": "value"},
            }
        )
        try:
            return self._billing.meters.create(params).id
        except stripe.InvalidRequestError:
            # Stripe keeps one meter per event name, so losing a race means that the other's is there now.
            found = self._find_meter(event_name)
            if found is None:
                raise
            return found


def _already_delivered(error: stripe.InvalidRequestError, identifier: str) -> bool:
    # Users of v1 see the message without a code; the code is what the documentation of v2 names.
    told = (error.user_message or "").rstrip(".") == f"An event already exists with identifier {identifier}"
    return told or error.code == "duplicate_meter_event"
