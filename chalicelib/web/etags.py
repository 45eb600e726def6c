"""What tells one answer from another, so that what is asked for again and again is sent only when it changed."""

import hashlib
from typing import Any

import msgspec


def etag(*content: Any) -> str:
    """Return the `ETag` of an answer with this content."""
    return f'"{hashlib.sha256(msgspec.json.encode(content)).hexdigest()[:32]}"'
