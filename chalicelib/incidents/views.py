"""What the API shows of incidents; times are ISO 8601 UTC."""

from typing import Annotated, Self

from msgspec import Meta, Struct

from chalicelib.incidents.model import Incident
from chalicelib.incidents.rules import MAX_TENANTS
from chalicelib.kernel.clock import iso

Text = Annotated[str, Meta(min_length=1, max_length=1_200)]
Tenant = Annotated[str, Meta(pattern=r"^[a-z0-9]{4,32}$(?!\n)")]


class IncidentIn(Struct, forbid_unknown_fields=True):
    """What is told, until when (`2026-11-27T10:00+09:00`), and to whom: by default to every shop of the pool.

    A lead's pool is the own one; an admin names it.
    """

    text: Text
    text_en: Text
    until: Annotated[str, Meta(max_length=40)]
    pool: Annotated[str, Meta(max_length=32)] = ""
    tenants: Annotated[list[Tenant], Meta(max_length=MAX_TENANTS)] = []


class IncidentView(Struct):
    """An incident, as everybody whom it concerns sees it."""

    id: str
    text: str
    text_en: str
    since: str
    until: str
    ended_at: str | None

    @classmethod
    def of(cls, incident: Incident) -> Self:
        """Return what the API shows of `incident`."""
        ended = iso(incident.ended_at) if incident.ended_at else None
        span = (iso(incident.since), iso(incident.until))
        return cls(incident.id, incident.text, incident.text_en, *span, ended)


class IncidentsView(Struct):
    """The incidents that concern the caller now, the newest first."""

    incidents: list[IncidentView]
