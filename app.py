"""Every way into Duredesk, one line each; HTTP routes are declared by their capability."""

from chalice.app import AuthRequest, AuthResponse, Chalice, CloudWatchEvent, DynamoDBEvent, SQSEvent

from chalicelib.aws import batches
from chalicelib.aws.settings import settings
from chalicelib.billing import jobs as billing
from chalicelib.billing.http import api as billing_api
from chalicelib.bills import jobs as bills
from chalicelib.bills.http import api as bills_api
from chalicelib.closing import jobs as closing
from chalicelib.closing.http import api as closing_api
from chalicelib.contacts import jobs as contacts
from chalicelib.contacts.http import api as contacts_api
from chalicelib.drafts.http import api as drafts_api
from chalicelib.finance.http import api as finance_api
from chalicelib.finance.store import TaxRecords
from chalicelib.handbook.http import api as handbook_api
from chalicelib.kernel.clock import clock
from chalicelib.kernel.errors import Unauthenticated
from chalicelib.overflow import jobs as overflow
from chalicelib.overflow.http import api as overflow_api
from chalicelib.panel.http import api as panel_api
from chalicelib.people.http import api as people_api
from chalicelib.people.members_http import api as members_api
from chalicelib.people.records_http import api as permissions_api
from chalicelib.platform.http import api as platform_api
from chalicelib.platform.wiring import caller_of
from chalicelib.promotions.http import api as promotions_api
from chalicelib.queue import jobs as queue
from chalicelib.queue.http import api as queue_api
from chalicelib.rights import jobs as rights
from chalicelib.rights.http import api as rights_api
from chalicelib.visitors.http import api as visitors_api
from chalicelib.web.api import Route
from chalicelib.web.edge import mount

app = Chalice(app_name="duredesk", configure_logs=False)

# Placeholders: the merge template puts the real sources in their place.
TABLE_STREAM = "arn:aws:dynamodb:ap-northeast-2:000000000000:table/placeholder/stream/placeholder"
USAGE_QUEUE = "arn:aws:sqs:ap-northeast-2:000000000000:placeholder.fifo"


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
    }
    return batches.each_change(event.to_dict(), relays)


@app.on_sqs_message(queue_arn=USAGE_QUEUE, batch_size=10)
def send_usage(event: SQSEvent) -> batches.Answer:
    """Tell Stripe the total of each queued window, and look into what it told us."""
    return batches.each_message(event.to_dict(), lambda body: billing.work(body, now()))


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
    desks = [contacts_api, drafts_api, queue_api, overflow_api, promotions_api, visitors_api, rights_api]
    voices = [handbook_api, panel_api]
    people = [people_api, members_api, permissions_api]
    money = [billing_api, closing_api, bills_api, finance_api]
    served = [route for api in (*desks, *voices, *people, *money) for route in api.routes]
    return [*served, *platform_api(served).routes]


for route in routes():
    mount(app, route, authorize)
