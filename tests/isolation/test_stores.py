"""A store that is born with one shop sees nothing of another: every store class there is."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import is_dataclass, replace
from enum import Enum
from typing import Any

import pytest

import chalicelib
from chalicelib.access.store import Keys
from chalicelib.aws.credentials import Scope, acting
from chalicelib.aws.tables import Row, commit
from chalicelib.aws.vault import Vault, forget_keys
from chalicelib.billing.credits import Credits
from chalicelib.billing.identities import Identities
from chalicelib.billing.mirror import Mirror
from chalicelib.billing.model import Identity, Mirrored
from chalicelib.billing.store import StripeCustomers
from chalicelib.bills.alerts import Alerts
from chalicelib.bills.grants import Grants
from chalicelib.bills.model import Grant, Verdict
from chalicelib.bills.store import Disputes
from chalicelib.closing.history import History
from chalicelib.closing.model import Break, Cause, Rule
from chalicelib.closing.rules_records import record_id, seen
from chalicelib.closing.store import Breaks
from chalicelib.contacts.erasure import ContactErasure, Hold
from chalicelib.contacts.model import Status
from chalicelib.contacts.store import Contacts
from chalicelib.customers.model import Customer, Details, Tombstone
from chalicelib.customers.store import Customers
from chalicelib.diagnosis.model import Diagnosis
from chalicelib.diagnosis.store import Diagnoses
from chalicelib.drafts.model import Draft, Mode
from chalicelib.drafts.store import Drafts
from chalicelib.files.model import File, Side
from chalicelib.files.store import Files
from chalicelib.finance.corrections import Corrections
from chalicelib.finance.model import TaxRecord
from chalicelib.finance.store import TaxRecords
from chalicelib.handbook import service as handbooks
from chalicelib.handbook.model import Answer, Handbook, Wording
from chalicelib.handbook.service import Author
from chalicelib.handbook.store import Handbooks, forget_handbooks
from chalicelib.handbook.wiring import library
from chalicelib.hooks.history import Deliveries
from chalicelib.hooks.store import Hooks
from chalicelib.kernel.caller import Kind
from chalicelib.kernel.clock import iso, kst_month, month_span
from chalicelib.kernel.errors import NotFound
from chalicelib.letters.model import Letter, Name, To
from chalicelib.letters.store import Letters
from chalicelib.metering.model import Meter, Period
from chalicelib.metering.periods import Periods
from chalicelib.metering.store import Ledger
from chalicelib.metering.windows import Windows
from chalicelib.overflow.model import Happening, SurgeEvent, SurgeState
from chalicelib.overflow.store import Surges
from chalicelib.panel.model import Rating
from chalicelib.panel.store import Ratings
from chalicelib.people.changes import Changes
from chalicelib.people.model import Deed, PermissionChange, Person
from chalicelib.people.store import People
from chalicelib.pricing.model import Credit, Item
from chalicelib.privacy.model import Access, Field
from chalicelib.privacy.store import AccessRecords
from chalicelib.promotions.store import Promotions, forget_promotions
from chalicelib.results.model import Day, Parts
from chalicelib.results.store import Days
from chalicelib.rights.model import Erasure, Ground
from chalicelib.rights.store import Erasures
from chalicelib.routing.store import VirtualClock, forget_clocks
from chalicelib.tenants.acceptance import Acceptances
from chalicelib.tenants.aims import Acceptance, By, Choice
from chalicelib.tenants.history import Choices
from chalicelib.tenants.standing import Standing
from chalicelib.tenants.store import Tenants, forget_profiles
from chalicelib.visitors.model import WidgetKey
from chalicelib.visitors.store import WidgetKeys
from tests.billing.samples import an_invoice
from tests.bills.samples import a_dispute, an_alert
from tests.finance.samples import a_correction
from tests.hooks.bad_input import HOOK, TOLD, a_delivery, a_hook
from tests.moto_desk import DANBI, MINA, SHOP, Desk, moto_desk
from tests.promotions.samples import a_promotion
from tests.samples import NOON
from tests.wall import behind, judge

FOUND = Break(Rule.TAX, "danbi", "tax", 1, 0, Cause.ROUNDING, "2026-10")
CREDIT = Credit("danbi", "c1", Item.SLA, 1, "2026-10", NOON, "e", "system")
Reads = list[Callable[[Any], Any]]


def store_classes() -> set[str]:
    """Return every public class that is no value, of a store or of a module that defines rows: `module.Class`."""
    found = set()
    for module in pkgutil.walk_packages(chalicelib.__path__, "chalicelib."):
        loaded = importlib.import_module(module.name)
        own = {
            name: kind
            for name, kind in inspect.getmembers(loaded, inspect.isclass)
            if kind.__module__ == module.name
        }
        if module.name.endswith(".store") or any(
            issubclass(kind, Row) and kind is not Row for kind in own.values()
        ):
            short = module.name.removeprefix("chalicelib.")
            found |= {f"{short}.{name}" for name, kind in own.items() if name[0] != "_" and not is_value(kind)}
    return found


def is_value(kind: type) -> bool:
    return is_dataclass(kind) or issubclass(kind, Row | BaseException | Enum)


# The team is the pool's, not a shop's: agents hold contacts, and have seen customers, of every shop that their
# pool serves. Tries at signing in come before anybody is known, the provider's events before anybody looked,
# a shop's number is claimed before there is a shop, and incidents are told by the desk to many shops at once.
OF_NO_SHOP = {
    *(
        "agents.store.Agents",
        "privacy.breadth.Breadth",
        "people.tries.Tries",
        "billing.events.Events",
        "people.registrations.Registrations",
    ),
    "incidents.store.Incidents",
}


def quiet(read: Callable[[], Any]) -> Any:
    """What a read finds; an absence is nothing."""
    try:
        return read()
    except NotFound:
        return None


def rights_of_danbi(contact: str) -> str:
    """Give danbi a customer, whose handle is returned, a tombstone and an erasure."""
    store = Customers("danbi", Vault("danbi"))
    commit(*store.save(None, Customer("danbi", "u1", Details(phone="+821012345678"))))
    commit(store.of_contact("u1", contact), store.bury(Tombstone("f" * 32, NOON, "owner:x", "e" * 32)))
    commit(Erasures("danbi").start(Erasure("danbi", "e" * 32, "f" * 32, Ground.REQUEST, "owner:x", NOON), NOON))
    return store.handle("u1")


@pytest.fixture(scope="module")
def facts() -> Iterator[dict[str, Any]]:
    """Danbi has a row of every kind; mungmeal has only its profile."""
    with moto_desk() as desk:
        token = desk.token(SHOP)
        contact = desk.answered()
        commit(StripeCustomers("danbi").bind("cus_danbi"), StripeCustomers("danbi").arrange("told"))
        commit(Identities("danbi").save(Identity("단비상사", "a@danbi.example"), 0))
        commit(Mirror("danbi").save(None, Mirrored(an_invoice(), (), (), NOON, 1)))
        commit(Disputes("danbi").add(a_dispute()), Alerts("danbi").add(an_alert()))
        upheld = a_dispute(month="2026-10", episode=2)
        commit(Disputes("danbi").add(upheld))
        commit(*Disputes("danbi").decide(replace(upheld, verdict=Verdict.UPHELD), 0))
        commit(Grants("danbi").add(Grant("danbi", "2026-11", "r", 2, 1, NOON, "system:sla")))
        commit(*Credits("danbi").add(CREDIT), Breaks("danbi").save(None, seen(FOUND, None, NOON)[1]))
        october = Period("danbi", "2026-10", version=1)
        commit(Periods("danbi").save(Period("danbi", "2026-10"), october), History("danbi").add(october))
        commit(Corrections("danbi").save(None, a_correction()))
        commit(TaxRecords("danbi").add(TaxRecord("danbi", "2026-11", "n", 10, 1, "in_1", "", NOON, "finance:x")))
        commit(WidgetKeys("danbi").add(WidgetKey("danbi", "a" * 16, ("https://danbi.kr",), "a", NOON, "d")))
        AccessRecords("danbi").append(Access.by(SHOP, "192.0.2.1", whose=("c1",), what="export", at=NOON))
        handle = rights_of_danbi(contact)
        commit(ContactErasure("danbi").hold(Hold(contact, NOON * 2, "a dispute", "owner:x", NOON)))
        commit(Standing("danbi").save(suspended=True, at=NOON))
        kim = By("owner:kim", "192.0.2.1", NOON)
        commit(Choices("danbi").record(Choice("goals", 1, kim, {"wait_seconds": 60})))
        commit(Acceptances("danbi").add(Acceptance("terms", "1", "d", kim)))
        commit(People().add(Person("11111111-1111-4111-8111-111111111111", Kind.STAFF, tenant="danbi")))
        commit(Changes("danbi").add(PermissionChange("c" * 32, NOON, "owner:x", "192.0.2.1", Deed.FOUND, "x")))
        commit(*Promotions("danbi").add(a_promotion(), "main", 0))
        pressed = Surges("danbi").save(SurgeState(), SurgeState(NOON))
        commit(pressed, Surges("danbi").record(SurgeEvent("1", Happening.OVERFLOW_ON, NOON)))
        draft = Draft(MINA.agent, Mode.REPLY, "내일", NOON)
        commit(*Drafts("danbi", Vault("danbi")).save(Contacts("danbi").get(contact), draft))
        wording = Wording("배송", "delivery", "배송", "내일 가요")
        handbooks.add(library(DANBI), Answer("a" * 32, wording, NOON, "owner:x"))
        handbooks.keep(library(DANBI), Handbook(dos=("네",)), Author("owner:x", NOON))
        commit(Files("danbi").announce(File(contact, "a" * 32, "a", 1, Side.AGENT, NOON, "d")))
        commit(Ratings("danbi").add(Rating(contact, 1, 5, "네", "mina", NOON, "d")))
        desk.act(MINA, desk.answered(), "resolve")
        commit(Days("danbi").save(Day("2026-11-21", NOON, Parts()), settled=False))
        commit(Diagnoses("danbi").announce(Diagnosis("danbi", "a" * 32, "a.csv", 1, NOON, "owner:x", "d")))
        commit(Letters("danbi").add(Letter("danbi", "welcome", Name.WELCOME, To.OWNERS, NOON)))
        commit(Hooks("danbi", Vault("danbi")).add(a_hook(), "whsec_1"))
        commit(Deliveries("danbi", HOOK).add(a_delivery()))
        message = Contacts("danbi").story(contact).messages[0]
        entry = Ledger("danbi").of_contact(contact)[0]
        forget_clocks()
        yield {
            "desk": desk,
            "token": token,
            "contact": contact,
            "handle": handle,
            "message": message,
            "month": kst_month(entry.booked_at),
            "hour": iso(entry.booked_at)[:13],
        }


def reads(facts: dict[str, Any]) -> dict[str, tuple[Callable[[str], Any], Reads]]:
    """Return for each store how it is born, and every way to read from it."""
    contact, message, token, hour = facts["contact"], facts["message"], facts["token"], facts["hour"]
    return {
        "access.store.Keys": (
            lambda shop: Keys(Kind.SHOP, shop),
            [lambda store: store.find(token), lambda store: store.all()],
        ),
        "billing.store.StripeCustomers": (
            StripeCustomers,
            [lambda store: store.find(), lambda store: store.account().customer],
        ),
        "billing.identities.Identities": (
            Identities,
            [lambda store: store.find(), lambda store: store.current()[0]],
        ),
        "billing.mirror.Mirror": (
            Mirror,
            [
                lambda store: store.of("in_1"),
                lambda store: store.find("2026-11"),
                lambda store: store.by_month(),
                lambda store: store.all(),
            ],
        ),
        "bills.store.Disputes": (
            Disputes,
            [
                lambda store: store.find(a_dispute().id),
                lambda store: store.many([a_dispute().id]),
                lambda store: store.all(),
                lambda store: store.of_month("2026-11"),
                lambda store: store.page(limit=9, after=None)[0],
                lambda store: store.verdicts("2026-10"),
            ],
        ),
        "bills.alerts.Alerts": (Alerts, [lambda store: store.of_month("2026-11")]),
        "bills.grants.Grants": (Grants, [lambda store: store.find("2026-11")]),
        "billing.credits.Credits": (Credits, [lambda store: store.booked("2026-11")]),
        "closing.store.Breaks": (
            Breaks,
            [
                lambda store: store.find(record_id(FOUND)),
                lambda store: store.of_month("2026-10"),
                lambda store: store.open(),
            ],
        ),
        "closing.history.History": (History, [lambda store: store.of_month("2026-10")]),
        "metering.periods.Periods": (
            Periods,
            [
                lambda store: store.find("2026-10").version,
                lambda store: store.all(),
            ],
        ),
        "finance.corrections.Corrections": (
            Corrections,
            [lambda store: store.find(a_correction().id), lambda store: store.all()],
        ),
        "finance.store.TaxRecords": (
            TaxRecords,
            [lambda store: store.of_month("2026-11"), lambda store: store.recorded("in_1")],
        ),
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
        "customers.store.Customers": (
            lambda shop: Customers(shop, Vault(shop)),
            [
                lambda store: store.get("u1"),
                lambda store: store.find(Field.PHONE, "010-1234-5678"),
                lambda store: store.contacts(facts["handle"]),
                lambda store: store.read(facts["handle"]),
                lambda store: list(store.handles()),
                lambda store: store.tombstone("f" * 32),
                lambda store: list(store.tombstones()),
            ],
        ),
        "diagnosis.store.Diagnoses": (
            Diagnoses,
            [
                lambda store: store.find("a" * 32),
                lambda store: store.since(0, 9),
                lambda store: store.newest(9),
            ],
        ),
        "drafts.store.Drafts": (
            lambda shop: Drafts(shop, Vault(shop)),
            [lambda store: store.beside(contact)[0], lambda store: store.erase(contact)],
        ),
        "contacts.erasure.ContactErasure": (
            ContactErasure,
            [
                lambda store: store.erase(contact, NOON),
                lambda store: list(store.listed(Status.CLAIMED)),
                lambda store: store.held(NOON),
                lambda store: store.find(contact),
            ],
        ),
        "files.store.Files": (
            Files,
            [
                lambda store: store.find(contact, "a" * 32),
                lambda store: store.all(contact),
                lambda store: store.blank(contact),
            ],
        ),
        "panel.store.Ratings": (
            Ratings,
            [
                lambda store: store.all(contact),
                lambda store: store.between(0, 2 * NOON),
                lambda store: store.blank(contact),
            ],
        ),
        "results.store.Days": (
            Days,
            [
                lambda store: store.stored("2026-01-01", "2026-12-31"),
                lambda store: store.resolved(0, 2 * NOON),
            ],
        ),
        "people.changes.Changes": (
            Changes,
            [lambda store: store.page(limit=9, after=None, now=NOON)[0]],
        ),
        "people.store.People": (
            lambda shop: (People(), shop),
            [lambda store: store[0].of_tenant(store[1])],
        ),
        "rights.store.Erasures": (Erasures, [lambda store: store.get("e" * 32)]),
        "metering.store.Ledger": (
            Ledger,
            [lambda store: store.of_contact(contact), lambda store: store.booked(*month_span(facts["month"]))],
        ),
        "metering.windows.Windows": (
            Windows,
            [lambda store: store.find(Meter.HUMAN, hour), lambda store: store.between(Meter.HUMAN, hour, hour)],
        ),
        "privacy.store.AccessRecords": (
            AccessRecords,
            [
                lambda store: store.page("2026-11", limit=9, after=None, now=NOON)[0],
                lambda store: store.about("c1", ["2026-11"], now=NOON),
            ],
        ),
        "overflow.store.Surges": (
            Surges,
            [lambda store: store.state().since, lambda store: store.events(9, NOON)],
        ),
        "promotions.store.Promotions": (
            Promotions,
            [
                lambda store: store.find(a_promotion().id),
                lambda store: store.version(),
                lambda store: store.since(NOON),
                lambda store: store.current(NOON),
            ],
        ),
        "handbook.store.Handbooks": (
            Handbooks,
            [
                lambda store: store.shelf().answers,
                lambda store: store.glance().kept.version,
                lambda store: store.find("a" * 32),
            ],
        ),
        "hooks.store.Hooks": (
            lambda shop: Hooks(shop, Vault(shop)),
            [lambda store: store.find(HOOK), lambda store: store.all(), lambda store: store.secret(HOOK)],
        ),
        "hooks.history.Deliveries": (
            lambda shop: Deliveries(shop, HOOK),
            [
                lambda store: store.find(TOLD, NOON),
                lambda store: store.page(limit=9, after=None, now=NOON)[0],
            ],
        ),
        "letters.store.Letters": (Letters, [lambda store: store.find("welcome")]),
        "routing.store.VirtualClock": (
            lambda shop: VirtualClock(shop, "main"),
            [lambda store: store.read().clock],
        ),
        "visitors.store.WidgetKeys": (WidgetKeys, [lambda store: store.find("a" * 16), lambda store: store.all()]),
        "tenants.history.Choices": (
            Choices,
            [
                lambda store: store.current("goals"),
                lambda store: store.page("goals", limit=9, after=None)[0],
            ],
        ),
        "tenants.acceptance.Acceptances": (Acceptances, [lambda store: store.all()]),
        "tenants.standing.Standing": (Standing, [lambda store: store.suspended()]),
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


@pytest.mark.parametrize("name", sorted(store_classes() - OF_NO_SHOP))
def test_store_of_one_shop_is_refused_under_the_session_of_another(facts: dict[str, Any], name: str) -> None:
    born, ways = reads(facts)[name]
    for number, read in enumerate(ways):
        with behind("api_handler"), acting(Scope(tenant="danbi")):
            forget()
            assert quiet(lambda read=read: read(born("danbi"))), f"{name}, read {number}: nothing to see"  # type: ignore[misc]
            forget()
            refused = len(judge.refused)
            with pytest.raises(Exception, match="AccessDenied"):
                read(born("mungmeal"))
            assert len(judge.refused) == refused + 1, f"{name}, read {number}"


def forget() -> None:
    """Forget what the process knows, so that each read is one of the table."""
    for what in (forget_clocks, forget_profiles, forget_keys, forget_promotions, forget_handbooks):
        what()


def test_whether_anything_waits_is_asked_of_one_shop(facts: dict[str, Any]) -> None:
    desk = facts["desk"]
    assert isinstance(desk, Desk)
    desk.open("danbi")
    assert Contacts("danbi").any_waiting()
    assert not Contacts("mungmeal").any_waiting()
