"""Widget keys, and what a visitor's token says."""

from dataclasses import dataclass

from chalicelib.kernel.clock import Millis


@dataclass(frozen=True, slots=True)
class WidgetKey:
    """A publishable key of a shop: it stands in the shop's pages, and opens chats from those of `origins` alone.

    `digest` is the body's that it was made of, to tell a repeat of the request from another one. A page of
    `seen_origin` last showed it at `seen_at`; 0 and empty: none did.
    """

    tenant: str
    id: str
    origins: tuple[str, ...]
    label: str
    created_at: Millis
    digest: str
    revoked: bool = False
    seen_at: Millis = 0
    seen_origin: str = ""

    def __str__(self) -> str:
        return f"ddw.{self.tenant}.{self.id}"


@dataclass(frozen=True, slots=True)
class Visit:
    """The conversation that a visitor's token opens, and the widget key that it began with."""

    tenant: str
    contact: str
    key: str


class WidgetKeyExists(Exception):
    """A key of this id is stored: the request is a repeat."""
