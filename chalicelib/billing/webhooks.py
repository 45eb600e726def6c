"""What the provider sends us: proven by its signature over the very bytes, and read for its ids alone."""

import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

import msgspec

from chalicelib.billing.model import ProviderEvent
from chalicelib.billing.rules import told
from chalicelib.kernel.clock import SECOND, Millis
from chalicelib.kernel.errors import BadInput
from chalicelib.web.parse import parse_json

TOLERANCE_SECONDS = 300


class _Event(msgspec.Struct):
    id: Annotated[str, msgspec.Meta(pattern=r"^evt_[A-Za-z0-9_]{1,120}$(?!\n)")]
    type: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9_.]{1,100}$(?!\n)")]
    livemode: bool
    # Thin events have a text and name their object, without its content.
    created: Annotated[int, msgspec.Meta(ge=0, le=1 << 33)] | datetime
    data: Mapping[str, Any] = {}
    related_object: Mapping[str, Any] | None = None


def check_signature(raw: bytes, header: str, secrets: Sequence[str]) -> None:
    """Raise BadInput `bad_signature` unless one of `secrets` signed `raw`, and `stale_signature` when not now.

    Signatures are of real time, whatever the domain's clock says.
    """
    if not any(_signed(raw, header, secret) for secret in secrets):
        raise BadInput("bad_signature", "the signature is not the provider's")
    # The SDK takes signatures of any time to come.
    if abs(time.time() - _timestamp(header)) > TOLERANCE_SECONDS:
        raise BadInput("stale_signature", "the signature is not of this time")


def read_event(raw: bytes, *, live: bool) -> ProviderEvent:
    """Return what a proven body tells; raise BadInput `invalid_event`, or `wrong_mode` for another stage's."""
    try:
        event = msgspec.convert(parse_json(raw), _Event)
    except (BadInput, msgspec.ValidationError):
        raise BadInput("invalid_event", "this is no event of the provider's") from None
    if event.livemode is not live:
        raise BadInput("wrong_mode", "this stage takes either live or test events, and this is one of the others")
    return told(event.id, event.type, _object(event), _millis(event.created))


def _object(event: _Event) -> Mapping[str, Any]:
    found = event.related_object or event.data.get("object")
    return found if isinstance(found, Mapping) else {}


def _millis(created: int | datetime) -> Millis:
    return (created if isinstance(created, int) else int(created.timestamp())) * SECOND


def _signed(raw: bytes, header: str, secret: str) -> bool:
    # Its import takes longer than all the rest of a request, and this route alone needs it.
    from stripe import SignatureVerificationError, WebhookSignature  # noqa: PLC0415

    try:
        WebhookSignature.verify_header(raw, header, secret)
    except (SignatureVerificationError, UnicodeDecodeError, TypeError):
        # The last is what comparing with letters beyond ASCII raises.
        return False
    return True


def _timestamp(header: str) -> int:
    """Return the time of a proven header, found as the SDK finds what was signed."""
    parts = (item.split("=", 2) for item in header.split(","))
    return next(int(part[1]) for part in parts if part[0] == "t")
