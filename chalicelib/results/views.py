"""What the API shows of results."""

from collections.abc import Sequence
from typing import Self

from msgspec import Struct

from chalicelib.kernel.clock import iso
from chalicelib.results.model import Cell, Day, Figure, Tally
from chalicelib.results.rules import by_hour, by_name, cell, merged
from chalicelib.results.statement import figures
from chalicelib.tenants.aims import Goals


class MostView(Struct):
    """The contacts of the cell that has the most of them, in each list of cells; 0 where there are none."""

    by_day: int
    by_hour: int
    by_channel: int
    by_intent: int


class ResultsView(Struct):
    """How a shop's contacts went from the day `first` to `last`, both of Asia/Seoul; that one is as of `as_of`.

    A contact counts on the day on which it was last resolved, a rating on the day on which it came. An hour has
    what was opened in it. Unless it is `complete`, older days are still to be counted: ask again.
    """

    first: str
    last: str
    as_of: str
    complete: bool
    goals: Goals
    figures: list[Figure]
    by_day: list[Cell]
    by_hour: list[Cell]
    by_channel: list[Cell]
    by_intent: list[Cell]
    most: MostView

    @classmethod
    def of(cls, dates: Sequence[str], days: Sequence[Day], goals: Goals) -> Self:
        """Return what the API shows of `days`, which may be fewer than the `dates` that were asked for."""
        known = {day.date: day.parts.total for day in days}
        cells = {
            "by_day": [cell(date, known.get(date, Tally())) for date in dates],
            "by_hour": by_hour([day.parts.hours for day in days]),
            "by_channel": by_name([day.parts.channels for day in days]),
            "by_intent": by_name([day.parts.intents for day in days]),
        }
        return cls(
            first=dates[0],
            last=dates[-1],
            as_of=iso(days[-1].as_of),
            complete=len(days) == len(dates),
            goals=goals,
            figures=figures(goals, merged(known.values())),
            **cells,
            most=MostView(**{of: max((one.contacts for one in some), default=0) for of, some in cells.items()}),
        )
