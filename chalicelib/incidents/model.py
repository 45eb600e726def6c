"""Incidents: what a lead tells shops and their visitors while answers are delayed."""

from dataclasses import dataclass

from chalicelib.kernel.clock import Millis


@dataclass(frozen=True, slots=True)
class Incident:
    """A notice to the shops of a pool, or to those of `tenants` alone, in Korean and in English.

    It is shown from `since` to `until`, or until it was ended. `told` says that the owners' letters are written.
    """

    id: str
    pool: str
    tenants: tuple[str, ...]
    text: str
    text_en: str
    since: Millis
    until: Millis
    by: str
    digest: str
    ended_at: Millis = 0
    told: bool = False


class IncidentExists(Exception):
    """An incident of this id is stored: the request is a repeat."""
