"""Where a request comes from."""

from collections.abc import Mapping
from hmac import compare_digest
from typing import Any

from chalicelib.aws.settings import settings


def source(headers: Mapping[str, str], context: Mapping[str, Any]) -> str:
    """Return the address of whoever asks, or an empty text.

    Through the distribution of our pages all come from its own addresses. It proves itself by a header that only
    its own requests have, and says before its own address whom it answers.
    """
    connected = str(context.get("identity", {}).get("sourceIp", ""))
    proof = headers.get("x-duredesk-site", "")
    passed = headers.get("x-forwarded-for", "").split(",")
    # What stands further to the front was sent along by whoever asks.
    if len(passed) < _HOPS or not proof or not _is_ours(proof):
        return connected
    return passed[-_HOPS].strip()


_HOPS = 2


def _is_ours(proof: str) -> bool:
    secret = settings().site_secret
    return bool(secret) and compare_digest(proof.encode(), secret.encode())
