"""A contact's whole life, one measured step after the other."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from infra.cloud import client
from tests.bench.desk import Api, Context, Json, agent, queue_event, shop
from tests.bench.inquiries import Inquiry
from tests.bench.meter import Meter, Sample
from tests.bench.stack import Stack

ALL = "/v1/tenants/{tenant}/contacts"
ONE = ALL + "/{contact}"
NEXT = "/v1/queue/next"
AGENT = "mina"
Steps = dict[str, list[Sample]]


class Stream:
    """The table's stream, read from now on."""

    def __init__(self, stack: Stack) -> None:
        self._client = client("dynamodbstreams", stack.endpoint)
        shards = self._client.describe_stream(StreamArn=stack.stream)["StreamDescription"]["Shards"]
        self._iterator = self._client.get_shard_iterator(
            StreamArn=stack.stream, ShardId=shards[-1]["ShardId"], ShardIteratorType="LATEST"
        )["ShardIterator"]

    def relayed(self) -> Iterator[Json]:
        """Yield the new records that the function's filter lets through: of dirty windows, and of who is held."""
        while True:
            found = self._client.get_records(ShardIterator=self._iterator, Limit=1000)
            self._iterator = found["NextShardIterator"]
            for record in found["Records"]:
                change = record["dynamodb"]
                change.pop("ApproximateCreationDateTime", None)
                if _is_relayed(change.get("NewImage", {})):
                    yield record
            if not found["Records"]:
                return


def _is_relayed(shown: Json) -> bool:
    kind, status = (shown.get(name, {}).get("S") for name in ("kind", "status"))
    return (kind == "window" and "dirty_since" in shown) or (kind, status) == ("contact", "overflow")


def open_one(api: Api, inquiry: Inquiry) -> tuple[Json, Sample]:
    """Open a contact."""
    body = {
        "channel": inquiry.channel,
        "customer": {"id": inquiry.customer, "name": "김하늘"},
        "text": inquiry.text,
    }
    return api.send(shop(inquiry.tenant), "POST", ALL, body, tenant=inquiry.tenant)


def live(api: Api, stack: Stack, meter: Meter, *, inquiry: Inquiry, stream: Stream) -> Steps:
    """Live one life and return the samples of its steps."""
    helper = agent(AGENT, "main")
    opened, opening = open_one(api, inquiry)
    claim = claim_next(api, helper, opened["id"])
    steps = {"open": [opening], "claim_from_short_queue": [claim]}
    return steps | go_on(api, helper, inquiry, opened["id"]) | meter_it(stack, meter, stream)


def claim_next(api: Api, helper: Json, contact: str) -> Sample:
    """Pull the contact and return the sample; nothing else may have been pulled."""
    claimed, sample = api.send(helper, "POST", NEXT)
    if claimed["contact"]["id"] != contact:
        raise RuntimeError("the queue held something else")
    return sample


def go_on(api: Api, helper: Json, inquiry: Inquiry, contact: str) -> Steps:
    """Let customer and agent talk until all is resolved, and return the samples."""
    steps: Steps = {}
    caller = shop(inquiry.tenant)
    where: Json = {"tenant": inquiry.tenant, "contact": contact}

    def say(step: str, who: Json, path: str, text: str) -> None:
        _, said = api.send(who, "POST", ONE + path, {"text": text}, **where)
        steps.setdefault(step, []).append(said)

    say("message", caller, "/messages", inquiry.follow_ups[0])
    say("reply", helper, "/replies", inquiry.replies[0])
    say("message", caller, "/messages", inquiry.follow_ups[1])
    say("reply_again", helper, "/replies", inquiry.replies[1])
    _, sample = api.send(helper, "POST", ONE + "/resolve", **where)
    return steps | {"resolve": [sample]}


def meter_it(stack: Stack, meter: Meter, stream: Stream) -> Steps:
    """Bring what is billed to Stripe, and return the samples."""
    relayed = relay(stack, meter, stream.relayed())
    messages = [sent for sample in relayed for sent in sample.sent]
    if len(messages) != 1:
        raise RuntimeError(f"{len(messages)} windows became dirty")
    with meter.measure() as sample:
        answer = stack.app.send_usage(queue_event(messages[0]), Context())
    _refuse_failures(answer)
    # The sender's own writes come down the stream too, and wake the relay for nothing.
    return {"relay": relayed + relay(stack, meter, stream.relayed()), "send_usage": [sample]}


def relay(stack: Stack, meter: Meter, records: Iterable[Json]) -> list[Sample]:
    """Relay records one by one, and return the samples."""
    samples = []
    for record in records:
        with meter.measure() as sample:
            answer = stack.app.relay_changes({"Records": [record]}, Context())
        _refuse_failures(answer)
        samples.append(sample)
    return samples


def _refuse_failures(answer: Any) -> None:
    if answer["batchItemFailures"]:
        raise RuntimeError("the batch failed")


def total(steps: Steps) -> Sample:
    """Return one sample that holds all steps of a life."""
    found = Sample()
    for sample in (one for samples in steps.values() for one in samples):
        found.calls += sample.calls
        found.apart += sample.apart
        found.apart_units += sample.apart_units
        found.write_units += sample.write_units
        found.read_units += sample.read_units
        found.cpu_ms += sample.cpu_ms
        found.wall_ms += sample.wall_ms
        found.log_bytes += sample.log_bytes
    return found


def repeat(work: Callable[[], Sample], *, runs: int, warm_up: int = 5) -> list[Sample]:
    """Return the samples of `runs` runs of `work` after the warm-up."""
    for _ in range(warm_up):
        work()
    return [work() for _ in range(runs)]
