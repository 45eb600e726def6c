"""Money that came in, went back, and reached our bank."""

import json
from collections.abc import Iterator

import pytest

from chalicelib.billing.model import GatewayRefused, Movement
from chalicelib.billing.stripe_events import EVENT_TYPES
from chalicelib.kernel.clock import DAY, SECOND
from tests.billing.stripe_shop import Shop, open_shop
from tests.fakestripe.world import Scripted

FOREVER = (0, 4_000_000_000 * SECOND)


@pytest.fixture
def shop() -> Iterator[Shop]:
    with open_shop() as opened:
        yield opened


def now(shop: Shop) -> int:
    return int(shop.world.clock["now"]) * SECOND


def test_a_card_payment_has_a_fee_and_a_transaction(shop: Shop) -> None:
    bill = shop.paid_by_card()
    [paid] = shop.gateway.payments(bill.id)
    [moved] = shop.gateway.transactions(*FOREVER)
    assert (bill.total, paid.gross, paid.refunded) == (3_520, 3_520, 0)
    # 3.4 % of 3,520.
    assert (paid.fee, paid.net) == (120, 3_400)
    assert (paid.invoice, paid.transaction, paid.charge) == (bill.id, moved.id, moved.source)
    assert (moved.movement, moved.gross, moved.fee, moved.net) == (Movement.CHARGE, 3_520, 120, 3_400)
    assert paid.paid_at == moved.created_at == now(shop)


def test_a_transfer_has_neither(shop: Shop) -> None:
    bill = shop.final()
    assert shop.gateway.payments(bill.id) == []
    shop.gateway.pay_by_transfer(bill.id)
    [paid] = shop.gateway.payments(bill.id)
    assert (paid.gross, paid.fee, paid.net, paid.transaction, paid.charge) == (3_520, 0, 3_520, "", "")
    assert shop.gateway.transactions(*FOREVER) == []


def test_a_fee_that_was_changed_is_seen(shop: Shop) -> None:
    bill = shop.paid_by_card()
    [moved] = shop.gateway.transactions(*FOREVER)
    shop.world.fake.edit_fee(moved.id, 999)
    assert [(paid.fee, paid.net) for paid in shop.gateway.payments(bill.id)] == [(999, 2_521)]


def test_a_credit_of_what_is_open_makes_less_due(shop: Shop) -> None:
    bill = shop.final()
    note = shop.gateway.credit(bill.id, key="dispute:1", won=1_100, reason="이의 제기", refund=True)
    assert (note.invoice, note.won, note.tax, note.refunded) == (bill.id, 1_100, 100, 0)
    assert (note.key, note.reason, note.created_at) == ("dispute:1", "이의 제기", now(shop))
    assert note.number
    after = shop.gateway.invoice(bill.id)
    assert (after.credited, after.remaining, after.total) == (1_100, 2_420, 3_520)
    assert shop.gateway.credit_notes(bill.id) == [note]


def test_a_refund_goes_back_to_the_card(shop: Shop) -> None:
    bill = shop.paid_by_card()
    first = shop.gateway.credit(bill.id, key="dispute:1", won=1_100, reason="이의 제기", refund=True)
    second = shop.gateway.credit(bill.id, key="dispute:2", won=2_420, reason="이의 제기", refund=True)
    assert (first.refunded, second.refunded) == (1_100, 2_420)
    assert shop.gateway.credit_notes(bill.id) == [first, second]
    [paid] = shop.gateway.payments(bill.id)
    assert (paid.gross, paid.refunded) == (3_520, 3_520)
    refunds = [one for one in shop.gateway.transactions(*FOREVER) if one.movement is Movement.REFUND]
    assert sorted(one.gross for one in refunds) == [-2_420, -1_100]
    assert shop.gateway.invoice(bill.id).credited == 3_520


def test_a_refund_of_a_transfer_goes_back_outside_of_stripe(shop: Shop) -> None:
    bill = shop.final()
    shop.gateway.pay_by_transfer(bill.id)
    note = shop.gateway.credit(bill.id, key="dispute:1", won=1_100, reason="이의 제기", refund=True)
    assert (note.won, note.refunded) == (1_100, 1_100)
    assert shop.gateway.transactions(*FOREVER) == []


def test_a_credit_of_what_was_paid_is_for_the_next_invoice(shop: Shop) -> None:
    bill = shop.paid_by_card()
    note = shop.gateway.credit(bill.id, key="sla:1", won=1_100, reason="SLA", refund=False)
    assert (note.won, note.refunded) == (1_100, 0)
    assert shop.raw.customers.retrieve(shop.customer).balance == -1_100
    assert len(shop.gateway.transactions(*FOREVER)) == 1


@pytest.mark.parametrize("refund", [False, True])
def test_a_credit_beyond_what_is_open_splits(shop: Shop, refund: bool) -> None:
    """A part was refunded by hand before, so that not all of it can go back to the card."""
    bill = shop.paid_by_card()
    shop.raw.refunds.create({"charge": shop.gateway.payments(bill.id)[0].charge, "amount": 3_000})
    note = shop.gateway.credit(bill.id, key="dispute:1", won=1_100, reason="이의 제기", refund=refund)
    raw = shop.raw.credit_notes.retrieve(note.id)
    assert sum(one.amount_refunded for one in raw.refunds) == (520 if refund else 0)
    assert (raw.out_of_band_amount or 0) == (580 if refund else 0)
    assert note.refunded == (1_100 if refund else 0)


def test_a_credit_note_by_hand_has_no_key_and_one_taken_back_is_none(shop: Shop) -> None:
    bill = shop.final()
    by_hand = shop.raw.credit_notes.create({"invoice": bill.id, "amount": 110, "metadata": {"key": "dispute:1"}})
    [note] = shop.gateway.credit_notes(bill.id)
    assert (note.id, note.key, note.won) == (by_hand.id, "", 110)
    listed = {"object": "list", "has_more": False, "data": [by_hand.to_dict() | {"status": "void"}]}
    void = json.dumps(listed, default=str).encode()
    taken_back = shop.world.another(http=Scripted(lambda *_: (void, 200, {})))
    assert taken_back.credit_notes(bill.id) == []


def test_no_more_is_credited_than_was_billed(shop: Shop) -> None:
    bill = shop.final()
    with pytest.raises(GatewayRefused):
        shop.gateway.credit(bill.id, key="dispute:1", won=3_521, reason="이의 제기", refund=False)
    assert shop.gateway.credit(bill.id, key="dispute:2", won=3_520, reason="이의 제기", refund=False)


def test_a_draft_is_not_credited(shop: Shop) -> None:
    with pytest.raises(GatewayRefused):
        shop.gateway.credit(shop.billed().id, key="dispute:1", won=1, reason="이의 제기", refund=False)


def test_a_payout_is_the_sum_of_its_movements(shop: Shop) -> None:
    bill = shop.paid_by_card()
    shop.gateway.credit(bill.id, key="dispute:1", won=1_100, reason="이의 제기", refund=True)
    shop.world.fake.pay_out()
    moved = shop.gateway.transactions(*FOREVER)
    [payout] = shop.gateway.payouts(*FOREVER)
    assert {one.movement for one in payout.transactions} == {Movement.CHARGE, Movement.REFUND}
    assert sorted(one.id for one in payout.transactions) == sorted(one.id for one in moved)
    assert payout.won == sum(one.net for one in moved) == 3_400 - 1_100
    assert (payout.status, payout.arrives_at) == ("paid", now(shop))


def test_what_is_missing_from_a_payout_is_seen(shop: Shop) -> None:
    shop.paid_by_card()
    shop.world.fake.pay_out()
    [payout] = shop.gateway.payouts(*FOREVER)
    shop.world.fake.drop_from_payout(payout.id, payout.transactions[0].id)
    [after] = shop.gateway.payouts(*FOREVER)
    assert (after.won, after.transactions) == (payout.won, ())


def test_a_span_has_its_first_moment_and_not_its_last(shop: Shop) -> None:
    shop.paid_by_card()
    shop.world.fake.pay_out()
    at = now(shop)
    for listed in (shop.gateway.transactions, shop.gateway.payouts):
        assert len(listed(at, at + SECOND)) == 1
        assert listed(at - DAY, at) == []
        assert listed(at + SECOND, at + DAY) == []


def test_events_are_told_oldest_first_from_a_moment_on(shop: Shop) -> None:
    run = shop.subscribe()
    began = now(shop)
    shop.to_end_of()
    [draft] = shop.gateway.invoices(shop.customer)
    later = now(shop)
    final = shop.gateway.finalize(draft.id)
    all_of_it = shop.gateway.events(began)
    assert next((one.type, one.kind, one.about) for one in all_of_it if one.kind == "subscription") == (
        "customer.subscription.created",
        "subscription",
        run.id,
    )
    ours = [one.type for one in shop.gateway.events(later) if one.about == final.id]
    assert "invoice.finalized" in ours
    assert "invoice.created" not in ours
    assert [one.created_at for one in all_of_it] == sorted(one.created_at for one in all_of_it)
    assert len({one.id for one in all_of_it}) == len(all_of_it)


def test_an_event_is_about_its_invoice_or_its_payment(shop: Shop) -> None:
    bill = shop.paid_by_card()
    shop.gateway.credit(bill.id, key="dispute:1", won=1_100, reason="이의 제기", refund=True)
    about = {one.type: (one.kind, one.about) for one in shop.gateway.events(0)}
    [intent] = shop.raw.payment_intents.list().data
    assert about["credit_note.created"] == about["invoice.paid"] == ("invoice", bill.id)
    assert about["charge.refunded"] == ("payment_intent", intent.id)
    assert {one.customer for one in shop.gateway.events(0)} == {shop.customer}
    assert shop.gateway.invoice_paid_by(intent.id) == bill.id


def test_a_payment_may_be_of_no_invoice(shop: Shop) -> None:
    shop.final()
    assert shop.gateway.invoice_paid_by("pi_nothing") is None


def test_only_events_that_we_look_at_are_listed(shop: Shop) -> None:
    shop.paid_by_card()
    everything = {row.type for row in shop.raw.events.list({"limit": 100}).auto_paging_iter()}
    listed = {one.type for one in shop.gateway.events(0)}
    assert listed == everything & set(EVENT_TYPES)
    assert everything - listed
