"""Read a tenant's declaration, and say exactly what is wrong with it; how long what it keeps is readable."""

import re
import tomllib
import zlib
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import datetime, timedelta
from itertools import pairwise

import msgspec

from chalicelib.kernel.clock import DAY, KST, MINUTE, SECOND, Millis, month_span
from chalicelib.kernel.errors import BadInput, Conflict
from chalicelib.tenants.model import HOUSE, Contract, Hours, Persona, Retention, Surge, Tenant, Term

_WEEK = 7
_VERSIONS = 1_000_000_000
TERM_NOTICE: Millis = 5 * MINUTE
"""How long before a month begins its plan is settled: every process knows the profile by then."""
TERM_REACH: Millis = 366 * DAY
"""How far ahead a plan may be chosen."""
# What a declaration says besides the profile: the capability that it is for reads it.
_BESIDES = {"handbook", "answers"}
_TABLES = {"contract": Contract, "persona": Persona, "hours": Hours, "retention": Retention, "surge": Surge}


def parse_tenant(text: str, filename: str) -> Tenant:
    """Return the tenant that the TOML `text` declares; its id must be the file's name.

    Raises BadInput `invalid_tenant` with a message `file:line: field: what is expected`.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _invalid(f"{filename}: {error}") from None
    _refuse_unknown(data, text, filename)
    try:
        tenant = msgspec.convert(data, Tenant, strict=True)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `$.")
        field = path.rstrip("`") or _quoted(message)
        raise _invalid(f"{filename}:{_line(text, field)}: {field}: {message}") from None
    if tenant.id == HOUSE:
        raise _invalid(f"{filename}:{_line(text, 'id')}: id: Expected an id that is not the desk's own")
    if f"{tenant.id}.toml" != filename.rpartition("/")[2]:
        raise _invalid(f"{filename}:{_line(text, 'id')}: id: Expected the file's name without .toml")
    _refuse_backward_spans(tenant.hours, text, filename)
    _refuse_backward_steps(tenant, text, filename)
    return tenant


def is_open(hours: Hours, now: Millis) -> bool:
    """Return whether the shop is open at `now`; one that names no hours at all always is."""
    at = _kst(now)
    return hours == Hours() or any(start <= at < end for start, end in _spans(hours, at))


def opens_at(hours: Hours, now: Millis) -> Millis:
    """Return when a shop that is closed at `now` opens next."""
    at = _kst(now)
    days = (at + timedelta(days=ahead) for ahead in range(_WEEK + 1))
    following = (start for day in days for start, _ in _spans(hours, day) if start > at)
    return int(next(following).timestamp()) * SECOND


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


def _refuse_unknown(data: dict[str, object], text: str, filename: str) -> None:
    known = {field.name for field in fields(Tenant)} | _BESIDES
    unknown = sorted(data.keys() - known)
    for table, model in _TABLES.items():
        inner = data.get(table)
        if isinstance(inner, dict):
            names = inner.keys() - {field.name for field in fields(model)}
            unknown += sorted(f"{table}.{name}" for name in names)
    if unknown:
        field = unknown[0]
        raise _invalid(f"{filename}:{_line(text, field)}: {field}: Expected no field of this name")


def _refuse_backward_spans(hours: Hours, text: str, filename: str) -> None:
    for day in fields(Hours):
        previous = ""
        for span in getattr(hours, day.name):
            start, _, end = span.partition("-")
            if start < previous or end <= start:
                where = f"{filename}:{_line(text, f'hours.{day.name}')}: hours.{day.name}"
                raise _invalid(f"{where}: Expected spans in order, each ending after it starts; got {span}")
            previous = end


def _refuse_backward_steps(tenant: Tenant, text: str, filename: str) -> None:
    surge = tenant.surge
    steps = {"message": surge.message, "offer": surge.offer, "reserve": surge.reserve, "staff": surge.staff}
    for (_, before), (name, after) in pairwise(steps.items()):
        if after < before:
            where = f"{filename}:{_line(text, f'surge.{name}')}: surge.{name}"
            raise _invalid(f"{where}: Expected no less than the step before it, {before}")
    if surge.reserve_pool == tenant.pool:
        where = f"{filename}:{_line(text, 'surge.reserve_pool')}: surge.reserve_pool"
        raise _invalid(f"{where}: Expected another pool than the shop's own")


def _spans(hours: Hours, day: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield when the shop opens and closes on the day of Asia/Seoul that holds `day`."""
    midnight = day.replace(hour=0, minute=0, second=0, microsecond=0)
    for span in getattr(hours, fields(Hours)[day.weekday()].name):
        opens, _, closes = span.partition("-")
        yield _clock(midnight, opens), _clock(midnight, closes)


def _clock(midnight: datetime, text: str) -> datetime:
    hours, _, minutes = text.partition(":")
    return midnight + timedelta(hours=int(hours), minutes=int(minutes))


def _kst(now: Millis) -> datetime:
    return datetime.fromtimestamp(now / SECOND, KST)


def _line(text: str, field: str) -> int:
    """Return the line on which `field` (`price_won`, `contract.burst`, `hours.mon[0]`) stands, or its table's."""
    table, _, name = re.sub(r"\[[^]]*\]", "", field).rpartition(".")
    current, found = "", 1
    for number, line in enumerate(text.splitlines(), start=1):
        header = re.match(r"\s*\[([\w.]+)\]", line)
        if header:
            current = header[1]
            if current in (table, name):
                found = number
        elif current == table and re.match(rf"\s*{re.escape(name)}\s*=", line):
            return number
    return found


def _quoted(message: str) -> str:
    match = re.search("`([^`]+)`", message)
    return match[1] if match else "file"


def _invalid(message: str) -> BadInput:
    return BadInput("invalid_tenant", message)
