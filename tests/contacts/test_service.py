from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest

from chalicelib.aws.tables import Write
from chalicelib.contacts import deciding, rules, service
from chalicelib.contacts.model import Action, Author, Contact, ContactChanged, Message, Status
from chalicelib.contacts.opening import open_contact
from chalicelib.contacts.ports import Desk
from chalicelib.kernel.clock import HOUR, Millis
from chalicelib.kernel.errors import Busy, Conflict, Mismatch, NotFound
from chalicelib.metering.model import Reason
from chalicelib.metering.rules import SAME_EPISODE
from chalicelib.routing.model import Arrival
from tests.fakes import FakeAgents, FakeContacts, FakeCustomers, FakeLedger, commit
from tests.samples import NOON, SHOP, a_contact, an_agent, an_event, said

LATER = NOON + HOUR


@dataclass
class World:
    """One shop with two contacts and two agents; `before_commit` lets others act just before us."""

    contacts: FakeContacts = field(default_factory=FakeContacts)
    ledger: FakeLedger = field(default_factory=FakeLedger)
    agents: FakeAgents = field(default_factory=FakeAgents)
    customers: FakeCustomers = field(default_factory=FakeCustomers)
    arrivals: list[Millis] = field(default_factory=list)
    before_commit: Callable[[], object] = lambda: None

    def __post_init__(self) -> None:
        for name in ("mina", "jina"):
            self.agents.rows[name] = an_agent(name, alive_until=LATER + 1)
        for name in ("c1", "c2"):
            open_contact(self.desk, a_contact(name), said(f"{name}m0"))
        self.arrivals.clear()

    @property
    def desk(self) -> Desk:
        return Desk(SHOP, self.contacts, self.ledger, self.agents, self._arrive, self._commit, self.customers)

    def claim(self, name: str = "c1") -> Contact:
        return service.claim(self.desk, name, "mina", NOON)

    def reply(self, name: str = "r1", *, expected: int | None = None, text: str = "d") -> Message:
        answer = replace(said(name, Author.AGENT, "mina"), digest=text)
        return service.reply(self.desk, "c1", answer, expected=expected)

    def resolve(self, name: str = "c1", at: Millis = NOON) -> Contact:
        return deciding.act(self.desk, name, lambda contact: rules.resolve(contact, "mina", at))

    @property
    def contact(self) -> Contact:
        return self.contacts.rows["c1"]

    @property
    def net(self) -> int:
        return sum(entry.delta for entry in self.ledger.rows.values())

    def touch(self) -> None:
        self.contacts.rows["c1"] = replace(self.contact, version=self.contact.version + 1)

    def _arrive(self, now: Millis) -> Arrival:
        self.arrivals.append(now)
        return Arrival("main", now)

    def _commit(self, *writes: Write) -> None:
        self.before_commit()
        commit(*writes)


def refused(code: str, action: Callable[[], object]) -> None:
    with pytest.raises(Conflict) as refusal:
        action()
    assert refusal.value.code == code


def test_opening_again_finds_what_was_opened() -> None:
    world = World()
    world.claim()
    again = open_contact(world.desk, a_contact("c1", opened_at=LATER), said("c1m0"))
    assert again == world.contact
    assert again.status is Status.CLAIMED
    assert len(world.contacts.messages) == 2


def test_the_same_key_with_another_body_is_refused() -> None:
    world = World()
    other = a_contact("c1", digest="d2")
    refused("idempotency_mismatch", lambda: open_contact(world.desk, other, said("c1m0")))
    assert open_contact(world.desk, a_contact("c3", digest="d2"), said("c3m0")).id == "c3"


@pytest.mark.parametrize(("later", "episode"), [(SAME_EPISODE, 1), (SAME_EPISODE + 1, 2)])
def test_a_message_reopens_what_was_resolved(later: Millis, episode: int) -> None:
    world = World()
    world.claim()
    world.reply()
    world.resolve()
    answer = service.add_message(world.desk, "c1", said("m1", at=NOON + later))
    assert (answer.effect, answer.episode) == ("reopened", episode)
    assert (world.contact.status, world.contact.rank) == (Status.WAITING, NOON + later)
    assert world.arrivals == [NOON + later]


def test_a_message_to_a_waiting_contact_takes_no_new_place() -> None:
    world = World()
    assert service.add_message(world.desk, "c1", said("m1", at=LATER)).effect == ""
    assert (world.contact.rank, world.arrivals) == (NOON, [])


def test_replies_bill_once() -> None:
    world = World()
    world.claim()
    assert [world.reply(name).effect for name in ("r1", "r2", "r3")] == ["billable", "", ""]
    assert [(entry.reason, entry.evidence) for entry in world.ledger.rows.values()] == [(Reason.HANDLED, "r1")]
    assert [window.total for window in world.ledger.windows.rows.values()] == [1]


def moved_on(world: World) -> None:
    world.resolve()


def spammed(world: World) -> None:
    deciding.act(world.desk, "c1", lambda contact: rules.spam(contact, an_event(Action.SPAM)))


def merged(world: World) -> None:
    service.merge(world.desk, "c1", "c2", an_event(Action.MERGE))


@pytest.mark.parametrize("meanwhile", [lambda _: None, moved_on, spammed, merged])
def test_a_repeat_gets_the_first_answer_whatever_happened_since(meanwhile: Callable[[World], None]) -> None:
    world = World()
    world.claim()
    written = service.add_message(world.desk, "c1", said("m1"))
    noted = service.note(world.desk, "c1", said("n1", Author.NOTE, "mina"))
    first = world.reply()
    meanwhile(world)
    before = world.contact, world.net, len(world.contacts.messages)
    assert world.reply() == first
    assert service.add_message(world.desk, "c1", said("m1", at=LATER)) == written
    assert service.note(world.desk, "c1", said("n1", Author.NOTE, "mina", LATER)) == noted
    assert (world.contact, world.net, len(world.contacts.messages)) == before
    refused("idempotency_mismatch", lambda: world.reply(text="another"))


def test_a_repeat_with_the_version_of_the_first_try_gets_the_first_answer() -> None:
    world = World()
    seen = world.claim().version
    first = world.reply(expected=seen)
    assert world.reply(expected=seen) == first
    assert world.net == 1


def test_if_match() -> None:
    world = World()
    seen = world.claim().version
    with pytest.raises(Mismatch) as stale:
        world.reply("r1", expected=seen - 1)
    assert (stale.value.details, world.net) == ({"version": seen}, 0)
    assert world.reply("r1", expected=seen).effect == "billable"
    stale_acts: list[Callable[[], object]] = [
        lambda: service.claim(world.desk, "c1", "jina", NOON, expected=seen),
        lambda: service.transfer(world.desk, "c1", "jina", an_event(Action.TRANSFER), expected=seen),
        lambda: service.reopen(world.desk, "c1", an_event(Action.REOPEN), expected=seen),
    ]
    for act in stale_acts:
        with pytest.raises(Mismatch):
            act()


def test_a_contact_that_changed_meanwhile_is_decided_anew() -> None:
    world = World()
    world.claim()
    others = iter(range(3))

    def touch_thrice() -> None:
        if next(others, None) is not None:
            world.touch()

    world.before_commit = touch_thrice
    assert world.reply().effect == "billable"
    assert world.net == 1
    world.before_commit = world.touch
    with pytest.raises(Busy):
        world.reply("r2")
    with pytest.raises(Busy):
        service.merge(world.desk, "c1", "c2", an_event(Action.MERGE))
    assert ("c1", False, "r2") not in world.contacts.messages


def test_deciding_anew_sees_the_new_state() -> None:
    world = World()
    world.claim()
    world.reply()

    def spam_first() -> None:
        world.before_commit = lambda: None
        spammed(world)

    world.before_commit = spam_first
    refused("wrong_state", lambda: world.reply("r2"))
    assert world.net == 0


def test_a_claim_and_a_transfer_move_the_load() -> None:
    world = World()
    world.claim()
    assert (world.agents.rows["mina"].load, set(world.agents.rows["mina"].holding)) == (2, {"danbi/c1"})
    service.transfer(world.desk, "c1", "jina", an_event(Action.TRANSFER))
    assert [world.agents.rows[name].load for name in ("mina", "jina")] == [0, 2]
    assert (world.contact.agent, world.net) == ("jina", 0)
    refused("not_yours", world.reply)


def test_only_the_holder_learns_that_a_colleague_is_unknown() -> None:
    world = World()
    refused("wrong_state", lambda: service.transfer(world.desk, "c1", "nobody", an_event(Action.TRANSFER)))
    world.claim()
    with pytest.raises(NotFound):
        service.transfer(world.desk, "c1", "nobody", an_event(Action.TRANSFER))


@pytest.mark.parametrize("change", [{"load": 5}, {"alive_until": NOON}, {"capacity": 1}])
def test_a_colleague_who_filled_up_or_went_silent_meanwhile_gets_nothing(change: dict[str, int]) -> None:
    world = World()
    world.claim()

    def fill_up() -> None:
        world.agents.rows["jina"] = replace(world.agents.rows["jina"], **change)  # type: ignore[arg-type]

    world.before_commit = fill_up
    event = an_event(Action.TRANSFER)
    refused("capacity_exceeded", lambda: service.transfer(world.desk, "c1", "jina", event))
    assert (world.contact.agent, world.agents.rows["mina"].load) == ("mina", 2)


@pytest.mark.parametrize(
    "action",
    [
        lambda desk: service.claim(desk, "c1", "nobody", NOON),
        lambda desk: service.claim(desk, "none", "mina", NOON),
        lambda desk: service.add_message(desk, "none", said()),
        lambda desk: service.merge(desk, "c1", "none", an_event(Action.MERGE)),
    ],
)
def test_unknown_agents_and_contacts_are_not_found(action: Callable[[Desk], object]) -> None:
    with pytest.raises(NotFound):
        action(World().desk)


def test_another_pools_agent_finds_nothing_to_act_on() -> None:
    world = World()
    world.claim()
    world.resolve()
    strangers, colleagues = replace(world.desk, pool="other"), replace(world.desk, pool="main")
    for action in (
        lambda desk: service.reopen(desk, "c1", an_event(Action.REOPEN)),
        lambda desk: service.note(desk, "c1", said("n1", Author.NOTE, "mina")),
        lambda desk: service.merge(desk, "c1", "c2", an_event(Action.MERGE)),
    ):
        with pytest.raises(NotFound):
            action(strangers)
        action(colleagues)


def test_a_merge_frees_the_agent_and_bills_the_pair_once() -> None:
    world = World()
    world.claim()
    world.reply()
    gone = service.merge(world.desk, "c1", "c2", an_event(Action.MERGE))
    assert (gone.status, gone.merged_into) == (Status.MERGED, "c2")
    assert (world.agents.rows["mina"].load, world.net) == (0, 1)
    assert [window.total for window in world.ledger.windows.rows.values()] == [1]
    service.claim(world.desk, "c2", "mina", NOON)
    service.reply(world.desk, "c2", said("r2", Author.AGENT, "mina"))
    assert world.net == 1
    refused("contact_merged", lambda: service.merge(world.desk, "c1", "c2", an_event(Action.MERGE, name="e2")))


def test_a_merge_whose_survivor_was_answered_meanwhile_still_bills_once() -> None:
    world = World()
    world.claim()
    world.reply()
    service.claim(world.desk, "c2", "mina", NOON)

    def answer_first() -> None:
        world.before_commit = lambda: None
        service.reply(world.desk, "c2", said("r2", Author.AGENT, "mina"))

    world.before_commit = answer_first
    service.merge(world.desk, "c1", "c2", an_event(Action.MERGE))
    assert world.net == 1


def test_nothing_of_a_refused_change_is_kept() -> None:
    world = World()

    def explode(*_writes: Write) -> None:
        raise ContactChanged

    before = replace(world.contacts, rows=dict(world.contacts.rows), messages=dict(world.contacts.messages))
    with pytest.raises(Busy):
        service.add_message(replace(world.desk, commit=explode), "c1", said("m1"))
    assert world.contacts == before
