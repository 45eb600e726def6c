"""Ids: random, or derived from a caller's key so that a repeat finds its own row."""

import hashlib
import hmac
import re
import secrets

TENANT_ID = re.compile(r"[a-z0-9]{4,32}")
AGENT_ID = re.compile(r"[a-z0-9]{3,32}")
ID = re.compile(r"[0-9a-f]{32}")
CUSTOMER_ID = re.compile(r"[\x21-\x7e]{1,64}")
KEY_ID = re.compile(r"[0-9a-f]{16}")
PERSON_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def random_id() -> str:
    """Return 128 random bits as 32 hex digits."""
    return secrets.token_hex(16)


def derived_id(secret: str, *parts: str) -> str:
    """Return 128 bits of an HMAC over `parts`: the same parts give the same id, and nobody can guess it.

    The parts are joined by a control character that no part can contain: tenant ids and paths are
    plain, and an idempotency key is printable ASCII.
    """
    joined = "\x1f".join(parts).encode()
    return hmac.new(secret.encode(), joined, hashlib.sha256).hexdigest()[:32]


def fingerprint(secret: str, content: bytes) -> str:
    """Return a keyed digest that tells two bodies sent under the same key apart, and tells nothing of either."""
    return hmac.new(secret.encode(), content, hashlib.sha256).hexdigest()[:32]
