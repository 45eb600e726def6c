from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

import pytest

from chalicelib.aws.tables import Write
from chalicelib.billing.model import Break, Cause, GatewayRefused, GatewayUnavailable, Rule
from chalicelib.billing.ports import Till
from chalicelib.billing.service import LEASE, reconcile, send_window
from chalicelib.contacts import rules
from chalicelib.contacts.model import Action, Author, Status
from chalicelib.kernel.clock import HOUR, Millis, hour_start, utc_hour
from chalicelib.kernel.errors import Conflict
from chalicelib.metering.model import Meter, UsageEntry, Window
from tests.fakes import FakeContacts, FakeLedger, Step, commit
from tests.samples import NOON, PRICE, SHOP, a_contact, an_event, said

HUMAN, AT = Meter.HUMAN, utc_hour(NOON)
DAY: Millis = 24 * HOUR


class Died(Exception):
    """The process was killed."""


@dataclass
class FakeGateway:
    """Stripe's hourly meter: the last event of an hour counts, a known identifier does not count again."""

    hours: dict[datetime, int] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)
    customers: list[str] = field(default_factory=list)
    step: Callable[[str], None] = lambda _: None

    def ensure_meter(self, event_name: str) -> str:
        self.step("meter")
        return f"mtr_{event_name}"

    def create_customer(self, tenant: str, name: str) -> str:
        self.step("customer")
        if tenant not in self.customers:
            self.customers.append(tenant)
        return f"cus_{tenant}"

    def put_hour_total(
        self, *, event_name: str, customer: str, hour: datetime, total: int, identifier: str, attempt: int
    ) -> None:
        self.step("before the post")
        assert (event_name, customer) == ("duredesk_human_contacts", "cus_danbi")
        assert attempt >= 1
        if identifier not in self.known:
            self.known.add(identifier)
            self.hours[hour] = total
        self.step("after the post")

    def hour_totals(
        self, *, event_name: str, customer: str, start: datetime, end: datetime
    ) -> dict[datetime, int]:
        self.step("summary")
        return {hour: total for hour, total in self.hours.items() if start <= hour < end and total}


@dataclass
class FakeCustomers:
    row: str | None = None

    def find(self) -> str | None:
        return self.row

    def bind(self, customer: str) -> Write:
        bound = Conflict("customer_bound", "bound")
        return Step("customer", lambda: setattr(self, "row", customer), lambda: bound if self.row else None)


@dataclass
class World:
    contacts: FakeContacts = field(default_factory=FakeContacts)
    ledger: FakeLedger = field(default_factory=FakeLedger)
    customers: FakeCustomers = field(default_factory=FakeCustomers)
    stripe: FakeGateway = field(default_factory=FakeGateway)
    commits: int = 0
    dies_at_commit: int = 0

    @property
    def till(self) -> Till:
        return Till(SHOP, "test", self.ledger.windows, self.customers, self.stripe, self._commit)

    def answer(self, name: str, at: Millis = NOON) -> None:
        """A contact is answered and booked, in one transaction."""
        contact = a_contact(name, status=Status.CLAIMED, agent="mina")
        change = rules.reply(contact, said(f"{name}r", Author.AGENT, "mina", at), PRICE)
        self.contacts.rows[name] = contact
        assert change.message is not None
        saved = self.contacts.save(contact, change.after)
        commit(saved, self.contacts.append(name, change.message), *self.ledger.writes(change.entries))

    def send(self, now: Millis = NOON, hour: str = AT) -> bool:
        return send_window(self.till, HUMAN, hour, now)

    def window(self, hour: str = AT) -> Window:
        return self.ledger.windows.rows[HUMAN, hour]

    def change(self, hour: str = AT, **values: int | None) -> None:
        self.ledger.windows.rows[HUMAN, hour] = replace(self.window(hour), **values)  # type: ignore[arg-type]

    def breaks(self, now: Millis = NOON + HOUR, *, repair: bool = False) -> tuple[Break, ...]:
        return reconcile(self.till, self.contacts, self.ledger, now, since=0, repair=repair).breaks

    def _commit(self, *writes: Write) -> None:
        self.commits += 1
        if self.commits == self.dies_at_commit:
            raise Died
        commit(*writes)


def sent() -> World:
    world = World()
    for number in range(3):
        world.answer(f"c{number}")
    assert world.send()
    return world


def test_the_absolute_total_is_sent_and_the_window_clean() -> None:
    world = sent()
    assert world.stripe.hours == {hour_start(AT): 3}
    window = world.window()
    assert (window.dirty_since, window.sent_rev, window.sent_total, window.lease_until) == (None, window.rev, 3, 0)
    assert world.customers.row == "cus_danbi"


@pytest.mark.parametrize("hour", [AT, "2026-11-21T05"])
def test_a_clean_or_absent_window_is_not_sent(hour: str) -> None:
    world = sent()
    before = set(world.stripe.known)
    assert world.send(hour=hour)
    assert world.stripe.known == before


def test_a_window_leased_by_another_sender_is_left_to_it_until_the_lease_ends() -> None:
    world = World()
    world.answer("c1")
    world.change(lease_until=NOON + LEASE)
    assert not world.send(NOON + LEASE - 1)
    assert (world.stripe.hours, world.window().dirty_since) == ({}, NOON)
    assert world.send(NOON + LEASE)
    assert world.stripe.hours == {hour_start(AT): 1}


def test_what_is_booked_while_sending_is_sent_too() -> None:
    world = World()
    world.answer("c1")

    def book_once(step: str) -> None:
        if step == "after the post" and "c2" not in world.contacts.rows:
            world.answer("c2")

    world.stripe.step = book_once
    assert world.send()
    assert (world.stripe.hours, world.window().dirty_since) == ({hour_start(AT): 2}, None)
    assert len(world.stripe.known) == 2


def test_a_window_that_never_rests_stays_dirty_and_owns_up() -> None:
    world = World()
    world.answer("c0")

    def book(step: str) -> None:
        if step == "after the post":
            world.answer(f"c{len(world.contacts.rows)}")

    world.stripe.step = book
    assert not world.send()
    assert world.window().dirty_since == NOON
    world.stripe.step = lambda _: None
    assert world.send()
    assert world.stripe.hours == {hour_start(AT): world.window().total}


def test_a_sender_that_woke_after_its_lease_mends_the_newer_total_that_it_overwrote() -> None:
    world = World()
    world.answer("c1")

    def sleep_while_another_sends(step: str) -> None:
        if step == "before the post" and "c2" not in world.contacts.rows:
            world.answer("c2")
            assert world.send(NOON + LEASE)

    world.stripe.step = sleep_while_another_sends
    assert world.send()
    assert world.stripe.hours == {hour_start(AT): 2}
    assert (world.window().gen, world.window().dirty_since) == (1, None)


STEPS = ["meter", "customer", "before the post", "after the post"]


@pytest.mark.parametrize("failure", [GatewayUnavailable("no answer"), Died()])
@pytest.mark.parametrize("at", STEPS)
def test_a_failed_send_leaves_the_window_dirty_and_the_next_one_converges(at: str, failure: Exception) -> None:
    world = World()
    world.answer("c1")

    def fail(step: str) -> None:
        if step == at:
            raise failure

    world.stripe.step = fail
    with pytest.raises(type(failure)):
        world.send()
    assert world.window().dirty_since == NOON
    assert not world.send(NOON + LEASE - 1)
    world.answer("c2")
    world.stripe.step = lambda _: None
    assert world.send(NOON + LEASE)
    assert (world.stripe.hours, world.stripe.customers) == ({hour_start(AT): 2}, ["danbi"])
    assert world.window().dirty_since is None
    assert not world.breaks()


def test_a_refused_window_waits_for_people_and_comes_back_when_it_changes_or_is_repaired() -> None:
    world = World()
    world.answer("c1")

    def refuse(step: str) -> None:
        if step == "before the post":
            raise GatewayRefused("archived_meter", "no")

    world.stripe.step = refuse
    with pytest.raises(GatewayRefused):
        world.send()
    assert (world.window().refused, world.window().dirty_since) == ("archived_meter", NOON)
    assert [found.cause for found in world.breaks()] == [Cause.REFUSED]
    world.stripe.step = lambda _: None
    world.breaks(repair=True)
    assert world.window().refused == ""
    assert world.send(NOON + HOUR)
    assert world.stripe.hours == {hour_start(AT): 1}
    assert world.breaks(NOON + 2 * HOUR) == ()


def test_an_entry_without_a_contact_is_named() -> None:
    world = sent()
    del world.contacts.rows["c1"]
    [found] = world.breaks()
    assert (found.item, found.left, found.right, found.cause) == ("c1", 0, 1, Cause.NO_CONTACT)


def test_a_corrected_older_hour_is_compared_in_the_hour_of_its_correction() -> None:
    world = sent()
    world.stripe.hours[hour_start(AT)] = 9
    later = NOON + 9 * HOUR

    def breaks() -> tuple[Break, ...]:
        return reconcile(world.till, world.contacts, world.ledger, later, since=later - HOUR).breaks

    assert breaks() == ()
    world.change(sent_at=later - HOUR)
    [found] = breaks()
    assert (found.item, found.left, found.right) == (AT, 3, 9)


@pytest.mark.parametrize("booked_between", [False, True])
@pytest.mark.parametrize("commit_number", [1, 2, 3])
def test_death_at_each_commit_then_resumed_gives_the_same_total(commit_number: int, booked_between: bool) -> None:
    world = World(dies_at_commit=commit_number)
    world.answer("c1")
    with pytest.raises(Died):
        world.send()
    assert world.window().dirty_since == NOON
    if booked_between:
        world.answer("c2")
    assert world.send(NOON + LEASE)
    assert world.stripe.hours == {hour_start(AT): 2 if booked_between else 1}
    assert not world.breaks()


def test_a_customer_bound_by_another_sender_is_used() -> None:
    world = World()
    world.answer("c1")

    def bind_first(step: str) -> None:
        if step == "customer":
            world.customers.row = "cus_danbi"

    world.stripe.step = bind_first
    assert world.send()
    assert world.stripe.hours == {hour_start(AT): 1}


def test_a_reversal_lowers_the_total() -> None:
    world = sent()
    contact = world.contacts.rows["c1"]
    change = rules.spam(contact, an_event(Action.SPAM, at=NOON + HOUR))
    commit(world.contacts.save(contact, change.after), *world.ledger.writes(change.entries))
    assert world.send(NOON + HOUR)
    assert world.stripe.hours == {hour_start(AT): 2}
    assert not world.breaks()


def test_everything_agrees() -> None:
    world = sent()
    world.answer("later", NOON + HOUR)
    assert world.send(NOON + HOUR, utc_hour(NOON + HOUR))
    report = reconcile(world.till, world.contacts, world.ledger, NOON + 2 * HOUR, since=0)
    assert report.breaks == ()
    assert (report.contacts, report.usage_entries, report.billable, report.stripe_total) == (4, 4, 4, 4)
    assert (report.ledger_won, report.stripe_won, report.difference_won) == (3_600, 3_600, 0)


def test_nothing_at_all_agrees_too() -> None:
    assert World().breaks() == ()


def test_what_stripe_no_longer_takes_is_not_compared() -> None:
    world = sent()
    now = NOON + 40 * DAY
    world.answer("new", now)
    assert world.send(now, utc_hour(now))
    report = reconcile(world.till, world.contacts, world.ledger, now, since=0)
    assert (report.breaks, report.billable, report.stripe_total, report.difference_won) == ((), 1, 1, 0)


def missed(world: World) -> None:
    del world.ledger.rows["c1", 1, 1]
    world.change(total=2)
    world.stripe.hours[hour_start(AT)] = 2


def doubled(world: World) -> None:
    entry = world.ledger.rows["c1", 1, 1]
    commit(*world.ledger.writes([replace(entry, n=2)]))
    world.send()


def sum_wrong(world: World) -> None:
    world.change(total=4)
    world.stripe.hours[hour_start(AT)] = 4


def lost_window(world: World) -> None:
    del world.ledger.windows.rows[HUMAN, AT]
    world.stripe.hours.clear()


def in_flight(world: World) -> None:
    world.answer("c9")


def not_sent(world: World) -> None:
    world.change(sent_rev=0)
    world.stripe.hours.clear()


def stale(world: World) -> None:
    world.stripe.hours[hour_start(AT)] = 2


def vanished(world: World) -> None:
    world.stripe.hours.clear()


def unknown(world: World) -> None:
    world.stripe.hours[hour_start(utc_hour(NOON - HOUR))] = 7


R0, R1, R2 = Rule
PLANTED: dict[Callable[[World], None], tuple[Rule, str, int, int, Cause]] = {
    missed: (R0, "c1/1", 1, 0, Cause.MISSED),
    doubled: (R0, "c1/1", 1, 2, Cause.DOUBLED),
    sum_wrong: (R1, AT, 3, 4, Cause.SUM_WRONG),
    lost_window: (R1, AT, 3, 0, Cause.SUM_WRONG),
    in_flight: (R2, AT, 4, 3, Cause.IN_FLIGHT),
    not_sent: (R2, AT, 3, 0, Cause.NOT_SENT),
    stale: (R2, AT, 3, 2, Cause.STALE_OVERWRITE),
    vanished: (R2, AT, 3, 0, Cause.STALE_OVERWRITE),
    unknown: (R2, utc_hour(NOON - HOUR), 0, 7, Cause.UNKNOWN_USAGE),
}


@pytest.mark.parametrize("plant", PLANTED, ids=lambda plant: plant.__name__)
def test_every_planted_break_is_found_and_no_other(plant: Callable[[World], None]) -> None:
    world = sent()
    plant(world)
    rule, item, left, right, cause = PLANTED[plant]
    assert world.breaks() == (Break(rule, "danbi", item, left, right, cause),)


@pytest.mark.parametrize("plant", [not_sent, stale, vanished])
def test_repair_sends_the_same_total_under_a_new_name(plant: Callable[[World], None]) -> None:
    world = sent()
    plant(world)
    names = set(world.stripe.known)
    assert world.breaks()
    assert world.send()
    assert world.breaks(repair=True)
    assert [found.cause for found in world.breaks(repair=True)] == [Cause.IN_FLIGHT]
    assert world.send()
    assert (world.stripe.hours, len(world.stripe.known - names)) == ({hour_start(AT): 3}, 1)
    assert world.breaks(repair=True) == ()
    assert world.window().gen == 1


@pytest.mark.parametrize("plant", [missed, doubled, sum_wrong, in_flight, unknown])
def test_what_sending_again_cannot_mend_is_left_to_people(plant: Callable[[World], None]) -> None:
    world = sent()
    plant(world)
    before = world.window()
    assert world.breaks(repair=True) == world.breaks(repair=True)
    assert world.window() == before


def test_work_that_goes_on_meanwhile_is_no_break() -> None:
    world = sent()

    def go_on(step: str) -> None:
        if step == "summary":
            world.stripe.step = lambda _: None
            world.answer("meanwhile")
            assert world.send()

    world.stripe.step = go_on
    assert {found.cause for found in world.breaks()} <= {Cause.IN_FLIGHT}
    assert world.breaks() == ()


def test_a_reply_between_the_two_reads_of_a_contact_is_no_break() -> None:
    world = sent()
    raced: list[str] = []

    class Raced(FakeLedger):
        def of_contact(self, contact: str) -> list[UsageEntry]:
            if contact == "c0" and not raced:
                raced.append(contact)
                return []
            return super().of_contact(contact)

    ledger = Raced(world.ledger.windows, world.ledger.rows)
    assert reconcile(world.till, world.contacts, ledger, NOON + HOUR, since=0).breaks == ()
    assert raced == ["c0"]
