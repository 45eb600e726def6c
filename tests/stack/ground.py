"""A table, queues and a Stripe stand-in like the deployed ones, which no deployed function looks at."""

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from infra.cloud import client
from infra.processes import HOST, free_port
from infra.stages import ROOT

if TYPE_CHECKING:
    from tests.stack.conftest import Stack

Item = dict[str, Any]

_START_TRIES = 100


@dataclass(frozen=True)
class Ground:
    """Where a test's product code works; it can be emptied and filled again at will."""

    endpoint: str
    function: str
    model_table: str
    table: str
    queue_url: str
    overflow_url: str
    stripe_base: str

    @property
    def dynamodb(self) -> Any:
        return _client("dynamodb", self.endpoint)

    @property
    def sqs(self) -> Any:
        return _client("sqs", self.endpoint)

    @property
    def environment(self) -> dict[str, str]:
        """What differs from the environment of the deployed functions."""
        return {
            "TABLE_NAME": self.table,
            "USAGE_QUEUE_URL": self.queue_url,
            "OVERFLOW_QUEUE_URL": self.overflow_url,
            "STRIPE_API_BASE": self.stripe_base,
            "STRIPE_METER_EVENTS_BASE": self.stripe_base,
            "POWERTOOLS_LOG_LEVEL": "CRITICAL",
        }

    def make(self) -> None:
        """Create the table, as the deployed one is, and queues that keep nothing back."""
        model = self.dynamodb.describe_table(TableName=self.model_table)["Table"]
        wanted = ("IndexName", "KeySchema", "Projection")
        indexes = [{key: index[key] for key in wanted} for index in model["GlobalSecondaryIndexes"]]
        shape = {key: model[key] for key in ("AttributeDefinitions", "KeySchema", "StreamSpecification")}
        self.dynamodb.create_table(
            TableName=self.table, BillingMode="PAY_PER_REQUEST", GlobalSecondaryIndexes=indexes, **shape
        )
        attributes = {"FifoQueue": "true", "DeduplicationScope": "messageGroup", "VisibilityTimeout": "30"}
        attributes["FifoThroughputLimit"] = "perMessageGroupId"
        self.sqs.create_queue(QueueName=self.queue_url.rpartition("/")[2], Attributes=attributes)
        # What a process took and died with comes again at once.
        at_once = {"VisibilityTimeout": "0"}
        self.sqs.create_queue(QueueName=self.overflow_url.rpartition("/")[2], Attributes=at_once)

    def drop(self) -> None:
        self.dynamodb.delete_table(TableName=self.table)
        self.sqs.delete_queue(QueueUrl=self.queue_url)
        self.sqs.delete_queue(QueueUrl=self.overflow_url)

    def fill(self, items: list[Item], tickets: Sequence[str] = ()) -> None:
        """Empty everything, put `items` into the table and `tickets` into the overflow queue."""
        self.drop()
        self.make()
        self.stripe("POST", "reset")
        for start in range(0, len(items), 25):
            puts = [{"PutRequest": {"Item": item}} for item in items[start : start + 25]]
            self.dynamodb.batch_write_item(RequestItems={self.table: puts})
        for ticket in tickets:
            self.sqs.send_message(QueueUrl=self.overflow_url, MessageBody=ticket)

    def items(self) -> list[Item]:
        """Return every row as DynamoDB holds it."""
        pages = self.dynamodb.get_paginator("scan").paginate(TableName=self.table, ConsistentRead=True)
        return [item for page in pages for item in page["Items"]]

    def changes(self) -> list[Item]:
        """Return every record of the table's stream so far, as a function gets them."""
        return self.changes_from(None)[0]

    def changes_from(self, place: str | None) -> tuple[list[Item], str]:
        """Return the stream's records from `place` (None: the start) on, and the place behind them."""
        streams = _client("dynamodbstreams", self.endpoint)
        if place is None:
            arn = self.dynamodb.describe_table(TableName=self.table)["Table"]["LatestStreamArn"]
            (shard,) = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
            start = {"StreamArn": arn, "ShardId": shard["ShardId"], "ShardIteratorType": "TRIM_HORIZON"}
            place = str(streams.get_shard_iterator(**start)["ShardIterator"])
        records: list[Item] = []
        while True:
            answer = streams.get_records(ShardIterator=place)
            records += answer["Records"]
            place = str(answer["NextShardIterator"])
            if not answer["Records"]:
                return records, place

    def messages(self) -> list[str]:
        """Take all windows to be sent off their queue."""
        return self._taken(self.queue_url)

    def tickets(self) -> list[str]:
        """Take all tickets off the overflow queue."""
        return self._taken(self.overflow_url)

    def _taken(self, queue: str) -> list[str]:
        # As often as one answer does not hold them all.
        taken: list[str] = []
        while True:
            found = self.sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
            for message in found:
                self.sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
                taken.append(message["Body"])
            if not found:
                return taken

    def stripe(self, method: str, what: str, body: Item | None = None) -> Any:
        return ask_stripe(self.stripe_base, method, what, body)


@cache
def _client(service: str, endpoint: str) -> Any:
    return client(service, endpoint)


def ask_stripe(base: str, method: str, what: str, body: Item | None = None) -> Any:
    """Call the stand-in's own interface."""
    data = json.dumps(body or {}).encode() if method == "POST" else None
    request = urllib.request.Request(f"{base}/_fake/{what}", data=data, method=method)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


@contextmanager
def ground(stack: "Stack", name: str) -> Iterator[Ground]:
    """Yield a ground of this name; it is gone afterwards."""
    port = free_port(int(stack.stripe_base.rpartition(":")[2]) + 1)
    queues = stack.usage_queue_url.rpartition("/")[0]
    here = Ground(
        endpoint=stack.endpoint,
        function=stack.functions["APIHandlerFunction"],
        model_table=stack.table_name,
        table=f"{stack.table_name}-{name}",
        queue_url=f"{queues}/{name}.fifo",
        overflow_url=f"{queues}/{name}-overflow",
        stripe_base=f"http://{HOST}:{port}",
    )
    command = [sys.executable, "-m", "tests.fakestripe", "--port", str(port)]
    with subprocess.Popen(command, cwd=ROOT) as stand_in:
        try:
            _wait(here)
            here.make()
            try:
                yield here
            finally:
                here.drop()
        finally:
            stand_in.terminate()


def _wait(here: Ground) -> None:
    for _ in range(_START_TRIES):
        try:
            here.stripe("GET", "health")
        except OSError:
            # The next attempt comes with the process a little further on.
            time.sleep(0.05)
        else:
            return
    raise AssertionError("the Stripe stand-in does not start")
