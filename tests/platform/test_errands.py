"""Letters and deliveries on their whole way: from the stream over the queue to a mail, or to a receiver."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from botocore.session import get_session
from moto.sesv2.models import sesv2_backends

import app
from chalicelib.aws import queues
from chalicelib.aws.settings import settings
from chalicelib.aws.tables import commit
from chalicelib.billing.identities import Identities
from chalicelib.billing.model import Identity
from chalicelib.hooks.model import Event
from chalicelib.hooks.wiring import outbox
from chalicelib.kernel.caller import Caller, Kind
from chalicelib.kernel.clock import DAY, MINUTE, month_span
from chalicelib.letters import ses_gateway
from chalicelib.letters.model import Letter, Name, Post, To
from chalicelib.letters.store import Letters
from chalicelib.people.model import Person
from chalicelib.people.store import People
from chalicelib.platform import jobs as platform
from chalicelib.tenants.model import Term
from chalicelib.tenants.store import Tenants
from tests.lambda_events import change, failed, queue_event, schedule_event, stream_event
from tests.moto_desk import DANBI, KEY, SHOP, Desk, moto_desk
from tests.people.fake_directory import User
from tests.samples import NOON
from tests.wall import ACCOUNT, REGION

Json = dict[str, Any]
OWNER, STAFF = "owner@danbi.example", "staff@danbi.example"
LEAD = Caller(Kind.LEAD, KEY, agent="lea", pool="main", person="l")


@dataclass
class Office:
    """A desk with its queue of errands, and the mails that were sent."""

    desk: Desk
    sqs: Any
    relayed: set[str] = field(default_factory=set)

    def relay(self, *kinds: str) -> None:
        """Tell the stream's function of every row of these kinds that is new."""
        rows = [row for row in self.desk.rows() if row["kind"]["S"] in kinds]
        fresh = [row for row in rows if repr(row) not in self.relayed]
        self.relayed |= {repr(row) for row in fresh}
        assert failed(app.relay_changes(stream_event(*map(change, fresh)), None)) == []

    def queued(self) -> list[str]:
        """Take everything off the queue."""
        bodies: list[str] = []
        while got := self.sqs.receive_message(QueueUrl=settings().errand_queue_url).get("Messages"):
            for message in got:
                handle = message["ReceiptHandle"]
                self.sqs.delete_message(QueueUrl=settings().errand_queue_url, ReceiptHandle=handle)
                bodies.append(message["Body"])
        return bodies

    def run(self) -> list[str]:
        """Do what the queue names, and return the messages that failed."""
        bodies = self.queued()
        return failed(app.errands(queue_event(*bodies, groups=[f"g{n}" for n in range(len(bodies))]), None))

    def mails(self) -> list[tuple[list[str], str]]:
        """Return to whom each mail was sent, and its subject."""
        sent = sesv2_backends[ACCOUNT][REGION].core_backend.sent_messages
        return [(mail.destinations["ToAddresses"], mail.subject) for mail in sent]


@pytest.fixture
def post() -> Iterator[Office]:
    with moto_desk() as desk:
        queues._client.cache_clear()
        ses_gateway._client.cache_clear()
        sqs = get_session().create_client("sqs", settings().region)
        url = sqs.create_queue(QueueName="errands.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
        desk.shift(ERRAND_QUEUE_URL=url)
        ses_gateway._client().create_email_identity(EmailIdentity="duredesk.example")
        for kind, mail in ((Kind.OWNER, OWNER), (Kind.STAFF, STAFF), (Kind.VIEWER, "viewer@danbi.example")):
            user = User(mail, "a", "CONFIRMED")
            desk.people.users[user.id] = user
            commit(People().add(Person(user.id, kind, tenant="danbi")))
        yield Office(desk, sqs)
    queues._client.cache_clear()
    ses_gateway._client.cache_clear()


def letter(name: str, to: To = To.OWNERS, tenant: str = "danbi") -> Letter:
    return Letter(tenant, name, Name.WELCOME, to, NOON)


@pytest.mark.parametrize(
    ("to", "mails"), [(To.OWNERS, [OWNER]), (To.STAFF, [OWNER, STAFF]), (To.BILLING, [OWNER])]
)
def test_a_letter_is_sent_to_those_whom_it_is_for(post: Office, to: To, mails: list[str]) -> None:
    commit(Letters("danbi").add(letter("welcome", to)))
    post.relay("letter")
    assert post.run() == []
    [(addresses, subject)] = post.mails()
    assert (sorted(addresses), subject) == (mails, "두레데스크 상담을 시작했어요")
    found = Letters("danbi").find("welcome")
    assert found is not None
    assert found.state is Post.SENT


def test_what_is_about_bills_goes_to_the_address_of_the_billing_identity(post: Office) -> None:
    commit(Identities("danbi").save(Identity("단비상사", "bills@danbi.example"), 0))
    commit(Letters("danbi").add(letter("welcome", To.BILLING)))
    post.relay("letter")
    assert post.run() == []
    assert [addresses for addresses, _ in post.mails()] == [["bills@danbi.example"]]


def test_a_record_of_the_stream_that_comes_twice_is_one_message(post: Office) -> None:
    commit(Letters("danbi").add(letter("welcome")))
    [row] = [row for row in post.desk.rows() if row["kind"]["S"] == "letter"]
    for _ in range(2):
        app.relay_changes(stream_event(change(row)), None)
    assert [json.loads(body) for body in post.queued()] == [{"tenant": "danbi", "letter": "welcome"}]


def test_what_was_sent_is_not_queued_again(post: Office) -> None:
    commit(Letters("danbi").add(letter("welcome")))
    post.relay("letter")
    assert post.run() == []
    post.relay("letter")
    assert post.queued() == []


def test_what_the_stream_lost_is_brought_by_the_sweeper(post: Office) -> None:
    commit(Letters("danbi").add(letter("welcome")))
    assert app.sweep(schedule_event(), None)["errands"] == 0
    post.desk.later(121)
    assert app.sweep(schedule_event(), None)["errands"] == 1
    assert app.sweep(schedule_event(), None)["errands"] == 1
    assert len(post.queued()) == 1


def test_a_shop_without_anybody_holds_up_nothing(post: Office) -> None:
    for tenant in ("mungmeal", "danbi"):
        commit(Letters(tenant).add(letter("welcome", tenant=tenant)))
    post.relay("letter")
    assert post.run() == []
    assert len(post.mails()) == 1


@pytest.fixture
def receiver() -> Iterator[tuple[str, list[Json], list[int]]]:
    got: list[Json] = []
    answers: list[int] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(answers.pop(0) if answers else 204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/a", got, answers
        server.shutdown()


def test_an_event_reaches_the_hook_after_a_failure_and_again_when_it_is_resent(
    post: Office, receiver: tuple[str, list[Json], list[int]]
) -> None:
    url, got, answers = receiver
    answers.append(500)
    at = "/v1/tenants/danbi/hooks"
    asked = {"url": url, "events": ["contact.resolved"], "label": "서버"}
    hook = post.desk.call(SHOP, f"POST {at}", asked).body["hook"]["id"]
    commit(*outbox("danbi", Event.CONTACT_RESOLVED, {"contact": "f" * 32}, post.desk.now))
    post.relay("delivery")
    assert post.run() == []
    [shown] = post.desk.call(SHOP, f"GET {at}/{hook}/deliveries").body["deliveries"]
    assert (shown["state"], shown["status"], shown["tries"]) == ("due", 500, 1)
    post.desk.later(MINUTE // 1000 + 1)
    assert app.sweep(schedule_event(), None)["errands"] == 1
    assert post.run() == []
    [shown] = post.desk.call(SHOP, f"GET {at}/{hook}/deliveries").body["deliveries"]
    assert (shown["state"], shown["status"]) == ("done", 204)
    assert post.desk.call(SHOP, f"POST {at}/{hook}/deliveries/{shown['id']}/resend").status == 202
    post.relay("delivery")
    assert post.run() == []
    assert [one["id"] for one in got] == [json.loads(shown["body"])["id"]] * 3
    assert got[0]["data"] == {"contact": "f" * 32}


def test_an_incident_is_written_to_the_owners_of_its_pool_once(post: Office) -> None:
    said = {"text": "상담 지연", "text_en": "Delays", "until": "2026-11-21T15:00+09:00"}
    announced = post.desk.call(LEAD, "POST /v1/incidents", said)
    assert announced.status == 201
    for _ in range(2):
        post.relay("incident")
        assert post.run() == []
    letters = [row for row in post.desk.rows() if row["kind"]["S"] == "letter"]
    name = f"incident-{announced.body['id']}"
    assert {row["tenant"]["S"] for row in letters} == {"danbi", "mungmeal"}
    assert {row["sk"]["S"] for row in letters} == {name}
    post.relay("letter")
    assert post.run() == []
    assert post.mails() == [([OWNER], "상담 지연을 안내드려요")]


def test_an_incident_of_one_shop_is_written_to_no_other(post: Office) -> None:
    said = {"text": "지연", "text_en": "Delays", "until": "2026-11-21T15:00+09:00", "tenants": ["mungmeal"]}
    assert post.desk.call(LEAD, "POST /v1/incidents", said).status == 201
    post.relay("incident")
    assert post.run() == []
    assert {row["tenant"]["S"] for row in post.desk.rows() if row["kind"]["S"] == "letter"} == {"mungmeal"}


def called(desk: Desk, work: Callable[[], object]) -> dict[str, int]:
    """Return how often the table was asked what while `work` was done."""
    seen = {name: desk.watch(name) for name in ("GetItem", "Query", "UpdateItem", "PutItem", "TransactWriteItems")}
    work()
    return {name: len(calls) for name, calls in seen.items() if calls}


def test_what_a_letter_and_a_delivery_ask_of_the_table(
    post: Office, receiver: tuple[str, list[Json], list[int]]
) -> None:
    commit(Letters("danbi").add(letter("welcome")))
    named = {"tenant": "danbi", "letter": "welcome"}
    sent = called(post.desk, lambda: platform.run_errand(json.dumps(named), post.desk.now))
    assert sent == {"GetItem": 7, "Query": 1, "UpdateItem": 2}
    asked = {"url": receiver[0], "events": ["contact.resolved"], "label": "서버"}
    post.desk.call(SHOP, "POST /v1/tenants/danbi/hooks", asked)
    commit(*outbox("danbi", Event.CONTACT_RESOLVED, {"contact": "f" * 32}, post.desk.now))
    [row] = [row for row in post.desk.rows() if row["kind"]["S"] == "delivery"]
    named = {"tenant": "danbi", "hook": row["hook"]["S"], "delivery": row["sk"]["S"]}
    told = called(post.desk, lambda: platform.run_errand(json.dumps(named), post.desk.now))
    assert told == {"GetItem": 3, "PutItem": 2}


def test_calls_to_shops_are_made_in_this_function_in_the_local_stage_alone(post: Office) -> None:
    answer = app.egress({"url": "http://127.0.0.1:9/", "body": "{}", "headers": {}}, None)
    assert (answer["status"], answer["error"]) == (0, "no_answer")


def test_a_shop_is_reminded_of_the_end_of_its_trial_once(post: Office) -> None:
    trial = replace(DANBI, plans=(Term("2026-11", "trial/1"), Term("2026-12", "starter/1")))
    commit(Tenants("danbi").save(trial, DANBI))
    week = (month_span("2026-12")[0] - 6 * DAY - NOON) // 1000
    for minute in range(125):
        post.desk.later(week + minute * 60)
        platform.remind(post.desk.now)
    assert [row["sk"]["S"] for row in post.desk.rows() if row["kind"]["S"] == "letter"] == ["trial_ends-2026-12-7"]


def test_a_shop_that_left_is_written_to_about_its_bills_alone(post: Office) -> None:
    owner = Caller(Kind.OWNER, "", tenant="danbi", person="11111111-1111-4111-8111-111111111111")
    body = {"confirm": "danbi", "reason": "contract_over"}
    commit(Identities("danbi").save(Identity("단비상사", "bills@danbi.example"), 0))
    assert post.desk.call(owner, "POST /v1/tenants/danbi/erase", body).status == 202
    for to in To:
        commit(Letters("danbi").add(letter(f"later-{to}", to)))
    post.relay("letter")
    assert post.run() == []
    assert [addresses for addresses, _ in post.mails()] == [["bills@danbi.example"]]


def test_a_shop_that_left_is_reminded_of_nothing(post: Office) -> None:
    trial = replace(DANBI, plans=(Term("2026-11", "trial/1"), Term("2026-12", "starter/1")))
    commit(Tenants("danbi").save(trial, DANBI))
    owner = Caller(Kind.OWNER, "", tenant="danbi", person="11111111-1111-4111-8111-111111111111")
    body = {"confirm": "danbi", "reason": "contract_over"}
    assert post.desk.call(owner, "POST /v1/tenants/danbi/erase", body).status == 202
    week = (month_span("2026-12")[0] - 6 * DAY - NOON) // 1000
    for minute in range(60):
        post.desk.later(week + minute * 60)
        platform.remind(post.desk.now)
    assert [row for row in post.desk.rows() if row["kind"]["S"] == "letter"] == []
