"""Personal data on the deployed stack: in no log group, metric, queue or dead letter, and sealed in the table."""

from typing import Any

import pytest

from infra.cloud import client
from tests import canaries
from tests.canaries import NEVER, PERSONAL, found_in
from tests.stack.conftest import Stack
from tests.stack.deployed import Api, eventually
from tests.stack.inside import inside

pytestmark = pytest.mark.stack

Json = dict[str, Any]
AT = "/v1/tenants/canaryshop/contacts"


@pytest.fixture(scope="module")
def lived(stack: Stack) -> Json:
    """A contact in which everybody tells too much, with a refusal on the way; return the shop's view of it."""
    with inside(stack) as run:
        keys = run("tests.stack.world:found_with_keys", ["canaryshop"], ["nabi"], "canaries", 6).result()
    server, nabi = Api(stack.api_url, keys["canaryshop"]), Api(stack.api_url, keys["nabi"])
    person = {
        "id": "canary-1",
        "name": canaries.NAME,
        "phone": canaries.PHONE,
        "mail": canaries.MAIL,
        "address": canaries.ADDRESS,
        "order_number": canaries.ORDER_NUMBER,
        "account": canaries.ACCOUNT,
    }
    body = {"channel": "email", "customer": person, "text": canaries.WRITTEN}
    opened = server.post(AT, body, key="canary")
    assert opened.status_code == 201, opened.text
    one = f"{AT}/{opened.json()['id']}"
    assert nabi.post(f"{one}/claim").status_code == 200
    assert nabi.post(f"{one}/replies", {"text": canaries.WRITTEN}, key="canary").status_code == 201
    unmasked = nabi.post(f"{one}/unmask", {"field": "phone", "reason": f"주민번호 {canaries.RESIDENT} 확인"})
    assert unmasked.status_code == 200, unmasked.text
    refused = server.post(AT, {**body, "channel": canaries.MAIL, "text": canaries.WRITTEN})
    assert refused.status_code == 400
    assert found_in(refused.text) == []
    signed = server.post("/v1/sign-up", {"mail": canaries.MAIL, "password": canaries.WRITTEN[:50]})
    assert signed.status_code == 202, signed.text
    story: Json = server.get(one).json()
    return story


def test_the_shop_reads_what_it_may_keep(lived: Json) -> None:
    assert canaries.PHONE in str(lived)
    assert found_in(str(lived), NEVER) == []


def test_no_log_names_a_person(stack: Stack, lived: Json) -> None:
    logs = client("logs", stack.endpoint)

    def read() -> str:
        groups = [group["logGroupName"] for group in logs.describe_log_groups()["logGroups"]]
        return "\n".join(
            event["message"]
            for group in groups
            for page in logs.get_paginator("filter_log_events").paginate(logGroupName=group)
            for event in page["events"]
        )

    text = eventually(read, lambda found: "/contacts/{contact}/unmask" in found)
    assert "/contacts/{contact}/unmask" in text, "nothing was logged, so that nothing was looked at"
    assert found_in(text) == []


def test_no_queue_and_no_dead_letter_names_a_person(stack: Stack, lived: Json) -> None:
    queues = client("sqs", stack.endpoint)
    urls = queues.list_queues()["QueueUrls"]
    assert stack.usage_queue_url in urls
    assert stack.dead_letter_url in urls
    for url in urls:
        # Seen, and left for those whom they are for.
        found = queues.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0)
        assert found_in(str(found.get("Messages", []))) == [], url


def test_no_metric_names_a_person(stack: Stack, lived: Json) -> None:
    metrics = client("cloudwatch", stack.endpoint).list_metrics().get("Metrics", [])
    assert found_in(str(metrics)) == []


def test_the_table_holds_nobody_in_plain(stack: Stack, lived: Json) -> None:
    pages = client("dynamodb", stack.endpoint).get_paginator("scan").paginate(TableName=stack.table_name)
    rows = [row for page in pages for row in page["Items"]]
    assert any(row["pk"]["S"].startswith("canaryshop") for row in rows)
    assert found_in(str(rows), PERSONAL) == []
