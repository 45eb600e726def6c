from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from chalicelib.agents.model import LEASE, Agent
from chalicelib.aws.tables import Write
from chalicelib.contacts.model import Status
from chalicelib.contacts.ports import Desk
from chalicelib.kernel.clock import SECOND, Millis
from chalicelib.kernel.errors import Busy, Conflict, Mismatch, NotFound
from chalicelib.queue.ports import Floor
from chalicelib.queue.service import PAGE, find, heartbeat, leave, next_contact, return_lapsed
from chalicelib.routing.model import Arrival, Band, Candidate
from chalicelib.routing.rules import FRESH
from chalicelib.tenants.model import Channel
from tests.fakes import FakeAgents, FakeContacts, FakeCustomers, FakeLedger, commit
from tests.samples import NOON, SHOP, a_contact, an_agent


@dataclass
class World:
    """A pool with contacts of two shops; `before_commit` lets colleagues act just before us."""

    shops: dict[str, FakeContacts] = field(
        default_factory=lambda: {name: FakeContacts(name) for name in ("danbi", "mungmeal")}
    )
    agents: FakeAgents = field(default_factory=lambda: FakeAgents({"mina": an_agent(alive_until=0)}))
    before_commit: Callable[[], object] = lambda: None
    stale: list[Candidate] = field(default_factory=list)
    turn: int = 0

    @property
    def floor(self) -> Floor:
        return Floor(self.agents, self._queue, self._desk, self._commit, lambda: self.turn)

    def waits(self, name: str, rank: Millis = 0, *, tenant: str = "danbi", **changes: Any) -> None:
        self.shops[tenant].rows[name] = a_contact(name, tenant=tenant, rank=NOON + rank, **changes)

    def colleague(self, name: str, **changes: Any) -> None:
        self.agents.rows[name] = an_agent(name, **changes)

    def pull(self, now: Millis = NOON, *, expected: int | None = None) -> str | None:
        story = next_contact(self.floor, "mina", now, expected=expected)
        return story.contact.id if story else None

    @property
    def mina(self) -> Agent:
        return self.agents.rows["mina"]

    def snatch(self, name: str, tenant: str = "danbi") -> None:
        """A colleague claims it."""
        row = self.shops[tenant].rows[name]
        self.shops[tenant].rows[name] = replace(row, status=Status.CLAIMED, agent="jina", version=row.version + 1)

    def _queue(self, pool: str, page: int) -> Iterator[Candidate]:
        found = [candidate for shop in self.shops.values() for candidate in shop.queue(pool, page)]
        yield from self.stale
        yield from sorted(found, key=lambda one: (one.band, one.rank, one.tenant, one.contact))

    def _desk(self, tenant: str) -> Desk:
        ledger = FakeLedger()

        def place(now: Millis) -> Arrival:
            return Arrival("main", now)

        return Desk(SHOP, self.shops[tenant], ledger, self.agents, place, self._commit, FakeCustomers())

    def _commit(self, *writes: Write) -> None:
        self.before_commit()
        commit(*writes)


def test_an_empty_queue_gives_nothing_and_counts_the_agent_as_present() -> None:
    world = World()
    assert world.pull() is None
    assert world.mina.alive_until == NOON + LEASE


def test_the_first_in_rank_of_all_shops_comes_first_with_its_story() -> None:
    world = World()
    world.waits("later", -1)
    world.waits("sooner", -FRESH, tenant="mungmeal")
    story = next_contact(world.floor, "mina", NOON)
    assert story is not None
    assert (story.contact.id, story.contact.status, story.contact.agent) == ("sooner", Status.CLAIMED, "mina")
    assert (world.mina.load, set(world.mina.holding)) == (2, {"mungmeal/sooner"})
    assert world.pull() == "later"
    assert world.mina.load == 4


@pytest.mark.parametrize(("load", "found"), [(0, "phone"), (1, "chat"), (5, "email"), (6, None)])
def test_what_does_not_fit_is_left_to_others(load: int, found: str | None) -> None:
    world = World()
    world.waits("phone", -3 * FRESH, channel=Channel.PHONE)
    world.waits("chat", -2 * FRESH)
    world.waits("email", -FRESH, channel=Channel.EMAIL)
    world.agents.rows["mina"] = an_agent(load=load)
    assert world.pull() == found


def test_a_contact_that_fits_is_found_behind_pages_that_do_not() -> None:
    world = World()
    for number in range(3 * PAGE):
        world.waits(f"phone{number:02d}", -2 * FRESH, channel=Channel.PHONE)
    world.waits("email", -FRESH, channel=Channel.EMAIL)
    world.agents.rows["mina"] = an_agent(load=1)
    assert world.pull() == "email"


@pytest.mark.parametrize(("busy", "found"), [(83, "excess"), (84, None)])
def test_excess_is_taken_only_while_the_guard_is_free(busy: int, found: str | None) -> None:
    world = World()
    world.colleague("jina", capacity=94, load=busy + 6)
    world.waits("excess", 60 * SECOND)
    assert world.pull() == found


@pytest.mark.parametrize(("share", "found"), [(0.0, "excess"), (0.09, "excess"), (0.1, None)])
def test_the_guard_is_as_large_as_the_floor_says(share: float, found: str | None) -> None:
    world = World()
    world.colleague("jina", capacity=94, load=90)
    world.waits("excess", 60 * SECOND)
    story = next_contact(replace(world.floor, guard_share=share), "mina", NOON)
    assert (story.contact.id if story else None) == found


def test_excess_is_taken_once_its_rank_has_come() -> None:
    world = World()
    world.colleague("jina", capacity=94, load=94)
    world.waits("excess", 60 * SECOND)
    assert [world.pull(NOON + at) for at in (60 * SECOND - 1, 60 * SECOND)] == [None, "excess"]


def test_who_answered_it_last_gets_it_first() -> None:
    world = World()
    world.waits("other", -2 * FRESH)
    world.waits("mine", -FRESH, preferred="mina")
    assert world.pull() == "mine"


def test_what_was_returned_comes_before_arrivals() -> None:
    world = World()
    world.waits("arrived", -FRESH, preferred="mina")
    world.waits("returned", band=Band.FRONT)
    assert world.pull() == "returned"


def test_an_index_that_lags_does_no_harm() -> None:
    world = World()
    world.waits("taken")
    world.waits("absent")
    world.stale = [replace(one, rank=NOON - FRESH) for one in world.shops["danbi"].queue("main", PAGE)]
    world.snatch("taken")
    del world.shops["danbi"].rows["absent"]
    world.waits("here")
    assert world.pull() == "here"
    assert world.pull() is None


def test_who_loses_a_race_tries_the_next_one() -> None:
    world = World(agents=FakeAgents({"mina": an_agent()}))
    world.waits("a", -2 * FRESH)
    world.waits("b", -FRESH)

    def snatch_first() -> None:
        world.before_commit = lambda: None
        world.snatch("a")

    world.before_commit = snatch_first
    assert world.pull() == "b"
    assert world.mina.load == 2


def test_who_loses_every_race_is_told_to_come_back() -> None:
    world = World(agents=FakeAgents({"mina": an_agent()}))
    world.waits("a")

    def touch() -> None:
        row = world.shops["danbi"].rows["a"]
        world.shops["danbi"].rows["a"] = replace(row, version=row.version + 1)

    world.before_commit = touch
    with pytest.raises(Busy):
        world.pull()
    assert world.mina.load == 0
    world.before_commit = lambda: None
    assert world.pull() == "a"


def test_ones_own_load_that_moved_meanwhile_is_looked_at_again() -> None:
    world = World(agents=FakeAgents({"mina": an_agent()}))
    world.waits("phone", -2 * FRESH, channel=Channel.PHONE)
    world.waits("email", -FRESH, channel=Channel.EMAIL)

    def other_window() -> None:
        world.before_commit = lambda: None
        world.agents.rows["mina"] = replace(world.mina, load=5)

    world.before_commit = other_window
    assert world.pull() == "email"
    assert world.mina.load == 6


def test_a_repeated_pull_claims_no_second_contact() -> None:
    world = World(agents=FakeAgents({"mina": an_agent()}))
    world.waits("a", -1)
    world.waits("b")
    assert world.pull(expected=0) == "a"
    with pytest.raises(Mismatch) as stale:
        world.pull(expected=0)
    assert stale.value.details == {"version": 1}
    assert world.pull(expected=1) == "b"


def test_two_pulls_of_one_version_at_once_claim_one_contact() -> None:
    world = World(agents=FakeAgents({"mina": an_agent()}))
    world.waits("a", -1)
    world.waits("b")

    def twin() -> None:
        world.before_commit = lambda: None
        assert world.pull(expected=0) == "a"

    world.before_commit = twin
    with pytest.raises(Mismatch):
        world.pull(expected=0)
    assert world.mina.holding == {"danbi/a"}


def held(world: World, *names: str) -> None:
    for name in names:
        world.waits(name, -FRESH)
        assert world.pull() == name


def test_what_a_silent_agent_holds_goes_to_the_front_when_the_lease_ends() -> None:
    world = World()
    held(world, "a", "b")
    end = NOON + LEASE
    assert return_lapsed(world.floor, "main", end - 1) == 0
    assert return_lapsed(world.floor, "main", end) == 2
    assert return_lapsed(world.floor, "main", end) == 0
    assert {row.band for row in world.shops["danbi"].rows.values()} == {Band.FRONT}
    assert (world.mina.load, world.mina.holding, world.mina.alive_until) == (0, frozenset(), 0)
    assert [event.detail for event in world.shops["danbi"].events.values()] == ["mina", "mina"]


def test_a_heartbeat_keeps_everything() -> None:
    world = World()
    held(world, "a")
    assert heartbeat(world.floor, "mina", NOON + LEASE - 1).alive_until == NOON + 2 * LEASE - 1
    assert return_lapsed(world.floor, "main", NOON + LEASE) == 0


def test_an_agent_who_comes_back_during_the_sweep_keeps_what_is_left() -> None:
    world = World()
    held(world, "a", "b")

    def comes_back() -> None:
        if world.mina.holding == {"danbi/b"}:
            world.before_commit = lambda: None
            heartbeat(world.floor, "mina", NOON + LEASE)

    world.before_commit = comes_back
    assert return_lapsed(world.floor, "main", NOON + LEASE) == 1
    assert (set(world.mina.holding), world.mina.alive_until) == ({"danbi/b"}, NOON + 2 * LEASE)


def test_only_an_idle_agent_leaves() -> None:
    world = World()
    held(world, "a")
    with pytest.raises(Conflict):
        leave(world.floor, "mina", NOON)
    return_lapsed(world.floor, "main", NOON + LEASE)
    heartbeat(world.floor, "mina", NOON + LEASE)
    assert leave(world.floor, "mina", NOON + LEASE).alive_until == 0


def test_a_stranger_is_not_found() -> None:
    world = World()
    for action in (
        lambda: next_contact(world.floor, "nobody", NOON),
        lambda: find(world.floor, "nobody"),
        lambda: heartbeat(world.floor, "nobody", NOON),
        lambda: leave(world.floor, "nobody", NOON),
    ):
        with pytest.raises(NotFound):
            action()
    assert find(world.floor, "mina").id == "mina"


@pytest.mark.parametrize(
    "hint",
    [
        an_agent(load=0),
        an_agent(load=5),
        an_agent(load=0, capacity=9),
        an_agent(load=0, version=7),
        an_agent(load=0, alive_until=0),
    ],
)
def test_a_hint_that_is_wrong_changes_nothing(hint: Agent) -> None:
    world = World()
    world.agents.rows["mina"] = an_agent(load=4, holding=frozenset({"danbi/a", "danbi/b"}))
    world.agents.hints["mina"] = hint
    world.waits("one", -2)
    assert world.pull() == "one"
    world.waits("two", -1)
    assert world.pull() is None
    assert (world.mina.load, world.mina.alive_until) == (6, NOON + LEASE)


def test_a_hint_of_somebody_who_left_takes_nothing() -> None:
    world = World()
    world.agents.hints["mina"] = world.agents.rows.pop("mina")
    world.waits("one")
    with pytest.raises(NotFound):
        world.pull()
    assert world.shops["danbi"].rows["one"].status is Status.WAITING


def test_a_repeated_pull_is_refused_though_the_hint_is_of_the_version_that_it_expects() -> None:
    world = World()
    world.agents.rows["mina"] = an_agent(version=3)
    world.agents.hints["mina"] = an_agent(version=2)
    for name in ("one", "two"):
        world.waits(name)
    with pytest.raises(Mismatch):
        world.pull(expected=2)
    assert world.pull(expected=3)


def test_a_barred_agent_is_not_kept_from_what_waits_behind_pages_of_that_customer() -> None:
    world = World()
    for number in range(3 * PAGE):
        world.waits(f"bad{number:02d}", -2 * FRESH)
    world.waits("good", -FRESH, tenant="mungmeal")
    world.agents.rows["mina"] = an_agent(barred=frozenset({"danbi/handle of u1"}))
    assert world.pull() == "good"
