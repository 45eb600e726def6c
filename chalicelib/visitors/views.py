"""What the API shows of widget keys and tells visitors; times are ISO 8601 UTC."""

from collections.abc import Sequence
from typing import Annotated, Self

from msgspec import Meta, Struct

from chalicelib.contacts.views import Text
from chalicelib.incidents.model import Incident
from chalicelib.incidents.views import IncidentView
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
    """A widget key; `key` stands in the shop's page and is no secret.

    A page of `seen_origin` last showed it at `seen_at`; both are empty before one did.
    """

    id: str
    key: str
    origins: list[str]
    label: str
    created_at: str
    revoked: bool
    seen_at: str
    seen_origin: str

    @classmethod
    def of(cls, key: WidgetKey) -> Self:
        """Return what the API shows of `key`."""
        return cls(
            id=key.id,
            key=str(key),
            origins=list(key.origins),
            label=key.label,
            created_at=iso(key.created_at),
            revoked=key.revoked,
            seen_at=iso(key.seen_at) if key.seen_at else "",
            seen_origin=key.seen_origin,
        )


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
    null when it is not known; `bot` tells whether a machine answers first. `notice` is what the desk says of an
    incident, the newest one; null while nothing is wrong.
    """

    name: str
    name_en: str
    colour: str
    greeting: str
    language: str
    open_now: bool
    opens_at: str | None
    expected_wait_seconds: int | None
    notice: IncidentView | None
    bot: bool = False

    @classmethod
    def of(
        cls, shop: Tenant, colour: str, now: Millis, wait: Wait | None, *, told: Sequence[Incident] = ()
    ) -> Self:
        """Return what a page shows of `shop` at `now`, while `told` are its incidents, the newest first."""
        is_shut = not is_open(shop.hours, now, shop.holidays)
        return cls(
            name=shop.name,
            name_en=shop.name_en,
            colour=colour,
            greeting=shop.persona.greeting,
            language=shop.persona.language,
            open_now=not is_shut,
            opens_at=iso(opens_at(shop.hours, now, shop.holidays)) if is_shut else None,
            expected_wait_seconds=wait.expected if wait else None,
            notice=IncidentView.of(told[0]) if told else None,
        )


class VisitView(Struct):
    """The conversation, and the token that alone opens it until `expires_at`."""

    contact: str
    tenant: str
    token: str
    expires_at: str
