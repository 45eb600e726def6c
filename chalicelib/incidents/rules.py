"""Whom an incident concerns, how long it lasts, and how its end is written."""

from collections.abc import Iterable
from datetime import datetime

from chalicelib.incidents.model import Incident
from chalicelib.kernel.caller import OFFICE, SHOP_SIDE, Caller, Kind
from chalicelib.kernel.clock import DAY, KST, SECOND, Millis
from chalicelib.kernel.errors import BadInput, Conflict, Forbidden

MAX_TENANTS = 50
MOST_A_DAY = 5
"""How many incidents a pool may announce within 24 hours."""

KEPT: Millis = 90 * DAY
_LONGEST: Millis = 7 * DAY


def pool_of(caller: Caller, asked: str) -> str:
    """Return the pool that a lead or an admin speaks to: a lead's own one, an admin's as asked for.

    Raises Forbidden for a lead of another pool, and BadInput `pool_needed` for an admin who names none.
    """
    if caller.kind is Kind.LEAD:
        if asked not in {"", caller.pool}:
            raise Forbidden("forbidden", "this is for leads of that pool")
        return caller.pool
    if not asked:
        raise BadInput("pool_needed", "name the pool")
    return asked


def check_until(until: Millis, now: Millis) -> None:
    """Raise BadInput `invalid_until` unless the end is ahead, and within a week."""
    if not now < until <= now + _LONGEST:
        raise BadInput("invalid_until", "until is ahead, and within 7 days")


def check_count(known: Iterable[Incident], new: Incident) -> None:
    """Raise Conflict `too_many_incidents` if its pool has announced its most of a day already, ended or not."""
    recent = [one for one in known if one.pool == new.pool and one.since > new.since - DAY]
    if len(recent) >= MOST_A_DAY:
        raise Conflict("too_many_incidents", "this pool has announced its most of a day", most=MOST_A_DAY)


def is_current(incident: Incident, now: Millis) -> bool:
    """Return whether the incident is shown at `now`."""
    return not incident.ended_at and incident.since <= now < incident.until


def concerns(incident: Incident, tenant: str, pool: str) -> bool:
    """Return whether the incident is shown to the shop `tenant` of `pool`."""
    return incident.pool == pool and (not incident.tenants or tenant in incident.tenants)


def is_shown_to(incident: Incident, caller: Caller, pool: str) -> bool:
    """Return whether `caller`, whose shop is of `pool`, sees the incident; finance and admins see all."""
    if caller.kind in OFFICE:
        return True
    if caller.kind in SHOP_SIDE:
        return concerns(incident, caller.tenant, pool)
    return incident.pool == caller.pool


def spoken(at: Millis) -> str:
    """Return a time as people of Korea read it: `2026-11-22 15:00 KST`."""
    return datetime.fromtimestamp(at / SECOND, KST).strftime("%Y-%m-%d %H:%M KST")
