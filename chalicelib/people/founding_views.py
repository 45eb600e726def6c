"""What the API takes of a shop that is founded, and shows of what it agrees to; times are ISO 8601 UTC."""

from typing import Annotated, Literal, Self

from msgspec import Meta, Struct

from chalicelib.kernel.clock import iso
from chalicelib.tenants.aims import Acceptance
from chalicelib.tenants.entrustment import SubProcessors, Terms
from chalicelib.tenants.model import Line, Trade

TenantId = Annotated[str, Meta(pattern=r"^[a-z0-9]{4,32}$(?!\n)")]
Version = Annotated[str, Meta(pattern=r"^[0-9-]{7,10}$(?!\n)")]


class AcceptsIn(Struct, forbid_unknown_fields=True):
    """The versions of the documents that were shown, and are accepted."""

    terms: Version
    subprocessors: Version


class ShopIn(Struct, forbid_unknown_fields=True):
    """A shop to be founded; the id stands in addresses and stays.

    `registration` is its 사업자등록번호, hyphens or not, and `language` the one of the mails to its people.
    """

    id: TenantId
    name: Line
    name_en: Line
    kind: Trade
    registration: Annotated[str, Meta(max_length=20)]
    accepts: AcceptsIn
    language: Literal["ko", "en"] = "ko"


class EntrustmentView(Struct):
    """The terms of entrustment, in force since a day of Asia/Seoul; `digest` tells this text from any other."""

    version: str
    since: str
    text: str
    text_en: str
    digest: str

    @classmethod
    def of(cls, terms: Terms) -> Self:
        """Return what the API shows of `terms`."""
        return cls(terms.version, terms.since, terms.text, terms.text_en, terms.digest)


class SubProcessorView(Struct):
    """A company to which the desk hands data on, and the country in which it keeps them."""

    name: str
    country: str
    what: str
    what_en: str


class SubProcessorsView(Struct):
    """The list of sub-processors, in force since a day of Asia/Seoul."""

    version: str
    since: str
    list: list[SubProcessorView]
    digest: str

    @classmethod
    def of(cls, found: SubProcessors) -> Self:
        """Return what the API shows of the list."""
        listed = [SubProcessorView(one.name, one.country, one.what, one.what_en) for one in found.listed]
        return cls(found.version, found.since, listed, found.digest)


class DocumentsView(Struct):
    """What a shop agrees to, in the versions that are in force, and those that are announced."""

    terms: EntrustmentView
    subprocessors: SubProcessorsView
    terms_to_come: EntrustmentView | None = None
    subprocessors_to_come: SubProcessorsView | None = None


class AcceptanceView(Struct):
    """That somebody of the shop accepted a version of a document."""

    document: str
    version: str
    digest: str
    at: str
    by: str

    @classmethod
    def of(cls, one: Acceptance) -> Self:
        """Return what the API shows of `one`."""
        return cls(one.document, one.version, one.digest, iso(one.by.at), one.by.name)


class AcceptedView(Struct):
    """What the shop accepted, and the versions that it has not and is asked to: null for none."""

    accepted: list[AcceptanceView]
    newer_terms: str | None
    newer_subprocessors: str | None
