"""Domain time: integer milliseconds since 1970 UTC, and the hours and months that billing counts in."""

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

Millis = int
Clock = Callable[[], Millis]

SECOND: Millis = 1_000
MINUTE: Millis = 60 * SECOND
HOUR: Millis = 60 * MINUTE
DAY: Millis = 24 * HOUR

# Korea has had no daylight saving time since 1988, so a fixed offset is exact for every period we bill.
_MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")
KST = timezone(timedelta(hours=9), "KST")


def clock(offset_seconds: int = 0) -> Clock:
    """Return the system clock moved by `offset_seconds`: 0 everywhere but in the local stage."""
    return lambda: time.time_ns() // 1_000_000 + offset_seconds * SECOND


def utc(at: Millis) -> datetime:
    """Return the aware UTC time of `at`."""
    return datetime.fromtimestamp(at / SECOND, UTC)


def iso(at: Millis) -> str:
    """Return `at` as ISO 8601 in UTC with milliseconds: `2026-11-21T04:05:06.789Z`."""
    return utc(at).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at % SECOND:03d}Z"


def iso_millis(text: str) -> Millis:
    """Return the time that `iso` wrote as `text`."""
    return round(datetime.fromisoformat(text).timestamp() * SECOND)


def utc_hour(at: Millis) -> str:
    """Return the UTC hour that holds `at`: `2026-11-21T04`, the name of a window."""
    return utc(at).strftime("%Y-%m-%dT%H")


def hour_start(hour: str) -> datetime:
    """Return the aware UTC time at which the window `hour` begins."""
    return datetime.strptime(hour, "%Y-%m-%dT%H").replace(tzinfo=UTC)


def hour_millis(hour: str) -> Millis:
    """Return the first millisecond of the window `hour`."""
    return int(hour_start(hour).timestamp()) * SECOND


def kst_month(at: Millis) -> str:
    """Return the billing month of `at` in Asia/Seoul: `2026-11`."""
    return datetime.fromtimestamp(at / SECOND, KST).strftime("%Y-%m")


def is_month(text: str) -> bool:
    """Return whether `text` names a month: `2026-11`."""
    return _MONTH.fullmatch(text) is not None


def month_span(month: str) -> tuple[Millis, Millis]:
    """Return the first millisecond of the KST month `yyyy-mm` and of the month after it."""
    first = datetime.strptime(month, "%Y-%m").replace(tzinfo=KST)
    following = (first + timedelta(days=32)).replace(day=1)
    return int(first.timestamp()) * SECOND, int(following.timestamp()) * SECOND


def days_left(month: str, now: Millis) -> int:
    """Return how many days of the KST month `yyyy-mm` are to come, today with them; 0 once it is over."""
    first, following = month_span(month)
    return max(0, -(-(following - max(now, first)) // DAY))


def months_between(start: Millis, end: Millis) -> list[str]:
    """Return the KST months from that of `start` to that of `end`, both included."""
    months = [kst_month(start)]
    while months[-1] < kst_month(end):
        months.append(kst_month(month_span(months[-1])[1]))
    return months
