"""Arrivals, claims, departures and jumps of the time: nothing is lost on its way through overflow."""

from collections import Counter

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from chalicelib.contacts import deciding, rules
from chalicelib.contacts.model import Action, Contact, Event, Status
from chalicelib.kernel.clock import HOUR, MINUTE, Millis
from chalicelib.overflow.service import spend
from chalicelib.queue.service import heartbeat, leave, next_contact, return_lapsed
from tests.overflow.world import SHOPS, World

AGENTS = ("jina", "mina", "zoe")
SHOP = st.sampled_from(SHOPS)
JUMPS = st.sampled_from([0, 1, 1_000, 10_000, MINUTE, 2 * MINUTE, HOUR, 30 * HOUR, -MINUTE, -2 * HOUR])
PICK = st.integers(0, 7)


class Life(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.world.hire(*AGENTS)
        self.accepted: set[str] = set()
        self.untold: list[Contact] = []

    @rule(shop=SHOP, number=st.sampled_from([1, 1, 2, 15, 40]))
    def customers_write(self, shop: str, number: int) -> None:
        opened = self.world.open(shop, number)
        self.accepted |= {one.id for one in opened}
        self.untold += [one for one in opened if one.status is Status.OVERFLOW]

    @rule(number=st.integers(0, 40), again=st.booleans())
    def the_stream_comes(self, number: int, again: bool) -> None:
        told, self.untold = self.untold[:number], self.untold[number:]
        self.world.relay(*told, *(told if again else []))

    @rule(number=st.integers(0, 5))
    def the_queue_forgets(self, number: int) -> None:
        del self.world.queue.visible[:number]

    @rule()
    def what_was_taken_comes_again(self) -> None:
        self.world.queue.time_out()

    @rule(jump=JUMPS)
    def time_moves(self, jump: Millis) -> None:
        self.world.now += jump

    @rule(name=st.sampled_from(AGENTS))
    def an_agent_pulls(self, name: str) -> None:
        self.world.admit()
        next_contact(self.world.floor, name, self.world.now)

    @rule(name=st.sampled_from(AGENTS))
    def an_agent_resolves(self, name: str) -> None:
        for ref in sorted(self.world.agents.rows[name].holding)[:1]:
            shop, _, contact = ref.partition("/")
            deciding.act(self.world.desk(shop), contact, lambda one: rules.resolve(one, name, self.world.now))

    @rule(name=st.sampled_from(AGENTS))
    def an_agent_goes(self, name: str) -> None:
        if not self.world.agents.rows[name].holding:
            leave(self.world.floor, name, self.world.now)

    @rule()
    def the_sweeper_runs(self) -> None:
        return_lapsed(self.world.floor, "main", self.world.now)
        self.world.sweep()
        spend(self.world.gate)

    @precondition(lambda self: self.world.of(Status.OVERFLOW))
    @rule(pick=PICK)
    def a_held_one_is_spam(self, pick: int) -> None:
        held = self.world.of(Status.OVERFLOW)
        one = held[pick % len(held)]
        event = Event(f"e{self.world.made}{one.id}", Action.SPAM, "shop", self.world.now, 0)
        deciding.act(self.world.desk(one.tenant), one.id, lambda found: rules.spam(found, event))

    @precondition(lambda self: self.world.of(Status.SPAM))
    @rule(pick=PICK)
    def the_mark_is_taken_back(self, pick: int) -> None:
        marked = self.world.of(Status.SPAM)
        one = marked[pick % len(marked)]
        event = Event(f"u{self.world.made}{one.id}", Action.UNDO_SPAM, "shop", self.world.now, 0)
        after = deciding.act(self.world.desk(one.tenant), one.id, lambda found: rules.undo_spam(found, event))
        assert after.status is Status.OVERFLOW
        self.untold.append(after)

    @invariant()
    def each_is_in_one_place(self) -> None:
        rows = [one for shop in self.world.shops.values() for one in shop.rows.values()]
        assert {one.id for one in rows} == self.accepted
        assert len(rows) == len(self.accepted)
        held = Counter(ref for agent in self.world.agents.rows.values() for ref in agent.holding)
        claimed = {one.ref for one in rows if one.status is Status.CLAIMED}
        assert held == Counter(claimed)
        queued = [one.contact for one in self.world.floor.queue("main", 10)]
        waiting = [one.id for one in rows if one.status is Status.WAITING]
        assert sorted(queued) == sorted(waiting)

    def teardown(self) -> None:
        """Whatever happened, with an agent at work and the sweeper running every one leaves overflow."""
        world = self.world
        world.now += 40 * HOUR
        for _ in range(4_000):
            if not world.of(Status.OVERFLOW):
                break
            world.now += MINUTE
            self.the_sweeper_runs()
            heartbeat(world.floor, "mina", world.now)
            while next_contact(world.floor, "mina", world.now):
                pass
            for _ in AGENTS:
                self.an_agent_resolves("mina")
        assert world.of(Status.OVERFLOW) == []
        self.each_is_in_one_place()


Life.TestCase.settings = settings(max_examples=60, stateful_step_count=40)
test_life = Life.TestCase
