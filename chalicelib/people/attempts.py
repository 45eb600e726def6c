"""Tries at a secret: each is counted before it is made, and taken back or forgotten when it was right."""

from collections.abc import Callable

from chalicelib.kernel.clock import Millis
from chalicelib.kernel.errors import TooMany
from chalicelib.people.model import TriesChanged
from chalicelib.people.ports import Door, TryStore
from chalicelib.people.rules import book

_ROUNDS = 5
Rule = Callable[[tuple[Millis, ...], Millis], tuple[Millis, ...]]
Booked = tuple[TryStore, tuple[Millis, ...], tuple[Millis, ...]]


def try_once(door: Door, purpose: str, whose: str, now: Millis, *, booked: Rule = book) -> Booked:
    """Book a try before it is made, so that no number of tries at once gets past the limit; raise TooMany.

    `whose` is a mail address, or whatever else tries are counted by.
    """
    store = door.tries(purpose, whose)
    for _ in range(_ROUNDS):
        before = store.read()
        after = booked(before, now)
        try:
            _save(door, store, before, after)
        except TriesChanged:
            continue
        return store, before, after
    raise TooMany("locked_out", "too many tries at once", retry_after=1)


def forgive(door: Door, booked: Booked) -> None:
    """Take a try back that was right and not enough."""
    store, before, after = booked
    _settle(door, store, before=after, after=before)


def clear(door: Door, booked: Booked) -> None:
    """Forget the tries after a success."""
    store, _, after = booked
    _settle(door, store, before=after, after=())


def _settle(door: Door, store: TryStore, *, before: tuple[Millis, ...], after: tuple[Millis, ...]) -> None:
    try:
        _save(door, store, before, after)
    except TriesChanged:
        # Others try at the same time: their tries stay counted, and so does this one.
        return


def _save(door: Door, store: TryStore, before: tuple[Millis, ...], after: tuple[Millis, ...]) -> None:
    with door.acting("", "", ""):
        door.commit(store.save(before, after))
