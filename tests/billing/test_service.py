import pytest

from chalicelib.billing.service import LEASE
from chalicelib.kernel.clock import hour_start
from tests.billing.world import AT, World, sent
from tests.samples import NOON


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


def test_a_customer_bound_by_another_sender_is_used() -> None:
    world = World()
    world.answer("c1")

    def bind_first(step: str) -> None:
        if step == "customer":
            world.customers.row = "cus_danbi"

    world.stripe.step = bind_first
    assert world.send()
    assert world.stripe.hours == {hour_start(AT): 1}
