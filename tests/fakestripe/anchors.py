"""When a monthly billing period turns, in seconds UTC."""

import calendar
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True)
class Anchor:
    """A day of the month and a time of the day, UTC."""

    day: int
    hour: int = 0
    minute: int = 0
    second: int = 0

    @classmethod
    def of(cls, moment: int) -> "Anchor":
        """Make the anchor that a plain `billing_cycle_anchor` is: 30 November is the 30th of every month."""
        at = datetime.fromtimestamp(moment, UTC)
        return cls(at.day, at.hour, at.minute, at.second)

    def after(self, moment: int) -> int:
        """Tell when the period turns for the first time after `moment`."""
        at = datetime.fromtimestamp(moment, UTC)
        year, month = at.year, at.month
        while (turn := self._in(year, month)) <= moment:
            year, month = year + month // 12, month % 12 + 1
        return turn

    def _in(self, year: int, month: int) -> int:
        # [doc] subscriptions/billing-cycle: "if the anchor is on the 31st, the subscription bills on the last day
        # of months that are shorter". That a config's 31st does too is the documentation's word for v2 only.
        day = min(self.day, calendar.monthrange(year, month)[1])
        return int(datetime(year, month, day, self.hour, self.minute, self.second, tzinfo=UTC).timestamp())
