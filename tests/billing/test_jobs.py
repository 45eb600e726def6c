"""Billing's jobs, called as Lambda calls them, with the stand-in for Stripe and SQS on moto."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from botocore.session import get_session
from stripe import WebhookSignature

import app
from chalicelib.aws import queues
from chalicelib.aws.settings import settings
from chalicelib.aws.tables import commit
from chalicelib.billing import jobs as billing
from chalicelib.billing.mirror import Mirror
from chalicelib.billing.model import InvoiceStatus
from chalicelib.billing.store import StripeCustomers
from chalicelib.billing.wiring import gateway
from chalicelib.closing.jobs import ReconciliationBroken
from chalicelib.kernel.clock import hour_start, month_span
from chalicelib.metering.model import Meter, Window
from chalicelib.metering.windows import Windows, dirty_windows
from chalicelib.tenants.model import Term
from chalicelib.tenants.store import Tenants
from tests.fakestripe import API_KEY, FakeStripe, running
from tests.lambda_events import change, failed, queue_event, schedule_event, stream_event
from tests.moto_desk import MINA, NOBODY, Desk, moto_desk

METER = "duredesk_human_contacts"
EVENTS = "/v1/billing/meter_events"
SECRET = "whsec_test"
# From noon of the 21st until ten minutes after the month's end in Korea.
MONTH_END = 9 * 86_400 + 12 * 3_600 + 600


@dataclass(frozen=True)
class Till:
    """A desk whose usage goes through a queue to Stripe."""

    desk: Desk
    fake: FakeStripe
    sqs: Any

    def bill(self, tenant: str = "danbi") -> str:
        """Put a contact on the bill and return the window's row, as the stream shows it."""
        return self.desk.answered(tenant=tenant)

    def rows(self, tenant: str = "danbi") -> list[dict[str, Any]]:
        return [row for row in self.desk.rows() if row["pk"]["S"] == f"{tenant}#window#human"]

    def window(self, tenant: str = "danbi") -> Window:
        [row] = self.rows(tenant)
        found = Windows(tenant).find(Meter.HUMAN, row["sk"]["S"])
        assert found is not None
        return found

    def named(self, tenant: str = "danbi") -> str:
        return json.dumps({"tenant": tenant, "meter": "human", "hour": self.window(tenant).hour})

    def queued(self) -> list[str]:
        """Take everything off the queue."""
        found: list[str] = []
        while got := self.sqs.receive_message(
            QueueUrl=settings().usage_queue_url, MaxNumberOfMessages=10, AttributeNames=["All"]
        ).get("Messages"):
            for message in got:
                self.sqs.delete_message(
                    QueueUrl=settings().usage_queue_url, ReceiptHandle=message["ReceiptHandle"]
                )
            found += [message["Body"] for message in got]
        return found

    def total(self, tenant: str = "danbi") -> int:
        customer = StripeCustomers(tenant).find()
        return self.fake.total(METER, customer) if customer else 0

    def sent(self) -> int:
        return sum(row["path"] == EVENTS and row["method"] == "POST" for row in self.fake.requests)


@pytest.fixture
def till() -> Iterator[Till]:
    fake = FakeStripe(now=lambda: time.time() + settings().clock_offset_seconds)
    with running(fake) as base, moto_desk() as desk:
        queues._client.cache_clear()
        sqs = get_session().create_client("sqs", settings().region)
        url = sqs.create_queue(QueueName="usage.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
        fake.webhooks(None, SECRET)
        desk.shift(STRIPE_WEBHOOK_SECRETS=SECRET)
        desk.shift(
            USAGE_QUEUE_URL=url, STRIPE_API_KEY=API_KEY, STRIPE_API_BASE=base, STRIPE_METER_EVENTS_BASE=base
        )
        gateway.cache_clear()
        yield Till(desk, fake, sqs)
    gateway.cache_clear()
    queues._client.cache_clear()
    fake.close()


def hear(till: Till, *, only: str = "") -> None:
    """Let the function hear what the provider has to tell, and do what follows from it."""
    for _, body in till.fake.pending():
        raw = body.decode()
        if only in json.loads(raw)["type"]:
            # Signatures are of real time, whatever the stand-in's clock says.
            headers = {"Stripe-Signature": WebhookSignature.generate_signature_header(raw, SECRET)}
            answer = till.desk.call(NOBODY, "POST /v1/webhooks/stripe", raw=raw, headers=headers)
            assert answer.status == 200
    heard = [row for row in till.desk.rows() if row["kind"]["S"] == "provider_event"]
    assert failed(app.relay_changes(stream_event(*map(change, heard)), None)) == []
    bodies = till.queued()
    assert failed(app.send_usage(queue_event(*bodies), None)) == []


def test_window_that_became_dirty_is_queued_by_name(till: Till) -> None:
    till.bill()
    assert failed(app.relay_changes(stream_event(*map(change, till.desk.rows())), None)) == []
    [body] = [body for body in till.queued() if "hour" in body]
    assert json.loads(body) == {"tenant": "danbi", "meter": "human", "hour": till.window().hour}


def test_same_record_five_times_is_one_message(till: Till) -> None:
    till.bill()
    [row] = till.rows()
    for _ in range(2):
        app.relay_changes(stream_event(*[change(row)] * 5), None)
    assert len(till.queued()) == 1


def test_window_that_is_dirty_still_is_not_queued_again_but_a_repaired_one_is(till: Till) -> None:
    till.bill()
    [old] = till.rows()
    till.bill()
    [new] = till.rows()
    assert (old["rev"], new["rev"]) == ({"N": "1"}, {"N": "2"})
    app.relay_changes(stream_event(change(new, old)), None)
    assert till.queued() == []
    commit(Windows("danbi").repair(Meter.HUMAN, till.window().hour, 1))
    [repaired] = till.rows()
    app.relay_changes(stream_event(change(repaired, new)), None)
    assert len(till.queued()) == 1


def test_clean_window_other_rows_and_removals_are_nothing(till: Till) -> None:
    till.bill()
    [dirty] = till.rows()
    clean = {name: value for name, value in dirty.items() if name != "dirty_since"}
    others = [row for row in till.desk.rows() if row["kind"]["S"] not in {"window", "tenant"}]
    event = stream_event(change(clean, dirty), change(None, dirty), *map(change, others))
    assert failed(app.relay_changes(event, None)) == []
    assert till.queued() == []


@pytest.mark.parametrize("function", [app.relay_changes, app.send_usage])
def test_empty_batch_is_done(till: Till, function: Any) -> None:
    assert failed(function({"Records": []}, None)) == []


def test_poison_record_is_named_and_the_good_ones_are_queued(till: Till) -> None:
    till.bill()
    [row] = till.rows()
    poison = {name: value for name, value in row.items() if name != "tenant"}
    assert failed(app.relay_changes(stream_event(change(poison), change(row)), None)) == ["s0"]
    assert len(till.queued()) == 1
    assert failed(app.relay_changes(stream_event(change(poison)), None)) == ["s0"]


def test_queued_window_reaches_stripe_as_its_total(till: Till) -> None:
    for _ in range(2):
        till.bill()
    assert failed(app.send_usage(queue_event(till.named()), None)) == []
    assert till.total() == 2
    window = till.window()
    assert (window.sent_total, window.dirty_since) == (2, None)
    assert till.desk.index("work", "~outbox") == []


def test_same_message_five_times_is_sent_once(till: Till) -> None:
    till.bill()
    for _ in range(2):
        assert failed(app.send_usage(queue_event(*[till.named()] * 5), None)) == []
    assert (till.total(), till.sent()) == (1, 1)


def test_correction_takes_the_contact_off_again(till: Till) -> None:
    contact = till.bill()
    app.send_usage(queue_event(till.named()), None)
    till.desk.act(MINA, contact, "spam")
    app.send_usage(queue_event(till.named()), None)
    assert till.total() == 0


def test_poison_message_holds_up_its_own_group_only(till: Till) -> None:
    till.bill()
    till.bill("mungmeal")
    bodies = ["not json", till.named(), till.named("mungmeal")]
    event = queue_event(*bodies, groups=["danbi", "danbi", "mungmeal"])
    assert failed(app.send_usage(event, None)) == ["m0", "m1"]
    assert (till.total(), till.total("mungmeal")) == (0, 1)
    assert failed(app.send_usage(queue_event(till.named()), None)) == []
    assert till.total() == 1


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        '{"tenant": "danbi"}',
        '{"tenant": "nosuchshop", "meter": "human", "hour": "2026-11-21T03"}',
        '{"tenant": "danbi", "meter": "fax", "hour": "2026-11-21T03"}',
    ],
)
def test_message_that_nobody_understands_comes_again_until_it_is_a_dead_letter(till: Till, body: str) -> None:
    assert failed(app.send_usage(queue_event(body), None)) == ["m0"]
    assert till.sent() == 0


def test_message_of_a_window_that_there_is_not_is_done(till: Till) -> None:
    body = '{"tenant": "danbi", "meter": "human", "hour": "2026-11-21T03"}'
    assert failed(app.send_usage(queue_event(body), None)) == []


def test_window_that_stripe_did_not_take_stays_dirty_and_is_sent_later(till: Till) -> None:
    till.bill()
    till.fake.fault("server_error", times=1, should_retry=False)
    assert failed(app.send_usage(queue_event(till.named()), None)) == ["m0"]
    assert till.window().dirty_since is not None
    till.desk.later(121)
    assert failed(app.send_usage(queue_event(till.named()), None)) == []
    assert till.total() == 1


def test_window_that_another_sender_has_comes_again(till: Till) -> None:
    till.bill()
    commit(Windows("danbi").lease(till.window(), 0, 1 << 45))
    assert failed(app.send_usage(queue_event(till.named()), None)) == ["m0"]
    assert till.sent() == 0


def test_sweep_queues_what_the_stream_forgot_once_in_five_minutes(till: Till) -> None:
    till.bill()
    assert app.sweep(schedule_event(), None)["windows"] == 0
    till.desk.later(400)
    counts = [app.sweep(schedule_event(), None)["windows"] for _ in range(2)]
    assert counts == [1, 1]
    assert len(set(till.queued())) == 1


def test_sweep_finds_nothing_once_all_is_sent(till: Till) -> None:
    till.bill()
    app.send_usage(queue_event(till.named()), None)
    till.desk.later(400)
    assert app.sweep(schedule_event(), None)["windows"] == 0
    assert till.queued() == []


def test_reconciliation_is_silent_while_all_agrees_or_is_in_flight(till: Till) -> None:
    contact = till.bill()
    app.reconcile(schedule_event(), None)
    app.send_usage(queue_event(till.named()), None)
    till.desk.act(MINA, contact, "resolve")
    app.reconcile(schedule_event(), None)


def test_reconciliation_rings_for_a_contact_that_is_missing_from_the_ledger(till: Till) -> None:
    contact = till.bill()
    app.send_usage(queue_event(till.named()), None)
    till.desk.dynamodb.delete_item(
        TableName=till.desk.table,
        Key={"pk": {"S": f"danbi#contact#{contact}"}, "sk": {"S": "usage#0001#0001"}},
    )
    with pytest.RaisesGroup(pytest.RaisesExc(ReconciliationBroken, match="2 breaks")):
        app.reconcile(schedule_event(), None)


def test_reconciliation_repairs_what_stripe_holds_wrongly(till: Till) -> None:
    till.bill()
    app.send_usage(queue_event(till.named()), None)
    window, customer = till.window(), StripeCustomers("danbi").find()
    # Someone else's hand: an absolute total under a name that is not ours.
    gateway().put_hour_total(
        event_name=METER,
        customer=customer or "",
        hour=hour_start(window.hour),
        total=7,
        identifier="by hand",
        attempt=1,
    )
    app.reconcile(schedule_event(), None)
    till.desk.later(16 * 60)
    with pytest.RaisesGroup(pytest.RaisesExc(ReconciliationBroken, match="stale_overwrite")):
        app.reconcile(schedule_event(), None)
    app.send_usage(queue_event(till.named()), None)
    app.reconcile(schedule_event(), None)


def test_a_window_that_stripe_refuses_holds_up_no_other_hour(till: Till) -> None:
    till.bill()
    old = till.named()
    till.desk.later(40 * 24 * 3600)
    till.bill()
    [fresh] = [row["sk"]["S"] for row in till.rows() if row["sk"]["S"] != json.loads(old)["hour"]]
    batch = queue_event(old, json.dumps({**json.loads(old), "hour": fresh}))
    assert failed(app.send_usage(batch, None)) == []
    assert till.total() == 1
    assert dirty_windows(before=app.now()) == []
    assert app.sweep(schedule_event(), None)["windows"] == 0


def test_a_tenant_that_cannot_be_reconciled_stops_no_other(till: Till) -> None:
    for tenant in ("danbi", "mungmeal"):
        till.bill(tenant)
        app.send_usage(queue_event(till.named(tenant)), None)
    till.fake.fault("server_error", path="/v1/billing/meters", should_retry=False)
    with pytest.raises(ExceptionGroup) as raised:
        app.reconcile(schedule_event(), None)
    assert len(raised.value.exceptions) == 1
    app.reconcile(schedule_event(), None)


def test_all_that_is_dirty_can_be_sent_at_once_without_the_queue(till: Till) -> None:
    for tenant in ("danbi", "mungmeal"):
        till.bill(tenant)
    assert billing.send_all(app.now()) == 0
    assert [till.total(tenant) for tenant in ("danbi", "mungmeal")] == [1, 1]
    assert billing.send_all(app.now()) == 0


def test_an_invoice_that_the_provider_tells_of_is_held_and_kept(till: Till) -> None:
    till.bill()
    app.send_usage(queue_event(till.named()), None)
    till.desk.later(MONTH_END)
    till.fake.tick()
    hear(till)
    kept = Mirror("danbi").find("2026-11")
    assert kept is not None
    assert (kept.invoice.status, kept.invoice.advances) == (InvoiceStatus.DRAFT, False)
    assert [line.quantity for line in kept.invoice.lines if line.meter is Meter.HUMAN] == [1]
    assert Mirror("mungmeal").all() == []
    gateway().finalize(kept.invoice.id)
    hear(till, only="invoice.finalized")
    [again] = Mirror("danbi").all()
    assert (again.invoice.status, again.version) == (InvoiceStatus.OPEN, 2)


def test_an_event_is_queued_once_and_not_again_when_it_is_done(till: Till) -> None:
    till.bill()
    app.send_usage(queue_event(till.named()), None)
    hear(till)
    heard = [row for row in till.desk.rows() if row["kind"]["S"] == "provider_event"]
    assert heard
    assert all(row["done_at"]["N"] != "0" for row in heard)
    app.relay_changes(stream_event(*map(change, heard)), None)
    assert till.queued() == []
    [first, *_] = heard
    fresh = change({**first, "done_at": {"N": "0"}})
    app.relay_changes(stream_event(fresh, fresh), None)
    assert [json.loads(body) for body in till.queued()] in ([], [{"event": first["id"]["S"]}])


def test_what_the_provider_never_told_is_found_within_the_hour(till: Till) -> None:
    till.bill()
    app.send_usage(queue_event(till.named()), None)
    till.desk.later(MONTH_END)
    till.fake.tick()
    till.fake.pending()
    app.reconcile(schedule_event(), None)
    assert Mirror("danbi").find("2026-11") is not None
    heard = [row for row in till.desk.rows() if row["kind"]["S"] == "provider_event"]
    assert heard
    # A draft that the provider keeps need not be held, so that nothing of ours is told in its turn.
    assert billing.backfill(app.now()) == 0


def test_a_provider_that_does_not_answer_stops_no_tenant_and_no_reconciliation(till: Till) -> None:
    till.bill()
    app.send_usage(queue_event(till.named()), None)
    till.desk.later(MONTH_END)
    till.fake.tick()
    till.fake.fault("server_error", path="/v1/events", times=1, should_retry=False)
    with pytest.raises(ExceptionGroup, match="job: 1 failed"):
        billing.backfill(app.now())
    assert Mirror("danbi").find("2026-11") is not None


def test_a_plan_that_was_chosen_is_told_before_the_next_month(till: Till) -> None:
    till.bill()
    app.send_usage(queue_event(till.named()), None)
    before = Tenants("danbi").profile()
    [old] = [row for row in till.desk.rows() if row["pk"]["S"] == "danbi#tenant"]
    commit(Tenants("danbi").save(replace(before, plans=(Term("2026-12", "standard/1"),)), before))
    [new] = [row for row in till.desk.rows() if row["pk"]["S"] == "danbi#tenant"]
    app.relay_changes(stream_event(change(new, new), change(new, old)), None)
    [body] = till.queued()
    assert json.loads(body) == {"account": "danbi"}
    assert failed(app.send_usage(queue_event(body), None)) == []
    [run] = gateway().subscriptions(StripeCustomers("danbi").find() or "")
    assert run.ends_at == month_span("2026-11")[1]
