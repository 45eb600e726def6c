"""Each answer and each total arrives three to ten times, in any order and up to 36 days late, on 64 threads."""

import random
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace

import pytest

from chalicelib.aws.tables import commit
from chalicelib.billing import jobs as billing
from chalicelib.billing.model import EVENT_NAMES
from chalicelib.billing.store import StripeCustomers
from chalicelib.contacts import service
from chalicelib.contacts.model import Author, Status
from chalicelib.contacts.store import Contacts
from chalicelib.contacts.wiring import desk as desk_of
from chalicelib.kernel.clock import DAY, HOUR, MINUTE, Millis
from chalicelib.metering.model import Meter
from chalicelib.metering.store import Ledger
from chalicelib.metering.windows import dirty_windows
from tests.billing.paying import Paying, paying
from tests.samples import NOON, a_contact, said

SHOPS = ("danbi", "mungmeal", "faraway")
DELAYS = (0, 0, 6 * MINUTE, 11 * MINUTE, 25 * HOUR, 36 * DAY)
THREADS = 64
ROUND = 500


@dataclass(frozen=True)
class Delivery:
    """The answer to one contact arrives."""

    at: Millis
    tenant: str
    contact: str


def _deliver(one: Delivery) -> None:
    answer = said("r1", Author.AGENT, "mina", one.at)
    answer = replace(answer, digest="as sent")
    service.reply(desk_of(one.tenant), one.contact, answer)


def _deliveries(contacts: int, chance: random.Random) -> list[Delivery]:
    found = []
    for number in range(contacts):
        tenant, contact = SHOPS[number % len(SHOPS)], f"c{number:05d}"
        # About 20 contacts an hour, so that totals grow while they are sent.
        start = NOON + chance.randrange(contacts // 20 * HOUR)
        for _ in range(chance.randrange(3, 11)):
            found.append(Delivery(start + chance.choice(DELAYS), tenant, contact))
    chance.shuffle(found)
    # The clock does not go back, but what comes at about the same time comes in any order.
    return sorted(found, key=lambda one: one.at // (6 * HOUR))


def _send(world: Paying, now: Millis, chance: random.Random) -> None:
    """Let every total that waits be sent, by as many senders at once as there are messages of it."""
    bodies = [
        f'{{"tenant": "{tenant}", "meter": "{meter}", "hour": "{hour}"}}'
        for tenant, meter, hour in dirty_windows(before=now + 1)
        for _ in range(chance.randrange(3, 11))
    ]
    chance.shuffle(bodies)

    def one(body: str) -> None:
        with suppress(billing.WindowNotSent):
            billing.work(body, now)

    with world.desk.atomic(), ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(one, bodies))


def _opened(contacts: int) -> None:
    for number in range(contacts):
        tenant = SHOPS[number % len(SHOPS)]
        held = a_contact(f"c{number:05d}", tenant=tenant, status=Status.CLAIMED, agent="mina")
        commit(Contacts(tenant).add(held))


@pytest.mark.parametrize("contacts", [500, pytest.param(10_000, marks=pytest.mark.soak)])
def test_charges_are_the_distinct_billable_contacts(contacts: int) -> None:
    chance = random.Random(contacts)
    deliveries = _deliveries(contacts, chance)
    with paying() as world:
        _opened(contacts)
        for first in range(0, len(deliveries), ROUND):
            some = deliveries[first : first + ROUND]
            world.now = max(world.now, *(one.at for one in some))
            with world.desk.atomic(), ThreadPoolExecutor(THREADS) as pool:
                list(pool.map(_deliver, some))
            _send(world, world.now, chance)
        _send(world, world.now + HOUR, chance)
        assert dirty_windows(before=world.now + DAY) == []
        ledger = {tenant: Ledger(tenant).booked(NOON - DAY, NOON + 90 * DAY) for tenant in SHOPS}
        entries = [entry for one in ledger.values() for entry in one]
        assert len(entries) == sum(entry.delta for entry in entries) == contacts
        assert {entry.contact for entry in entries} == {one.contact for one in deliveries}
        assert _at_stripe(world) == {tenant: len(one) for tenant, one in ledger.items()}


def _at_stripe(world: Paying) -> dict[str, int]:
    customers = {tenant: StripeCustomers(tenant).find() or "" for tenant in SHOPS}
    return {tenant: world.fake.total(EVENT_NAMES[Meter.HUMAN], who) for tenant, who in customers.items()}
