"""One request and one reply, free of any server."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.fakestripe.errors import Doc


@dataclass(frozen=True)
class Request:
    """What came in; header names are lower case."""

    method: str
    path: str
    text: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str | None:
        """The caller's Idempotency-Key, which Stripe heeds on POST only."""
        return self.headers.get("idempotency-key") if self.method == "POST" else None


@dataclass
class Reply:
    """What goes out, unless it is dropped after holding the line for some seconds."""

    status: int
    body: Doc
    headers: dict[str, str] = field(default_factory=dict)
    dropped: bool = False
    hold_seconds: float = 0.0
    page: str = ""

    @property
    def content(self) -> bytes:
        """What is sent: a page for a browser, else JSON."""
        return (self.page or json.dumps(self.body)).encode()
