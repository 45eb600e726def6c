"""What the API shows of widget keys and tells visitors; times are ISO 8601 UTC."""

from typing import Annotated, Self

from msgspec import Meta, Struct

from chalicelib.contacts.views import Text
from chalicelib.kernel.clock import iso
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


class VisitView(Struct):
    """The conversation, and the token that alone opens it until `expires_at`."""

    contact: str
    tenant: str
    token: str
    expires_at: str
