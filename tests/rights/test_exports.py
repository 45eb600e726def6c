"""Copies of what is held: all of it, of one customer or tenant, and nothing that expired or was erased."""

from dataclasses import replace

import pytest

from chalicelib.contacts.erasure import Hold
from chalicelib.contacts.model import Status
from chalicelib.kernel.clock import DAY
from chalicelib.kernel.errors import NotFound
from chalicelib.rights import service
from chalicelib.rights.exports import PAGE_BYTES, export_customer, export_shop, export_tenant
from chalicelib.rights.model import Export
from tests.rights.world import World, wanted
from tests.samples import NOON


def ids(export: Export) -> list[str]:
    return [item["id"] for part in export.parts if part.name == "contacts" for item in part.items]


def a_world() -> World:
    world = World()
    for number in range(4):
        world.add("kim", f"k{number}", texts=1, size=PAGE_BYTES // 2)
    world.add("lee", "l1", status=Status.RESOLVED)
    return world


def test_pages_hold_every_contact_once() -> None:
    registry = a_world().registry
    first = export_customer(registry, "kim", NOON)
    second = export_customer(registry, "kim", NOON, after=first.next)
    assert (ids(first), ids(second), second.next) == (["k0", "k1"], ["k2", "k3"], "")
    assert [part.name for part in first.parts] == ["details", "accesses", "contacts"]


def test_unknown_customer_is_not_found_and_one_without_details_is_exported() -> None:
    world = a_world()
    with pytest.raises(NotFound):
        export_customer(world.registry, "nobody", NOON)
    world.customers.known.clear()
    assert ids(export_customer(world.registry, "lee", NOON)) == ["l1"]


def test_expired_contact_is_exported_to_the_owner_while_it_is_on_hold() -> None:
    world = a_world()
    end = NOON + world.registry.tenant.retention.contacts * DAY
    assert ids(export_customer(world.registry, "lee", end - 1)) == ["l1"]
    assert ids(export_customer(world.registry, "lee", end)) == []
    service.hold(world.registry, Hold("l1", end + DAY, "분쟁", "owner:dana", NOON))
    assert ids(export_customer(world.registry, "lee", end)) == []
    assert ids(export_customer(world.registry, "lee", end, is_owner=True)) == ["l1"]
    assert ids(export_customer(world.registry, "lee", end + DAY, is_owner=True)) == []


def test_tenants_export_holds_everybody_and_everything_in_pages() -> None:
    world = a_world()
    pages = list(export_tenant(world.registry, NOON))
    names = [part.name for page in pages for part in page.parts]
    assert names == ["details", "contacts", "contacts", "contacts"]
    assert sorted(item["id"] for item in pages[0].parts[0].items) == ["kim", "lee"]
    assert sorted(contact for page in pages for contact in ids(page)) == ["k0", "k1", "k2", "k3", "l1"]


def test_tenants_export_leaves_out_who_was_erased() -> None:
    world = a_world()
    service.erase_customer(world.registry, "kim", wanted())
    world.stories.contacts["k0"] = replace(world.stories.contacts["k0"], status=Status.RESOLVED)
    pages = list(export_tenant(world.registry, NOON))
    assert [contact for page in pages for contact in ids(page)] == ["l1"]


def shop_pages(world: World) -> list[Export]:
    pages = [export_shop(world.registry, NOON)]
    while pages[-1].next:
        pages.append(export_shop(world.registry, NOON, after=pages[-1].next))
    return pages


def test_pages_of_a_shop_hold_everybody_and_everything_once() -> None:
    world = a_world()
    for number in range(120):
        world.add(f"c{number:03d}", f"x{number:03d}", status=Status.RESOLVED)
    pages = shop_pages(world)
    whole = list(export_tenant(world.registry, NOON))
    for name in ("details", "contacts"):
        shown = [item["id"] for page in pages for one in page.parts if one.name == name for item in one.items]
        wanted_ids = [item["id"] for page in whole for one in page.parts if one.name == name for item in one.items]
        assert sorted(shown) == sorted(set(wanted_ids))
    assert all(len(one.items) <= 100 for page in pages for one in page.parts)
    assert len(pages) > 4


def test_pages_of_a_shop_leave_out_who_was_erased() -> None:
    world = a_world()
    service.erase_customer(world.registry, "kim", wanted())
    pages = shop_pages(world)
    assert [contact for page in pages for contact in ids(page)] == ["l1"]
    assert "kim" not in [item["id"] for page in pages for one in page.parts for item in one.items]
