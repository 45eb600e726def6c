"""Contacts that are put off: bounds, what becomes of them, and that a text is sent once or not at all."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.contacts import aside, later, service
from chalicelib.contacts.aside import Pause
from chalicelib.contacts.kinds import TO_SEND, LaterKind
from chalicelib.contacts.model import STORY_LIMIT, Action, Author, Contact, Message, Status
from chalicelib.contacts.rows import PUT_OFF, contact_row
from chalicelib.kernel.clock import DAY, HOUR, MINUTE, Millis
from chalicelib.kernel.errors import BadInput, Conflict, NotFound
from chalicelib.routing.model import Band
from tests.contacts.test_service import World, refused
from tests.samples import NOON, PRICE, a_contact, an_agent, an_event, said

UNTIL = NOON + HOUR
HELD = a_contact(status=Status.CLAIMED, agent="mina", claimed_at=NOON)
OFF = a_contact(status=Status.LATER, later_until=UNTIL, later_kind=LaterKind.SEND, later_text="n1")


def text(name: str = "n1", words: str = "재입고되었어요.") -> Message:
    return replace(said(name, Author.AGENT, "mina"), text=words)


def put_off(world: World, kind: LaterKind = LaterKind.SEND, **changes: Any) -> Contact:
    world.claim()
    pause = replace(Pause(UNTIL, kind, text() if kind is LaterKind.SEND else None), **changes)
    return aside.put_off(world.desk, "c1", pause, an_event(Action.LATER))


def sent(world: World) -> list[Message]:
    return [one for key, one in world.contacts.messages.items() if key[0] == "c1" and one.author is Author.AGENT]


@given(st.integers(-DAY, 40 * DAY))
def test_one_minute_to_thirty_days_ahead(ahead: Millis) -> None:
    event = an_event(Action.LATER)
    if MINUTE <= ahead <= 30 * DAY:
        after = later.put_off(HELD, NOON + ahead, LaterKind.SNOOZE, event, None).after
        assert (after.status, after.later_until, after.agent) == (Status.LATER, NOON + ahead, "")
        return
    with pytest.raises(BadInput, match="invalid_until"):
        later.put_off(HELD, NOON + ahead, LaterKind.SNOOZE, event, None)


@given(st.integers(NOON, NOON + 40 * DAY), st.sampled_from(LaterKind))
def test_what_is_put_off_is_in_the_index_by_its_time(until: Millis, kind: LaterKind) -> None:
    row = contact_row(replace(OFF, later_until=until, later_kind=kind))
    assert (row.work_pk, row.work_sk) == (PUT_OFF, f"{until:015d}#danbi#c1")
    assert str(row.work_sk) <= f"{until:015d}~"


def test_only_the_holder_puts_off() -> None:
    event = an_event(Action.LATER, "agent:jina")
    refused("not_yours", lambda: later.put_off(HELD, UNTIL, LaterKind.SNOOZE, event, None))


def test_putting_off_frees_the_agent_and_keeps_the_text_from_the_customer() -> None:
    world = World()
    contact = put_off(world)
    assert (contact.preferred, world.agents.rows["mina"].holding) == ("mina", frozenset())
    note = world.contacts.messages["c1", True, "n1"]
    assert (note.author, note.effect, note.text) == (Author.NOTE, TO_SEND, "재입고되었어요.")
    assert (sent(world), world.net) == ([], 0)


@pytest.mark.parametrize(
    ("end", "code"),
    [
        (lambda: later.due(OFF, an_event(Action.DUE, at=UNTIL - 1)), "not_due"),
        (lambda: later.send(OFF, text(), PRICE, UNTIL - 1), "not_due"),
        (lambda: later.wake(OFF, an_agent(load=5), an_event(Action.WAKE)), "capacity_exceeded"),
    ],
)
def test_what_is_not_due_or_does_not_fit_stays(end: Callable[[], object], code: str) -> None:
    refused(code, end)
    assert later.due(OFF, an_event(Action.DUE, at=UNTIL)).after.status is Status.WAITING
    assert later.send(OFF, text(), PRICE, UNTIL).after.status is Status.RESOLVED
    assert later.wake(OFF, an_agent(load=4), an_event(Action.WAKE)).after.agent == "mina"
    with pytest.raises(NotFound):
        later.wake(OFF, an_agent(pool="other"), an_event(Action.WAKE))


@pytest.mark.parametrize("kind", [LaterKind.CALLBACK, LaterKind.SNOOZE])
def test_at_its_time_it_is_at_the_front_for_its_agent(kind: LaterKind) -> None:
    world = World()
    put_off(world, kind)
    contact = aside.end_pause(world.desk, "c1", UNTIL)
    assert (contact.status, contact.band, contact.preferred) == (Status.WAITING, Band.FRONT, "mina")
    assert (sent(world), world.net) == ([], 0)


def test_at_its_time_the_text_is_sent_billed_and_resolved_in_one_transaction() -> None:
    world = World()
    put_off(world)
    contact = aside.end_pause(world.desk, "c1", UNTIL)
    assert (contact.status, contact.resolved_at, contact.first_reply_at) == (Status.RESOLVED, UNTIL, UNTIL)
    [answer] = sent(world)
    assert (answer.text, answer.name, answer.at, answer.effect) == ("재입고되었어요.", "mina", UNTIL, "billable")
    assert [entry.evidence for entry in world.ledger.rows.values()] == [answer.id]


def test_what_was_promised_is_sent_from_a_full_contact_and_counted_once() -> None:
    world = World()
    put_off(world)
    world.contacts.rows["c1"] = replace(world.contact, size=STORY_LIMIT)
    contact = aside.end_pause(world.desk, "c1", UNTIL)
    assert (contact.status, contact.size, len(sent(world))) == (Status.RESOLVED, STORY_LIMIT, 1)


def test_a_second_sweeper_sends_nothing() -> None:
    world = World()
    put_off(world)
    aside.end_pause(world.desk, "c1", UNTIL)
    refused("wrong_state", lambda: aside.end_pause(world.desk, "c1", UNTIL))
    assert (len(sent(world)), world.net) == (1, 1)


def test_two_sweepers_at_once_send_once() -> None:
    world = World()
    put_off(world)

    def rival() -> None:
        world.before_commit = lambda: None
        aside.end_pause(world.desk, "c1", UNTIL)

    world.before_commit = rival
    refused("wrong_state", lambda: aside.end_pause(world.desk, "c1", UNTIL))
    assert (len(sent(world)), world.net) == (1, 1)


def test_a_sweeper_that_dies_leaves_all_for_the_next_one() -> None:
    world = World()
    put_off(world)
    before = world.contact

    def die() -> None:
        raise RuntimeError("the function was ended")

    world.before_commit = die
    with pytest.raises(RuntimeError):
        aside.end_pause(world.desk, "c1", UNTIL)
    assert (world.contact, sent(world), world.net) == (before, [], 0)
    world.before_commit = lambda: None
    assert aside.end_pause(world.desk, "c1", UNTIL).status is Status.RESOLVED
    assert len(sent(world)) == 1


def test_a_customer_who_writes_just_before_it_is_sent_is_answered_by_a_person() -> None:
    world = World()
    put_off(world)

    def write() -> None:
        world.before_commit = lambda: None
        service.add_message(world.desk, "c1", said("m1", at=UNTIL))

    world.before_commit = write
    refused("wrong_state", lambda: aside.end_pause(world.desk, "c1", UNTIL))
    assert (world.contact.status, world.contact.band, sent(world)) == (Status.WAITING, Band.FRONT, [])
    assert (world.contact.later_until, world.contact.later_text, world.contact.preferred) == (0, "", "mina")
    [woken] = [event for event in world.contacts.events.values() if event.action is Action.WAKE]
    assert (woken.actor, woken.detail) == ("customer", "not sent: the customer wrote since")
    assert world.contacts.messages["c1", True, "n1"].text == "재입고되었어요."


def test_a_repeat_of_the_message_that_woke_it_is_said_once() -> None:
    world = World()
    put_off(world, LaterKind.SNOOZE)
    first = service.add_message(world.desk, "c1", said("m1"))
    version = world.contact.version
    assert service.add_message(world.desk, "c1", said("m1")) == first
    assert world.contact.version == version


def test_what_was_put_off_anew_is_not_ended_at_its_old_time() -> None:
    world = World()
    put_off(world, LaterKind.SNOOZE)
    aside.wake(world.desk, "c1", an_event(Action.WAKE))
    pause = Pause(UNTIL + HOUR, LaterKind.SNOOZE)
    aside.put_off(world.desk, "c1", pause, an_event(Action.LATER, at=NOON))
    refused("not_due", lambda: aside.end_pause(world.desk, "c1", UNTIL))
    assert world.contact.status is Status.LATER


def test_a_text_whose_customer_was_erased_is_not_sent() -> None:
    world = World()
    put_off(world)
    world.contacts.rows["c1"] = replace(world.contact, customer="")
    assert aside.end_pause(world.desk, "c1", UNTIL).status is Status.WAITING
    assert sent(world) == []


def test_what_a_legal_hold_keeps_of_who_was_erased_is_not_sent() -> None:
    world = World()
    put_off(world)
    desk = replace(world.desk, erased=lambda _: True)
    assert aside.end_pause(desk, "c1", UNTIL).status is Status.WAITING
    assert sent(world) == []
    world.claim()
    pause = Pause(UNTIL, LaterKind.SEND, text("n2"))
    refused("customer_erased", lambda: aside.put_off(desk, "c1", pause, an_event(Action.LATER)))


def test_nothing_is_promised_to_who_was_erased() -> None:
    world = World()
    world.contacts.rows["c1"] = replace(world.contact, customer="")
    refused("customer_erased", lambda: put_off(world))
    pause = Pause(UNTIL, LaterKind.SNOOZE)
    assert aside.put_off(world.desk, "c1", pause, an_event(Action.LATER)).status is Status.LATER


def test_the_guard_sees_the_text_before_it_is_kept() -> None:
    world = World()
    seen: list[object] = []

    def guard(contact: Contact, words: str, answer: str | None, sure: bool) -> None:
        seen.append((contact.id, words, answer, sure))
        if not sure:
            raise Conflict("forbidden_word", "not so")

    world.claim()
    desk = replace(world.desk, guard=guard)
    pause = Pause(UNTIL, LaterKind.SEND, text(), "a1")
    refused("forbidden_word", lambda: aside.put_off(desk, "c1", pause, an_event(Action.LATER)))
    assert world.contact.status is Status.CLAIMED
    aside.put_off(desk, "c1", replace(pause, sure=True), an_event(Action.LATER))
    assert seen == [("c1", "재입고되었어요.", "a1", False), ("c1", "재입고되었어요.", "a1", True)]


def test_merging_into_what_is_put_off_wakes_it() -> None:
    world = World()
    put_off(world)
    service.merge(world.desk, "c2", "c1", an_event(Action.MERGE))
    assert (world.contact.status, world.contact.band) == (Status.WAITING, Band.FRONT)
