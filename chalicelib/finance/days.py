"""Korean days and times, as finance reads them."""

from datetime import date, datetime

from chalicelib.kernel.clock import DAY, KST, SECOND, Millis, month_span
from chalicelib.kernel.errors import BadInput


def kst_time(at: Millis) -> str:
    """Return `at` in Asia/Seoul, `2026-11-21T13:05:06.789+09:00`; 0 is never, and empty."""
    if not at:
        return ""
    return f"{datetime.fromtimestamp(at // SECOND, KST):%Y-%m-%dT%H:%M:%S}.{at % SECOND:03d}+09:00"


def kst_day(at: Millis) -> str:
    """Return the day of `at` in Asia/Seoul, `2026-11-21`; 0 is never, and empty."""
    return kst_time(at)[:10]


def last_day(month: str) -> str:
    """Return the last day of a KST month: `2026-11-30`."""
    return kst_day(month_span(month)[1] - 1)


def days_after(day: str, other: str) -> int:
    """Return by how many days `day` follows `other`; negative if it comes before."""
    return (date.fromisoformat(day) - date.fromisoformat(other)).days


def day_end(day: str) -> Millis:
    """Return the last millisecond of a day of Asia/Seoul; raise BadInput `invalid_day` for anything else."""
    try:
        begin = datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=KST)
    except ValueError:
        raise BadInput("invalid_day", "a day is yyyy-mm-dd") from None
    return int(begin.timestamp()) * SECOND + DAY - 1
