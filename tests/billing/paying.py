"""A desk on moto whose usage goes to the stand-in for Stripe, with one clock for both that tests set."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from botocore.session import get_session

from chalicelib.aws import queues
from chalicelib.aws.settings import settings
from chalicelib.billing.wiring import gateway
from chalicelib.kernel.clock import Millis
from tests.fakestripe import API_KEY, FakeStripe, running
from tests.moto_desk import Desk, moto_desk
from tests.samples import NOON


@dataclass
class Paying:
    """Desk, queue and Stripe; `now` is the time of Stripe, and of whatever a test does with it."""

    now: Millis = NOON
    desk: Desk = field(init=False)
    fake: FakeStripe = field(init=False)
    sqs: Any = field(init=False)


@contextmanager
def paying() -> Iterator[Paying]:
    """Yield a shop's whole way from the ledger to Stripe."""
    world = Paying()
    world.fake = FakeStripe(now=lambda: world.now / 1000)
    with running(world.fake) as base, moto_desk() as world.desk:
        queues._client.cache_clear()
        world.sqs = get_session().create_client("sqs", settings().region)
        url = world.sqs.create_queue(QueueName="usage.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
        stripe = {"STRIPE_API_KEY": API_KEY, "STRIPE_API_BASE": base, "STRIPE_METER_EVENTS_BASE": base}
        world.desk.shift(USAGE_QUEUE_URL=url, **stripe)
        gateway.cache_clear()
        yield world
    gateway.cache_clear()
    queues._client.cache_clear()
    world.fake.close()
