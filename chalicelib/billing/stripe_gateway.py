"""The one module that talks to Stripe; importing it costs 130 ms, so only jobs that need it do."""

import functools
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import stripe
import typeguard
from stripe.params import CustomerCreateParams, CustomerListParams, billing

from chalicelib.billing.model import GatewayRefused, GatewayUnavailable

TIMEOUT_SECONDS = (3, 10)
RETRIES = 2
PAGE = 100
_EPOCH = datetime.fromtimestamp(0, UTC)
# Request timeout, conflict and rate limit are 4xx that pass; every other 4xx stays what it is.
_FINAL = frozenset(range(400, 500)) - {408, 409, 429}


class StripeGateway:
    """Customers, meters and hourly totals at Stripe; one instance per process, safe to keep between calls."""

    def __init__(
        self,
        api_key: str,
        *,
        api_base: str | None,
        meter_events_base: str | None,
        stage: str,
        http_client: stripe.HTTPClient | None = None,
    ) -> None:
        client = stripe.StripeClient(
            api_key,
            # Given as None, a base would override the SDK's own default with nothing.
            base_addresses={
                "api": api_base or stripe.DEFAULT_API_BASE,
                "meter_events": meter_events_base or stripe.DEFAULT_METER_EVENTS_API_BASE,
            },
            max_network_retries=RETRIES,
            http_client=http_client or stripe.RequestsClient(timeout=TIMEOUT_SECONDS),
        )
        self._customers = client.v1.customers
        self._billing = client.v1.billing
        self._stage = stage
        self._meters: dict[str, str] = {}

    def ensure_meter(self, event_name: str) -> str:
        """Return the id of the event name's hourly sum meter, making it if there is none."""
        if event_name not in self._meters:
            with _translated():
                self._meters[event_name] = self._find_meter(event_name) or self._create_meter(event_name)
        return self._meters[event_name]

    def create_customer(self, tenant: str, name: str) -> str:
        """Return the id of the tenant's Stripe customer, making it if there is none."""
        owner = {"tenant": tenant, "stage": self._stage}
        params: CustomerCreateParams = {"name": name, "metadata": owner}
        check_params(CustomerCreateParams, params)
        options: stripe.RequestOptions = {"idempotency_key": f"{self._stage}:customer:{tenant}"}
        with _translated():
            return self._find_customer(owner) or self._customers.create(params, options).id

    def put_hour_total(
        self, *, event_name: str, customer: str, hour: datetime, total: int, identifier: str, attempt: int
    ) -> None:
        """State the absolute total of one UTC hour; stating it again changes nothing."""
        if hour.utcoffset() != timedelta(0) or (hour.minute, hour.second, hour.microsecond) != (0, 0, 0):
            raise ValueError(f"not a UTC hour: {hour.isoformat()}")
        params: billing.MeterEventCreateParams = {
            "event_name": event_name,
            "payload": {"stripe_customer_id": customer, "value": f"{total:d}"},
            "identifier": identifier,
            "timestamp": int(hour.timestamp()),
        }
        check_params(billing.MeterEventCreateParams, params)
        # Stripe replays even a stored 500 under the same key, so each attempt has its own; the identifier
        # comes first because asynchronous error reports quote this key and nothing else.
        options: stripe.RequestOptions = {"idempotency_key": f"{identifier}:a{attempt}"}
        with _translated():
            try:
                self._billing.meter_events.create(params, options)
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
        check_params(billing.MeterListEventSummariesParams, params)
        meter = self.ensure_meter(event_name)
        with _translated():
            rows = self._billing.meters.event_summaries.list(meter, params).auto_paging_iter()
            return [(row.start_time, _whole(row.aggregated_value)) for row in rows]

    def _find_meter(self, event_name: str) -> str | None:
        # The API filters meters by status only, so the event name is looked for on our side.
        params: billing.MeterListParams = {"status": "active", "limit": PAGE}
        check_params(billing.MeterListParams, params)
        for meter in self._billing.meters.list(params).auto_paging_iter():
            if meter.event_name == event_name:
                # A meter without the hourly window would add repeats up instead of overwriting.
                if (meter.event_time_window, meter.default_aggregation.formula) != ("hour", "sum"):
                    raise GatewayRefused("meter_mismatch", f"{event_name} is not an hourly sum meter")
                return meter.id
        return None

    def _create_meter(self, event_name: str) -> str:
        params: billing.MeterCreateParams = {
            "display_name": event_name,
            "event_name": event_name,
            "event_time_window": "hour",
            "default_aggregation": {"formula": "sum"},
            "customer_mapping": {"type": "by_id", "event_payload_key": "stripe_customer_id"},
            "value_settings": {"event_payload_key": "value"},
        }
        check_params(billing.MeterCreateParams, params)
        try:
            return self._billing.meters.create(params).id
        except stripe.InvalidRequestError:
            # Stripe keeps one meter per event name, so losing a race means that the other's is there now.
            found = self._find_meter(event_name)
            if found is None:
                raise
            return found

    def _find_customer(self, owner: dict[str, str]) -> str | None:
        # Listing is the only sure way: search by metadata lags and so misses just the customer that a crashed
        # attempt made; ids cannot be chosen; the list filters by e-mail, not metadata; the Idempotency-Key is
        # forgotten after a day. One page per 100 shops is cheap for what happens once per shop.
        params: CustomerListParams = {"limit": PAGE}
        check_params(CustomerListParams, params)
        for customer in self._customers.list(params).auto_paging_iter():
            if customer.metadata is not None and owner.items() <= customer.metadata.to_dict().items():
                return customer.id
        return None


def check_params(kind: Any, params: Mapping[str, Any]) -> None:
    """Refuse parameters that the SDK's own type of the request does not allow, at any depth."""
    typeguard.check_type_internal(params, kind, _memo(kind))


@functools.cache
def _memo(kind: Any) -> typeguard.TypeCheckMemo:
    # `check_type` would resolve the types' names in our module and skip those it lacks; theirs has them all.
    names = {**vars(sys.modules[kind.__module__]), "StripeContext": stripe.StripeContext}
    strict = typeguard.TypeCheckConfiguration(
        collection_check_strategy=typeguard.CollectionCheckStrategy.ALL_ITEMS,
        forward_ref_policy=typeguard.ForwardRefPolicy.ERROR,
    )
    return typeguard.TypeCheckMemo(names, {}, config=strict)


def _already_delivered(error: stripe.InvalidRequestError, identifier: str) -> bool:
    # Users of v1 see the message without a code; the code is what the documentation of v2 names.
    told = (error.user_message or "").rstrip(".") == f"An event already exists with identifier {identifier}"
    return told or error.code == "duplicate_meter_event"


@contextmanager
def _translated() -> Iterator[None]:
    """Turn the SDK's errors into the port's two."""
    try:
        yield
    except stripe.StripeError as error:
        status = error.http_status or 0
        if status not in _FINAL or isinstance(error, stripe.RateLimitError):
            raise GatewayUnavailable(f"{status or 'no answer'}: {error.user_message}") from error
        kind = error.error.type if error.error is not None else None
        raise GatewayRefused(error.code or kind or "", error.user_message or "") from error


def _whole(value: float) -> int:
    if value != int(value):
        raise GatewayRefused("summary_not_whole", f"Stripe counts {value} contacts")
    return int(value)
