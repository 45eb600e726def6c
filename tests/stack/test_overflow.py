"""A shop that floods the deployed stack, what ends aside on the way, and how it comes back."""

import json
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest

from infra import redrive
from infra.cloud import client
from tests.stack.conftest import Stack
from tests.stack.deployed import Api, eventually, invoke
from tests.stack.ground import Item
from tests.stack.inside import inside

pytestmark = pytest.mark.stack

CONTRACT = (6, 2)
"""So many an hour, and so many at once: what is held back stays so while nobody has room."""
RECEIVES = 5
SECONDS = 30
VISIBLE_AFTER = 5


@dataclass(frozen=True)
class Desk:
    """A shop and the agents of its pool; what is asked of the table and of the queue goes past the product."""

    stack: Stack
    tenant: str
    shop: Api
    agents: tuple[Api, ...]
    overflow: str

    @property
    def pool(self) -> str:
        return f"{self.tenant}pool"

    @property
    def sqs(self) -> Any:
        return client("sqs", self.stack.endpoint)

    def flood(self, number: int) -> list[str]:
        """Open so many contacts at once and return their ids."""
        with ThreadPoolExecutor(6) as servers:
            return list(servers.map(lambda one: self.shop.open(self.tenant, f"flood-{one}"), range(number)))

    def shown(self, what: str) -> list[Item]:
        """Return the keys of what the index shows of the pool, in its order."""
        database, pk = client("dynamodb", self.stack.endpoint), {":pk": {"S": f"~{what}#{self.pool}"}}
        where = {
            "TableName": self.stack.table_name,
            "IndexName": "work",
            "KeyConditionExpression": "work_pk = :pk",
        }
        pages = database.get_paginator("query").paginate(**where, ExpressionAttributeValues=pk)
        return [{"pk": item["pk"], "sk": item["sk"]} for page in pages for item in page["Items"]]

    def depth(self, queue: str = "") -> int:
        """Return how many messages are in a queue, by default in that of overflow, seen and unseen."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        found = self.sqs.get_queue_attributes(QueueUrl=queue or self.overflow, AttributeNames=names)["Attributes"]
        return sum(int(found[name]) for name in names)

    def patience(self, seconds: int) -> None:
        """Let what was taken off the overflow queue, and is not done, come again after so many seconds."""
        self.sqs.set_queue_attributes(QueueUrl=self.overflow, Attributes={"VisibilityTimeout": str(seconds)})

    def sweep(self) -> int:
        """Run the deployed sweeper once and return how many it let in, or took off the queue."""
        name = self.stack.functions["SweepFunction"]
        return int(invoke(client("lambda", self.stack.endpoint), name)["overflow"])

    def work_off(self, number: int) -> Counter[str]:
        """Let all agents pull and resolve until so many contacts were claimed; return how often each was."""
        claimed: Counter[str] = Counter()
        lock, deadline = threading.Lock(), time.monotonic() + SECONDS

        def work(agent: Api) -> None:
            while len(claimed) < number and time.monotonic() < deadline:
                answer = agent.post("/v1/queue/next")
                if answer.status_code != 200:
                    time.sleep(0.2)
                    continue
                contact = answer.json()["contact"]["id"]
                with lock:
                    claimed[contact] += 1
                agent.post(f"/v1/tenants/{self.tenant}/contacts/{contact}/resolve")

        with ThreadPoolExecutor(len(self.agents)) as team:
            list(team.map(work, self.agents))
        return claimed


def found(stack: Stack, tenant: str, capacity: int) -> Desk:
    names = [f"{tenant}{number}" for number in range(3)]
    with inside(stack) as run:
        keys = run(
            "tests.stack.world:found_with_keys", [tenant], names, f"{tenant}pool", capacity, CONTRACT
        ).result()
    name = stack.functions["APIHandlerFunction"]
    settings = client("lambda", stack.endpoint).get_function_configuration(FunctionName=name)["Environment"]
    agents = tuple(Api(stack.api_url, keys[name]) for name in names)
    return Desk(
        stack, tenant, Api(stack.api_url, keys[tenant]), agents, settings["Variables"]["OVERFLOW_QUEUE_URL"]
    )


def test_flood_is_held_back_and_drained_by_pulls_and_sweeper(stack: Stack) -> None:
    desk = found(stack, "flood", 6)
    opened = desk.flood(30)

    held = desk.shown("overflow")
    assert len(desk.shown("queue")) + len(held) == len(set(opened)) == 30
    assert len(held) > 20
    # The relay has a role of its own: it gives the shop its turn, and sends a ticket for each.
    assert eventually(desk.depth, lambda depth: depth >= len(held)) == len(held)
    assert len(desk.shown("held")) == 1
    # One agent's capacity, four ahead, less what waits: the sweeper, with its own role, lets no more in.
    desk.agents[0].post("/v1/agents/me/heartbeat")
    assert desk.sweep() == 6 + 4 - (30 - len(held))
    assert len(desk.shown("queue")) == 10

    assert desk.work_off(30) == dict.fromkeys(opened, 1)
    listed = desk.shop.get("/v1/tenants/flood/contacts?status=resolved").json()["contacts"]
    assert {one["id"] for one in listed} == set(opened)
    # Of two who let the last ones in at once each may leave the turn to the other, and so to the sweeper.
    desk.sweep()
    assert (desk.shown("overflow"), desk.shown("queue"), desk.shown("held")) == ([], [], [])
    assert desk.depth() == 0
    assert desk.depth(redrive.dead_letters_of(desk.sqs, desk.overflow)) == 0


@pytest.fixture
def impatient(stack: Stack) -> Iterator[Desk]:
    """A minute between five tries is right for a pool's troubles, and too long for a test."""
    desk = found(stack, "poison", 30)
    desk.patience(VISIBLE_AFTER)
    try:
        yield desk
    finally:
        desk.patience(60)
        desk.sqs.purge_queue(QueueUrl=desk.overflow)
        desk.sqs.purge_queue(QueueUrl=redrive.dead_letters_of(desk.sqs, desk.overflow))


def test_poison_ends_aside_and_holds_up_nobody_and_comes_back_once_repaired(impatient: Desk) -> None:
    desk = impatient
    opened = desk.flood(22)
    held = desk.shown("overflow")
    eventually(desk.depth, lambda depth: depth == len(held))
    bad, poison = [held[0], held[10]], ["poison", '{"tenant": "poison"}']
    change(desk, bad, "email", "telegraph")
    for body in poison:
        desk.sqs.send_message(QueueUrl=desk.overflow, MessageBody=body)
    desk.agents[0].post("/v1/agents/me/heartbeat")

    # Two in ten are poison, of two kinds; all others are let in before anything can come a second time.
    desk.sweep()
    assert eventually(lambda: desk.shown("overflow"), lambda left: left == bad, seconds=VISIBLE_AFTER) == bad
    assert len(desk.shown("queue")) == 20

    desk.patience(1)
    aside = redrive.dead_letters_of(desk.sqs, desk.overflow)
    eventually(lambda: (desk.sweep(), desk.depth(aside))[1], lambda depth: depth == 4)
    letters = dead_letters(desk, aside)
    assert desk.depth() == 0
    assert set(poison) < {body for body, _ in letters}
    assert all(received <= RECEIVES for _, received in letters)
    assert desk.shown("overflow") == bad

    change(desk, bad, "telegraph", "email")
    assert redrive.count(desk.sqs, desk.overflow) == 4
    assert redrive.redrive(desk.sqs, desk.overflow) == 4
    assert redrive.redrive(desk.sqs, desk.overflow) == redrive.count(desk.sqs, desk.overflow) == 0
    assert desk.work_off(22) == dict.fromkeys(opened, 1)
    assert (desk.shown("overflow"), desk.shown("queue")) == ([], [])
    desk.sweep()
    assert desk.shown("held") == []


def change(desk: Desk, keys: list[Item], before: str, after: str) -> None:
    """Put another channel into rows of contacts; nobody can read one whose channel does not exist."""
    database = client("dynamodb", desk.stack.endpoint)
    for key in keys:
        database.update_item(
            TableName=desk.stack.table_name,
            Key=key,
            UpdateExpression="SET channel = :after",
            ConditionExpression="channel = :before",
            ExpressionAttributeValues={":after": {"S": after}, ":before": {"S": before}},
        )


def dead_letters(desk: Desk, queue: str) -> list[tuple[str, int]]:
    """Look at dead letters, and return each with how often it had been received until it was one."""
    asked = {"VisibilityTimeout": 0, "MessageSystemAttributeNames": ["ApproximateReceiveCount"]}
    looked = desk.sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, **asked)["Messages"]
    return [(one["Body"], int(one["Attributes"]["ApproximateReceiveCount"]) - 1) for one in looked]


def test_redrive_of_a_fifo_queue_keeps_each_group_in_its_order(stack: Stack) -> None:
    sqs = client("sqs", stack.endpoint)
    fifo = {"FifoQueue": "true", "DeduplicationScope": "messageGroup", "FifoThroughputLimit": "perMessageGroupId"}
    dead = sqs.create_queue(QueueName="dead.fifo", Attributes=fifo)["QueueUrl"]
    names = ["QueueArn"]
    arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=names)["Attributes"]["QueueArn"]
    policy = {"RedrivePolicy": json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 1})}
    source = sqs.create_queue(QueueName="source.fifo", Attributes=fifo | policy | {"VisibilityTimeout": "0"})[
        "QueueUrl"
    ]
    for number in range(3):
        for group in ("one", "two"):
            message = {"MessageBody": f"{group} {number}", "MessageGroupId": group}
            sqs.send_message(QueueUrl=source, MessageDeduplicationId=str(number), **message)
    while redrive.count(sqs, source) < 6:
        sqs.receive_message(QueueUrl=source, MaxNumberOfMessages=10)

    assert redrive.redrive(sqs, source) == 6
    again = sqs.receive_message(
        QueueUrl=source,
        MaxNumberOfMessages=10,
        MessageSystemAttributeNames=["MessageGroupId"],
        VisibilityTimeout=9,
    )["Messages"]
    for group in ("one", "two"):
        mine = [one["Body"] for one in again if one["Attributes"]["MessageGroupId"] == group]
        assert mine == [f"{group} {number}" for number in range(3)]


@pytest.mark.parametrize("queue", ["stream", "UsageQueue", ""])
def test_redrive_knows_no_other_queue(queue: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["redrive", queue])
    with pytest.raises(SystemExit, match="2"):
        redrive.main()
