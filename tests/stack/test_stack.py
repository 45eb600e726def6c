"""The deployed stack over HTTP: who gets in, a whole life of a contact, and the way of its usage to Stripe."""

from dataclasses import dataclass
from typing import Any

import pytest
import requests

from infra.cloud import client
from tests.stack.conftest import Stack
from tests.stack.deployed import Api, eventually, invoke
from tests.stack.ground import ask_stripe
from tests.stack.inside import inside

pytestmark = pytest.mark.stack

POOL = "smoke"


@dataclass(frozen=True)
class Desk:
    """Two shops and two agents of one pool, each with a key."""

    stack: Stack
    shop: Api
    other: Api
    mina: Api
    juno: Api

    def path(self, contact: str = "", what: str = "") -> str:
        return "/".join(part for part in ("/v1/tenants/smokeshop/contacts", contact, what) if part)


@pytest.fixture(scope="module")
def desk(stack: Stack) -> Desk:
    with inside(stack) as run:
        shops, agents = ["smokeshop", "othershop"], ["mina", "juno"]
        keys = run("tests.stack.world:found_with_keys", shops, agents, POOL, 6).result()
    return Desk(stack, *(Api(stack.api_url, keys[name]) for name in (*shops, *agents)))


def test_health_needs_no_key(stack: Stack) -> None:
    answer = requests.get(f"{stack.api_url}/v1/health", timeout=60)

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Bearer dd.shop.smokeshop.0123456789abcdef." + "0" * 64}]
)
def test_without_a_key_it_is_401_that_no_other_page_may_read(desk: Desk, headers: dict[str, str]) -> None:
    answer = requests.get(desk.stack.api_url + desk.path(), headers=headers, timeout=60)

    assert answer.status_code == 401
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json()["error"]["code"]


def test_keys_open_what_is_theirs_and_nothing_else(desk: Desk) -> None:
    assert desk.shop.get(desk.path()).status_code == 200
    assert desk.other.get(desk.path()).status_code == 404
    assert desk.mina.get("/v1/agents/me").json()["id"] == "mina"
    assert desk.mina.get(desk.path()).status_code == 403
    assert desk.shop.get("/v1/agents/me").status_code == 403


def test_life_of_a_contact_and_of_its_usage(desk: Desk) -> None:
    contact = desk.shop.open("smokeshop", "life", channel="chat")
    assert desk.shop.open("smokeshop", "life", channel="chat") == contact

    pulled = desk.mina.post("/v1/queue/next").json()
    assert (pulled["contact"]["id"], pulled["shop"]["id"]) == (contact, "smokeshop")
    desk.juno.post("/v1/agents/me/heartbeat")
    said = desk.mina.post(desk.path(contact, "replies"), {"text": "바로 확인해 드릴게요."}, key="life").json()
    assert said["effect"] == "billable"
    moved = desk.mina.post(desk.path(contact, "transfer"), {"to": "juno"})
    assert moved.json()["agent"] == "juno"
    resolved = desk.juno.post(desk.path(contact, "resolve"), if_match=moved.json()["version"])
    assert resolved.json()["status"] == "resolved"
    desk.shop.post(desk.path(contact, "messages"), {"text": "하나 더요."}, key="more")
    story = desk.shop.get(desk.path(contact)).json()
    assert [message["author"] for message in story["messages"]] == ["customer", "agent", "customer"]
    assert story["contact"]["status"] == "waiting"
    assert desk.shop.get("/v1/tenants/smokeshop/usage").json()["billable"] == 1

    # Stream, queue and sender bring it to Stripe by themselves.
    assert eventually(lambda: stripe_total(desk, "smokeshop"), lambda total: total == 1) == 1
    assert desk.shop.post(desk.path(contact, "spam")).json()["error"]["code"] == "already_billed"
    assert desk.juno.post(desk.path(contact, "spam")).status_code == 200
    assert eventually(lambda: stripe_total(desk, "smokeshop"), lambda total: total == 0) == 0


def test_a_poisoned_message_ends_aside_and_others_go_on(desk: Desk) -> None:
    queues = client("sqs", desk.stack.endpoint)
    # A minute between five tries is right for Stripe's troubles, and too long for a test.
    queues.set_queue_attributes(QueueUrl=desk.stack.usage_queue_url, Attributes={"VisibilityTimeout": "1"})
    queues.send_message(
        QueueUrl=desk.stack.usage_queue_url,
        MessageBody="poison",
        MessageGroupId="poison",
        MessageDeduplicationId="p",
    )
    contact = desk.other.open("othershop", "other")
    path = f"/v1/tenants/othershop/contacts/{contact}"
    assert desk.juno.post(f"{path}/claim").status_code == 200
    assert desk.juno.post(f"{path}/replies", {"text": "네."}, key="other").status_code == 201

    assert eventually(lambda: stripe_total(desk, "othershop"), lambda total: total == 1) == 1
    aside = eventually(lambda: dead_letters(queues, desk.stack.dead_letter_url), bool)
    assert [message["Body"] for message in aside] == ["poison"]


def test_scheduled_functions_do_their_work_with_their_own_roles(desk: Desk) -> None:
    contact = desk.shop.open("smokeshop", "left")
    assert desk.mina.post(desk.path(contact, "claim")).status_code == 200
    assert desk.mina.post(desk.path(contact, "replies"), {"text": "네."}, key="left").status_code == 201
    gone = {"channel": "chat", "customer": {"id": "gone", "phone": "010-2345-6789"}, "text": "지워 주세요"}
    assert desk.shop.post(desk.path(), gone, key="gone").status_code == 201
    customer = "/v1/tenants/smokeshop/customers/gone"
    erasure = desk.shop.post(f"{customer}/erase", {"reason": "request"}, key="erase").json()
    functions = client("lambda", desk.stack.endpoint)
    name = desk.stack.functions["SweepFunction"]
    settings = functions.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    # Ten minutes on, mina's lease has run out and the window should long have been sent.
    later = {"Variables": {**settings, "CLOCK_OFFSET_SECONDS": "600"}}
    functions.update_function_configuration(FunctionName=name, Environment=later)
    try:
        answers = [invoke(functions, name) for _ in range(4)]
        assert answers[0]["leases"] >= 1
    finally:
        functions.update_function_configuration(FunctionName=name, Environment={"Variables": settings})
    assert desk.shop.get(desk.path(contact)).json()["contact"]["status"] == "waiting"
    assert invoke(functions, desk.stack.functions["ReconcileFunction"])["unapproved"] == 0
    shown = desk.shop.get(f"/v1/tenants/smokeshop/erasures/{erasure['id']}").json()
    assert (shown["progress"], bool(shown["certificate"])) == ("done", True), answers


def test_schedules_and_mappings_are_on(stack: Stack) -> None:
    rules = client("events", stack.endpoint).list_rules()["Rules"]
    assert {rule["ScheduleExpression"] for rule in rules if rule["State"] == "ENABLED"} == {
        "rate(1 minute)",
        "rate(1 hour)",
    }
    mappings = client("lambda", stack.endpoint).list_event_source_mappings()["EventSourceMappings"]
    assert [mapping["FunctionResponseTypes"] for mapping in mappings] == [["ReportBatchItemFailures"]] * 4
    assert {mapping["State"] for mapping in mappings} == {"Enabled"}


def stripe_total(desk: Desk, tenant: str) -> int | None:
    """Return what the stand-in would bill a tenant; None before it heard of it."""
    dump = ask_stripe(desk.stack.stripe_base, "GET", "dump")
    mine = {customer["id"] for customer in dump["customers"] if customer["metadata"]["tenant"] == tenant}
    return sum(row["total"] for row in dump["totals"] if row["customer"] in mine) if mine else None


def dead_letters(queues: Any, url: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = queues.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    return found


def test_visitor_of_an_allowed_page_opens_one_conversation(desk: Desk) -> None:
    origin, page = "https://smoke.example", requests.Session()
    made = desk.shop.post(
        "/v1/tenants/smokeshop/widget-keys", {"origins": [origin], "label": "page"}, key="widget"
    )
    url = desk.stack.api_url + "/v1/widget/contacts"
    # The emulator answers preflights without their headers: those are read from the template.
    assert page.options(url, headers={"Origin": origin}, timeout=60).status_code == 200
    headers = {"X-Widget-Key": made.json()["key"], "Origin": origin, "Idempotency-Key": "v" * 32}
    opened = page.post(url, json={"text": "언제 와요?"}, headers=headers, timeout=60)
    assert opened.status_code == 201, opened.text
    assert opened.headers["Access-Control-Allow-Origin"] == origin
    headers = {"Authorization": f"Bearer {opened.json()['token']}", "Origin": origin}
    own = desk.stack.api_url + desk.path(opened.json()["contact"], "messages")
    assert page.post(own, json={"text": "하나 더요."}, headers=headers, timeout=60).status_code == 201
    foreign = desk.stack.api_url + desk.path(desk.shop.open("smokeshop", "not-the-visitors"), "messages")
    assert page.post(foreign, json={"text": "네"}, headers=headers, timeout=60).status_code == 404
    elsewhere = page.post(own, json={"text": "네"}, headers={**headers, "Origin": "https://evil.kr"}, timeout=60)
    assert elsewhere.status_code == 403
    assert "Access-Control-Allow-Origin" not in elsewhere.headers
