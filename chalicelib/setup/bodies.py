"""What the API takes of a shop's choices, section by section; each replaces the whole section."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from chalicelib.intents.model import Intent
from chalicelib.kernel.money import Won
from chalicelib.kernel.text import clean
from chalicelib.tenants.aims import Age, Days, Percent, Seconds
from chalicelib.tenants.model import Channel, Line, Span, Threshold, Trade

_LINE_LIMIT = 300
_Language = Annotated[str, Meta(pattern=r"^(ko|en)$(?!\n)")]


class GoalsIn(Struct, forbid_unknown_fields=True):
    """What the shop wants reached: seconds of its opening hours, percent of its contacts."""

    first_reply_seconds: Seconds
    wait_seconds: Seconds
    resolved_percent: Percent
    satisfied_percent: Percent
    self_service_percent: Percent


class ScopeIn(Struct, forbid_unknown_fields=True):
    """What the shop's own people answer, and what a bot may once there is one; the rest is the desk's."""

    in_house: Annotated[list[Intent], Meta(max_length=len(Intent))]
    bot: Annotated[list[Intent], Meta(max_length=len(Intent))] = []


class WeekIn(Struct, forbid_unknown_fields=True):
    """Opening hours in Asia/Seoul, spans `HH:MM-HH:MM` for each day; a day without spans is closed."""

    mon: Annotated[list[Span], Meta(max_length=10)] = []
    tue: Annotated[list[Span], Meta(max_length=10)] = []
    wed: Annotated[list[Span], Meta(max_length=10)] = []
    thu: Annotated[list[Span], Meta(max_length=10)] = []
    fri: Annotated[list[Span], Meta(max_length=10)] = []
    sat: Annotated[list[Span], Meta(max_length=10)] = []
    sun: Annotated[list[Span], Meta(max_length=10)] = []


class HolidaysIn(Struct, forbid_unknown_fields=True):
    """Whether the shop is shut on public holidays, on which of them it opens, and its own days off."""

    closed: bool = True
    open_on: Days = ()
    closed_on: Days = ()


class HoursIn(Struct, forbid_unknown_fields=True):
    """When the shop is open; without any span it always is, on holidays too."""

    hours: WeekIn
    holidays: HolidaysIn


class VoiceIn(Struct, forbid_unknown_fields=True):
    """The voice in which agents answer for the shop."""

    agent_name: Line
    tone: Line
    greeting: Line
    signature: Line
    language: _Language = "ko"


class ChannelsIn(Struct, forbid_unknown_fields=True):
    """How the shop's customers may reach it."""

    channels: Annotated[list[Channel], Meta(min_length=1, max_length=len(Channel))]


class VolumeIn(Struct, forbid_unknown_fields=True):
    """What the shop expects: contacts a day, promotions a month, what it would spend, how old its buyers are."""

    contacts_a_day: Annotated[int, Meta(ge=0, le=100_000)] = 0
    promotions_a_month: Annotated[int, Meta(ge=0, le=31)] = 0
    budget_won: Annotated[Won, Meta(ge=0, le=1_000_000_000)] = 0
    ages: Annotated[list[Age], Meta(max_length=6)] = []


class AboutIn(Struct, forbid_unknown_fields=True):
    """What the shop is; `language` is that of the mails to its people, `emergency_phone` for incidents."""

    name: Line
    name_en: Line
    kind: Trade
    volume: VolumeIn
    language: _Language = "ko"
    emergency_phone: Annotated[str, Meta(pattern=r"^[0-9+() -]{0,30}$(?!\n)")] = ""


class SurgeIn(Struct, forbid_unknown_fields=True):
    """From which expected wait, in seconds, each step of the ladder is taken."""

    message: Threshold
    offer: Threshold
    reserve: Threshold
    staff: Threshold


def said(body: Struct, *lines: str) -> dict[str, Any]:
    """Return a body as JSON values, what people wrote in `lines` in its normal form, and nothing named twice."""
    values: dict[str, Any] = msgspec.to_builtins(body)
    for name in lines:
        values[name] = clean(values[name], limit=_LINE_LIMIT, field=name)
    for name in ("channels", "ages"):
        if name in values:
            values[name] = list(dict.fromkeys(values[name]))
    return values
