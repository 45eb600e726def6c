"""A store that is born with one shop sees nothing of another: every store class there is."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import chalicelib
from chalicelib.access.store import Keys
from chalicelib.aws.tables import commit
from chalicelib.billing.store import StripeCustomers
from chalicelib.contacts.model import Status
from chalicelib.contacts.store import Contacts
from chalicelib.kernel.caller import Kind
from chalicelib.kernel.clock import iso, kst_month, month_span
from chalicelib.kernel.errors import NotFound
from chalicelib.metering.model import Meter
from chalicelib.metering.store import Ledger
from chalicelib.metering.windows import Windows
from chalicelib.routing.store import VirtualClock, forget_clocks
from chalicelib.tenants.store import Tenants
from tests.moto_desk import SHOP, Desk, moto_desk

Reads = list[Callable[[Any], Any]]


def store_classes() -> set[str]:
    """Return every public class of a module that defines rows, as `module.Class`."""
    found = set()
    for module in pkgutil.walk_packages(chalicelib.__path__, "chalicelib."):
        if module.name.endswith((".store", ".windows")):
            loaded = importlib.import_module(module.name)
            for name, kind in inspect.getmembers(loaded, inspect.isclass):
                if kind.__module__ == module.name and not name.startswith("_"):
                    found.add(f"{module.name.removeprefix('chalicelib.')}.{name}")
    return found


# The team is the pool's, not a shop's: agents hold contacts of every shop that their pool serves.
OF_NO_SHOP = {"agents.store.Agents"}


def quiet(read: Callable[[], Any]) -> Any:
    """What a read finds; an absence is nothing."""
    try:
        return read()
    except NotFound:
        return None


@pytest.fixture(scope="module")
def facts() -> Iterator[dict[str, Any]]:
    """Danbi has a row of every kind; mungmeal has only its profile."""
    with moto_desk() as desk:
        token = desk.token(SHOP)
        contact = desk.answered()
        commit(StripeCustomers("danbi").bind("cus_danbi"))
        message = Contacts("danbi").story(contact).messages[0]
        entry = Ledger("danbi").of_contact(contact)[0]
        forget_clocks()
        yield {
            "desk": desk,
            "token": token,
            "contact": contact,
            "message": message,
            "month": kst_month(entry.booked_at),
            "hour": iso(entry.booked_at)[:13],
        }


def reads(facts: dict[str, Any]) -> dict[str, tuple[Callable[[str], Any], Reads]]:
    """Return for each store how it is born, and every way to read from it."""
    contact, message, token, hour = facts["contact"], facts["message"], facts["token"], facts["hour"]
    return {
        "access.store.Keys": (lambda shop: Keys(Kind.SHOP, shop), [lambda store: store.find(token)]),
        "billing.store.StripeCustomers": (StripeCustomers, [lambda store: store.find()]),
        "contacts.store.Contacts": (
            Contacts,
            [
                lambda store: store.get(contact),
                lambda store: store.story(contact),
                lambda store: store.message(contact, message),
                lambda store: store.page(Status.CLAIMED, limit=9, after=None)[0],
                lambda store: store.many([contact]),
                lambda store: list(store.ids(since=0)),
            ],
        ),
        "metering.store.Ledger": (
            Ledger,
            [lambda store: store.of_contact(contact), lambda store: store.booked(*month_span(facts["month"]))],
        ),
        "metering.windows.Windows": (
            Windows,
            [lambda store: store.find(Meter.HUMAN, hour), lambda store: store.between(Meter.HUMAN, hour, hour)],
        ),
        "routing.store.VirtualClock": (lambda shop: VirtualClock(shop, "main"), [lambda store: store.read()]),
        "tenants.store.Tenants": (
            Tenants,
            [
                lambda store: store.current() if store.current().id == "danbi" else None,
                lambda store: store.profile() if store.profile().id == "danbi" else None,
            ],
        ),
    }


def test_every_store_is_tried(facts: dict[str, Any]) -> None:
    assert store_classes() == set(reads(facts)) | OF_NO_SHOP


@pytest.mark.parametrize("name", sorted(store_classes() - OF_NO_SHOP))
def test_store_of_one_shop_sees_nothing_of_another(facts: dict[str, Any], name: str) -> None:
    born, ways = reads(facts)[name]
    for number, read in enumerate(ways):
        assert quiet(lambda read=read: read(born("danbi"))), f"{name}, read {number}: nothing to see"  # type: ignore[misc]
        assert not quiet(lambda read=read: read(born("mungmeal"))), f"{name}, read {number}"  # type: ignore[misc]


def test_whether_anything_waits_is_asked_of_one_shop(facts: dict[str, Any]) -> None:
    desk = facts["desk"]
    assert isinstance(desk, Desk)
    desk.open("danbi")
    assert Contacts("danbi").any_waiting()
    assert not Contacts("mungmeal").any_waiting()
