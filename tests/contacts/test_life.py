"""One shop's contacts, with customers, agents and the shop acting as they like, against a model of the bill."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from chalicelib.closing.rules import contact_breaks, episodes, window_breaks
from chalicelib.contacts import aside, deciding, hands, rules, service
from chalicelib.contacts.aside import Pause
from chalicelib.contacts.kinds import LaterKind
from chalicelib.contacts.model import Action, Author, Contact, Event, Message, Status
from chalicelib.contacts.opening import open_contact
from chalicelib.contacts.ports import Desk
from chalicelib.contacts.rows import PUT_OFF, contact_row, hands_of, overflow_of, queue_of
from chalicelib.intents.model import Intent, Scope
from chalicelib.kernel.clock import HOUR, Millis, kst_month
from chalicelib.kernel.errors import Conflict
from chalicelib.metering.rules import window_of
from chalicelib.overflow import offers
from chalicelib.overflow.model import SurgeState
from chalicelib.queue.ports import Floor
from chalicelib.queue.service import heartbeat, leave, next_contact, return_lapsed
from chalicelib.routing.model import WEIGHTS, Arrival
from chalicelib.routing.service import arrive
from chalicelib.tenants.model import Channel
from tests.fakes import FakeAgents, FakeClock, FakeContacts, FakeCustomers, FakeLedger, commit
from tests.samples import NOON, SHOP, an_agent

AGENTS = ("jina", "mina", "zoe")
GAPS = st.sampled_from([0, 1, 60_000, 90_000, HOUR, 71 * HOUR, 73 * HOUR, 10 * 24 * HOUR])
CHANNELS = st.sampled_from([Channel.CHAT, Channel.EMAIL, Channel.PHONE])
PICK = st.integers(0, 7)


class Life(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.now: Millis = NOON
        self.made = 0
        self.prices = 900
        self.contacts, self.ledger = FakeContacts(), FakeLedger()
        self.agents = FakeAgents({name: an_agent(name, alive_until=0) for name in AGENTS})
        self.clock = FakeClock()
        # The model: which (contact, episode) a human answered, where merges put it, and what is off the bill.
        self.answered: set[tuple[str, int]] = set()
        self.off: set[tuple[str, int]] = set()

    @property
    def desk(self) -> Desk:
        shop = replace(SHOP, price_won=self.prices, scope=Scope(in_house=(Intent.SYSTEM,)))
        return Desk(shop, self.contacts, self.ledger, self.agents, self.place, commit, FakeCustomers())

    def place(self, now: Millis) -> Arrival:
        waiting = self.contacts.any_waiting
        rank = arrive(self.clock, SHOP.contract, now, any_waiting=waiting, commit=commit)
        return Arrival("main", now, held=True) if rank is None else Arrival("main", rank)

    @property
    def floor(self) -> Floor:
        return Floor(self.agents, self.contacts.queue, lambda _: self.desk, commit, lambda: self.made)

    @rule(gap=GAPS)
    def time_passes(self, gap: Millis) -> None:
        self.now += gap

    @rule(won=st.sampled_from([900, 1_000, 1_100]))
    def the_price_changes(self, won: int) -> None:
        self.prices = won

    @rule(channel=CHANNELS, ours=st.booleans())
    def a_customer_asks(self, channel: Channel, ours: bool) -> None:
        first = replace(self._said(Author.CUSTOMER, ""), text="로그인이 안 돼요" if ours else "글")
        contact = Contact(
            tenant="danbi",
            id=first.id,
            pool="main",
            channel=channel,
            customer=f"u{self.made % 3}",
            weight=WEIGHTS[channel],
            opened_at=self.now,
            changed_at=self.now,
            rank=self.now,
            digest=first.digest,
        )
        stored = open_contact(self.desk, contact, first)
        assert open_contact(self.desk, contact, first) == stored
        assert (stored.status is Status.SHOP) == ours

    @precondition(lambda self: self.contacts.rows)
    @rule(pick=PICK, again=st.booleans())
    def a_customer_writes(self, pick: int, again: bool) -> None:
        contact, said = self._one(pick), self._said(Author.CUSTOMER, "")
        with suppress(Conflict):
            first = service.add_message(self.desk, contact.id, said)
            assert not again or service.add_message(self.desk, contact.id, said) == first

    @rule(name=st.sampled_from(AGENTS))
    def an_agent_pulls(self, name: str) -> None:
        story = next_contact(self.floor, name, self.now)
        assert story is None or story.contact.agent == name
        assert story is None or not self._bars(name, story.contact)

    @precondition(lambda self: self._held())
    @rule(pick=PICK, again=st.booleans())
    def an_agent_replies(self, pick: int, again: bool) -> None:
        contact = self._held()[pick % len(self._held())]
        said = self._said(Author.AGENT, contact.agent)
        first = service.reply(self.desk, contact.id, said)
        assert not again or service.reply(self.desk, contact.id, said) == first
        if not self.answered & {(contact.id, contact.episode.number)}:
            assert first.effect == "billable"
        self.answered.add((contact.id, contact.episode.number))

    @precondition(lambda self: self._held())
    @rule(pick=PICK)
    def an_agent_resolves(self, pick: int) -> None:
        contact = self._held()[pick % len(self._held())]
        deciding.act(self.desk, contact.id, lambda one: rules.resolve(one, contact.agent, self.now))

    @precondition(lambda self: self._held())
    @rule(pick=PICK, to=st.sampled_from(AGENTS))
    def an_agent_hands_over(self, pick: int, to: str) -> None:
        contact = self._held()[pick % len(self._held())]
        with suppress(Conflict):
            service.transfer(self.desk, contact.id, to, self._event(Action.TRANSFER, f"agent:{contact.agent}"))
            assert not self._bars(to, contact)

    @precondition(lambda self: self._held())
    @rule(pick=PICK)
    def an_agent_passes_on(self, pick: int) -> None:
        contact = self._held()[pick % len(self._held())]
        aside.pass_on(self.desk, contact.id, None, self._event(Action.PASS, f"agent:{contact.agent}"))

    @precondition(lambda self: self._in(Status.SHOP))
    @rule(pick=PICK, gives=st.booleans())
    def the_shop_answers_or_leaves_it_to_the_desk(self, pick: int, gives: bool) -> None:
        contact = self._in(Status.SHOP)[pick % len(self._in(Status.SHOP))]
        if gives:
            aside.give(self.desk, contact.id, self._event(Action.GIVE, "owner:kim"))
        else:
            offers.answer(self.desk, contact.id, self._said(Author.STAFF, "staff"), SurgeState(), expected=None)

    @precondition(lambda self: self.contacts.rows)
    @rule(pick=PICK, to=st.sampled_from(AGENTS))
    def a_lead_reassigns(self, pick: int, to: str) -> None:
        contact = self._one(pick)
        with suppress(Conflict):
            aside.reassign(self.desk, contact.id, to, self._event(Action.REASSIGN, "lead:solbi"))
            assert not self._bars(to, contact)
            assert self.agents.rows[to].alive_until > self.now

    @precondition(lambda self: self._held())
    @rule(pick=PICK)
    def an_agent_gives_back(self, pick: int) -> None:
        contact = self._held()[pick % len(self._held())]
        event = self._event(Action.RELEASE, f"agent:{contact.agent}")
        deciding.act(self.desk, contact.id, lambda one: rules.release(one, event))

    @precondition(lambda self: self._held())
    @rule(pick=PICK, kind=st.sampled_from(LaterKind), gap=st.sampled_from([60_000, HOUR, 24 * HOUR]))
    def an_agent_puts_off(self, pick: int, kind: LaterKind, gap: Millis) -> None:
        contact = self._held()[pick % len(self._held())]
        text = self._said(Author.NOTE, contact.agent) if kind is LaterKind.SEND else None
        event = self._event(Action.LATER, f"agent:{contact.agent}")
        aside.put_off(self.desk, contact.id, Pause(self.now + gap, kind, text), event)

    @precondition(lambda self: self._in(Status.LATER))
    @rule(pick=PICK, name=st.sampled_from(AGENTS))
    def an_agent_wakes(self, pick: int, name: str) -> None:
        contact = self._in(Status.LATER)[pick % len(self._in(Status.LATER))]
        with suppress(Conflict):
            aside.wake(self.desk, contact.id, self._event(Action.WAKE, f"agent:{name}"))
            assert not self._bars(name, contact)

    @precondition(lambda self: self._in(Status.LATER))
    @rule()
    def the_sweeper_ends_pauses(self) -> None:
        for before in self._in(Status.LATER):
            with suppress(Conflict):
                after = aside.end_pause(self.desk, before.id, self.now)
                assert before.later_until <= self.now
                if after.status is Status.RESOLVED:
                    assert before.later_kind == LaterKind.SEND
                    self.answered.add((after.id, after.episode.number))
        assert all(one.later_until > self.now for one in self._in(Status.LATER))

    @precondition(lambda self: self._held())
    @rule(pick=PICK)
    def an_agent_wants_a_lead_or_none(self, pick: int) -> None:
        contact = self._held()[pick % len(self._held())]
        actor = f"agent:{contact.agent}"
        if contact.hand_at:
            self._decide(contact, hands.lowered, self._event(Action.LOWER, actor))
        else:
            reason = self._said(Author.NOTE, contact.agent)
            aside.call_lead(self.desk, contact.id, reason, self._event(Action.HAND, actor))
        assert bool(self.contacts.rows[contact.id].hand_at) is not bool(contact.hand_at)

    @precondition(lambda self: self._held())
    @rule(pick=PICK)
    def an_agent_stops(self, pick: int) -> None:
        contact = self._held()[pick % len(self._held())]
        warning = self._said(Author.HOUSE, contact.agent)
        aside.stop(self.desk, contact.id, [warning], self._event(Action.STOP, f"agent:{contact.agent}"))
        assert self._bars(contact.agent, contact)

    @rule(name=st.sampled_from(AGENTS))
    def an_agent_beats(self, name: str) -> None:
        heartbeat(self.floor, name, self.now)

    @rule(name=st.sampled_from(AGENTS))
    def an_agent_leaves(self, name: str) -> None:
        with suppress(Conflict):
            leave(self.floor, name, self.now)

    @rule()
    def the_sweeper_runs(self) -> None:
        return_lapsed(self.floor, "main", self.now)
        assert all(agent.alive_until > self.now or not agent.holding for agent in self.agents.rows.values())

    @precondition(lambda self: self.contacts.rows)
    @rule(pick=PICK)
    def someone_reopens(self, pick: int) -> None:
        event = self._event(Action.REOPEN, "shop:danbi")
        with suppress(Conflict):
            service.reopen(self.desk, self._one(pick).id, event)

    @precondition(lambda self: self.contacts.rows)
    @rule(pick=PICK)
    def someone_marks_spam(self, pick: int) -> None:
        contact = self._one(pick)
        self._decide(contact, rules.spam, self._event(Action.SPAM, "shop:danbi"))
        if self.contacts.rows[contact.id].status is Status.SPAM:
            self.off.add((contact.id, contact.episode.number))

    @precondition(lambda self: self.contacts.rows)
    @rule(pick=PICK)
    def someone_takes_the_mark_back(self, pick: int) -> None:
        contact = self._one(pick)
        self._decide(contact, rules.undo_spam, self._event(Action.UNDO_SPAM, "shop:danbi"))
        if contact.status is Status.SPAM:
            self.off.discard((contact.id, contact.episode.number))

    @precondition(lambda self: len(self.contacts.rows) > 1)
    @rule(one=PICK, other=PICK)
    def an_agent_merges(self, one: int, other: int) -> None:
        absorbed, survivor = self._one(one), self._one(other)
        event = self._event(Action.MERGE, "agent:mina")
        with suppress(Conflict):
            service.merge(self.desk, absorbed.id, survivor.id, event)
            gone, kept = (absorbed.id, absorbed.episode.number), (survivor.id, survivor.episode.number)
            if gone in self.answered - self.off:
                self.answered.add(kept)
            self.off.add(gone)

    @invariant()
    def what_is_held_is_what_is_claimed(self) -> None:
        for agent in self.agents.rows.values():
            mine = [one for one in self.contacts.rows.values() if one.agent == agent.id]
            assert agent.holding == {one.ref for one in mine}
            assert agent.load == sum(one.weight for one in mine) <= agent.capacity
        for one in self.contacts.rows.values():
            assert (one.status is Status.CLAIMED) == bool(one.agent)

    @invariant()
    def nothing_is_lost(self) -> None:
        queued = {one.contact for one in self.contacts.queue("main", 20)}
        waiting = {one.id for one in self.contacts.rows.values() if one.status is Status.WAITING}
        assert queued == waiting
        assert len(self.contacts.rows) == len({one.id for one in self.contacts.rows.values()})

    @invariant()
    def somebody_finds_each_contact(self) -> None:
        for one in self.contacts.rows.values():
            index = {
                Status.WAITING: queue_of("main"),
                Status.OVERFLOW: overflow_of("main"),
                Status.LATER: PUT_OFF,
                Status.CLAIMED: hands_of("main") if one.hand_at else None,
            }
            assert contact_row(one).work_pk == index.get(one.status)
            assert (one.status is Status.LATER) == bool(one.later_until) == bool(one.later_kind)
            assert one.status is Status.CLAIMED or not one.hand_at

    @invariant()
    def what_the_shop_answers_is_in_no_hands_of_the_desk(self) -> None:
        desks = {Status.WAITING, Status.OVERFLOW, Status.CLAIMED, Status.LATER}
        for one in self.contacts.rows.values():
            assert bool(one.kept_at) <= (one.status not in desks)
            assert one.status is not Status.SHOP or one.kept_at
            assert one.taken_at or one.status not in {Status.CLAIMED, Status.LATER}

    @invariant()
    def the_bill_is_what_the_model_says(self) -> None:
        net = Counter[tuple[str, int]]()
        prices: dict[tuple[str, int], set[str]] = {}
        for entry in self.ledger.rows.values():
            net[entry.contact, entry.episode] += entry.delta
            prices.setdefault((entry.contact, entry.episode), set()).add(entry.price.version)
        assert {key for key, total in net.items() if total} == self.answered - self.off
        assert set(net.values()) <= {0, 1}
        assert all(len(versions) == 1 for versions in prices.values())

    @invariant()
    def contacts_ledger_and_windows_agree(self) -> None:
        for one in self.contacts.rows:
            assert not contact_breaks("danbi", episodes(self.contacts.story(one)), self.ledger.of_contact(one))
        entries, windows = list(self.ledger.rows.values()), list(self.ledger.windows.rows.values())
        assert not window_breaks("danbi", entries, windows)
        # A window is below zero only as far as it takes back what an earlier month was billed.
        billed = {(one.contact, one.episode, one.n): one for one in entries}
        for window in windows:
            inside = [one for one in entries if window_of(one)[1] == window.hour]
            earlier = [
                one
                for one in inside
                if one.delta < 0
                and kst_month(billed[one.contact, one.episode, one.reverses].booked_at) != kst_month(one.booked_at)
            ]
            assert window.total >= -len(earlier)

    def _one(self, pick: int) -> Contact:
        rows = list(self.contacts.rows.values())
        return rows[pick % len(rows)]

    def _in(self, status: Status) -> list[Contact]:
        return [one for one in self.contacts.rows.values() if one.status is status]

    def _bars(self, name: str, contact: Contact) -> bool:
        return f"danbi/handle of {contact.customer}" in self.agents.rows[name].barred

    def _held(self) -> list[Contact]:
        return [one for one in self.contacts.rows.values() if one.agent]

    def _decide(self, contact: Contact, decide: Callable[..., Any], event: Event) -> None:
        with suppress(Conflict):
            deciding.act(self.desk, contact.id, lambda one: decide(one, event))

    def _said(self, author: Author, name: str) -> Message:
        self.made += 1
        return Message(f"m{self.made}", author, name, "글", self.now, 0, f"d{self.made}")

    def _event(self, action: Action, actor: str) -> Event:
        self.made += 1
        return Event(f"e{self.made}", action, actor, self.now, 0)


Life.TestCase.settings = settings(max_examples=150, stateful_step_count=50)
test_life = Life.TestCase
