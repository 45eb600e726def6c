"""The sections in which a shop chooses: what each of them says of a profile, and what may be said in it."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any

import msgspec

from chalicelib.kernel.errors import BadInput
from chalicelib.tenants.aims import By, Choice
from chalicelib.tenants.model import Tenant
from chalicelib.tenants.rules import backward_span, backward_step


class Section(StrEnum):
    """What is chosen at once, and has versions of its own."""

    ABOUT = "about"
    GOALS = "goals"
    SCOPE = "scope"
    HOURS = "hours"
    VOICE = "voice"
    CHANNELS = "channels"
    SURGE = "surge"
    PLAN = "plan"
    CAP = "cap"
    REHEARSAL = "rehearsal"
    LIVE = "live"


OF_PROFILE = tuple(Section)[: tuple(Section).index(Section.REHEARSAL)]
"""The sections that say what the profile says, in the order in which a shop is set up."""

# A section that is one field of the profile, whole or in part, is told without the field's own name.
_WITHIN = {
    Section.GOALS: ("goals", ()),
    Section.SCOPE: ("scope", ()),
    Section.VOICE: ("persona", ()),
    Section.SURGE: ("surge", ("message", "offer", "reserve", "staff")),
    Section.CAP: ("surge", ("cap_won", "cap")),
}
_FIELDS = {
    Section.ABOUT: ("name", "name_en", "kind", "volume", "language", "emergency_phone"),
    Section.HOURS: ("hours", "holidays"),
    Section.CHANNELS: ("channels",),
    Section.PLAN: ("plans",),
}


def told(profile: Tenant, section: Section) -> dict[str, Any]:
    """Return what a profile says in one of its sections, as JSON values."""
    whole: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(profile))
    if section in _FIELDS:
        return {name: whole[name] for name in _FIELDS[section]}
    field, names = _WITHIN[section]
    return {name: value for name, value in whole[field].items() if not names or name in names}


def chosen(profile: Tenant, section: Section, body: Mapping[str, Any]) -> Tenant:
    """Return the profile with `body` in a section of its own.

    Raises BadInput `invalid_hours`, `invalid_day`, `backward_steps` or `scope_overlaps`.
    """
    whole: dict[str, Any] = msgspec.to_builtins(profile)
    if section in _FIELDS:
        whole |= body
    else:
        field, _ = _WITHIN[section]
        whole[field] = {**whole[field], **body}
    after = msgspec.convert(whole, Tenant)
    check = _CHECKS.get(section)
    if check:
        check(after)
    return after


def following(last: Choice | None, section: Section, body: dict[str, Any], by: By) -> Choice:
    """Return the choice that comes after `last`, or the first one."""
    return Choice(section, last.version + 1 if last else 1, by, body)


def _check_hours(profile: Tenant) -> None:
    if found := backward_span(profile.hours):
        raise BadInput("invalid_hours", f"{found[0]}: spans stand in order, and each ends after it starts")
    for named in (*profile.holidays.open_on, *profile.holidays.closed_on):
        try:
            date.fromisoformat(named)
        except ValueError:
            raise BadInput("invalid_day", "there is no such day in that month") from None


def _check_steps(profile: Tenant) -> None:
    if found := backward_step(profile.surge):
        name, before = found
        raise BadInput("backward_steps", f"{name} comes no earlier than the step before it, at {before} seconds")


def _check_scope(profile: Tenant) -> None:
    scope = profile.scope
    if len({*scope.in_house, *scope.bot}) < len(scope.in_house) + len(scope.bot):
        raise BadInput("scope_overlaps", "an intent is in-house or a bot's, and stands once")


_CHECKS = {Section.HOURS: _check_hours, Section.SURGE: _check_steps, Section.SCOPE: _check_scope}
