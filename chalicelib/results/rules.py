"""Count contacts by day, and tell what the counts mean: pure functions of contacts and ratings."""

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import TypeVar

from chalicelib.contacts.model import Action, Contact, Story
from chalicelib.kernel.clock import KST, SECOND, Millis
from chalicelib.kernel.errors import BadInput
from chalicelib.metering.model import FIRST_EPISODE
from chalicelib.results.model import SATISFIED, SETTLED_DAYS, SPAN_DAYS, Cell, Histogram, Parts, Tally

# The ends of the spans of seconds in which times are counted; what is longer is in a last one of its own.
EDGES = (
    *(5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 300, 420, 600, 900, 1_200, 1_800, 2_700, 3_600),
    *(7_200, 14_400, 28_800, 57_600, 86_400),
)
UNKNOWN = "unknown"
"""Stands for the intent of a contact that has none."""
_USUAL_DAYS = 30
K = TypeVar("K")
Scores = Iterable[tuple[Contact | None, int]]
Spent = Callable[[Millis, Millis], Millis]
"""How long the shop was open from one time to another."""


def span(first: str, last: str, now: Millis) -> list[str]:
    """Return the days from `first` to `last`; by default the thirty days until today.

    Raises BadInput `invalid_date` for what is no day, and `invalid_span` for days in the wrong order, to come, or
    more than 92.
    """
    today = day_of(now)
    end = _date(last) if last else today
    begin = _date(first) if first else end - timedelta(days=_USUAL_DAYS - 1)
    if not begin <= end <= today or (end - begin).days >= SPAN_DAYS:
        raise BadInput("invalid_span", f"ask for {SPAN_DAYS} days at most, in order, until today at the latest")
    return [(begin + timedelta(days=ahead)).isoformat() for ahead in range((end - begin).days + 1)]


def day_of(at: Millis) -> date:
    """Return the day of Asia/Seoul that holds `at`."""
    return datetime.fromtimestamp(at / SECOND, KST).date()


def bounds(day: str) -> tuple[Millis, Millis]:
    """Return the first millisecond of the day and of the one after it."""
    midnight = datetime.combine(date.fromisoformat(day), datetime.min.time(), KST)
    return _millis(midnight), _millis(midnight + timedelta(days=1))


def is_settled(day: str, now: Millis) -> bool:
    """Return whether nothing that still happens changes the day."""
    return (day_of(now) - date.fromisoformat(day)).days >= SETTLED_DAYS


def may_have_returned(contact: Contact) -> bool:
    """Return whether it takes the contact's story to tell if it came back within its episode.

    Who comes back gets another rank, later than the first claim; a first rank may be so late too.
    """
    after = contact.taken_at or contact.first_reply_at or contact.opened_at
    return not contact.kept_at and contact.rank > after


def has_returned(story: Story) -> bool:
    """Return whether the contact came back within its episode; an episode after the first begins with a return."""
    episode = story.contact.episode.number
    said = sum(one.effect == "reopened" and one.episode == episode for one in story.messages)
    done = sum(one.action is Action.REOPEN and one.episode == episode for one in story.events)
    return said + done > (episode != FIRST_EPISODE.number)


def counted(ended: Iterable[Contact], back: Collection[str], scores: Scores, spent: Spent) -> Parts:
    """Return what the contacts `ended` on a day count for, and its ratings with the contacts that they are of.

    `back` are the ids of those that had come back. The shop's own trials count for nobody. A contact that is gone
    has still been rated.
    """
    pieces = [(contact, _tally(contact, contact.id in back, spent)) for contact in ended if not contact.test]
    rated = [(contact, Tally(ratings=1, satisfied=int(score >= SATISFIED))) for contact, score in scores]
    known = [*pieces, *((contact, tally) for contact, tally in rated if contact is not None)]
    return Parts(
        merged([*(tally for _, tally in pieces), *(tally for _, tally in rated)]),
        _apart(known, lambda one: datetime.fromtimestamp(one.opened_at / SECOND, KST).hour),
        _apart(known, lambda one: str(one.channel)),
        _apart(known, lambda one: one.intent or UNKNOWN),
    )


def merged(tallies: Iterable[Tally]) -> Tally:
    """Return the sum of tallies."""
    total, replies, waits = Counter[str](), Counter[int](), Counter[int]()
    for one in tallies:
        total.update(contacts=one.contacts, desks=one.desks, returned=one.returned)
        total.update(ratings=one.ratings, satisfied=one.satisfied)
        replies.update(one.replies)
        waits.update(one.waits)
    return Tally(**total, replies=dict(replies), waits=dict(waits))


def quantile(times: Histogram, share: Fraction) -> int | None:
    """Return the seconds that `share` of the times do not exceed, as far as the spans tell; None of nothing.

    Within a span times are thought to lie evenly.
    """
    wanted, before = share * sum(times.values()), 0
    for place in sorted(times):
        count = times[place]
        if before + count >= wanted:
            low, high = EDGES[place - 1] if place else 0, EDGES[min(place, len(EDGES) - 1)]
            return math.ceil(low + (high - low) * Fraction(wanted - before, count))
        before += count
    return None


def percent(count: int, total: int) -> float | None:
    """Return a share in percent with one decimal; None of nothing."""
    return round(100 * count / total, 1) if total else None


def cell(key: str, tally: Tally) -> Cell:
    """Return what is told of the contacts in a tally."""
    return Cell(
        key=key,
        contacts=tally.contacts,
        first_reply_seconds_median=quantile(tally.replies, Fraction(1, 2)),
        first_reply_seconds_p90=quantile(tally.replies, Fraction(9, 10)),
        wait_seconds_median=quantile(tally.waits, Fraction(1, 2)),
        resolved_percent=percent(tally.desks - tally.returned, tally.desks),
        satisfied_percent=percent(tally.satisfied, tally.ratings),
        ratings=tally.ratings,
    )


def by_name(parts: Sequence[Mapping[str, Tally]]) -> list[Cell]:
    """Return the cells of many days' parts, the most contacts first."""
    cells = [cell(name, merged(part[name] for part in parts if name in part)) for name in set().union(*parts)]
    return sorted(cells, key=lambda one: (-one.contacts, one.key))


def by_hour(parts: Sequence[Mapping[int, Tally]]) -> list[Cell]:
    """Return the cells of all hours of the day, each with the contacts that were opened in it."""
    return [cell(f"{hour:02d}", merged(part[hour] for part in parts if hour in part)) for hour in range(24)]


def _tally(contact: Contact, returned: bool, spent: Spent) -> Tally:
    """Return what one contact counts for; seconds are known of a first episode that the desk answered alone."""
    first = contact.episode.number == FIRST_EPISODE.number and not contact.kept_at
    replied, taken = (contact.first_reply_at, contact.taken_at) if first else (0, 0)
    return Tally(
        contacts=1,
        desks=int(not contact.kept_at),
        returned=int(returned),
        replies={_place(spent(contact.opened_at, replied)): 1} if replied else {},
        waits={_place(spent(contact.opened_at, taken)): 1} if taken else {},
    )


def _place(spent: Millis) -> int:
    return bisect_left(EDGES, Fraction(spent, SECOND))


def _apart(pieces: Sequence[tuple[Contact, Tally]], key: Callable[[Contact], K]) -> dict[K, Tally]:
    groups: dict[K, list[Tally]] = {}
    for contact, tally in pieces:
        groups.setdefault(key(contact), []).append(tally)
    return {name: merged(group) for name, group in groups.items()}


def _date(text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise BadInput("invalid_date", "a day is yyyy-mm-dd") from None
    if found.isoformat() != text:
        raise BadInput("invalid_date", "a day is yyyy-mm-dd")
    return found


def _millis(at: datetime) -> Millis:
    return int(at.timestamp()) * SECOND
