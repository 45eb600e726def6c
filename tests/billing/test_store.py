"""Billing's own rows in the table: customers, identities, invoices and what the provider told."""

from dataclasses import replace

import pytest

from chalicelib.aws.credentials import Scope, acting
from chalicelib.aws.tables import commit
from chalicelib.billing.events import Events
from chalicelib.billing.identities import Identities
from chalicelib.billing.mirror import Mirror
from chalicelib.billing.model import CreditNote, Identity, InvoiceStatus, Mirrored, Payment, ProviderEvent
from chalicelib.billing.ports import Account
from chalicelib.billing.store import StripeCustomers, owner_of
from chalicelib.kernel.clock import DAY
from chalicelib.kernel.errors import Conflict, Mismatch
from tests.billing.samples import an_invoice
from tests.moto_desk import Desk
from tests.samples import NOON
from tests.wall import behind

MIRROR = Mirror("danbi")
EVENT = ProviderEvent("evt_1", "invoice.paid", "invoice", "in_1", NOON, "cus_1")
PAID = Payment("inpay_1", "in_1", 2_970, 90, 2_880, 0, NOON, "txn_1", "ch_1")
NOTE = CreditNote("cn_1", "in_1", "CN-1", 100, 10, 0, "dispute", NOON, "key")


def kept(name: str = "in_1", status: InvoiceStatus = InvoiceStatus.OPEN, **changes: object) -> Mirrored:
    return Mirrored(an_invoice(status, name, **changes), (PAID,), (NOTE,), NOON, 1)


def test_an_invoice_comes_back_as_it_was_seen(desk: Desk) -> None:
    commit(MIRROR.save(None, kept()))
    assert MIRROR.of("in_1") == MIRROR.find("2026-11") == kept()
    assert MIRROR.all() == [kept()]
    assert (MIRROR.of("in_2"), MIRROR.find("2026-10"), Mirror("mungmeal").all()) == (None, None, [])


def test_an_invoice_is_replaced_by_whoever_knew_the_last_version(desk: Desk) -> None:
    first, second = kept(), replace(kept(status=InvoiceStatus.PAID), version=2)
    commit(MIRROR.save(None, first))
    for before in (None, replace(first, version=7)):
        with pytest.raises(Mismatch, match="version_mismatch"):
            commit(MIRROR.save(before, second))
    commit(MIRROR.save(first, second))
    assert MIRROR.of("in_1") == second


def test_the_invoice_of_a_month_is_the_newest_of_a_subscription_that_stands(desk: Desk) -> None:
    old, new = kept("in_1", created_at=NOON), kept("in_0", created_at=NOON + 1)
    void = kept("in_2", InvoiceStatus.VOID, created_at=NOON + 2)
    by_hand, other = kept("in_3", subscription="", created_at=NOON + 3), kept("in_4", month="2026-12")
    for one in (old, new, void, by_hand, other):
        commit(MIRROR.save(None, one))
    assert MIRROR.find("2026-11") == new
    assert [one.invoice.id for one in MIRROR.all()] == ["in_1", "in_0", "in_2", "in_3", "in_4"]


def test_a_customer_is_bound_once_and_found_by_its_id(desk: Desk) -> None:
    customers = StripeCustomers("danbi")
    assert owner_of("cus_1") is None
    commit(customers.bind("cus_1"))
    with pytest.raises(Conflict, match="customer_bound"):
        commit(customers.bind("cus_2"))
    assert (customers.find(), owner_of("cus_1"), owner_of("cus_2")) == ("cus_1", "danbi", None)


def test_a_customer_that_two_tenants_claim_is_nobodys(desk: Desk) -> None:
    for tenant in ("danbi", "mungmeal"):
        commit(StripeCustomers(tenant).bind("cus_1"))
    assert owner_of("cus_1") is None


def test_what_was_arranged_is_kept_until_it_changes(desk: Desk) -> None:
    customers = StripeCustomers("danbi")
    assert customers.account().told == ""
    for what in ("2026-11 a", "2026-11 b"):
        commit(customers.arrange(what))
        assert customers.account().told == what
    assert StripeCustomers("mungmeal").account().told == ""
    commit(customers.bind("cus_1"))
    identity = Identity("단비상사", "a@danbi.example", "1234567891")
    commit(Identities("danbi").save(identity, 0))
    assert customers.account() == Account("cus_1", identity, what)
    assert StripeCustomers("mungmeal").account() == Account()


def test_an_identity_is_replaced_by_whoever_knew_the_last_version(desk: Desk) -> None:
    identities, first = Identities("danbi"), Identity("단비상사", "a@danbi.example", "1234567891", ceo="김단비")
    assert (identities.find(), identities.current()) == (None, (None, 0))
    commit(identities.save(first, 0))
    assert (identities.find(), identities.current()) == (first, (first, 1))
    with pytest.raises(Mismatch, match="version_mismatch"):
        commit(identities.save(replace(first, mail="b@danbi.example"), 0))
    commit(identities.save(replace(first, mail="b@danbi.example"), 1))
    assert identities.current() == (replace(first, mail="b@danbi.example"), 2)


def test_an_event_is_stored_once_and_waits_until_it_is_done(desk: Desk) -> None:
    events = Events()
    assert events.waiting("evt_1", NOON) is None
    assert [events.add(EVENT, NOON), events.add(replace(EVENT, about="in_2"), NOON + DAY)] == [True, False]
    assert events.waiting("evt_1", NOON) == EVENT
    events.done("evt_1", NOON)
    assert events.waiting("evt_1", NOON) is None
    assert not events.add(EVENT, NOON)


def test_an_event_is_forgotten_after_40_days_whether_or_not_its_row_is_gone(desk: Desk) -> None:
    events = Events()
    events.add(EVENT, NOON)
    [row] = [row for row in desk.rows() if row["kind"]["S"] == "provider_event"]
    assert int(row["ttl"]["N"]) == (NOON + 40 * DAY) // 1000
    assert events.waiting("evt_1", NOON + 40 * DAY - 1) == EVENT
    assert events.waiting("evt_1", NOON + 40 * DAY) is None
    assert [events.add(EVENT, NOON + 40 * DAY - 1), events.add(EVENT, NOON + 40 * DAY)] == [False, True]


def test_how_far_was_asked_is_kept(desk: Desk) -> None:
    events = Events()
    assert events.asked_until() == 0
    events.ask_from(NOON)
    assert events.asked_until() == NOON


def test_events_are_the_functions_own_and_no_tenants(desk: Desk) -> None:
    # Each function's part of it, with the session of a tenant in force all the while.
    events, scope = Events(), Scope(tenant="danbi")
    commit(StripeCustomers("danbi").bind("cus_1"))
    with behind("api_handler"), acting(scope):
        assert events.add(EVENT, NOON)
        with pytest.raises(Exception, match="AccessDenied"):
            events.waiting("evt_1", NOON)
    with behind("send_usage"), acting(scope):
        assert events.waiting("evt_1", NOON) == EVENT
        events.done("evt_1", NOON)
        assert owner_of("cus_1") == "danbi"
        with pytest.raises(Exception, match="AccessDenied"):
            events.add(replace(EVENT, id="evt_2"), NOON)
    with behind("reconcile"), acting(scope):
        assert events.add(replace(EVENT, id="evt_3"), NOON)
        assert events.asked_until() == 0
        events.ask_from(NOON)
        with pytest.raises(Exception, match="AccessDenied"):
            events.done("evt_1", NOON)
    with behind("sweep"), pytest.raises(Exception, match="AccessDenied"):
        events.waiting("evt_1", NOON)
