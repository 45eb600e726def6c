"""Who is held back, and who is let in: each tenant in its turn, as there is room."""

import json
from collections import Counter
from dataclasses import replace

from chalicelib.aws.tables import Write
from chalicelib.contacts import rules
from chalicelib.contacts.model import Status
from chalicelib.kernel.clock import MINUTE, SECOND
from chalicelib.overflow import service
from chalicelib.overflow.rules import BATCH, FORGOTTEN
from chalicelib.routing.model import Lane
from tests.fakes import commit
from tests.overflow.world import CONTRACT, World

WITHIN = CONTRACT.burst + 1


def test_what_the_contract_allows_waits_and_the_rest_is_held_back() -> None:
    world = World()
    opened = world.open(number=WITHIN + 5)
    assert [one.status for one in opened] == [Status.WAITING] * WITHIN + [Status.OVERFLOW] * 5
    assert {one.held_at for one in opened[WITHIN:]} == {world.now}
    shown = world.clocks["danbi"].shows
    world.open(number=5)
    assert world.clocks["danbi"].shows == shown


def test_other_shops_are_not_held_back() -> None:
    world = World()
    world.flood("danbi", 50)
    assert {one.status for one in world.open("mungmeal", WITHIN)} == {Status.WAITING}


def test_each_ticket_lets_in_the_oldest_as_far_as_there_is_room() -> None:
    world = World()
    world.hire("mina", "juno")
    opened = world.flood(number=WITHIN + 20)
    # 12 free and 4 ahead, less 22 that wait: no room.
    assert world.admit() == 0
    for agent in ("mina", "juno", "mina", "juno", "mina", "juno"):
        assert world.pull(agent)
    assert world.admit() == 0
    world.hire("jina", "sora", "nari")
    assert [world.admit() for _ in range(5)] == [2, 2, 1, 1, 0]
    held = [one.id for one in opened[WITHIN:]]
    assert sorted(one.id for one in world.of(Status.OVERFLOW)) == held[6:]
    assert all(one.admitted_at == world.now for one in world.of(Status.WAITING) if one.id in held)


def test_nobody_present_lets_nobody_in_but_what_the_contract_allows() -> None:
    world = World()
    world.flood()
    assert world.admit() == 0
    world.now += CONTRACT.tick
    assert world.admit() == 1
    assert world.admit() == 0


def test_full_pool_starves_nobody_of_what_the_contract_allows() -> None:
    world = World()
    world.hire("mina")
    world.flood("danbi")
    world.open("mungmeal", WITHIN)
    world.open("namujip", WITHIN)
    world.now += 3 * CONTRACT.tick
    assert [world.admit() for _ in range(4)] == [1, 1, 1, 0]
    assert len([one for one in world.of(Status.WAITING, "danbi") if one.admitted_at]) == 3


def test_turns_go_round_however_many_messages_each_has() -> None:
    world = World()
    world.flood("danbi", 200)
    world.flood("mungmeal", WITHIN + 20)
    world.flood("namujip", WITHIN + 20)
    for name in range(24):
        world.hire(f"agent{name}")
    while world.admit():
        pass
    entered = Counter(one.tenant for one in world.of(Status.WAITING) if one.admitted_at)
    assert max(entered.values()) - min(entered.values()) <= 1
    assert sum(entered.values()) > 30


def test_polls_that_meet_cost_their_shop_no_turn() -> None:
    world = World()
    world.hire(*(f"agent{name}" for name in range(20)))
    world.flood(number=WITHIN + 12)
    before, others = world.clocks["danbi"].shows, [True]

    def overtaken(*writes: Write) -> None:
        if others:
            others.clear()
            world.admit()
        commit(*writes)

    service.admit(replace(world.gate, commit=overtaken), "main", world.now)
    entered = [one for one in world.of(Status.WAITING) if one.admitted_at]
    assert len(entered) > 2
    assert world.clocks["danbi"].shows == before + len(entered) * CONTRACT.tick
    assert sorted(one.rank for one in entered)[-1] == world.now + len(entered) * CONTRACT.tick


def test_order_within_a_tenant_holds_and_ranks_follow_the_contract() -> None:
    world = World()
    opened = world.flood(number=WITHIN + 9)
    world.hire(*(f"agent{name}" for name in range(20)))
    while world.admit():
        pass
    entered = [world.shops["danbi"].rows[one.id] for one in opened[WITHIN:]]
    ranks = [one.rank for one in entered]
    assert ranks == [world.now + number * CONTRACT.tick for number in range(1, 10)]


def test_last_one_ends_it_and_the_next_arrival_is_not_held_back() -> None:
    world = World()
    world.flood(number=WITHIN + 2)
    world.hire(*(f"agent{name}" for name in range(20)))
    while world.admit():
        pass
    assert world.clocks["danbi"].turn is None
    world.now += 20 * CONTRACT.tick
    assert world.open()[0].status is Status.WAITING


def test_turn_without_contacts_is_ended_by_the_sweeper() -> None:
    world = World()
    held = world.flood(number=WITHIN + 2)[WITHIN:]
    world.sweep()
    assert world.clocks["danbi"].turn is not None
    for one in held:
        world.shops["danbi"].rows.pop(one.id)
    world.sweep()
    assert world.clocks["danbi"].turn is None


def test_spent_tickets_leave_the_queue_and_live_ones_stay() -> None:
    world = World()
    held = world.flood(number=WITHIN + 3)[WITHIN:]
    world.shops["danbi"].rows.pop(held[0].id)
    world.hire("mina")
    # An agent takes one out of turn.
    row = world.shops["danbi"].rows[held[1].id]
    world.shops["danbi"].rows[held[1].id] = rules.claim(row, world.agents.rows["mina"], world.now).after
    assert service.spend(world.gate) == 2
    world.queue.time_out()
    assert [json.loads(one.body)["contact"] for one in world.queue.visible] == [held[2].id]


def test_forgotten_by_the_queue_is_let_in_by_the_sweeper() -> None:
    world = World()
    world.open(number=WITHIN + 3)
    world.hire(*(f"agent{name}" for name in range(20)))
    world.now += FORGOTTEN - SECOND
    assert world.sweep() == 0
    world.now += SECOND
    world.hire(*(f"agent{name}" for name in range(20)))
    assert world.sweep() == 3
    assert world.of(Status.OVERFLOW) == []


def test_marking_again_changes_nothing() -> None:
    world = World()
    world.flood()
    before = world.clocks["danbi"].look()
    world.now += MINUTE
    service.mark(world.gate, "main", "danbi", Lane.SHOP, world.now)
    assert world.clocks["danbi"].look() == before


def test_messages_of_what_is_held_elsewhere_are_left_alone() -> None:
    world = World()
    world.hire(*(f"agent{name}" for name in range(20)))
    world.flood(number=WITHIN + 2)
    for number in range(8):
        world.queue.send(json.dumps({"tenant": "mungmeal", "contact": f"elsewhere{number}"}))
    elsewhere = [
        replace(world.shops["danbi"].rows["danbi0012"], id=f"elsewhere{n}", tenant="mungmeal") for n in range(8)
    ]
    world.shops["mungmeal"].rows.update({one.id: one for one in elsewhere})
    while world.admit():
        pass
    assert world.of(Status.OVERFLOW, "danbi") == []
    assert len(world.queue.visible + world.queue.taken) == 8


def test_turn_that_begins_with_nothing_waiting_starts_the_clock_anew() -> None:
    world = World()
    world.hire("mina")
    clock, far = world.clocks["danbi"], world.now + 500 * CONTRACT.tick
    clock.shows, clock.held_since = far, world.now
    [held] = world.open()
    clock.held_since = 0
    world.relay(held)
    assert clock.turn is not None
    assert clock.turn <= world.now
    waiting = World()
    waiting.flood()
    assert waiting.clocks["danbi"].shows > waiting.now + CONTRACT.allowance


def test_poison_ends_among_the_dead_and_holds_up_nobody() -> None:
    world = World()
    world.hire(*(f"agent{name}" for name in range(60)))
    opened = world.open(number=WITHIN + 20)
    world.relay(*opened[WITHIN : WITHIN + 9])
    world.queue.send("not a ticket")
    world.relay(*opened[WITHIN + 9 : WITHIN + 18])
    world.queue.send('{"tenant": "danbi"}')
    for _ in range(6):
        world.admit()
        world.admit()
        world.queue.time_out()
    assert [one.body for one in world.queue.dead] == ["not a ticket", '{"tenant": "danbi"}']
    assert set(world.queue.received.values()) == {1, 5}
    assert len(world.of(Status.OVERFLOW)) == 2
    assert len([one for one in world.of(Status.WAITING) if one.admitted_at]) == 18


def test_contact_that_cannot_be_read_costs_its_own_ticket_only_and_is_let_in_once_repaired() -> None:
    world = World()
    world.hire(*(f"agent{name}" for name in range(60)))
    held = world.flood(number=WITHIN + BATCH)[WITHIN:]
    world.shops["danbi"].broken.add(held[0].id)
    for _ in range(6):
        world.admit()
        world.queue.time_out()
    admitted = [one.id for one in world.of(Status.WAITING) if one.admitted_at]
    assert admitted == [one.id for one in held[1:]]
    [dead] = world.queue.dead
    assert max(world.queue.received.values()) == 5
    world.shops["danbi"].broken.clear()
    world.queue.send(dead.body)
    assert world.admit() == 1
    assert world.of(Status.OVERFLOW) == []
    assert world.queue.visible == world.queue.taken == []


def test_many_that_cannot_be_read_hold_up_nobody_behind_them() -> None:
    world = World()
    world.hire(*(f"agent{name}" for name in range(60)))
    held = world.flood(number=WITHIN + 12)[WITHIN:]
    world.shops["danbi"].broken.update(one.id for one in held[:7])
    for _ in range(4):
        world.admit()
    assert [one.id for one in world.of(Status.WAITING) if one.admitted_at] == [one.id for one in held[7:]]


def test_turn_that_fails_leaves_the_messages_of_what_is_still_held() -> None:
    world = World()
    world.hire(*(f"agent{name}" for name in range(60)))
    held = world.flood(number=WITHIN + 4)[WITHIN:]
    world.shops["danbi"].broken.update(one.id for one in held)
    world.admit()
    assert len(world.queue.taken + world.queue.visible) == 4
    world.shops["danbi"].broken.clear()
    world.queue.time_out()
    while world.admit():
        pass
    assert world.of(Status.OVERFLOW) == []


def test_shop_whose_contacts_cannot_be_read_holds_up_no_other() -> None:
    world = World()
    world.hire(*(f"agent{name}" for name in range(60)))
    bad, good = world.flood("danbi", WITHIN + 4)[WITHIN:], world.flood("mungmeal", WITHIN + 4)[WITHIN:]
    world.shops["danbi"].broken.update(one.id for one in bad)
    world.admit()
    assert world.of(Status.OVERFLOW, "mungmeal") == []
    assert len(good) == 4
