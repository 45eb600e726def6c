"""What the API takes and shows of rights; times are ISO 8601 UTC."""

import json
from typing import Annotated, Any, Self

from msgspec import Meta, Struct

from chalicelib.contacts.erasure import Hold
from chalicelib.customers.model import Customer
from chalicelib.customers.rules import masked
from chalicelib.kernel.clock import iso
from chalicelib.privacy.model import Access
from chalicelib.rights.model import Erasure, Export, Ground, Part, Progress

Days = Annotated[int, Meta(ge=1, le=1_825)]


class FoundView(Struct, omit_defaults=True):
    """A customer in a list: the shop's own id, and too little of the rest to reach anybody."""

    id: str
    name: str = ""
    phone: str = ""
    mail: str = ""
    order_number: str = ""

    @classmethod
    def of(cls, customer: Customer) -> Self:
        """Return what a list shows of `customer`."""
        shown = masked(customer.details)
        return cls(customer.id, shown.name, shown.phone, shown.mail, shown.order_number)


class FoundCustomersView(Struct):
    """Everybody who has exactly this value."""

    customers: list[FoundView]


class LineView(Struct):
    """One part of an export: headings, how many items, and SHA-256 of the items as canonical JSON."""

    name: str
    title_ko: str
    title_en: str
    count: int
    sha256: str

    @classmethod
    def of(cls, part: Part) -> Self:
        """Return the manifest's line of `part`."""
        return cls(part.name, part.title_ko, part.title_en, len(part.items), part.sha256)


class ExportIn(Struct, forbid_unknown_fields=True):
    """What the copy is for."""

    reason: Annotated[str, Meta(max_length=800)]


class ExportView(Struct, omit_defaults=True):
    """A page of all that is held of one customer, or of all of a shop's; `cursor` leads to the next one."""

    tenant: str
    exported_at: str
    title_ko: str
    title_en: str
    manifest: list[LineView]
    parts: dict[str, list[dict[str, Any]]]
    cursor: str | None = None

    @classmethod
    def of(cls, export: Export, cursor: str | None) -> Self:
        """Return what the API shows of `export`."""
        return cls(
            tenant=export.tenant,
            exported_at=iso(export.at),
            title_ko="보유 중인 개인정보",
            title_en="Personal data that is held",
            manifest=[LineView.of(part) for part in export.parts],
            parts={part.name: [dict(item) for item in part.items] for part in export.parts},
            cursor=cursor,
        )


class EraseIn(Struct, forbid_unknown_fields=True):
    """Why a customer is erased."""

    reason: Ground


class EraseTenantIn(Struct, forbid_unknown_fields=True):
    """Why a shop is erased, and its id once more."""

    confirm: str
    reason: Ground


class HoldIn(Struct, forbid_unknown_fields=True):
    """For how many days a contact is kept, and for which dispute."""

    days: Days
    reason: str


class ErasureView(Struct, omit_defaults=True):
    """An erasure; `certificate` is what was signed, once there is something to certify.

    While it is `running`, a certificate lists what is still on hold.
    """

    id: str
    tenant: str
    progress: Progress
    demanded_at: str
    demanded_by: str
    reason: Ground
    certificate: dict[str, Any] = {}

    @classmethod
    def of(cls, erasure: Erasure) -> Self:
        """Return what the API shows of `erasure`."""
        return cls(
            id=erasure.id,
            tenant=erasure.tenant,
            progress=erasure.progress,
            demanded_at=iso(erasure.at),
            demanded_by=erasure.by,
            reason=erasure.ground,
            certificate=json.loads(erasure.certificate or "{}"),
        )


class HoldView(Struct):
    """A contact that is kept until then, and why."""

    contact: str
    held_until: str
    reason: str

    @classmethod
    def of(cls, hold: Hold) -> Self:
        """Return what the API shows of `hold`."""
        return cls(hold.contact, iso(hold.until), hold.reason)


class AccessView(Struct, omit_defaults=True):
    """Who looked, from where, at whose data (keyed hashes, which outlive a name), at what of it, and why."""

    at: str
    who: str
    role: str
    source: str
    whose: list[str]
    what: str
    why: str = ""

    @classmethod
    def of(cls, access: Access) -> Self:
        """Return what the API shows of `access`."""
        whose = list(access.whose)
        return cls(iso(access.at), access.actor, access.kind, access.source, whose, access.what, access.why)


class AccessesView(Struct, omit_defaults=True):
    """A page of access records; `cursor` leads to the next one."""

    records: list[AccessView]
    cursor: str | None = None
