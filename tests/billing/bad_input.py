"""Wrong requests to the provider's webhook; tests/billing/test_webhooks.py has those that are signed."""

from typing import Any

from tests.web.bad import Bad, Good

HEAR = "POST /v1/webhooks/stripe"
GOOD: dict[str, Good] = {}
_FORGED = {"Stripe-Signature": "t=1795230000,v1=" + "0" * 64}
_EVENT: dict[str, Any] = {"id": "evt_1", "type": "invoice.paid", "created": 1_795_230_000, "livemode": False}

OWN: dict[str, list[Bad]] = {
    HEAR: [
        Bad("a body that nobody signed", 400, "bad_signature", body=_EVENT),
        Bad("no body", 400, "bad_signature", headers=_FORGED),
        Bad("a body under a forged signature", 400, "bad_signature", body=_EVENT, headers=_FORGED),
        Bad("a signature of 1,025 characters", 400, "header_too_large", headers={"Stripe-Signature": "v" * 1025}),
        Bad("a body over 256 KB", 413, "body_too_large", raw='{"text": "' + "가" * 90_000 + '"}'),
    ],
}
