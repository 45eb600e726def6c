"""Erasing, keeping and letting go, and that a crash anywhere changes nothing of the end."""

from dataclasses import replace

import pytest

from chalicelib.contacts.erasure import Hold
from chalicelib.contacts.model import Status
from chalicelib.customers.model import Customer, Details, Tombstone
from chalicelib.kernel.clock import DAY
from chalicelib.kernel.errors import Conflict, NotFound
from chalicelib.rights import service
from chalicelib.rights.exports import export_customer
from chalicelib.rights.model import SETTLING, WHOLE_TENANT, Counts, Erasure, Ground, Progress
from chalicelib.rights.rules import verify
from tests.rights.world import SECRET, Died, World, wanted
from tests.samples import NOON, SHOP

SETTLED = NOON + SETTLING
DISPUTE = Hold("k2", NOON + 10 * DAY, "분쟁 조정", "owner:dana", NOON)


def a_world() -> World:
    world = World()
    world.add("kim", "k1", texts=3)
    world.add("kim", "k2", texts=1, status=Status.RESOLVED)
    world.add("lee", "l1", texts=2)
    return world


def sweep(world: World, now: int) -> None:
    """Do what the sweeper's job does, as often as something is due."""
    for _ in range(50):
        due = [name for name, at in world.erasures.due.items() if at <= now]
        if not due:
            return
        for name in due:
            service.step(world.registry, name, now)
    raise AssertionError("the erasure never ends")


def erased(world: World, customer: str = "kim") -> Erasure:
    service.erase_customer(world.registry, customer, wanted())
    sweep(world, SETTLED)
    return world.erasures.get("e1")


def texts(world: World, contact: str) -> set[str]:
    return {message.text for message in world.stories.said[contact]}


def test_erased_customer_leaves_nothing_and_others_keep_everything() -> None:
    world = a_world()
    done = erased(world)
    assert done.progress is Progress.DONE
    assert texts(world, "k1") == texts(world, "k2") == {""}
    assert {world.stories.contacts[name].customer for name in ("k1", "k2")} == {""}
    assert world.customers.contacts(done.handle) == []
    assert list(world.customers.known) == [world.customers.handle("lee")]
    assert texts(world, "l1") == {"말 0", "말 1"}
    assert world.stories.contacts["l1"].customer == "lee"


def test_certificate_counts_what_was_erased() -> None:
    world = a_world()
    done = erased(world)
    assert done.counts == Counts(contacts=2, messages=4, customers=1, search_entries=1)
    assert verify(done.certificate, SECRET)["erased"]["messages"] == 4


def test_customer_is_unreadable_at_once_and_certified_when_all_that_began_before_has_ended() -> None:
    world = a_world()
    begun = service.erase_customer(world.registry, "kim", wanted())
    assert begun.progress is Progress.RUNNING
    assert begun.certificate == ""
    with pytest.raises(NotFound):
        world.customers.get("kim")
    with pytest.raises(NotFound):
        export_customer(world.registry, "kim", NOON)
    sweep(world, SETTLED - 1)
    assert world.erasures.get("e1").progress is Progress.RUNNING
    # A request that had looked before the tombstone was there opened one more.
    world.add("kim", "late")
    sweep(world, SETTLED)
    assert world.erasures.get("e1").progress is Progress.DONE
    assert texts(world, "late") == {""}


def test_repeat_returns_the_first_erasure() -> None:
    world = a_world()
    first = erased(world)
    again = service.erase_customer(world.registry, "kim", wanted("e2", NOON + DAY))
    assert again == first
    assert list(world.erasures.rows) == ["e1"]


def test_what_came_under_the_id_of_an_erased_customer_is_erased_by_another_erasure() -> None:
    world = a_world()
    erased(world)
    world.add("kim", "k3", texts=2)
    assert service.erase_customer(world.registry, "kim", wanted("e1", NOON + DAY)).id == "e1"
    again = service.erase_customer(world.registry, "kim", wanted("e2", NOON + DAY))
    assert (again.id, again.progress, texts(world, "k3")) == ("e2", Progress.RUNNING, {""})
    sweep(world, NOON + DAY + SETTLING)
    first, second = (world.erasures.get(name) for name in ("e1", "e2"))
    assert (first.counts.contacts, second.counts.contacts) == (2, 1)
    assert first.progress is second.progress is Progress.DONE


def test_customer_of_whom_nothing_is_known_is_not_found() -> None:
    world = a_world()
    with pytest.raises(NotFound):
        service.erase_customer(world.registry, "nobody", wanted())
    assert world.commits == 0
    world.customers.known.pop(world.customers.handle("kim"))
    assert erased(world).counts.contacts == 2


def test_contact_that_changes_meanwhile_is_erased_as_it_is_then() -> None:
    world = a_world()

    def write() -> None:
        before = world.stories.contacts["k1"]
        world.stories.contacts["k1"] = replace(before, version=before.version + 1)
        world.stories.said["k1"].append(replace(world.stories.said["k1"][0], text="방금 쓴 말"))

    world.stories.before_erase.append(write)
    assert erased(world).counts.messages == 5
    assert texts(world, "k1") == {""}


def test_many_contacts_take_many_steps() -> None:
    world = World()
    for number in range(service.STEP + 1):
        world.add("kim", f"k{number:03d}", texts=1)
    service.erase_customer(world.registry, "kim", wanted())
    assert len(world.customers.links) == 1
    sweep(world, SETTLED)
    assert world.customers.links == set()
    assert world.erasures.get("e1").counts.contacts == service.STEP + 1


@pytest.mark.parametrize("whole", [False, True], ids=["customer", "tenant"])
def test_crash_before_any_transaction_changes_nothing_of_the_end(whole: bool) -> None:
    def demand(world: World) -> None:
        if whole:
            service.erase_tenant(world.registry, wanted())
        else:
            service.erase_customer(world.registry, "kim", wanted())

    calm = a_world()
    demand(calm)
    sweep(calm, SETTLED)
    assert calm.commits > 8
    for dies_at in range(1, calm.commits + 1):
        world = a_world()
        world.dies_at = dies_at
        died = 0
        for act in (demand, lambda world: sweep(world, SETTLED), demand, lambda world: sweep(world, SETTLED)):
            try:
                act(world)
            except Died:
                died += 1
        assert died == 1, dies_at
        assert world.state() == calm.state(), dies_at


def test_contact_on_hold_is_kept_listed_and_erased_when_the_hold_ends() -> None:
    world = a_world()
    service.hold(world.registry, DISPUTE)
    held = erased(world)
    assert held.progress is Progress.RUNNING
    assert verify(held.certificate, SECRET)["kept"][0] == {
        "what": "contact k2",
        "until": "2026-12-01T03:00:00.000Z",
        "why": "legal hold",
    }
    assert texts(world, "k2") == {"말 0"}
    assert texts(world, "k1") == {""}
    sweep(world, DISPUTE.until - 1)
    assert texts(world, "k2") == {"말 0"}
    sweep(world, DISPUTE.until + DAY)
    done = world.erasures.get("e1")
    assert (texts(world, "k2"), done.progress) == ({""}, Progress.DONE)
    assert [kept["what"] for kept in verify(done.certificate, SECRET)["kept"]] == ["backups", "usage_entries"]


def test_hold_that_comes_in_the_middle_of_a_step_keeps_what_is_not_erased_yet() -> None:
    world = a_world()
    world.stories.before_erase.append(lambda: world.stories.holds.update(k2=DISPUTE))
    service.erase_customer(world.registry, "kim", wanted())
    assert (texts(world, "k1"), texts(world, "k2")) == ({""}, {"말 0"})


def test_erasure_goes_on_within_a_day_of_the_release() -> None:
    world = a_world()
    service.hold(world.registry, DISPUTE)
    erased(world)
    service.release(world.registry, "k2")
    sweep(world, SETTLED + DAY)
    assert world.erasures.get("e1").progress is Progress.DONE
    with pytest.raises(NotFound):
        service.release(world.registry, "k2")


def test_only_a_contact_that_there_is_can_be_held_and_only_a_held_one_released() -> None:
    world = a_world()
    with pytest.raises(NotFound):
        service.hold(world.registry, replace(DISPUTE, contact="absent"))
    with pytest.raises(Conflict, match="not_held"):
        service.release(world.registry, "k2")


def test_erased_tenant_loses_everything_and_at_last_its_key() -> None:
    world = a_world()
    service.erase_tenant(world.registry, wanted())
    assert world.closed
    assert world.cipher.destroyed_at == []
    sweep(world, SETTLED)
    done = world.erasures.get("e1")
    assert (done.progress, done.handle) == (Progress.DONE, WHOLE_TENANT)
    assert done.counts == Counts(contacts=3, messages=6, customers=2, search_entries=2)
    assert world.cipher.destroyed_at == [SETTLED]
    assert {text for name in world.stories.said for text in texts(world, name)} == {""}
    assert (world.customers.known, world.customers.links) == ({}, set())
    assert service.erase_tenant(world.registry, wanted("e2")) == done


def test_key_of_a_tenant_outlives_every_hold() -> None:
    world = a_world()
    service.hold(world.registry, DISPUTE)
    service.erase_tenant(world.registry, wanted())
    sweep(world, SETTLED)
    assert world.cipher.destroyed_at == []
    assert texts(world, "k2") == {"말 0"}
    sweep(world, DISPUTE.until + DAY)
    assert world.cipher.destroyed_at != []


@pytest.mark.parametrize(
    ("status", "days", "goes"),
    [
        (Status.RESOLVED, SHOP.retention.contacts, True),
        (Status.MERGED, SHOP.retention.contacts, True),
        (Status.SPAM, SHOP.retention.spam, True),
        (Status.WAITING, 9_999, False),
        (Status.CLAIMED, 9_999, False),
        (Status.LATER, 9_999, False),
    ],
)
def test_contact_is_erased_when_its_time_is_over_and_its_customer_stays(
    status: Status, days: int, goes: bool
) -> None:
    world = World()
    world.add("kim", "k1", status=status)
    end = NOON + days * DAY
    assert service.expire(world.registry, end) == 0
    assert service.expire(world.registry, end + 1) == goes
    assert service.expire(world.registry, end + 1) == 0
    assert texts(world, "k1") == ({""} if goes else {"말 0", "말 1"})
    assert world.customers.get("kim").id == "kim"
    assert bool(world.customers.links) is not goes


def test_what_is_on_hold_does_not_expire_before_the_hold() -> None:
    world = World()
    world.add("kim", "k2", status=Status.SPAM)
    service.hold(world.registry, replace(DISPUTE, until=NOON + 100 * DAY))
    assert service.expire(world.registry, NOON + 99 * DAY) == 0
    assert service.expire(world.registry, NOON + 100 * DAY) == 1


def test_expiry_is_bounded_in_each_run() -> None:
    world = World()
    for number in range(5):
        world.add(f"u{number}", f"k{number}", status=Status.SPAM)
    assert [service.expire(world.registry, NOON + 91 * DAY, 2) for _ in range(4)] == [2, 2, 1, 0]


def test_what_a_restore_brought_back_is_erased_again() -> None:
    world = a_world()
    done = erased(world)
    stone = world.customers.stones[done.handle]
    restored = a_world()
    service.replay(restored.registry, stone, NOON + DAY)
    with pytest.raises(NotFound):
        restored.customers.get("kim")
    sweep(restored, NOON + DAY)
    again = restored.erasures.get("e1")
    assert (again.progress, again.ground, again.counts) == (Progress.DONE, Ground.RESTORED, done.counts)
    service.replay(world.registry, stone, NOON + DAY)
    sweep(world, NOON + DAY)
    assert world.erasures.get("e1").ground is Ground.REQUEST


def test_erased_tenant_is_erased_again_after_a_restore() -> None:
    restored = a_world()
    service.replay(restored.registry, Tombstone(WHOLE_TENANT, NOON, "owner:dana", "e1"), NOON + DAY)
    sweep(restored, NOON + DAY)
    assert restored.cipher.destroyed_at == [NOON + DAY]


def test_customer_who_moves_meanwhile_is_still_forgotten() -> None:
    world = a_world()
    handle = world.customers.handle("kim")
    world.customers.known[handle] = Customer("danbi", "kim", Details(name="새 이름"), version=7)
    assert erased(world).counts.customers == 1
