"""The gateway in memory that other tests use says the same as Stripe's stand-in does through the real one."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Protocol

import pytest

from chalicelib.billing.model import EVENT_NAMES, GatewayRefused, Identity, Invoice
from chalicelib.billing.ports import Gateway
from chalicelib.kernel.clock import SECOND, Millis, month_span
from chalicelib.metering.model import Meter
from chalicelib.pricing.model import Plan, Rate, Tier
from tests.billing.fake_gateway import FakeGateway
from tests.billing.stripe_shop import MONTH, PLAN, Shop, open_shop
from tests.fakestripe.world import HOUR

FLAT = Plan("flat/500", "정액", "Flat", "2026-01", (Rate(Meter.HUMAN, (Tier(None, 500),)),))


class Side(Protocol):
    """One implementation, and what happens around it."""

    gateway: Gateway

    def to_end_of(self, month: str, customer: str) -> None: ...


class InMemory:
    def __init__(self) -> None:
        self.fake = FakeGateway(now=int(HOUR.timestamp()) * SECOND)
        self.gateway: Gateway = self.fake

    def to_end_of(self, month: str, customer: str) -> None:
        self.fake.now = month_span(month)[1] + 30 * 60 * SECOND
        self.fake.close_month(customer, month)


class AtStripe:
    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.gateway: Gateway = shop.gateway

    def to_end_of(self, month: str, customer: str) -> None:
        self.shop.to_end_of(month)


@pytest.fixture(params=["in memory", "at Stripe"])
def side(request: pytest.FixtureRequest) -> Iterator[Side]:
    if request.param == "in memory":
        yield InMemory()
        return
    with open_shop() as shop:
        yield AtStripe(shop)


def use(side: Side, customer: str, total: int, hour: datetime = HOUR, meter: Meter = Meter.HUMAN) -> None:
    event_name = EVENT_NAMES[meter]
    side.gateway.ensure_meter(event_name)
    side.gateway.put_hour_total(
        event_name=event_name,
        customer=customer,
        hour=hour,
        total=total,
        identifier=f"{meter}:{hour.isoformat()}:{total}",
        attempt=1,
    )


def lines(bill: Invoice) -> list[tuple[Meter | None, str, int, int]]:
    return sorted((line.meter, line.key, line.quantity, line.won) for line in bill.lines if line.won)


def sums(bill: Invoice) -> tuple[str, int, int, int, int, int, int]:
    return (str(bill.status), bill.subtotal, bill.tax, bill.total, bill.paid, bill.remaining, bill.credited)


def at(year: int, month: int, day: int, hour: int) -> Millis:
    return int(datetime(year, month, day, hour, tzinfo=UTC).timestamp()) * SECOND


def test_a_month_from_first_use_to_the_last_credit(side: Side) -> None:
    gateway = side.gateway
    shop = gateway.create_customer("shop9", "아홉째")
    gateway.identify(shop, Identity("두레 상사", "bill@dure.test", "1234567890"))
    run = gateway.subscribe("shop9", shop, PLAN, MONTH)
    assert gateway.subscriptions(shop) == [run]
    assert (run.plan, run.since, run.ends_at, set(run.items)) == ("standard/1", MONTH, 0, set(Meter))
    use(side, shop, 6)
    use(side, shop, 7)
    use(side, shop, 2, meter=Meter.BOT)
    span = {"start": HOUR, "end": HOUR + timedelta(hours=1)}
    assert gateway.hour_totals(event_name=EVENT_NAMES[Meter.HUMAN], customer=shop, **span) == {HOUR: 7}
    side.to_end_of(MONTH, shop)
    [draft] = gateway.invoices(shop)
    assert lines(draft) == [(Meter.BOT, "", 2, 310), (Meter.HUMAN, "", 7, 3_200)]
    assert (draft.month, draft.advances, draft.tax_lines) == (MONTH, True, 2)
    assert (draft.period_start, draft.period_end) == (at(2026, 10, 31, 15), at(2026, 11, 30, 15))
    assert sums(draft) == ("draft", 3_510, 351, 3_861, 0, 3_861, 0)
    held = gateway.hold(draft.id)
    assert not held.advances
    for _ in range(2):
        gateway.add_item(held, key="sla:1", won=-510, description="SLA")
    final = gateway.finalize(draft.id)
    assert gateway.finalize(draft.id) == final
    assert sums(final) == ("open", 3_000, 300, 3_300, 0, 3_300, 0)
    assert final.number
    with pytest.raises(GatewayRefused) as caught:
        gateway.add_item(held, key="base", won=1, description="기본료")
    assert caught.value.code == "not_draft"
    assert gateway.credit(final.id, key="dispute:1", won=1_100, reason="이의", refund=True).refunded == 0
    paid = gateway.pay_by_transfer(final.id)
    assert sums(paid) == ("paid", 3_000, 300, 3_300, 2_200, 0, 1_100)
    [payment] = gateway.payments(final.id)
    assert (payment.gross, payment.fee, payment.net, payment.transaction) == (2_200, 0, 2_200, "")
    for _ in range(2):
        note = gateway.credit(final.id, key="dispute:2", won=550, reason="이의", refund=True)
        assert (note.won, note.tax, note.refunded, note.key) == (550, 50, 550, "dispute:2")
    assert [note.key for note in gateway.credit_notes(final.id)] == ["dispute:1", "dispute:2"]
    assert gateway.invoice(final.id).credited == 1_650
    kinds = [one.type for one in gateway.events(0) if one.about == final.id]
    for earlier, later in (("invoice.created", "invoice.finalized"), ("invoice.finalized", "invoice.paid")):
        assert kinds.index(earlier) < kinds.index(later)


def test_a_change_of_plan(side: Side) -> None:
    gateway = side.gateway
    shop = gateway.create_customer("shop9", "아홉째")
    with pytest.raises(GatewayRefused):
        gateway.subscribe("shop9", shop, FLAT, "2026-12")
    first = gateway.subscribe("shop9", shop, PLAN, MONTH)
    assert gateway.end_subscription(first.id, MONTH).ends_at == at(2026, 11, 30, 15)
    use(side, shop, 7)
    side.to_end_of(MONTH, shop)
    second = gateway.subscribe("shop9", shop, FLAT, "2026-12")
    use(side, shop, 3, datetime(2026, 11, 30, 15, tzinfo=UTC))
    side.to_end_of("2026-12", shop)
    bills = [(bill.month, bill.subscription, bill.subtotal) for bill in gateway.invoices(shop)]
    assert bills == [("2026-12", second.id, 1_500), (MONTH, first.id, 3_200)]
    assert [(run.plan, run.status) for run in gateway.subscriptions(shop)] == [
        ("standard/1", "canceled"),
        ("flat/500", "active"),
    ]


def test_what_is_not_there_is_refused(side: Side) -> None:
    shop = side.gateway.create_customer("shop9", "아홉째")
    for act in (side.gateway.invoice, side.gateway.hold, side.gateway.finalize, side.gateway.pay_by_transfer):
        with pytest.raises(GatewayRefused) as caught:
            act("in_nothing")
        assert caught.value.code == "resource_missing"
    side.gateway.subscribe("shop9", shop, FLAT, MONTH)
    side.to_end_of(MONTH, shop)
    [draft] = side.gateway.invoices(shop)
    with pytest.raises(GatewayRefused):
        side.gateway.credit(draft.id, key="dispute:1", won=1, reason="이의", refund=False)
