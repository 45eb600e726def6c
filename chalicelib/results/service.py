"""Count a shop's days: those that are settled once for all, the others when somebody asks."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import TypeVar

from chalicelib.contacts.model import Contact
from chalicelib.kernel.clock import Millis
from chalicelib.panel.model import Scored
from chalicelib.results.model import AT_ONCE, BUSY, FRESH, Day, Settled
from chalicelib.results.ports import Commit, ContactStore, DayStore, RatingStore
from chalicelib.results.rules import (
    Spent,
    bounds,
    counted,
    day_of,
    has_returned,
    is_settled,
    may_have_returned,
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Books:
    """One shop's days and what they are counted from; `spent` tells how long the shop was open.

    So many contacts and ratings are counted `at_once`; a day with more than `busy` is not counted again and again.
    """

    days: DayStore
    contacts: ContactStore
    ratings: RatingStore
    commit: Commit
    spent: Spent
    at_once: int = AT_ONCE
    busy: int = BUSY


def look(books: Books, dates: Sequence[str], now: Millis) -> list[Day]:
    """Return the days of `dates` up to the last one, without older ones that are too many to be counted at once.

    A settled day is stored, and a busy young one for ten minutes, so that looking again is cheap: whoever asks
    again sees more days.
    """
    stored = books.days.stored(dates[0], dates[-1])
    known = {date: day for date, (day, settled) in stored.items() if settled or _is_fresh(day, now)}
    missing = [date for date in dates if date not in known]
    if missing:
        known |= _count(books, missing, now)
    return [known[date] for date in reversed([*takewhile(known.__contains__, reversed(dates))])]


def _is_fresh(day: Day, now: Millis) -> bool:
    return now - day.as_of < FRESH and not is_settled(day.date, now)


def _count(books: Books, dates: Sequence[str], now: Millis) -> dict[str, Day]:
    """Return the newest of `dates`, as many as may be counted at once, and one whatever it has."""
    start, end = bounds(dates[0])[0], bounds(dates[-1])[1]
    ended = _by_day(books.days.resolved(start, end), lambda one: one[0])
    scores = _by_day(books.ratings.between(start, end), lambda one: one.at)
    found, done = dict[str, Day](), 0
    for date in reversed(dates):
        size = len(ended.get(date, [])) + len(scores.get(date, []))
        if done and done + size > books.at_once:
            break
        contacts = books.contacts.many([contact for _, contact in ended.get(date, [])])
        parts = counted(contacts, _back(books, contacts), _of(books, contacts, scores.get(date, [])), books.spent)
        found[date] = Day(date, now, parts)
        _keep(books, found[date], busy=size > books.busy)
        done += size
    return found


def _by_day(things: Iterable[T], at: Callable[[T], Millis]) -> dict[str, list[T]]:
    days: dict[str, list[T]] = {}
    for one in things:
        days.setdefault(day_of(at(one)).isoformat(), []).append(one)
    return days


def _back(books: Books, ended: Sequence[Contact]) -> set[str]:
    """Return the ids of those that had come back within their episode."""
    asked = (one.id for one in ended if may_have_returned(one))
    return {contact for contact in asked if has_returned(books.contacts.story(contact))}


def _of(books: Books, ended: Sequence[Contact], scores: Sequence[Scored]) -> list[tuple[Contact | None, int]]:
    """Return each score with the contact that it is of: most were resolved on the same day."""
    known = {one.id: one for one in ended}
    others = {one.contact for one in scores} - known.keys()
    known |= {one.id: one for one in books.contacts.many(sorted(others))}
    return [(known.get(one.contact), one.score) for one in scores]


def _keep(books: Books, day: Day, *, busy: bool) -> None:
    settled = is_settled(day.date, day.as_of)
    if not (settled or busy):
        return
    try:
        books.commit(books.days.save(day, settled=settled))
    except Settled:
        return
