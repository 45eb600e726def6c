"""When a shop is open, how long what it keeps is readable, and what it may choose."""

import zlib
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import datetime, timedelta
from itertools import pairwise

import msgspec

from chalicelib.kernel.clock import DAY, KST, MINUTE, SECOND, Millis, month_span
from chalicelib.kernel.errors import BadInput, Conflict
from chalicelib.tenants.aims import OWN_DAYS, Holidays, Stage
from chalicelib.tenants.days import PUBLIC_HOLIDAYS
from chalicelib.tenants.model import Hours, Retention, Surge, Tenant, Term

# Of a shop that opens on one day of the week, all the days of its own that it may name, and a year's holidays.
_REACH = 7 * (OWN_DAYS + 25)
_VERSIONS = 1_000_000_000
TERM_NOTICE: Millis = 5 * MINUTE
"""How long before a month begins its plan is settled: every process knows the profile by then."""
TERM_REACH: Millis = 366 * DAY
"""How far ahead a plan may be chosen."""


def is_open(hours: Hours, now: Millis, holidays: Holidays | None = None) -> bool:
    """Return whether the shop is open at `now`; one that names no hours at all always is.

    Without `holidays` no day is one.
    """
    at = _kst(now)
    return hours == Hours() or any(start <= at < end for start, end in _spans(hours, at, holidays))


def opens_at(hours: Hours, now: Millis, holidays: Holidays | None = None) -> Millis:
    """Return when a shop that is closed at `now` opens next."""
    at = _kst(now)
    days = (at + timedelta(days=ahead) for ahead in range(_REACH + 1))
    following = (start for day in days for start, _ in _spans(hours, day, holidays) if start > at)
    return int(next(following).timestamp()) * SECOND


def is_holiday(holidays: Holidays, day: str) -> bool:
    """Return whether the shop is shut all of a day of Asia/Seoul, `2026-12-25`."""
    public = holidays.closed and day in PUBLIC_HOLIDAYS and day not in holidays.open_on
    return public or day in holidays.closed_on


def open_millis(hours: Hours, holidays: Holidays, start: Millis, end: Millis) -> Millis:
    """Return how long the shop was open from `start` to `end`; one that names no hours always was."""
    if hours == Hours() or end <= start:
        return max(0, end - start)
    first, last = _kst(start), _kst(end)
    days = (first + timedelta(days=ahead) for ahead in range((last.date() - first.date()).days + 1))
    spans = (span for day in days for span in _spans(hours, day, holidays))
    kept = (min(closes, last) - max(opens, first) for opens, closes in spans if closes > first and opens < last)
    return sum(span // timedelta(milliseconds=1) for span in kept)


def must_be_live(profile: Tenant) -> None:
    """Raise Conflict `not_live` for a shop that is still being set up."""
    if profile.stage is Stage.SETUP:
        raise Conflict("not_live", "this shop is being set up, and takes no contacts yet")


def expires_at(status: str, since: Millis, retention: Retention) -> Millis | None:
    """Return when a contact that is in `status` since then stops being readable; None: not while it is open."""
    days = {"resolved": retention.contacts, "merged": retention.contacts, "spam": retention.spam}.get(status)
    return None if days is None else since + days * DAY


def is_readable(expires: Millis | None, held_until: Millis, now: Millis) -> bool:
    """Return whether what expires then is readable now; a legal hold (0: none) makes it so for the owner alone."""
    return expires is None or now < max(expires, held_until)


def with_term(profile: Tenant, term: Term, now: Millis) -> Tenant:
    """Return the profile with `term` in place of whatever was to begin with it or later; what has begun stays.

    A term that only goes on with the plan before it is left out: so a change that was announced is taken back.
    Raises Conflict `term_begun` unless the month is still to come, by more than five minutes, and BadInput
    `too_far_ahead`.
    """
    start = month_span(term.since)[0]
    if start - now <= TERM_NOTICE:
        raise Conflict("term_begun", "a plan is chosen for a coming month, five minutes before it at the latest")
    if start - now > TERM_REACH:
        raise BadInput("too_far_ahead", "a plan is chosen at most a year ahead")
    kept = replace(profile, plans=tuple(one for one in profile.plans if one.since < term.since))
    return kept if kept.plan_in(term.since) == term.plan else replace(kept, plans=(*kept.plans, term))


def version_of(profile: Tenant) -> int:
    """Return what tells this state of the profile from another one, as `If-Match` carries it."""
    return zlib.crc32(msgspec.json.encode(profile)) % _VERSIONS


def backward_span(hours: Hours) -> tuple[str, str] | None:
    """Return a day and a span of it that does not follow the one before, or ends before it starts; or None."""
    for day in fields(Hours):
        previous = ""
        for span in getattr(hours, day.name):
            start, _, end = span.partition("-")
            if start < previous or end <= start:
                return day.name, span
            previous = end
    return None


def backward_step(surge: Surge) -> tuple[str, int] | None:
    """Return a step of the ladder that comes before the one before it, and when that one comes; or None."""
    steps = {"message": surge.message, "offer": surge.offer, "reserve": surge.reserve, "staff": surge.staff}
    pairs = pairwise(steps.items())
    return next(((name, before) for (_, before), (name, after) in pairs if after < before), None)


def _spans(hours: Hours, day: datetime, holidays: Holidays | None) -> Iterator[tuple[datetime, datetime]]:
    """Yield when the shop opens and closes on the day of Asia/Seoul that holds `day`."""
    if holidays and is_holiday(holidays, f"{day:%Y-%m-%d}"):
        return
    midnight = day.replace(hour=0, minute=0, second=0, microsecond=0)
    for span in getattr(hours, fields(Hours)[day.weekday()].name):
        opens, _, closes = span.partition("-")
        yield _clock(midnight, opens), _clock(midnight, closes)


def _clock(midnight: datetime, text: str) -> datetime:
    hours, _, minutes = text.partition(":")
    return midnight + timedelta(hours=int(hours), minutes=int(minutes))


def _kst(now: Millis) -> datetime:
    return datetime.fromtimestamp(now / SECOND, KST)
