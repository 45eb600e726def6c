from dataclasses import replace
from typing import Any

import pytest

from chalicelib.billing.rules import identifier
from chalicelib.closing.model import Break, Cause, Episodes, Rule
from chalicelib.closing.rules import (
    SETTLING,
    Hour,
    contact_breaks,
    episodes,
    in_flight,
    lasting,
    repairable,
    stripe_breaks,
    window_breaks,
)
from chalicelib.contacts.model import Action, Author, Event, Message, Status, Story
from chalicelib.kernel.clock import HOUR as HOUR_MS
from chalicelib.metering.model import FIRST_EPISODE, Episode, Meter, Price, UsageEntry, Window
from chalicelib.metering.rules import Evidence, handled
from tests.samples import NOON, PRICE, a_contact, an_event, said

HOUR, NEXT = "2026-11-21T03", "2026-11-21T04"
AT, MONTH = (Meter.HUMAN, HOUR), "2026-11"
ITEM = f"human/{HOUR}"


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
    assert found == Episodes("c1", frozenset(answered), void, current=2, since=dict.fromkeys(answered, NOON))


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
    since = dict.fromkeys(answered, NOON)
    found = contact_breaks("danbi", Episodes("c1", frozenset(answered), void, since=since), entries)
    assert found == [Break(Rule.CONTACT_LEDGER, "danbi", *expected, MONTH) for expected in breaks]


@pytest.mark.parametrize(
    ("entries", "windows", "breaks"),
    [
        ([], [], []),
        ([], [window(0)], []),
        ([booked(), booked(2)], [window(2)], []),
        ([booked(), booked(1, -1)], [window(0)], []),
        ([booked(), booked(1, -1)], [], []),
        ([booked()], [], [(ITEM, 1, 0)]),
        ([], [window(1)], [(ITEM, 0, 1)]),
        ([booked()], [window(2), window(1, NEXT)], [(ITEM, 1, 2), (f"human/{NEXT}", 0, 1)]),
        ([replace(booked(), meter=Meter.BOT)], [window(1)], [(f"bot/{HOUR}", 1, 0), (ITEM, 0, 1)]),
        ([replace(booked(), meter=Meter.BOT)], [replace(window(1), meter=Meter.BOT)], []),
        ([replace(booked(), origin="2026-10")], [], []),
    ],
)
def test_ledger_against_windows(
    entries: list[UsageEntry], windows: list[Window], breaks: list[tuple[str, int, int]]
) -> None:
    found = window_breaks("danbi", entries, windows)
    assert found == [Break(Rule.LEDGER_WINDOW, "danbi", *expected, Cause.SUM_WRONG, MONTH) for expected in breaks]


@pytest.mark.parametrize(
    ("windows", "stripe", "breaks"),
    [
        ([], {}, []),
        ([window(2)], {AT: 2}, []),
        ([window(0)], {}, []),
        ([window(0, sent_rev=0)], {}, []),
        ([window(2, dirty_since=NOON)], {AT: 2}, []),
        ([window(2, dirty_since=NOON)], {AT: 1}, [(ITEM, 2, 1, Cause.IN_FLIGHT)]),
        ([window(2, dirty_since=NOON, sent_rev=0)], {}, [(ITEM, 2, 0, Cause.IN_FLIGHT)]),
        ([window(2, sent_rev=0)], {}, [(ITEM, 2, 0, Cause.NOT_SENT)]),
        ([window(2)], {AT: 1}, [(ITEM, 2, 1, Cause.STALE_OVERWRITE)]),
        ([window(0)], {AT: 1}, [(ITEM, 0, 1, Cause.STALE_OVERWRITE)]),
        ([], {AT: 1}, [(ITEM, 0, 1, Cause.UNKNOWN_USAGE)]),
        ([window(1)], {(Meter.BOT, HOUR): 1, AT: 1}, [(f"bot/{HOUR}", 0, 1, Cause.UNKNOWN_USAGE)]),
    ],
)
def test_windows_against_stripe(
    windows: list[Window], stripe: dict[Hour, int], breaks: list[tuple[str, int, int, Cause]]
) -> None:
    found = stripe_breaks("danbi", windows, stripe, NOON)
    assert found == [Break(Rule.WINDOW_STRIPE, "danbi", *expected, MONTH) for expected in breaks]


@pytest.mark.parametrize(
    ("before", "after", "moved"),
    [
        ([window(1)], [window(1)], False),
        ([window(1)], [window(2, rev=2)], True),
        ([window(1)], [window(1, sent_rev=2)], True),
        ([], [window(1)], True),
        ([window(1)], [window(1), window(1, NEXT)], False),
        ([window(1)], [window(1), replace(window(1), meter=Meter.BOT)], False),
    ],
)
def test_what_moves_while_it_is_compared_is_in_flight(
    before: list[Window], after: list[Window], moved: bool
) -> None:
    found = Break(Rule.WINDOW_STRIPE, "danbi", ITEM, 1, 2, Cause.STALE_OVERWRITE)
    cause = Cause.IN_FLIGHT if moved else Cause.STALE_OVERWRITE
    assert in_flight([found], before, after) == [replace(found, cause=cause)]


def test_a_revision_has_one_name_and_every_change_a_new_one() -> None:
    name = identifier("live", window(1, rev=7, gen=2))
    assert name == f"live:danbi:human:{HOUR}:r7:g2"
    assert len(identifier("local", replace(window(1, rev=10**9, gen=10**6), tenant="a" * 32))) <= 100
    others = [window(1, rev=8, gen=2), window(1, rev=7, gen=3), window(1, "2026-11-21T04", rev=7, gen=2)]
    assert len({name, *(identifier("live", other) for other in others)}) == 4
    assert identifier("live", window(9, rev=7, gen=2, attempt=5)) == name


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({}, Cause.STALE_OVERWRITE),
        ({"sent_at": NOON - SETTLING + 1}, Cause.IN_FLIGHT),
        ({"sent_at": NOON - SETTLING}, Cause.STALE_OVERWRITE),
        ({"dirty_since": NOON - HOUR_MS}, Cause.IN_FLIGHT),
        ({"dirty_since": NOON - HOUR_MS, "refused": "archived_meter"}, Cause.REFUSED),
    ],
)
def test_what_stripe_has_only_just_acknowledged_is_in_flight(changes: dict[str, Any], cause: Cause) -> None:
    [found] = stripe_breaks("danbi", [window(2, **changes)], {AT: 1}, NOON)
    assert found.cause is cause


def test_an_hour_whose_own_total_is_in_doubt_is_never_sent_again() -> None:
    wrong = window_breaks("danbi", [booked()], [window(7)]) + stripe_breaks("danbi", [window(7)], {AT: 1}, NOON)
    assert {one.rule for one in wrong} == {Rule.LEDGER_WINDOW, Rule.WINDOW_STRIPE}
    assert repairable(wrong) == []
    stale = stripe_breaks("danbi", [window(7)], {AT: 1}, NOON)
    assert repairable(stale) == [AT]


@pytest.mark.parametrize(
    ("cause", "dirty_since", "kept"),
    [
        (Cause.IN_FLIGHT, NOON - HOUR_MS + 1, False),
        (Cause.IN_FLIGHT, NOON - HOUR_MS, True),
        (Cause.IN_FLIGHT, None, False),
        (Cause.STALE_OVERWRITE, None, True),
        (Cause.STALE_OVERWRITE, NOON, True),
    ],
)
def test_what_is_in_flight_is_no_record_until_it_has_lasted_an_hour(
    cause: Cause, dirty_since: int | None, kept: bool
) -> None:
    found = Break(Rule.WINDOW_STRIPE, "danbi", ITEM, 1, 2, cause, MONTH)
    assert lasting([found], [window(1, dirty_since=dirty_since)], NOON) == [found] * kept


@pytest.mark.parametrize(
    ("current", "price", "entries", "differing"),
    [
        (1, PRICE, [booked(1)], []),
        (1, PRICE, [replace(booked(1), price=Price(9, "flat/900"))], [(PRICE.won, 9)]),
        (2, PRICE, [booked(1), replace(booked(1, -1), price=Price(9, PRICE.version))], [(PRICE.won, 9)]),
        (2, None, [replace(booked(1), price=Price(9, "flat/9"))], []),
    ],
)
def test_an_entry_at_another_price_than_its_episode_is_named(
    current: int, price: Price | None, entries: list[UsageEntry], differing: list[tuple[int, int]]
) -> None:
    answered = frozenset({1}) if sum(entry.delta for entry in entries) else frozenset()
    found = contact_breaks("danbi", Episodes("c1", answered, 0, current, price), entries)
    assert [(one.left, one.right) for one in found] == differing
    assert all(one.cause is Cause.PRICE_DIFFERS for one in found)
