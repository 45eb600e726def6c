"""Every way into Duredesk, one line each; HTTP routes are declared by their capability."""

from chalice.app import AuthRequest, AuthResponse, Chalice, CloudWatchEvent, DynamoDBEvent, SQSEvent

from chalicelib.aws import batches
from chalicelib.aws.settings import settings
from chalicelib.billing import jobs as billing
from chalicelib.bills import jobs as bills
from chalicelib.closing import jobs as closing
from chalicelib.contacts import jobs as contacts
from chalicelib.diagnosis import jobs as diagnosis
from chalicelib.finance.store import TaxRecords
from chalicelib.hooks.egress import call_out
from chalicelib.kernel.clock import clock
from chalicelib.kernel.errors import Unauthenticated
from chalicelib.overflow import jobs as overflow
from chalicelib.platform import jobs as platform
from chalicelib.platform.ways import served
from chalicelib.platform.wiring import caller_of
from chalicelib.queue import jobs as queue
from chalicelib.rights import jobs as rights
from chalicelib.web.api import Route
from chalicelib.web.edge import mount

app = Chalice(app_name="duredesk", configure_logs=False)

# Placeholders: the merge template puts the real sources in their place.
TABLE_STREAM = "arn:aws:dynamodb:ap-northeast-2:000000000000:table/placeholder/stream/placeholder"
USAGE_QUEUE = "arn:aws:sqs:ap-northeast-2:000000000000:placeholder.fifo"
ERRAND_QUEUE = USAGE_QUEUE
DIAGNOSIS_QUEUE = USAGE_QUEUE


@app.authorizer(ttl_seconds=30)
def authorize(request: AuthRequest) -> AuthResponse:
    """Prove a key or a token of a shop in good standing; API Gateway remembers the answer for 30 seconds."""
    try:
        caller = caller_of(request.token)
    except Unauthenticated:
        # An exception would count as this function's failure; an empty grant becomes API Gateway's 401.
        return AuthResponse(routes=[], principal_id="nobody")
    return AuthResponse(routes=["*"], principal_id=caller.name, context=caller.context)


@app.on_dynamodb_record(stream_arn=TABLE_STREAM)
def relay_changes(event: DynamoDBEvent) -> batches.Answer:
    """The table's stream is the outbox: of what billing has to do, and of contacts that were held back."""
    relays = {
        "window": billing.relay_window,
        "provider_event": billing.relay_event,
        "tenant": billing.relay_plans,
        "contact": overflow.relay_held,
        "letter": platform.relay_letter,
        "delivery": platform.relay_delivery,
        "incident": platform.relay_incident,
    }
    return batches.each_change(event.to_dict(), relays)


@app.on_sqs_message(queue_arn=USAGE_QUEUE, batch_size=10)
def send_usage(event: SQSEvent) -> batches.Answer:
    """Tell Stripe the total of each queued window, and look into what it told us."""
    return batches.each_message(event.to_dict(), lambda body: billing.work(body, now()))


@app.on_sqs_message(queue_arn=ERRAND_QUEUE, batch_size=5)
def errands(event: SQSEvent) -> batches.Answer:
    """Send each queued letter, and tell each queued event to the hook of a shop."""
    return batches.each_message(event.to_dict(), lambda body: platform.run_errand(body, now()))


@app.lambda_function()
def egress(event: dict[str, str], context: object) -> dict[str, str | int]:
    """Call an address that a shop named, with no rights to anything of ours."""
    return call_out(event, is_local=settings().stage == "local")


@app.on_sqs_message(queue_arn=DIAGNOSIS_QUEUE, batch_size=1)
def diagnose(event: SQSEvent) -> batches.Answer:
    """Read what a shop uploaded of its past contacts."""
    return batches.each_message(event.to_dict(), lambda body: diagnosis.work(body, now()))


@app.schedule("rate(1 minute)")
def sweep(event: CloudWatchEvent) -> dict[str, int]:
    """Return what silent agents hold, wake, let in, climb ladders, send windows, erase, alert; count each."""
    return batches.each_job(
        leases=lambda: queue.sweep_leases(now()),
        later=lambda: contacts.wake_later(now()),
        windows=lambda: billing.sweep_windows(now()),
        erasures=lambda: rights.sweep_erasures(now()),
        expired=lambda: rights.sweep_retention(now()),
        overflow=lambda: overflow.sweep_overflow(now()),
        ladders=lambda: overflow.climb_ladders(now()),
        alerts=lambda: bills.alerts(now()),
        errands=lambda: platform.sweep_errands(now()),
    )


@app.schedule("rate(1 hour)")
def reconcile(event: CloudWatchEvent) -> dict[str, int]:
    """Ask Stripe for what was not heard, then compare all; a difference rings this function's alarm."""
    return batches.each_job(
        unheard=lambda: billing.backfill(now()),
        unapproved=lambda: closing.reconcile_settled(now(), TaxRecords),
    )


def now() -> int:
    """Return the domain time in milliseconds UTC."""
    return clock(settings().clock_offset_seconds)()


def routes() -> list[Route]:
    """Return every HTTP route there is."""
    return served()


for route in routes():
    mount(app, route, authorize)
