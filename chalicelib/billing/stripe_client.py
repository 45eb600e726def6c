"""How we talk to Stripe: patience, checked requests, one language of errors, and making a thing once."""

import functools
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

import stripe
import typeguard

from chalicelib.billing.model import GatewayRefused, GatewayUnavailable
from chalicelib.kernel.clock import SECOND, Clock, Millis, utc

TIMEOUT_SECONDS = (3, 10)
RETRIES = 2
PAGE = 100
# Request timeout, conflict and rate limit are 4xx that pass; every other 4xx stays what it is.
_FINAL = frozenset(range(400, 500)) - {408, 409, 429}
_BAD_REQUEST = 400

_Params = TypeVar("_Params")
_Object = TypeVar("_Object", bound=stripe.StripeObject)


@dataclass(frozen=True, slots=True)
class Account:
    """Our account at Stripe as one stage uses it; `now` is the real time, whatever domain time is."""

    api: stripe.V1Services
    stage: str
    now: Clock

    def owned(self, **names: str) -> dict[str, str]:
        """Return the metadata by which an object of this stage is known as ours."""
        return {**names, "stage": self.stage}

    def once(
        self, name: str, find: Callable[[], _Object | None], make: Callable[[stripe.RequestOptions], _Object]
    ) -> _Object:
        """Return what `find` finds, or else what `make` makes under the Idempotency-Key `<stage>:<name>`.

        Who calls at the same time shares the key, so Stripe makes one for both. But for a day the key brings back
        its first answer: a stored failure, or a thing that is gone by now. A replay therefore says nothing of now:
        look again, and else make it under a key of this minute, so that nobody is stuck for longer than that.
        """
        key = f"{self.stage}:{name}"
        for attempt in (key, f"{key}:{utc(self.now()):%Y-%m-%dT%H:%M}"):
            found = find()
            if found is not None:
                return found
            try:
                made = make({"idempotency_key": attempt})
            except stripe.StripeError as error:
                if not _of_another_attempt(error):
                    raise
            else:
                if made.last_response is None or not _replayed(made.last_response.headers):
                    return made
        found = find()
        if found is None:
            raise GatewayUnavailable(f"{name}: only answers to earlier attempts")
        return found


def connect(
    api_key: str, *, api_base: str | None, meter_events_base: str | None, http_client: stripe.HTTPClient | None
) -> stripe.V1Services:
    """Return a client with our patience; None as a base means Stripe's own."""
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
    return client.v1


def fit(kind: type[_Params]) -> Callable[[_Params], _Params]:
    """Return the check that every request of this kind passes on its way to the SDK."""

    def checked(params: _Params) -> _Params:
        check_params(kind, params)  # type: ignore[arg-type]
        return params

    return checked


def check_params(kind: Any, params: Mapping[str, Any]) -> None:
    """Refuse parameters that the SDK's own type of the request does not allow, at any depth."""
    typeguard.check_type_internal(params, kind, _memo(kind))


@contextmanager
def translated() -> Iterator[None]:
    """Turn the SDK's errors into the port's two."""
    try:
        yield
    except stripe.StripeError as error:
        status = error.http_status or 0
        if status not in _FINAL or isinstance(error, stripe.RateLimitError):
            raise GatewayUnavailable(f"{status or 'no answer'}: {error.user_message}") from error
        kind = error.error.type if error.error is not None else None
        raise GatewayRefused(error.code or kind or "", error.user_message or "") from error


def is_ours(metadata: stripe.StripeObject | None, names: Mapping[str, str]) -> bool:
    """Return whether an object's metadata has all of `names`."""
    return metadata is not None and names.items() <= metadata.to_dict().items()


def id_of(reference: Any) -> str:
    """Return the id of what may be an id, the object itself, or nothing."""
    if reference is None:
        return ""
    return reference if isinstance(reference, str) else str(reference.id)


def millis(seconds: int | None) -> Millis:
    """Return Stripe's seconds as ours; 0 for never."""
    return (seconds or 0) * SECOND


def whole(value: float | Decimal, what: str) -> int:
    """Return a count of contacts, which is never a fraction; `what` names where it stands."""
    if value != int(value):
        raise GatewayRefused(f"{what}_not_whole", f"Stripe counts {value} contacts")
    return int(value)


@functools.cache
def _memo(kind: Any) -> typeguard.TypeCheckMemo:
    # `check_type` would resolve the types' names in our module and skip those it lacks; theirs has them all.
    names = {**vars(sys.modules[kind.__module__]), "StripeContext": stripe.StripeContext}
    strict = typeguard.TypeCheckConfiguration(
        collection_check_strategy=typeguard.CollectionCheckStrategy.ALL_ITEMS,
        forward_ref_policy=typeguard.ForwardRefPolicy.ERROR,
    )
    return typeguard.TypeCheckMemo(names, {}, config=strict)


def _replayed(headers: Mapping[str, str] | None) -> bool:
    return {name.lower(): value for name, value in (headers or {}).items()}.get("idempotent-replayed") == "true"


def _of_another_attempt(error: stripe.StripeError) -> bool:
    # The key is also spent when its first request said something else; as a 409, that request is still running.
    other = isinstance(error, stripe.IdempotencyError) and error.http_status == _BAD_REQUEST
    return other or _replayed(error.headers)
