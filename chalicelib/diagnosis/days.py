"""Days and times as files write them, in Asia/Seoul unless they say otherwise."""

import re
import unicodedata
from datetime import datetime, timedelta

from chalicelib.kernel.clock import DAY, KST, SECOND, Millis

OLDEST: Millis = 3 * 366 * DAY
_LIMIT = 40
_HALF = 12
_AFTERNOON = {"오후", "pm"}
_DATE = re.compile(
    r"(?P<year>20[0-9]{2})(?: ?[-./년] ?(?P<month>[0-9]{1,2}) ?[-./월] ?(?P<day>[0-9]{1,2}) ?[.일]?"
    r"|(?P<month2>[0-9]{2})(?P<day2>[0-9]{2}))"
    r"(?:(?:T|,? )?(?P<before>오전|오후|am|pm)? ?(?P<hour>[0-9]{1,2})(?: ?: ?|시 ?)(?P<minute>[0-9]{1,2})?분?"
    r"(?:(?: ?: ?| )(?P<second>[0-9]{1,2})(?:[.,][0-9]{1,9})?초?)? ?(?P<after>am|pm)?"
    r" ?(?P<zone>z|utc|kst|[+-][0-9]{2}:?[0-9]{2})?)?",
    re.IGNORECASE,
)
# A year, and then no number of more than two digits: phones, accounts and residents have longer ones.
_SHOWN = re.compile(
    r"(?:20[0-9]{6}|(?:19|20)?[0-9]{2}(?= ?[-./년]))(?![0-9])"
    r"(?:[ ./:,+년월일시분초오전후apmtz-]+(?:[0-9]{1,2}(?![0-9]))?){0,8}",
    re.IGNORECASE,
)
_SHOWN_LIMIT = 20


def parsed(text: str) -> tuple[Millis, bool] | None:
    """Return when `text` says that it was, and whether it names an hour; None if it is no date."""
    found = _DATE.fullmatch(_normal(text))
    if found is None:
        return None
    day = (int(found["year"]), int(found["month"] or found["month2"]), int(found["day"] or found["day2"]))
    try:
        at = datetime(*day, _hour(found), int(found["minute"] or 0), int(found["second"] or 0), tzinfo=KST)
    except ValueError:
        return None
    shift = _shift(found["zone"])
    return int((at - shift).timestamp()) * SECOND, found["hour"] is not None


def fault(at: Millis, now: Millis) -> str:
    """Return the code of what is wrong with a contact of that time: `date_future`, `date_old`, or nothing."""
    if at > now:
        return "date_future"
    return "date_old" if at < now - OLDEST else ""


def shown(text: str) -> str:
    """Return as much of a cell as may be said back: what begins as dates do, and nothing of anything else."""
    found = _SHOWN.match(_normal(text))
    return found[0][:_SHOWN_LIMIT].strip() if found else ""


def _normal(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text[:_LIMIT]).split())


def _hour(found: re.Match[str]) -> int:
    """Return the hour of the day; raise ValueError for one over twelve of a half of it."""
    hour, half = int(found["hour"] or 0), (found["before"] or found["after"] or "").casefold()
    if not half:
        return hour
    if hour > _HALF:
        raise ValueError("a half of the day has twelve hours")
    return hour % _HALF + _HALF * (half in _AFTERNOON)


def _shift(zone: str | None) -> timedelta:
    """Return how far the zone's clock is before that of Asia/Seoul, which is where it is read."""
    own = KST.utcoffset(None)
    if zone is None or zone.casefold() == "kst":
        return timedelta()
    if zone.casefold() in {"z", "utc"}:
        return -own
    sign = -1 if zone[0] == "-" else 1
    return sign * timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:])) - own
