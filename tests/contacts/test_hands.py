"""Raised hands, whispers, stops, and the agents who are barred after them."""

from dataclasses import replace

import pytest

from chalicelib.agents.store import Agents
from chalicelib.aws.tables import commit
from chalicelib.contacts import aside, deciding, hands, rules, service
from chalicelib.contacts.kinds import WHISPER
from chalicelib.contacts.model import STORY_LIMIT, Action, Author, Change, Contact, Event, Message, Status
from chalicelib.contacts.opening import open_contact
from chalicelib.contacts.rows import contact_row
from chalicelib.kernel.caller import Kind
from chalicelib.kernel.errors import Conflict, Forbidden
from tests.contacts.test_service import World, refused
from tests.moto_desk import Desk
from tests.samples import NOON, a_contact, an_agent, an_event, said

HELD = a_contact(status=Status.CLAIMED, agent="mina", claimed_at=NOON)
UP = replace(HELD, hand_at=NOON)
WHY = said("h1", Author.NOTE, "mina")


def warning() -> Message:
    return said("w1", Author.HOUSE, "mina")


def stop(world: World, remark: Message | None = None) -> Contact:
    told = [warning(), *([remark] if remark else [])]
    return aside.stop(world.desk, "c1", told, an_event(Action.STOP))


def test_a_hand_is_raised_once_and_lowered_once() -> None:
    up = hands.raised(HELD, an_event(Action.HAND), WHY).after
    assert up.hand_at == NOON
    refused("hand_up", lambda: hands.raised(up, an_event(Action.HAND), WHY))
    down = hands.lowered(up, an_event(Action.LOWER)).after
    assert (down.hand_at, down.status, down.agent) == (0, Status.CLAIMED, "mina")
    refused("hand_down", lambda: hands.lowered(down, an_event(Action.LOWER)))


@pytest.mark.parametrize("action", [Action.HAND, Action.LOWER])
def test_only_the_holder_has_a_hand(action: Action) -> None:
    def decide(event: Event) -> Change:
        return hands.raised(HELD, event, WHY) if action is Action.HAND else hands.lowered(UP, event)

    refused("not_yours", lambda: decide(an_event(action, "agent:jina")))
    assert decide(an_event(action)).event


def test_leads_find_a_raised_hand_by_its_time() -> None:
    row = contact_row(UP)
    assert (row.work_pk, row.work_sk) == ("~hands#main", f"{NOON:015d}#danbi#c1#mina")
    assert contact_row(HELD).work_pk is None


@pytest.mark.parametrize(
    "after",
    [
        rules.resolve(UP, "mina", NOON).after,
        rules.release(UP, an_event(Action.RELEASE)).after,
        rules.lapse(UP, "mina", an_event(Action.LAPSE)).after,
        rules.transfer(UP, an_agent("jina"), an_event(Action.TRANSFER)).after,
        rules.spam(UP, an_event(Action.SPAM)).after,
        hands.stop(UP, warning(), None, an_event(Action.STOP)).after,
    ],
    ids=["resolve", "release", "lapse", "transfer", "spam", "stop"],
)
def test_what_ends_the_claim_lowers_the_hand(after: Contact) -> None:
    assert after.hand_at == 0
    assert contact_row(after).work_pk != "~hands#main"


def test_a_lead_whispers_to_a_raised_hand_only() -> None:
    word = said("n1", Author.NOTE, "zoe")
    change = hands.whisper(UP, word, Kind.LEAD)
    assert change.message
    assert (change.message.author, change.message.effect) == (Author.NOTE, WHISPER)
    refused("hand_down", lambda: hands.whisper(HELD, word, Kind.LEAD))
    with pytest.raises(Forbidden):
        hands.whisper(UP, word, Kind.AGENT)


def test_a_stop_warns_resolves_and_bills_nothing() -> None:
    world = World()
    world.claim()
    worked: list[object] = []
    give_back = world.agents.give_back

    def noted(*args: object, **options: object) -> object:
        worked.append(options["work"])
        return give_back(*args, **options)  # type: ignore[arg-type]

    world.agents.give_back = noted  # type: ignore[method-assign]
    contact = stop(world, said("n1", Author.NOTE, "mina"))
    assert (contact.status, contact.stopped_by, contact.preferred) == (Status.RESOLVED, "mina", "")
    assert [one.author for one in world.contacts.story("c1").messages] == [
        Author.CUSTOMER,
        Author.HOUSE,
        Author.NOTE,
    ]
    assert [event.action for event in world.contacts.story("c1").events] == [Action.STOP]
    assert (world.net, contact.first_reply_at) == (0, 0)
    assert [(work.finished, work.worked) for work in worked] == [(0, 0)]  # type: ignore[attr-defined]


def test_a_contact_that_is_full_of_insults_is_stopped_all_the_same() -> None:
    world = World()
    world.claim()
    world.contacts.rows["c1"] = replace(world.contact, size=STORY_LIMIT)
    refused("contact_full", world.reply)
    assert stop(world, said("n1", Author.NOTE, "mina")).status is Status.RESOLVED
    assert ("c1", True, "n1") in world.contacts.messages


def test_nobody_merges_a_stopped_customer_into_what_the_agent_holds() -> None:
    world = World()
    world.claim()
    stop(world)
    service.add_message(world.desk, "c1", said("m9"))
    open_contact(world.desk, a_contact("c4", customer="u2"), said("c4m0"))
    world.claim("c4")
    event = an_event(Action.MERGE, "agent:jina")
    refused("barred", lambda: service.merge(world.desk, "c1", "c4", event))
    assert (world.contact.status, world.contacts.rows["c4"].agent) == (Status.WAITING, "mina")
    open_contact(world.desk, a_contact("c5", customer="u3"), said("c5m0"))
    assert service.merge(world.desk, "c5", "c4", event).merged_into == "c4"


def test_only_the_holder_stops() -> None:
    refused("not_yours", lambda: hands.stop(HELD, warning(), None, an_event(Action.STOP, "agent:jina")))


def test_a_stopped_customer_never_comes_back_to_the_same_agent() -> None:
    world = World()
    world.claim()
    stop(world)
    service.add_message(world.desk, "c1", said("m9"))
    assert (world.contact.status, world.contact.stopped_by) == (Status.WAITING, "")
    open_contact(world.desk, a_contact("c3"), said("c3m0"))
    open_contact(world.desk, a_contact("c4", customer="u2"), said("c4m0"))
    for name in ("c1", "c3"):
        refused("barred", lambda name=name: world.claim(name))  # type: ignore[misc]
    assert world.claim("c4").agent == "mina"
    assert service.claim(world.desk, "c3", "jina", NOON).agent == "jina"


def test_nobody_hands_a_stopped_customer_to_the_agent() -> None:
    world = World()
    world.claim()
    stop(world)
    service.add_message(world.desk, "c1", said("m9"))
    service.claim(world.desk, "c1", "jina", NOON)
    event = an_event(Action.TRANSFER, "agent:jina")
    refused("barred", lambda: service.transfer(world.desk, "c1", "mina", event))
    assert world.contact.agent == "jina"


def test_a_bar_that_comes_while_the_claim_is_decided_holds() -> None:
    world = World()

    def bar() -> None:
        world.before_commit = lambda: None
        mina = world.agents.rows["mina"]
        world.agents.rows["mina"] = replace(mina, barred=frozenset({"danbi/handle of u1"}))

    world.before_commit = bar
    with pytest.raises(Conflict):
        world.claim()
    assert world.contact.status is Status.WAITING


def test_a_transfer_brings_its_note_along_or_does_not_happen() -> None:
    world = World()
    world.claim()
    remark = said("n1", Author.NOTE, "mina")
    event = an_event(Action.TRANSFER)
    refused(
        "capacity_exceeded",
        lambda: service.transfer(full(world).desk, "c1", "jina", event, remark=remark),
    )
    assert ("c1", True, "n1") not in world.contacts.messages
    world.agents.rows["jina"] = an_agent("jina")
    service.transfer(world.desk, "c1", "jina", event, remark=remark)
    assert world.contacts.messages["c1", True, "n1"].author is Author.NOTE
    assert world.contact.agent == "jina"


def full(world: World) -> World:
    world.agents.rows["jina"] = an_agent("jina", load=6)
    return world


def test_a_raised_hand_stays_up_while_they_talk() -> None:
    world = World()
    world.claim()
    deciding.act(world.desk, "c1", lambda one: hands.raised(one, an_event(Action.HAND), WHY))
    service.add_message(world.desk, "c1", said("m5"))
    world.reply()
    assert world.contact.hand_at == NOON


def test_the_table_refuses_what_a_barred_agent_takes_by_an_old_look(desk: Desk) -> None:
    agents, whose = Agents(), "danbi/0a1b"
    before = agents.find("mina")
    assert before is not None
    commit(agents.take(before, "danbi/c1", 2, now=desk.now, claiming=True, customer=whose))
    commit(agents.give_back("mina", "danbi/c1", 2, barring=whose))
    again = agents.take(before, "danbi/c2", 2, now=desk.now, claiming=True, customer=whose)
    refused("capacity_exceeded", lambda: commit(again))
    commit(agents.take(before, "danbi/c3", 2, now=desk.now, claiming=True, customer="danbi/ffff"))
    after = agents.find("mina")
    assert after is not None
    assert (after.barred, after.holding) == (frozenset({whose}), frozenset({"danbi/c3"}))
