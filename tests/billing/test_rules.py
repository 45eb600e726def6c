from dataclasses import replace
from typing import Any

import pytest

from chalicelib.billing.model import Break, Cause, Episodes, Rule
from chalicelib.billing.rules import (
    contact_breaks,
    episodes,
    identifier,
    in_flight,
    stripe_breaks,
    window_breaks,
)
from chalicelib.contacts.model import Action, Author, Event, Message, Status, Story
from chalicelib.metering.model import FIRST_EPISODE, Episode, Meter, UsageEntry, Window
from chalicelib.metering.rules import Evidence, handled
from tests.samples import NOON, PRICE, a_contact, an_event, said

HOUR = "2026-11-21T03"


def booked(episode: int = 1, delta: int = 1) -> UsageEntry:
    evidence = Evidence("danbi", "c1", "m1", "agent:mina", "chat", NOON)
    _, entry = handled(FIRST_EPISODE, evidence, PRICE)
    assert entry is not None
    return replace(entry, episode=episode, delta=delta)


def window(total: int, hour: str = HOUR, *, rev: int = 1, sent_rev: int = 1, **changes: Any) -> Window:
    return Window("danbi", Meter.HUMAN, hour, total, rev, sent_rev=sent_rev, **changes)


def spoken(episode: int, author: Author = Author.AGENT) -> Message:
    return replace(said(f"m{episode}", author), episode=episode)


def absorbing(episode: int, detail: str) -> Event:
    return replace(an_event(Action.ABSORB), episode=episode, detail=detail)


@pytest.mark.parametrize(
    ("status", "messages", "events", "answered", "void"),
    [
        (Status.CLAIMED, [], [], set(), 0),
        (Status.CLAIMED, [spoken(1, Author.CUSTOMER), spoken(1, Author.NOTE)], [], set(), 0),
        (Status.CLAIMED, [spoken(1), spoken(1), spoken(2)], [], {1, 2}, 0),
        (Status.RESOLVED, [spoken(1)], [], {1}, 0),
        (Status.SPAM, [spoken(1), spoken(2)], [], {1, 2}, 2),
        (Status.MERGED, [spoken(2)], [], {2}, 2),
        (Status.WAITING, [], [absorbing(2, "answered c9")], {2}, 0),
        (Status.WAITING, [], [absorbing(2, "plain c9")], set(), 0),
        (Status.WAITING, [], [replace(absorbing(2, "answered c9"), action=Action.MERGE)], set(), 0),
    ],
)
def test_what_was_answered_is_read_from_the_story_alone(
    status: Status, messages: list[Message], events: list[Event], answered: set[int], void: int
) -> None:
    contact = a_contact(status=status, episode=Episode(number=2))
    found = episodes(Story(contact, tuple(messages), tuple(events)))
    assert found == Episodes("c1", frozenset(answered), void)


@pytest.mark.parametrize(
    ("answered", "void", "entries", "breaks"),
    [
        (set(), 0, [], []),
        ({1}, 0, [booked(1)], []),
        ({1, 2}, 0, [booked(1), booked(2)], []),
        ({1}, 1, [booked(1), booked(1, -1)], []),
        ({1}, 0, [booked(1), booked(1, -1), booked(1)], []),
        ({1}, 0, [], [("c1/1", 1, 0, Cause.MISSED)]),
        ({1, 2}, 0, [booked(1)], [("c1/2", 1, 0, Cause.MISSED)]),
        ({1}, 0, [booked(1), booked(1, -1)], [("c1/1", 1, 0, Cause.MISSED)]),
        ({1}, 0, [booked(1), booked(1)], [("c1/1", 1, 2, Cause.DOUBLED)]),
        ({1}, 1, [booked(1)], [("c1/1", 0, 1, Cause.DOUBLED)]),
        (set(), 0, [booked(3)], [("c1/3", 0, 1, Cause.DOUBLED)]),
        (set(), 0, [booked(1, -1)], [("c1/1", 0, -1, Cause.MISSED)]),
    ],
)
def test_contacts_against_ledger(
    answered: set[int], void: int, entries: list[UsageEntry], breaks: list[tuple[str, int, int, Cause]]
) -> None:
    found = contact_breaks("danbi", Episodes("c1", frozenset(answered), void), entries)
    assert found == [Break(Rule.CONTACT_LEDGER, "danbi", *expected) for expected in breaks]


@pytest.mark.parametrize(
    ("entries", "windows", "breaks"),
    [
        ([], [], []),
        ([], [window(0)], []),
        ([booked(), booked(2)], [window(2)], []),
        ([booked(), booked(1, -1)], [window(0)], []),
        ([booked(), booked(1, -1)], [], []),
        ([booked()], [], [(HOUR, 1, 0)]),
        ([], [window(1)], [(HOUR, 0, 1)]),
        ([booked()], [window(2), window(1, "2026-11-21T04")], [(HOUR, 1, 2), ("2026-11-21T04", 0, 1)]),
    ],
)
def test_ledger_against_windows(
    entries: list[UsageEntry], windows: list[Window], breaks: list[tuple[str, int, int]]
) -> None:
    found = window_breaks("danbi", entries, windows)
    assert found == [Break(Rule.LEDGER_WINDOW, "danbi", *expected, Cause.SUM_WRONG) for expected in breaks]


@pytest.mark.parametrize(
    ("windows", "stripe", "breaks"),
    [
        ([], {}, []),
        ([window(2)], {HOUR: 2}, []),
        ([window(0)], {}, []),
        ([window(0, sent_rev=0)], {}, []),
        ([window(2, dirty_since=NOON)], {HOUR: 2}, []),
        ([window(2, dirty_since=NOON)], {HOUR: 1}, [(HOUR, 2, 1, Cause.IN_FLIGHT)]),
        ([window(2, dirty_since=NOON, sent_rev=0)], {}, [(HOUR, 2, 0, Cause.IN_FLIGHT)]),
        ([window(2, sent_rev=0)], {}, [(HOUR, 2, 0, Cause.NOT_SENT)]),
        ([window(2)], {HOUR: 1}, [(HOUR, 2, 1, Cause.STALE_OVERWRITE)]),
        ([window(0)], {HOUR: 1}, [(HOUR, 0, 1, Cause.STALE_OVERWRITE)]),
        ([], {HOUR: 1}, [(HOUR, 0, 1, Cause.UNKNOWN_USAGE)]),
    ],
)
def test_windows_against_stripe(
    windows: list[Window], stripe: dict[str, int], breaks: list[tuple[str, int, int, Cause]]
) -> None:
    found = stripe_breaks("danbi", windows, stripe)
    assert found == [Break(Rule.WINDOW_STRIPE, "danbi", *expected) for expected in breaks]


@pytest.mark.parametrize(
    ("before", "after", "moved"),
    [
        ([window(1)], [window(1)], False),
        ([window(1)], [window(2, rev=2)], True),
        ([window(1)], [window(1, sent_rev=2)], True),
        ([], [window(1)], True),
        ([window(1)], [window(1), window(1, "2026-11-21T04")], False),
    ],
)
def test_what_moves_while_it_is_compared_is_in_flight(
    before: list[Window], after: list[Window], moved: bool
) -> None:
    found = Break(Rule.WINDOW_STRIPE, "danbi", HOUR, 1, 2, Cause.STALE_OVERWRITE)
    cause = Cause.IN_FLIGHT if moved else Cause.STALE_OVERWRITE
    assert in_flight([found], before, after) == [replace(found, cause=cause)]


def test_a_revision_has_one_name_and_every_change_a_new_one() -> None:
    name = identifier("live", window(1, rev=7, gen=2))
    assert name == f"live:danbi:human:{HOUR}:r7:g2"
    assert len(identifier("local", replace(window(1, rev=10**9, gen=10**6), tenant="a" * 32))) <= 100
    others = [window(1, rev=8, gen=2), window(1, rev=7, gen=3), window(1, "2026-11-21T04", rev=7, gen=2)]
    assert len({name, *(identifier("live", other) for other in others)}) == 4
    assert identifier("live", window(9, rev=7, gen=2, attempt=5)) == name
