"""What we believe of Stripe and know from its documentation alone, asked of Stripe: see docs/stripe.md.

A test that fails says which belief is false, and the page says what to do then. None of them has ever run: no
account was reachable from where this was written.
"""

from collections.abc import Iterator
from time import time

import pytest
import stripe

from chalicelib.billing.model import EVENT_NAMES, GatewayRefused, InvoiceStatus
from chalicelib.kernel.clock import DAY, HOUR, SECOND, hour_start, month_span, months_between, utc_hour
from chalicelib.metering.model import Meter
from chalicelib.pricing.plans import plan
from chalicelib.pricing.rules import rate, tiers_for, vat
from tests.wire import sandbox as stripe_mode
from tests.wire.sandbox import (
    PLAN,
    NotASandbox,
    Sandbox,
    checked,
    ended_month,
    eventually,
    hour_of,
    now,
    per_meter,
)

sandboxed = pytest.mark.stripe_sandbox


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    opened = stripe_mode.opened()
    yield opened
    opened.clean()


@pytest.mark.parametrize("key", ["sk_live_x", "rk_test_x", "pk_test_x", "", " sk_test_x"])
def test_no_key_but_a_test_key_is_used(key: str) -> None:
    with pytest.raises(NotASandbox):
        checked(key)
    assert checked("sk_test_x") == "sk_test_x"


@sandboxed
def test_1_a_later_total_of_an_hour_replaces_the_earlier_one(sandbox: Sandbox) -> None:
    customer, hour = sandbox.customer(), hour_of(now() - 2 * HOUR)
    for rev, total in enumerate((3, 5, 0, 2), start=1):
        sandbox.put(customer, hour, total, rev)
        sandbox.settled(customer, hour, total)


@sandboxed
@pytest.mark.parametrize("days", [1, 10])
def test_1_it_replaces_it_days_later_too(sandbox: Sandbox, days: int) -> None:
    """Begin at the first run, and judge at the first one that comes late enough: this customer is kept."""
    customer = sandbox.gateway.create_customer(f"sandboxlate{days}", "두레데스크 시험 (keep)")
    kept = sandbox.sdk.v1.customers.retrieve(customer).metadata
    begun = kept.to_dict() if kept is not None else {}
    sent = int(begun.get("sent") or 0)
    # What is older than 34 days could not be sent again.
    if not now() - 34 * DAY < sent * SECOND:
        hour = utc_hour(now() - 2 * HOUR)
        sandbox.put(customer, hour_start(hour), 7, int(time()))
        sandbox.sdk.v1.customers.update(customer, {"metadata": {"sent": str(int(time())), "hour": hour}})
        pytest.skip(f"begun now: run it again after {days} days")
    if now() - sent * SECOND < days * DAY:
        pytest.skip(f"begun at {sent}: run it again {days} days after that")
    sandbox.put(customer, hour_start(begun["hour"]), 4, int(time()))
    sandbox.settled(customer, hour_start(begun["hour"]), 4)
    sandbox.sdk.v1.customers.update(customer, {"metadata": {"sent": "", "hour": ""}})


@sandboxed
def test_2_a_repeated_name_is_refused_in_the_words_that_we_take_for_delivered(sandbox: Sandbox) -> None:
    customer, other, hour = sandbox.customer(), sandbox.customer(), hour_of(now() - 2 * HOUR)
    name = sandbox.put(customer, hour, 3)

    def send(whose: str) -> stripe.StripeError | None:
        payload = {"stripe_customer_id": whose, "value": "9"}
        event: stripe.params.billing.MeterEventCreateParams = {
            "event_name": EVENT_NAMES[Meter.HUMAN],
            "payload": payload,
            "identifier": name,
            "timestamp": int(hour.timestamp()),
        }
        try:
            sandbox.sdk.v1.billing.meter_events.create(event)
        except stripe.StripeError as error:
            return error
        return None

    refused = send(customer)
    assert isinstance(refused, stripe.InvalidRequestError)
    sandbox.found["2 duplicate"] = {"code": refused.code, "text": refused.user_message}
    # The gateway must take this refusal for a delivery, or it raises here; the same attempt would be a replay.
    sandbox.put(customer, hour, 3, attempt=2)
    sandbox.settled(customer, hour, 3)
    sandbox.found["2 a name is unique for each customer"] = send(other) is None


@sandboxed
def test_3_summaries_show_what_was_sent_before_reconciliation_looks(sandbox: Sandbox) -> None:
    customer, hour = sandbox.customer(), hour_of(now() - 2 * HOUR)
    sandbox.put(customer, hour, 3)
    sandbox.found["3 summary seconds"] = sandbox.settled(customer, hour, 3)


@sandboxed
def test_4_a_held_draft_takes_late_usage_when_it_is_finalized(sandbox: Sandbox) -> None:
    month = ended_month(sandbox, human=301, bot=7)
    calendar = month.calendar
    calendar.advance(month.end + 80 * HOUR)
    assert (month.draft().status, month.draft().advances) == (InvoiceStatus.DRAFT, False)
    sandbox.put(calendar.customer, month.hour, 302, rev=2)
    sandbox.settled(calendar.customer, month.hour, 302)
    finalized = sandbox.gateway.finalize(month.draft().id)
    counted = {meter: quantity for meter, (quantity, _) in per_meter(finalized).items()}
    assert counted == {Meter.HUMAN: 302, Meter.BOT: 7}
    assert sandbox.gateway.invoice(finalized.id).lines == finalized.lines


@sandboxed
def test_5_periods_are_the_months_of_korea_also_after_short_ones(sandbox: Sandbox) -> None:
    first = next(month for month in months_between(now(), now() + 400 * DAY) if month.endswith("-01"))
    start = month_span(first)[0]
    calendar = sandbox.calendar(start + HOUR)
    calendar.subscribe(first)
    months = months_between(start, start + 125 * DAY)
    assert [month[-2:] for month in months] == ["01", "02", "03", "04", "05"]
    for month in months[1:]:
        calendar.advance(month_span(month)[0] + HOUR)
    invoices = sandbox.gateway.invoices(calendar.customer)
    spans = {one.month: (one.period_start, one.period_end) for one in invoices}
    assert spans == {month: month_span(month) for month in months[:-1]}
    assert len(invoices) == len(spans)


@sandboxed
def test_6_usage_is_dated_in_real_time_under_a_clock_too(sandbox: Sandbox) -> None:
    start = month_span(months_between(now(), now())[0])[0]
    calendar = sandbox.calendar(start)
    calendar.subscribe(months_between(now(), now())[0])
    calendar.advance(now() + 40 * DAY)
    ahead = hour_of(now() + 40 * DAY)
    with pytest.raises(GatewayRefused) as refused:
        sandbox.put(calendar.customer, ahead, 3)
    sandbox.found["6 refusal"] = str(refused.value)
    past = hour_of(now() - 2 * HOUR)
    sandbox.put(calendar.customer, past, 3)
    sandbox.settled(calendar.customer, past, 3)


@sandboxed
@pytest.mark.parametrize(("human", "bot"), [(1, 0), (0, 1), (300, 1_000), (301, 1_001), (1_001, 7)])
def test_7_stripe_rates_a_month_as_we_do(sandbox: Sandbox, human: int, bot: int) -> None:
    """The smallest bill is ₩275 with VAT, which is less than Stripe charges at once."""
    month = ended_month(sandbox, human, bot)
    invoice = sandbox.gateway.finalize(month.draft().id)
    used = {Meter.HUMAN: human, Meter.BOT: bot}
    expected = {meter: (n, rate(tiers_for(plan(PLAN), meter), n)) for meter, n in used.items()}
    assert per_meter(invoice) == expected
    assert invoice.subtotal == sum(won for _, won in expected.values())
    assert abs(invoice.tax - vat(invoice.subtotal)) <= invoice.tax_lines
    assert invoice.total == invoice.remaining == invoice.subtotal + invoice.tax
    assert invoice.status == InvoiceStatus.OPEN
    sandbox.found[f"7 {human} and {bot}"] = {"lines": len(invoice.lines), "tax": invoice.tax}


@sandboxed
def test_8_a_registered_card_pays_and_settles_in_won(sandbox: Sandbox) -> None:
    """With the card that Stripe gives to tests; one of a Korean issuer needs a person at its own page."""
    month = ended_month(sandbox, human=100, bot=0, card=True)
    invoice = sandbox.gateway.finalize(month.draft().id)
    month.calendar.advance(month.end + 6 * HOUR)
    eventually(lambda: sandbox.gateway.invoice(invoice.id).status == InvoiceStatus.PAID)
    [payment] = sandbox.gateway.payments(invoice.id)
    assert payment.gross == invoice.total
    assert payment.net == payment.gross - payment.fee
    booked = sandbox.sdk.v1.balance_transactions.retrieve(payment.transaction)
    sandbox.found["8 settlement"] = {"currency": booked.currency, "fee": payment.fee, "gross": payment.gross}
    assert (booked.currency, booked.exchange_rate) == ("krw", None)


@sandboxed
def test_9_a_report_of_failed_usage_quotes_our_key(sandbox: Sandbox) -> None:
    """The key begins with the window's name, so that a report leads back to the window."""
    customer = sandbox.gateway.create_customer("sandboxgone", "두레데스크 시험")
    sandbox.sdk.v1.customers.delete(customer)
    name = sandbox.put(customer, hour_of(now() - 2 * HOUR), 3, int(time()))
    meter = sandbox.gateway.ensure_meter(EVENT_NAMES[Meter.HUMAN])

    def quoted() -> bool:
        reports = sandbox.sdk.v2.core.events.list({"object_id": meter, "limit": 20}).data
        return any(f"{name}:a1" in str(sandbox.sdk.v2.core.events.retrieve(one.id)) for one in reports)

    sandbox.found["9 report seconds"] = eventually(quoted, seconds=3_600)


@sandboxed
def test_10_what_we_take_off_lowers_the_tax_as_well(sandbox: Sandbox) -> None:
    """We grant no credits at Stripe, whose order would matter: a credit of ours is an item of the invoice."""
    month = ended_month(sandbox, human=100, bot=0)
    draft = month.draft()
    for _ in range(2):
        sandbox.gateway.add_item(draft, key="sandbox:credit", won=-10_000, description="시험")
    invoice = sandbox.gateway.finalize(draft.id)
    assert [line.won for line in invoice.lines if line.key == "sandbox:credit"] == [-10_000]
    assert invoice.subtotal == rate(tiers_for(plan(PLAN), Meter.HUMAN), 100) - 10_000
    assert abs(invoice.tax - vat(invoice.subtotal)) <= invoice.tax_lines


@sandboxed
def test_11_the_account_is_a_korean_company_s(sandbox: Sandbox) -> None:
    account = sandbox.sdk.v1.accounts.retrieve_current()
    sandbox.found["11 account"] = {"country": account.country, "currency": account.default_currency}
    assert (account.country, account.default_currency) == ("KR", "krw")
