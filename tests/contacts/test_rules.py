from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from chalicelib.agents.model import Agent, Break, BreakKind
from chalicelib.contacts import hands, kept, later, leading, moves, rules
from chalicelib.contacts.kinds import FOR_SHOP, LaterKind
from chalicelib.contacts.model import STORY_LIMIT, Action, Author, Change, Contact, Status
from chalicelib.contacts.transitions import TRANSITIONS, allow
from chalicelib.intents.model import Intent
from chalicelib.kernel.clock import HOUR
from chalicelib.kernel.errors import Conflict, NotFound
from chalicelib.metering.model import Episode, Reason
from chalicelib.metering.rules import SAME_EPISODE
from chalicelib.routing.model import Arrival, Band
from chalicelib.tenants.model import Channel
from tests.samples import NOON, PRICE, a_contact, an_agent, an_event, said

W, H, K, C, L, R, S, M = Status
LATER = NOON + HOUR
ARRIVAL = Arrival("main", LATER)
BILLED = Episode(1, 1, 1, PRICE, NOON)


def allowed(action: Action, decide: Callable[[Contact], Change]) -> Callable[[Contact], Change]:
    """What is decided of a contact where the table allows it."""

    def decided(contact: Contact) -> Change:
        allow(contact, action)
        return decide(contact)

    return decided


# Every action as its route calls it, with the holder or the shop acting.
ACTIONS: dict[Action, Callable[[Contact], Change]] = {
    Action.MESSAGE: lambda contact: rules.message(contact, said(at=LATER), ARRIVAL),
    Action.ADMIT: lambda contact: rules.admit(contact, "main", LATER, LATER),
    Action.CLAIM: lambda contact: rules.claim(contact, an_agent("jina"), LATER),
    Action.REPLY: lambda contact: rules.reply(contact, said("r1", Author.AGENT, "mina", LATER), PRICE),
    Action.NOTE: lambda contact: rules.note(contact, said("n1", Author.NOTE, "jina", LATER)),
    Action.RESOLVE: lambda contact: rules.resolve(contact, "mina", LATER),
    Action.REOPEN: lambda contact: rules.reopen(contact, ARRIVAL, an_event(Action.REOPEN, "shop:danbi", LATER)),
    Action.TRANSFER: lambda contact: rules.transfer(
        contact, an_agent("jina", alive_until=LATER + 1), an_event(Action.TRANSFER, at=LATER)
    ),
    Action.RELEASE: lambda contact: rules.release(contact, an_event(Action.RELEASE, at=LATER)),
    Action.LAPSE: lambda contact: rules.lapse(contact, "mina", an_event(Action.LAPSE, "sweeper", LATER)),
    Action.SPAM: lambda contact: rules.spam(contact, an_event(Action.SPAM, "shop:danbi", LATER)),
    Action.UNDO_SPAM: lambda contact: rules.undo_spam(contact, an_event(Action.UNDO_SPAM, "shop:danbi", LATER)),
    Action.MERGE: lambda contact: rules.merge(contact, a_contact("c2"), an_event(Action.MERGE, at=LATER))[0],
    Action.PREFER: allowed(
        Action.PREFER, lambda contact: moves.preferred(contact, an_event(Action.PREFER, "shop:danbi", LATER))
    ),
    Action.ANSWER: allowed(
        Action.ANSWER, lambda contact: moves.answered(contact, said("s1", Author.STAFF, "staff", LATER))
    ),
    Action.LATER: lambda contact: later.put_off(
        contact, LATER + HOUR, LaterKind.SNOOZE, an_event(Action.LATER, at=LATER), None
    ),
    Action.WAKE: lambda contact: later.wake(contact, an_agent("jina"), an_event(Action.WAKE, "agent:jina", LATER)),
    Action.DUE: lambda contact: later.due(contact, an_event(Action.DUE, "sweeper", LATER)),
    Action.SEND: lambda contact: later.send(contact, said("n1", Author.NOTE, "mina"), PRICE, LATER),
    Action.HAND: lambda contact: hands.raised(
        contact, an_event(Action.HAND, at=LATER), said("h1", Author.NOTE, "mina")
    ),
    Action.LOWER: lambda contact: hands.lowered(replace(contact, hand_at=NOON), an_event(Action.LOWER, at=LATER)),
    Action.STOP: lambda contact: hands.stop(
        contact, said("w1", Author.HOUSE, "mina", LATER), None, an_event(Action.STOP, at=LATER)
    ),
    Action.ABSORB: lambda contact: rules.merge(a_contact("c2"), contact, an_event(Action.MERGE, at=LATER))[1],
    Action.PASS: lambda contact: kept.passed(contact, an_event(Action.PASS, at=LATER), None),
    Action.GIVE: lambda contact: kept.given(contact, ARRIVAL, an_event(Action.GIVE, "owner:kim", LATER)),
    Action.INTENT: lambda contact: kept.about(contact, Intent.RETURN, an_event(Action.INTENT, at=LATER)),
    Action.REASSIGN: lambda contact: leading.reassigned(
        contact, an_agent("jina", alive_until=LATER + 1), an_event(Action.REASSIGN, "lead:solbi", LATER)
    ),
}
RESULTS = {
    (Action.MESSAGE, W): W,
    (Action.MESSAGE, C): C,
    (Action.MESSAGE, R): W,
    (Action.MESSAGE, S): S,
    (Action.MESSAGE, L): W,
    (Action.NOTE, L): L,
    (Action.SPAM, L): S,
    (Action.MERGE, L): M,
    (Action.ABSORB, L): W,
    (Action.LATER, C): L,
    (Action.WAKE, L): C,
    (Action.DUE, L): W,
    (Action.SEND, L): R,
    (Action.HAND, C): C,
    (Action.LOWER, C): C,
    (Action.STOP, C): R,
    (Action.MESSAGE, H): H,
    (Action.ADMIT, H): W,
    (Action.CLAIM, W): C,
    (Action.CLAIM, H): C,
    (Action.NOTE, H): H,
    (Action.SPAM, H): S,
    (Action.MERGE, H): M,
    (Action.ABSORB, H): H,
    (Action.PREFER, W): W,
    (Action.PREFER, H): H,
    (Action.ANSWER, W): R,
    (Action.ANSWER, H): R,
    (Action.REPLY, C): C,
    (Action.NOTE, W): W,
    (Action.NOTE, C): C,
    (Action.NOTE, R): R,
    (Action.NOTE, S): S,
    (Action.RESOLVE, C): R,
    (Action.REOPEN, R): W,
    (Action.TRANSFER, C): C,
    (Action.RELEASE, C): W,
    (Action.LAPSE, C): W,
    (Action.SPAM, W): S,
    (Action.SPAM, C): S,
    (Action.SPAM, R): S,
    (Action.UNDO_SPAM, S): W,
    (Action.MERGE, W): M,
    (Action.MERGE, C): M,
    (Action.MERGE, R): M,
    (Action.ABSORB, W): W,
    (Action.ABSORB, C): C,
    (Action.ABSORB, R): R,
    (Action.MESSAGE, K): K,
    (Action.NOTE, K): K,
    (Action.SPAM, K): S,
    (Action.MERGE, K): M,
    (Action.ABSORB, K): K,
    (Action.PREFER, K): K,
    (Action.ANSWER, K): R,
    (Action.PASS, C): K,
    (Action.GIVE, K): W,
    (Action.INTENT, W): W,
    (Action.INTENT, H): H,
    (Action.INTENT, K): K,
    (Action.INTENT, C): C,
    (Action.INTENT, L): L,
    (Action.INTENT, R): R,
    (Action.REASSIGN, W): C,
    (Action.REASSIGN, C): C,
}


def in_status(status: Status, **changes: Any) -> Contact:
    of_status: dict[Status, dict[str, Any]] = {
        W: {},
        H: {"held_at": NOON},
        K: {"kept_at": NOON},
        C: {"agent": "mina", "claimed_at": NOON},
        L: {"later_until": LATER, "later_kind": LaterKind.SEND, "later_text": "n1", "preferred": "mina"},
        R: {"resolved_at": NOON, "preferred": "mina"},
        S: {"spam_from": W},
        M: {"merged_into": "c9"},
    }
    return a_contact(status=status, **(of_status[status] | changes))


def refusal(action: Callable[[], object]) -> Conflict:
    with pytest.raises(Conflict) as refused:
        action()
    return refused.value


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("action", Action)
def test_every_action_in_every_status(action: Action, status: Status) -> None:
    contact = in_status(status)
    if (action, status) not in RESULTS:
        refused = refusal(lambda: ACTIONS[action](contact))
        expected = ("contact_merged", {"into": "c9"}) if status is M else ("wrong_state", {})
        assert (refused.code, refused.details) == expected
        return
    change = ACTIONS[action](contact)
    assert replace(change.before, hand_at=0) == contact
    assert change.after.status is RESULTS[action, status]
    assert change.after.version == contact.version + 1
    assert bool(change.after.agent) == (change.after.status is C)
    assert bool(change.after.claimed_at) == (change.after.status is C)
    assert bool(change.after.later_until) == bool(change.after.later_kind) == (change.after.status is L)
    moved = change.after.status is not status
    assert change.after.changed_at == (LATER if moved else NOON)
    silent, twofold = (Action.CLAIM, Action.RESOLVE, Action.ADMIT), [(Action.MESSAGE, L), (Action.STOP, C)]
    if (action, status) in twofold:
        assert change.message
        assert change.event
    else:
        assert bool(change.message) != bool(change.event) or action in silent


def test_the_table_says_what_the_rules_do() -> None:
    found = {(action, before): after for action, rows in TRANSITIONS.items() for before, after in rows.items()}
    assert found.keys() == RESULTS.keys()
    assert all(RESULTS[key] in after for key, after in found.items())


def test_spam_of_a_resolved_contact_is_undone_to_resolved() -> None:
    marked = ACTIONS[Action.SPAM](in_status(R)).after
    assert ACTIONS[Action.UNDO_SPAM](marked).after.status is R
    assert ACTIONS[Action.UNDO_SPAM](ACTIONS[Action.SPAM](in_status(C)).after).after.status is W


def test_what_the_shop_answered_comes_back_to_the_shop() -> None:
    answered = ACTIONS[Action.ANSWER](in_status(K)).after
    assert answered.status is R
    for action in (Action.MESSAGE, Action.REOPEN, Action.SPAM):
        again = ACTIONS[action](answered).after
        back = ACTIONS[Action.UNDO_SPAM](again).after if again.status is S else again
        assert back.status is (R if action is Action.SPAM else K), action
        assert back.kept_at == NOON
    written = ACTIONS[Action.MESSAGE](ACTIONS[Action.SPAM](answered).after).after
    assert ACTIONS[Action.UNDO_SPAM](written).after.status is K
    assert ACTIONS[Action.UNDO_SPAM](ACTIONS[Action.SPAM](in_status(K)).after).after.status is K


def test_what_was_given_to_the_desk_stays_with_the_desk() -> None:
    given = ACTIONS[Action.GIVE](in_status(K)).after
    assert (given.status, given.kept_at, given.rank) == (W, 0, ARRIVAL.rank)
    held = kept.given(in_status(K), replace(ARRIVAL, held=True), an_event(Action.GIVE, at=LATER)).after
    assert (held.status, held.held_at) == (H, LATER)


def test_a_note_goes_with_what_is_passed_on() -> None:
    change = kept.passed(in_status(C), an_event(Action.PASS), said("n1", Author.NOTE, "mina"))
    assert change.note
    assert (change.note.author, change.note.effect) == (Author.NOTE, FOR_SHOP)
    assert change.after.size == len("안녕하세요".encode())


def test_an_intent_is_changed_once() -> None:
    change = ACTIONS[Action.INTENT](a_contact(intent="delivery"))
    assert (change.after.intent, change.event and change.event.detail) == ("return", "delivery to return")
    assert refusal(partial(ACTIONS[Action.INTENT], change.after)).code == "same_intent"
    full = a_contact(size=STORY_LIMIT)
    assert refusal(partial(ACTIONS[Action.INTENT], full)).code == "contact_full"


def test_the_first_claim_of_an_episode_is_remembered() -> None:
    taken = ACTIONS[Action.CLAIM](a_contact()).after
    assert taken.taken_at == LATER
    again = rules.claim(ACTIONS[Action.RELEASE](replace(taken, agent="mina")).after, an_agent("jina"), LATER + 1)
    assert (again.after.taken_at, again.after.claimed_at) == (LATER, LATER + 1)
    resolved = in_status(R, taken_at=NOON)
    same = rules.message(resolved, said(at=NOON + SAME_EPISODE), ARRIVAL).after
    new = rules.message(resolved, said(at=NOON + SAME_EPISODE + 1), ARRIVAL).after
    assert (same.taken_at, new.taken_at) == (NOON, 0)


def _reassigned(contact: Contact, **agent: Any) -> Change:
    return leading.reassigned(contact, an_agent("jina", **agent), an_event(Action.REASSIGN, "lead:solbi"))


@pytest.mark.parametrize(
    ("code", "agent"),
    [
        ("agent_unavailable", {"alive_until": NOON}),
        ("capacity_exceeded", {"load": 5}),
        ("on_break", {"paused": Break(BreakKind.REST, NOON, 6)}),
        ("not_certified", {"certified": frozenset({"mungmeal"})}),
    ],
)
@pytest.mark.parametrize("status", [W, C])
def test_a_lead_hands_to_who_is_there_and_has_room(status: Status, code: str, agent: dict[str, Any]) -> None:
    contact = in_status(status, hand_at=NOON if status is C else 0)
    change = _reassigned(contact, certified=frozenset({"danbi"}))
    assert (change.after.agent, change.after.hand_at, change.event and change.event.detail) == ("jina", 0, "jina")
    assert refusal(partial(_reassigned, contact, **agent)).code == code
    with pytest.raises(NotFound):
        _reassigned(contact, pool="other")


def test_a_lead_does_not_hand_it_to_who_holds_it() -> None:
    assert refusal(partial(_reassigned, in_status(C, agent="jina"))).code == "same_agent"


def test_only_the_certified_take_a_shops_contacts() -> None:
    theirs, ours = (
        an_agent(certified=frozenset({"mungmeal"})),
        an_agent(certified=frozenset({"danbi", "mungmeal"})),
    )
    asleep, event = in_status(L), an_event(Action.WAKE)
    takes: tuple[Callable[[Agent], Change], ...] = (
        lambda who: rules.claim(a_contact(), who, NOON),
        lambda who: later.wake(asleep, who, event),
    )
    for take in takes:
        assert take(ours).after.agent == "mina"
        assert refusal(partial(take, theirs)).code == "not_certified"
    held, event = in_status(C, agent="zoe"), an_event(Action.TRANSFER, "agent:zoe")
    assert rules.transfer(held, ours, event).after.agent == "mina"
    assert refusal(partial(rules.transfer, held, theirs, event)).code == "not_certified"


HOLDERS_ONLY: dict[Action, Callable[[Contact, str], Change]] = {
    Action.REPLY: lambda contact, who: rules.reply(contact, said("r1", Author.AGENT, who), PRICE),
    Action.RESOLVE: lambda contact, who: rules.resolve(contact, who, LATER),
    Action.TRANSFER: lambda contact, who: rules.transfer(
        contact, an_agent("zoe"), an_event(Action.TRANSFER, f"agent:{who}")
    ),
    Action.RELEASE: lambda contact, who: rules.release(contact, an_event(Action.RELEASE, f"agent:{who}")),
    Action.LAPSE: lambda contact, who: rules.lapse(contact, who, an_event(Action.LAPSE, "sweeper")),
    Action.PASS: lambda contact, who: kept.passed(contact, an_event(Action.PASS, f"agent:{who}"), None),
}


@pytest.mark.parametrize("action", HOLDERS_ONLY)
def test_only_the_holder_may(action: Action) -> None:
    assert HOLDERS_ONLY[action](in_status(C), "mina").before.agent == "mina"
    for other in ("jina", ""):
        assert refusal(partial(HOLDERS_ONLY[action], in_status(C), other)).code == "not_yours"


@pytest.mark.parametrize(
    ("channel", "load", "fits"),
    [
        (Channel.EMAIL, 5, True),
        (Channel.EMAIL, 6, False),
        (Channel.CHAT, 4, True),
        (Channel.CHAT, 5, False),
        (Channel.PHONE, 0, True),
        (Channel.PHONE, 1, False),
    ],
)
def test_what_is_taken_fits(channel: Channel, load: int, fits: bool) -> None:
    agent, waiting = an_agent("jina", load=load), a_contact(channel=channel)
    claimed = replace(waiting, status=C, agent="mina")
    event = an_event(Action.TRANSFER)
    takes = partial(rules.claim, waiting, agent, NOON), partial(rules.transfer, claimed, agent, event)
    for take in takes:
        if fits:
            assert (take().after.agent, take().taker) == ("jina", agent)
        else:
            assert refusal(take).code == "capacity_exceeded"


def test_a_colleague_is_present_of_the_pool_and_another_one() -> None:
    event = an_event(Action.TRANSFER)
    change = rules.transfer(in_status(C), an_agent("jina", alive_until=NOON + 1), event)
    assert (change.after.agent, change.event) == ("jina", replace(event, detail="jina"))
    assert not change.entries
    absent, myself = an_agent("jina", alive_until=NOON), an_agent("mina")
    assert refusal(lambda: rules.transfer(in_status(C), absent, event)).code == "agent_unavailable"
    assert refusal(lambda: rules.transfer(in_status(C), myself, event)).code == "same_agent"
    with pytest.raises(NotFound):
        rules.transfer(in_status(C), an_agent("jina", pool="other"), event)


def test_another_pools_agent_finds_nothing() -> None:
    assert rules.claim(a_contact(), an_agent(), NOON).after.agent == "mina"
    with pytest.raises(NotFound):
        rules.claim(a_contact(), an_agent(pool="other"), NOON)
    rules.serves(a_contact(), "main")
    rules.serves(a_contact(), "")
    with pytest.raises(NotFound):
        rules.serves(a_contact(), "other")


@pytest.mark.parametrize("action", [Action.RELEASE, Action.LAPSE])
def test_what_was_in_someones_hands_goes_to_the_front(action: Action) -> None:
    after = ACTIONS[action](in_status(C, rank=NOON - 5)).after
    assert (after.band, after.rank) == (Band.FRONT, NOON - 5)


@pytest.mark.parametrize(
    ("status", "band", "back"),
    [
        (W, Band.ARRIVED, (W, Band.ARRIVED)),
        (W, Band.FRONT, (W, Band.FRONT)),
        (C, Band.ARRIVED, (W, Band.FRONT)),
        (R, Band.ARRIVED, (R, Band.ARRIVED)),
    ],
)
def test_spam_and_its_undoing_gain_nobody_a_place(status: Status, band: Band, back: tuple[Status, Band]) -> None:
    spammed = ACTIONS[Action.SPAM](in_status(status, band=band, rank=NOON + 5)).after
    after = ACTIONS[Action.UNDO_SPAM](spammed).after
    assert (after.status, after.band) == back
    assert after.rank == NOON + 5


@pytest.mark.parametrize(("later", "episode"), [(SAME_EPISODE, 1), (SAME_EPISODE + 1, 2)])
def test_who_wrote_to_a_resolved_contact_marked_as_spam_waits_once_the_mark_is_taken_back(
    later: int, episode: int
) -> None:
    resolved = in_status(R, episode=BILLED, resolved_at=LATER - later, rank=NOON)
    spammed = ACTIONS[Action.SPAM](resolved).after
    written = ACTIONS[Action.MESSAGE](spammed).after
    after = ACTIONS[Action.UNDO_SPAM](written).after
    assert (written.status, after.status, after.episode.number) == (S, W, episode)
    assert after.rank >= LATER


@pytest.mark.parametrize("action", [Action.MESSAGE, Action.REOPEN])
@pytest.mark.parametrize(("later", "episode"), [(SAME_EPISODE, BILLED), (SAME_EPISODE + 1, Episode(number=2))])
def test_who_comes_back_is_queued_like_an_arrival(action: Action, later: int, episode: Episode) -> None:
    contact = in_status(R, band=Band.FRONT, episode=BILLED, first_reply_at=NOON, resolved_at=LATER - later)
    change = ACTIONS[action](contact)
    after = change.after
    assert (after.band, after.rank, after.preferred, after.resolved_at) == (Band.ARRIVED, LATER, "mina", 0)
    assert (after.episode, after.first_reply_at) == (episode, NOON if episode == BILLED else 0)
    told = change.message or change.event
    assert told is not None
    assert told.episode == episode.number


def test_only_the_first_reply_of_an_episode_is_billable() -> None:
    first = ACTIONS[Action.REPLY](in_status(C))
    assert [(entry.delta, entry.reason, entry.price) for entry in first.entries] == [(1, Reason.HANDLED, PRICE)]
    assert first.message is not None
    assert (first.message.effect, first.after.first_reply_at) == ("billable", LATER)
    second = rules.reply(first.after, said("r2", Author.AGENT, "mina", LATER + 1), PRICE)
    assert second.message is not None
    assert (second.entries, second.message.effect, second.after.first_reply_at) == ((), "", LATER)


def test_a_note_bills_nothing_and_is_a_note_whoever_wrote_it() -> None:
    change = rules.note(in_status(C), said("n1", Author.AGENT, "mina"))
    assert change.message is not None
    assert (change.message.author, change.entries) == (Author.NOTE, ())


def test_spam_comes_off_the_bill_and_back_on_it() -> None:
    marked = ACTIONS[Action.SPAM](in_status(C, episode=BILLED))
    assert [(entry.delta, entry.reason) for entry in marked.entries] == [(-1, Reason.SPAM)]
    undone = ACTIONS[Action.UNDO_SPAM](marked.after)
    assert [(entry.delta, entry.reason) for entry in undone.entries] == [(1, Reason.SPAM_UNDONE)]
    assert not ACTIONS[Action.SPAM](in_status(C)).entries


@pytest.mark.parametrize(
    ("absorbed", "survivor", "taken_off", "put_on"),
    [(False, False, 0, 0), (True, False, 1, 1), (True, True, 1, 0), (False, True, 0, 0)],
)
def test_merged_contacts_are_billed_once_at_most(
    absorbed: bool, survivor: bool, taken_off: int, put_on: int
) -> None:
    one = in_status(C, episode=BILLED if absorbed else Episode())
    other = a_contact("c2", episode=replace(BILLED, number=3) if survivor else Episode(number=3))
    gone, kept = rules.merge(one, other, an_event(Action.MERGE, at=LATER))
    assert [(entry.delta, entry.contact) for entry in gone.entries] == [(-1, "c1")] * taken_off
    assert [(entry.delta, entry.contact, entry.episode) for entry in kept.entries] == [(1, "c2", 3)] * put_on
    assert gone.after.episode.net == 0
    assert kept.after.episode.net == int(absorbed or survivor)
    assert (gone.after.merged_into, gone.after.agent, kept.after.status) == ("c2", "", W)
    assert gone.event is not None
    assert gone.event.detail == "into c2"
    assert kept.event is not None
    assert (kept.event.action, kept.event.episode) == (Action.ABSORB, 3)
    assert kept.event.detail == ("answered c1" if put_on else "plain c1")


def test_a_contact_is_not_merged_into_itself() -> None:
    event = an_event(Action.MERGE)
    assert refusal(lambda: rules.merge(a_contact(), a_contact(), event)).code == "same_contact"


@pytest.mark.parametrize(
    ("action", "status"), [(Action.MESSAGE, W), (Action.REPLY, C), (Action.NOTE, C), (Action.MESSAGE, R)]
)
def test_a_contact_takes_no_more_text_than_an_answer_can_carry(action: Action, status: Status) -> None:
    empty = ACTIONS[action](in_status(status)).after.size
    assert empty > 0
    assert ACTIONS[action](in_status(status, size=STORY_LIMIT - empty)).after.size == STORY_LIMIT
    with pytest.raises(Conflict, match="contact_full"):
        ACTIONS[action](in_status(status, size=STORY_LIMIT - empty + 1))


@pytest.mark.parametrize("status", [W, H])
def test_what_a_customer_prefers_keeps_the_place(status: Status) -> None:
    contact = in_status(status, rank=LATER)
    change = ACTIONS[Action.PREFER](contact)
    assert replace(change.after, version=contact.version, size=contact.size) == contact
    assert change.event is not None
    assert (change.event.action, change.event.episode) == (Action.PREFER, 1)
    full = refusal(lambda: ACTIONS[Action.PREFER](replace(contact, size=STORY_LIMIT)))
    assert full.code == "contact_full"


@pytest.mark.parametrize("status", [W, H])
def test_the_shops_own_answer_resolves_and_bills_nothing(status: Status) -> None:
    change = ACTIONS[Action.ANSWER](in_status(status, episode=Episode(2)))
    after = change.after
    assert change.message is not None
    assert (after.status, after.resolved_at, after.first_reply_at, after.preferred) == (R, LATER, LATER, "")
    assert (change.entries, after.episode, after.size) == ((), Episode(2), len(change.message.text.encode()))
    assert (change.message.author, change.message.episode) == (Author.STAFF, 2)
    back = rules.message(after, said("m2", at=LATER + HOUR), Arrival("main", LATER + HOUR)).after
    assert (back.status, back.episode) == (W, Episode(2))
