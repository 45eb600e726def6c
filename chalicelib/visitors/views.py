"""What the API shows of widget keys and tells visitors; times are ISO 8601 UTC."""

from typing import Annotated, Self

from msgspec import Meta, Struct

from chalicelib.contacts.views import Text
from chalicelib.kernel.clock import Millis, iso
from chalicelib.routing.waits import Wait
from chalicelib.tenants.model import Tenant
from chalicelib.tenants.rules import is_open, opens_at
from chalicelib.visitors.model import WidgetKey
from chalicelib.visitors.rules import MAX_ORIGINS

Origin = Annotated[str, Meta(min_length=1, max_length=300)]


class WidgetKeyIn(Struct, forbid_unknown_fields=True):
    """From which pages (`https://host[:port]`) the key may be used, and what for."""

    origins: Annotated[list[Origin], Meta(min_length=1, max_length=MAX_ORIGINS)]
    label: Annotated[str, Meta(max_length=400)]


class WidgetKeyView(Struct):
    """A widget key; `key` stands in the shop's page and is no secret."""

    id: str
    key: str
    origins: list[str]
    label: str
    created_at: str
    revoked: bool

    @classmethod
    def of(cls, key: WidgetKey) -> Self:
        """Return what the API shows of `key`."""
        return cls(key.id, str(key), list(key.origins), key.label, iso(key.created_at), key.revoked)


class WidgetKeysView(Struct):
    """All widget keys of a shop, revoked ones too."""

    keys: list[WidgetKeyView]


class VisitIn(Struct, forbid_unknown_fields=True):
    """A visitor's first words, and a name to greet."""

    text: Text
    name: str = ""


class WidgetShopView(Struct):
    """A shop as its page shows it before anybody has written.

    A shop that is closed opens next at `opens_at`. `expected_wait_seconds` is that of a chat which is opened now,
    null when it is not known; `bot` tells whether a machine answers first.
    """

    name: str
    name_en: str
    colour: str
    greeting: str
    language: str
    open_now: bool
    opens_at: str | None
    expected_wait_seconds: int | None
    bot: bool = False

    @classmethod
    def of(cls, shop: Tenant, colour: str, now: Millis, wait: Wait | None) -> Self:
        """Return what a page shows of `shop` at `now`."""
        is_shut = not is_open(shop.hours, now)
        return cls(
            name=shop.name,
            name_en=shop.name_en,
            colour=colour,
            greeting=shop.persona.greeting,
            language=shop.persona.language,
            open_now=not is_shut,
            opens_at=iso(opens_at(shop.hours, now)) if is_shut else None,
            expected_wait_seconds=wait.expected if wait else None,
        )


class VisitView(Struct):
    """The conversation, and the token that alone opens it until `expires_at`."""

    contact: str
    tenant: str
    token: str
    expires_at: str
