from collections.abc import Callable
from dataclasses import replace

import pytest

from chalicelib.billing.model import GatewayRefused, GatewayUnavailable
from chalicelib.billing.service import LEASE
from chalicelib.closing.model import Break, Cause, Rule
from chalicelib.closing.service import reconcile
from chalicelib.contacts import rules
from chalicelib.contacts.model import Action
from chalicelib.kernel.clock import HOUR, hour_start, utc_hour
from chalicelib.metering.model import UsageEntry
from tests.billing.world import AT, DAY, HUMAN, Died, World, sent
from tests.fakes import FakeLedger, commit
from tests.samples import NOON, an_event

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
    assert (found.item, found.left, found.right) == (f"human/{AT}", 3, 9)


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


R0, R1, R2 = Rule.CONTACT_LEDGER, Rule.LEDGER_WINDOW, Rule.WINDOW_STRIPE
ITEM = f"human/{AT}"
PLANTED: dict[Callable[[World], None], tuple[Rule, str, int, int, Cause]] = {
    missed: (R0, "c1/1", 1, 0, Cause.MISSED),
    doubled: (R0, "c1/1", 1, 2, Cause.DOUBLED),
    sum_wrong: (R1, ITEM, 3, 4, Cause.SUM_WRONG),
    lost_window: (R1, ITEM, 3, 0, Cause.SUM_WRONG),
    in_flight: (R2, ITEM, 4, 3, Cause.IN_FLIGHT),
    not_sent: (R2, ITEM, 3, 0, Cause.NOT_SENT),
    stale: (R2, ITEM, 3, 2, Cause.STALE_OVERWRITE),
    vanished: (R2, ITEM, 3, 0, Cause.STALE_OVERWRITE),
    unknown: (R2, f"human/{utc_hour(NOON - HOUR)}", 0, 7, Cause.UNKNOWN_USAGE),
}


@pytest.mark.parametrize("plant", PLANTED, ids=lambda plant: plant.__name__)
def test_every_planted_break_is_found_and_no_other(plant: Callable[[World], None]) -> None:
    world = sent()
    plant(world)
    rule, item, left, right, cause = PLANTED[plant]
    assert world.breaks() == (Break(rule, "danbi", item, left, right, cause, "2026-11"),)


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
