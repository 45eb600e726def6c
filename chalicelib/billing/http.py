"""The provider's webhook over HTTP."""

from msgspec import Struct

from chalicelib.access.rules import PUBLIC
from chalicelib.aws.settings import settings
from chalicelib.billing.events import Events
from chalicelib.billing.webhooks import check_signature, read_event
from chalicelib.web.api import Api, Call

api = Api()


class HeardView(Struct):
    """That the event is stored."""

    received: bool


@api.route("POST", "/v1/webhooks/stripe", policy=PUBLIC, body=bytes, returns=HeardView)
def hear_stripe(call: Call[bytes]) -> HeardView:
    """Store an event that Stripe signed, once; what follows from it is done later."""
    check_signature(call.body, call.signature, settings().stripe_webhook_secrets)
    Events().add(read_event(call.body, live=settings().stage == "prod"), call.now)
    return HeardView(True)
