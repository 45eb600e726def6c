"""What the provider tells is looked up before it counts: late, lost, doubled and lying events change nothing."""

from contextlib import suppress
from dataclasses import replace
from itertools import pairwise, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.billing import rules
from chalicelib.billing.invoices import refresh
from chalicelib.billing.listening import REACH, apply, ask, look_around
from chalicelib.billing.model import GatewayUnavailable, Invoice, InvoiceStatus, ProviderEvent
from chalicelib.kernel.clock import DAY, HOUR, SECOND, Millis
from chalicelib.kernel.errors import Busy, NotFound
from tests.billing.fakes import Desk
from tests.billing.samples import an_invoice
from tests.billing.world import Died
from tests.samples import NOON

S = InvoiceStatus
THEIRS = {"customer": "cus_mungmeal"}


def an_event(name: str, kind: str = "invoice.updated", **found: str) -> ProviderEvent:
    return rules.told(f"evt_{name}", kind, {"object": "invoice", "id": "in_1", **found}, NOON)


def heard(desk: Desk, *events: ProviderEvent, now: Millis = NOON) -> None:
    for event in events:
        desk.events.add(event, now)
        apply(desk.ear, event.id, now)


@pytest.fixture
def desk() -> Desk:
    made = Desk()
    made.gateway.put(an_invoice(S.DRAFT, advances=True))
    return made


def test_an_event_brings_the_invoice_as_it_is_now_and_not_as_the_event_had_it(desk: Desk) -> None:
    desk.gateway.move("in_1", S.OPEN)
    heard(desk, an_event("1", "invoice.created"))
    assert desk.shops["danbi"].statuses() == {"in_1": S.OPEN}


def test_a_draft_is_held_as_soon_as_it_is_seen(desk: Desk) -> None:
    heard(desk, an_event("1", "invoice.created"))
    kept = desk.shops["danbi"].mirror.rows["in_1"]
    assert (kept.invoice.status, kept.invoice.advances, kept.version) == (S.DRAFT, False, 1)
    assert not desk.gateway.bills["in_1"].advances


def test_an_event_is_looked_into_once(desk: Desk) -> None:
    event = an_event("1")
    heard(desk, event)
    seen: list[str] = []
    desk.gateway.step = seen.append
    heard(desk, event, event)
    assert seen == []
    heard(desk, an_event("2"))
    assert "invoice" in seen


def test_an_event_that_nobody_stored_or_that_is_over_is_nothing(desk: Desk) -> None:
    apply(desk.ear, "evt_unknown", NOON)
    desk.events.add(an_event("1"), NOON)
    apply(desk.ear, "evt_1", NOON + 40 * DAY)
    assert desk.shops["danbi"].statuses() == {}
    apply(desk.ear, "evt_1", NOON + 40 * DAY - 1)
    assert desk.shops["danbi"].statuses() == {"in_1": S.DRAFT}


@pytest.mark.parametrize("last", [S.PAID, S.VOID, S.UNCOLLECTIBLE])
@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_reads_in_any_order_end_with_the_latest_state(last: S, order: tuple[int, ...]) -> None:
    desk = Desk()
    states = [an_invoice(status) for status in (S.DRAFT, S.OPEN, last)]
    desk.gateway.put(states[-1])
    desk.gateway.shows = [state for place in order for state in (states[place],) * 2]
    seen = []
    for number in range(3):
        heard(desk, an_event(str(number)))
        seen.append(desk.shops["danbi"].mirror.rows["in_1"].invoice)
    assert seen[-1].status is last
    assert all(rules.may_follow(before, after) for before, after in pairwise(seen))


@pytest.mark.parametrize("order", list(permutations(["created", "finalized", "paid", "voided"])))
def test_events_in_any_order_leave_what_the_provider_holds(order: tuple[str, ...]) -> None:
    desk = Desk()
    desk.gateway.put(an_invoice(S.DRAFT))
    for status in (S.OPEN, S.PAID):
        desk.gateway.move("in_1", status)
    heard(desk, *(an_event(kind, f"invoice.{kind}") for kind in order))
    kept = desk.shops["danbi"].mirror.rows["in_1"]
    assert (kept.invoice.status, kept.version) == (S.PAID, 1)


def test_what_another_worker_stored_between_the_reads_is_read_again(desk: Desk) -> None:
    shop = desk.shops["danbi"]
    heard(desk, an_event("0"))
    desk.gateway.move("in_1", S.OPEN)
    desk.gateway.shows = [desk.gateway.bills["in_1"]] * 2
    desk.gateway.put(replace(desk.gateway.bills["in_1"], credited=100))
    nested: list[str] = []

    def meanwhile(step: str) -> None:
        if step == "payments" and not nested:
            nested.append(step)
            desk.gateway.shows = []
            refresh(shop.till, "in_1", NOON)

    desk.gateway.step = meanwhile
    heard(desk, an_event("1"))
    assert (shop.mirror.rows["in_1"].invoice.credited, shop.mirror.rows["in_1"].version) == (100, 2)


def test_an_invoice_that_never_rests_is_given_up_for_now(desk: Desk) -> None:
    shop = desk.shops["danbi"]

    def change(step: str) -> None:
        if step == "invoice":
            kept = shop.mirror.rows.get("in_1")
            version = kept.version + 1 if kept else 1
            shop.mirror.rows["in_1"] = replace(refreshed, version=version)

    refreshed = refresh(shop.till, "in_1", NOON)
    desk.gateway.move("in_1", S.OPEN)
    desk.gateway.step = change
    with pytest.raises(Busy):
        refresh(shop.till, "in_1", NOON)


@pytest.mark.parametrize("said", [{}, THEIRS, {"customer": ""}])
def test_whose_an_invoice_is_the_provider_says_and_never_the_event(desk: Desk, said: dict[str, str]) -> None:
    heard(desk, an_event("1", **said))
    assert desk.shops["danbi"].statuses() == {"in_1": S.DRAFT}
    assert desk.shops["mungmeal"].statuses() == {}


def test_another_tenants_invoice_is_absent(desk: Desk) -> None:
    with pytest.raises(NotFound):
        refresh(desk.shops["mungmeal"].till, "in_1", NOON)
    assert refresh(desk.shops["danbi"].till, "in_1", NOON).invoice.id == "in_1"
    assert desk.shops["mungmeal"].statuses() == {}


def test_an_invoice_of_nobodys_customer_or_of_none_is_done_with(desk: Desk) -> None:
    desk.gateway.put(an_invoice(S.OPEN, "in_2", customer="cus_stranger"))
    heard(desk, an_event("1", id="in_2"), an_event("2", id="in_absent"), an_event("3", id=""))
    assert desk.events.over == {"evt_1", "evt_2", "evt_3"}
    assert [shop.statuses() for shop in desk.shops.values()] == [{}, {}]


def test_a_list_of_owners_that_lies_opens_nothing(desk: Desk) -> None:
    lying = replace(desk.ear, owner=lambda _: "mungmeal")
    desk.events.add(an_event("1"), NOON)
    apply(lying, "evt_1", NOON)
    assert [shop.statuses() for shop in desk.shops.values()] == [{}, {}]


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        ("credit_note.created", {"id": "cn_1", "invoice": "in_1"}),
        ("invoice_payment.paid", {"id": "inpay_1", "invoice": "in_1"}),
        ("charge.refunded", {"id": "ch_1", "payment_intent": "pi_in_1"}),
        ("charge.dispute.created", {"id": "dp_1", "payment_intent": "pi_in_1"}),
        ("refund.created", {"id": "re_1", "payment_intent": "pi_in_1"}),
    ],
)
def test_what_befalls_an_invoice_brings_it_anew(desk: Desk, kind: str, found: dict[str, str]) -> None:
    desk.gateway.finalize("in_1")
    desk.gateway.pay("in_1")
    heard(desk, an_event("0"))
    desk.gateway.credit("in_1", key="k", won=100, reason="r", refund=True)
    heard(desk, an_event("1", kind, **found))
    kept = desk.shops["danbi"].mirror.rows["in_1"]
    assert ([note.won for note in kept.credit_notes], [paid.refunded for paid in kept.payments]) == ([100], [100])


def test_a_payment_of_no_invoice_is_done_with(desk: Desk) -> None:
    heard(desk, an_event("1", "charge.refunded", payment_intent="pi_elsewhere"), an_event("2", "refund.created"))
    assert desk.events.over == {"evt_1", "evt_2"}


SESSION = {"object": "checkout.session", "id": "cs_1"}


def test_a_registered_card_is_used_for_whose_session_it_is(desk: Desk) -> None:
    desk.gateway.sessions["cs_1"] = "cus_danbi"
    card = "checkout.session.completed"
    for name, customer in (("1", "cus_mungmeal"), ("2", "cus_stranger"), ("3", "")):
        heard(desk, an_event(name, card, **SESSION, customer=customer))
        assert desk.gateway.cards == set()
    heard(desk, an_event("4", card, **SESSION, customer="cus_danbi"))
    assert desk.gateway.cards == {"cus_danbi"}


def test_a_subscription_that_was_touched_is_made_what_the_plans_say(desk: Desk) -> None:
    touched = {"object": "subscription", "id": "sub_1", "customer": "cus_danbi"}
    look_around(desk.shops["danbi"].till, NOON)
    [run] = desk.gateway.runs
    del desk.gateway.runs[run]
    heard(desk, an_event("1", "customer.subscription.deleted", **touched))
    assert list(desk.gateway.runs) == [run]


@pytest.mark.parametrize("kind", ["payout.paid", "customer.created", "v1.billing.meter.no_meter_found", "x.y"])
def test_what_nobody_looks_into_is_done_with_and_asks_nothing(desk: Desk, kind: str) -> None:
    seen: list[str] = []
    desk.gateway.step = seen.append
    heard(desk, an_event("1", kind, object="thing", customer="cus_danbi"))
    assert (seen, desk.events.over) == ([], {"evt_1"})


@pytest.mark.parametrize("error", [GatewayUnavailable, Died])
@pytest.mark.parametrize("step", ["invoice", "hold", "hold done"])
def test_a_worker_that_died_leaves_the_event_to_the_next(desk: Desk, error: type[Exception], step: str) -> None:
    def fail(at: str) -> None:
        if at == step:
            raise error

    desk.gateway.step = fail
    with pytest.raises(error):
        heard(desk, an_event("1"))
    assert desk.events.over == set()
    desk.gateway.step = lambda _: None
    apply(desk.ear, "evt_1", NOON)
    assert (desk.shops["danbi"].statuses(), desk.events.over) == ({"in_1": S.DRAFT}, {"evt_1"})


def test_events_that_never_came_are_asked_for_from_the_last_one_on(desk: Desk) -> None:
    desk.gateway.finalize("in_1")
    assert ask(desk.ear, NOON) == 1
    assert ask(desk.ear, NOON) == 0
    assert desk.events.cursor == NOON // SECOND * SECOND
    desk.gateway.now = NOON + DAY
    desk.gateway.pay("in_1")
    seen: list[Millis] = []
    asked = desk.gateway.events
    desk.gateway.events = lambda since: (seen.append(since), asked(since))[1]  # type: ignore[func-returns-value,method-assign]
    assert ask(desk.ear, NOON + DAY) == 1
    assert ask(desk.ear, NOON + 60 * DAY) == 0
    assert seen == [NOON // SECOND * SECOND - HOUR, NOON + 60 * DAY - REACH]


def test_invoices_that_changed_unheard_are_found_by_looking_around(desk: Desk) -> None:
    till = desk.shops["danbi"].till
    assert [look_around(till, NOON), look_around(till, NOON)] == [1, 0]
    desk.gateway.finalize("in_1")
    assert [look_around(till, NOON), look_around(till, NOON)] == [1, 0]
    assert desk.shops["danbi"].statuses() == {"in_1": S.OPEN}
    assert look_around(desk.shops["mungmeal"].till, NOON) == 0


def test_a_shop_that_never_began_is_left_alone() -> None:
    desk = Desk()
    desk.shops["danbi"].customers.row = None
    assert look_around(desk.shops["danbi"].till, NOON) == 0
    assert (desk.shops["danbi"].customers.row, desk.gateway.runs) == (None, {})


OWNERS = {"in_1": "danbi", "in_2": "mungmeal"}
MOVES = {"open": S.OPEN, "paid": S.PAID, "void": S.VOID, "uncollectible": S.UNCOLLECTIBLE}
DEEDS = st.one_of(
    st.tuples(st.sampled_from(sorted(MOVES)), st.sampled_from(sorted(OWNERS))),
    st.tuples(st.sampled_from(["hear", "lie", "stale", "die", "look"]), st.sampled_from(sorted(OWNERS))),
)


@given(st.lists(DEEDS, max_size=25))
def test_whatever_comes_in_whatever_order_ours_follows_the_providers(deeds: list[tuple[str, str]]) -> None:
    desk, seen = Desk(), dict[str, list[Invoice]]()
    for name, tenant in OWNERS.items():
        desk.gateway.put(an_invoice(S.DRAFT, name, customer=f"cus_{tenant}", advances=True))
    old = dict(desk.gateway.bills)
    for number, (deed, name) in enumerate(deeds):
        do(desk, deed, name, number, old[name])
        for shop in desk.shops.values():
            assert all(OWNERS[one] == shop.tenant for one in shop.mirror.rows)
            for one, kept in shop.mirror.rows.items():
                seen.setdefault(one, []).append(kept.invoice)
    desk.gateway.shows = []
    for shop in desk.shops.values():
        look_around(shop.till, NOON)
        assert {one: kept.invoice for one, kept in shop.mirror.rows.items()} == {
            one: desk.gateway.bills[one] for one, tenant in OWNERS.items() if tenant == shop.tenant
        }
    for states in seen.values():
        assert all(rules.may_follow(before, after) for before, after in pairwise(states))


def do(desk: Desk, deed: str, name: str, number: int, old: Invoice) -> None:
    """Let the provider move, tell, lie, show an old state, fail, or be looked at."""
    present = desk.gateway.bills[name]
    if deed in MOVES:
        after = replace(present, status=MOVES[deed], credited=present.credited + number)
        if after.status is not present.status and rules.may_follow(present, after):
            desk.gateway.put(after)
    elif deed == "stale":
        desk.gateway.shows = [old] * 2
    elif deed == "look":
        look_around(desk.shops[OWNERS[name]].till, NOON)
    elif deed == "die":
        desk.gateway.step = lambda step: fail() if step == "payments" else None
        with suppress(Died):
            heard(desk, an_event(str(number), id=name))
        desk.gateway.step = lambda _: None
    else:
        whose = "cus_mungmeal" if deed == "lie" else f"cus_{OWNERS[name]}"
        heard(desk, an_event(str(number), id=name, customer=whose))


def fail() -> None:
    raise Died
