"""A local AWS for one variant of the day: deployed, set for virtual time; gone afterwards."""

import json
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from infra import local
from infra.cloud import client
from infra.deploy import deploy_local
from infra.package import package
from infra.processes import HOST, free_port, wait
from infra.stages import LOCAL, ROOT, STAGES
from tests.spike.proxy import COUNTS
from tests.stack.conftest import Stack
from tests.stack.inside import Run, inside

PORT, STRIPE_PORT, PROXY_PORT = 27566, 33111, 33311
HOME = LOCAL / "spike" / "stack"
_INDEX = "work"
# Virtual time ran about ten times as fast as ours, in which SQS counts: this is half a minute of the day.
_VISIBLE_AFTER = "3"
_CATCH_UP_SECONDS = 5


@dataclass(frozen=True)
class CaughtUp:
    """How long the relay was waited for at the end of a surge, and what was held back and queued then."""

    seconds: float
    held: int
    tickets: int


@dataclass(frozen=True)
class Stage:
    """What a variant is played on; `proxy` is the address of the trouble, if there is any."""

    stack: Stack
    overflow_queue: str
    dead_letters: list[str]
    proxy: str

    @property
    def dynamodb(self) -> Any:
        """Return a client of the table."""
        return client("dynamodb", self.stack.endpoint)

    def rows(self) -> list[dict[str, Any]]:
        """Return every row as DynamoDB holds it."""
        pages = self.dynamodb.get_paginator("scan").paginate(TableName=self.stack.table_name, ConsistentRead=True)
        return [item for page in pages for item in page["Items"]]

    def held(self, pool: str) -> int:
        """Return how many contacts are held back from the pool's queue."""
        pages = self.dynamodb.get_paginator("query").paginate(
            TableName=self.stack.table_name,
            IndexName=_INDEX,
            KeyConditionExpression="work_pk = :held",
            ExpressionAttributeValues={":held": {"S": f"~overflow#{pool}"}},
            Select="COUNT",
        )
        return sum(page["Count"] for page in pages)

    def queued(self, queue: str) -> int:
        """Return how many messages there are in a queue, in flight or not."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        found = client("sqs", self.stack.endpoint).get_queue_attributes(QueueUrl=queue, AttributeNames=names)
        return sum(int(count) for count in found["Attributes"].values())

    def catch_up(self, pool: str) -> "CaughtUp":
        """Wait until the relay has sent a ticket for everything that is held back, or does so no more."""
        since, seen = time.monotonic(), -1
        while True:
            held, tickets = self.held(pool), self.queued(self.overflow_queue)
            if held <= tickets or tickets == seen:
                return CaughtUp(round(time.monotonic() - since, 1), held, tickets)
            seen = tickets
            time.sleep(_CATCH_UP_SECONDS)

    def troubles(self) -> dict[str, int]:
        """Return what the trouble has counted so far."""
        if not self.proxy:
            return {}
        with urllib.request.urlopen(self.proxy + COUNTS, timeout=10) as answer:
            found: dict[str, int] = json.load(answer)
            return found


@contextmanager
def running(*, faults: bool, seed: int) -> Iterator[Stage]:
    """Start and deploy everything, with the schedules and the way to Stripe switched off; stop it in the end."""
    shutil.rmtree(HOME, ignore_errors=True)
    services = local.up(HOME, port=PORT, stripe_port=STRIPE_PORT)
    with ExitStack() as after:
        # The workers' unpacked code alone is near a gigabyte; the logs stay.
        for name in ("state", "tmp"):
            after.callback(shutil.rmtree, HOME / name, ignore_errors=True)
        after.callback(local.down, HOME)
        found = deploy_local(package(STAGES["local"]), services)
        stack = Stack(
            api_url=found["ApiUrl"],
            table_name=found["TableName"],
            endpoint=services.endpoint,
            usage_queue_url=found["UsageQueueUrl"],
            dead_letter_url=found["DlqUrls"].partition(",")[0],
            stripe_base=services.stripe_base,
            functions={key: value for key, value in found.items() if key.endswith("Function")},
        )
        _quiet(stack, found["OverflowQueueUrl"])
        proxy = after.enter_context(_trouble(services.endpoint, seed)) if faults else ""
        yield Stage(stack, found["OverflowQueueUrl"], found["DlqUrls"].split(","), proxy)


def _quiet(stack: Stack, overflow_queue: str) -> None:
    """Switch off what goes by real time: the driver has the minute's jobs done, and nothing is sent to Stripe."""
    events = client("events", stack.endpoint)
    for rule in events.list_rules()["Rules"]:
        events.disable_rule(Name=rule["Name"])
    functions = client("lambda", stack.endpoint)
    sends = stack.functions["SendUsageFunction"]
    for mapping in functions.list_event_source_mappings(FunctionName=sends)["EventSourceMappings"]:
        functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)
    sqs = client("sqs", stack.endpoint)
    sqs.set_queue_attributes(QueueUrl=overflow_queue, Attributes={"VisibilityTimeout": _VISIBLE_AFTER})


def settle(stage: Stage, **variables: str) -> None:
    """Give every function these variables, with the way to the storage through the trouble if there is any."""
    if stage.proxy:
        variables |= {"AWS_ENDPOINT_URL_DYNAMODB": stage.proxy, "AWS_ENDPOINT_URL_SQS": stage.proxy}
    functions = client("lambda", stage.stack.endpoint)

    def change(name: str) -> None:
        known = functions.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
        functions.update_function_configuration(
            FunctionName=name, Environment={"Variables": {**known, **variables}}
        )

    with ThreadPoolExecutor(len(stage.stack.functions)) as pool:
        list(pool.map(change, stage.stack.functions.values()))


def founded(
    stage: Stage, contracts: Mapping[str, Any], agents: list[str], pool: str, capacity: int
) -> dict[str, str]:
    """Make shops and agents, and return their keys."""
    with inside(stage.stack) as run:
        keys: dict[str, str] = run("tests.spike.jobs:found", contracts, agents, pool, capacity).result()
        return keys


@contextmanager
def jobs(stage: Stage) -> Iterator[Run]:
    """Yield what runs the minute's jobs, in a process that sees the stage as its functions do now."""
    with inside(stage.stack) as run:
        yield run


@contextmanager
def _trouble(endpoint: str, seed: int) -> Iterator[str]:
    port = free_port(PROXY_PORT)
    command = [sys.executable, "-m", "tests.spike.proxy", "--port", str(port), "--seed", str(seed)]
    command += ["--upstream", endpoint.removeprefix("http://")]
    with subprocess.Popen(command, cwd=ROOT) as process:
        try:
            wait(f"http://{HOST}:{port}{COUNTS}", process.pid)
            yield f"http://{HOST}:{port}"
        finally:
            process.terminate()
