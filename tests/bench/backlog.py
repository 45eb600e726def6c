"""A pool with many waiting contacts, made of the product's own rows, and claims from it."""

import random
from collections.abc import Iterator

from chalicelib.aws.tables import Row
from chalicelib.aws.vault import Vault
from chalicelib.contacts.model import Author, Contact, Message
from chalicelib.contacts.rows import contact_row, partition
from chalicelib.contacts.story_rows import message_row
from chalicelib.kernel.clock import SECOND, Millis, clock
from chalicelib.kernel.ids import fingerprint, random_id
from chalicelib.routing.model import WEIGHTS
from chalicelib.tenants.model import Channel
from tests.bench.desk import Api, Json, agent
from tests.bench.inquiries import Inquiry
from tests.bench.life import NEXT, ONE
from tests.bench.meter import Sample
from tests.bench.stack import Stack


class Backlog:
    """`size` contacts waiting in a pool of their own, with one agent; as many wait at each claim."""

    def __init__(self, stack: Stack, api: Api, inquiries: Iterator[Inquiry], *, size: int) -> None:
        self._api = api
        self._inquiries = inquiries
        self._pool = f"bench{size}"
        self._agent: Json = agent(f"agent{size}", self._pool)
        stack.operate.issue_for_agent(f"agent{size}", self._pool, 6)
        self._last: Millis = clock()() - 2 * size * SECOND
        self._add(size)

    def claim(self) -> Sample:
        """Claim the next contact and return the sample; then resolve it and let another one wait."""
        story, sample = self._api.send(self._agent, "POST", NEXT)
        where = {"tenant": story["contact"]["tenant"], "contact": story["contact"]["id"]}
        self._api.send(self._agent, "POST", ONE + "/resolve", **where)
        self._add(1)
        return sample

    def _add(self, count: int) -> None:
        with Row.batch_write() as batch:
            for _ in range(count):
                contact, first = self._next()
                batch.save(contact_row(contact))
                batch.save(message_row(partition(contact.tenant, contact.id), first, Vault(contact.tenant)))

    def _next(self) -> tuple[Contact, Message]:
        inquiry = next(self._inquiries)
        self._last += random.randrange(2 * SECOND)
        digest = fingerprint("bench", inquiry.text.encode())
        message = Message(
            random_id(), Author.CUSTOMER, "김하늘", inquiry.text, self._last, episode=1, digest=digest
        )
        contact = Contact(
            tenant=inquiry.tenant,
            id=message.id,
            pool=self._pool,
            channel=Channel(inquiry.channel),
            customer=inquiry.customer,
            weight=WEIGHTS[Channel(inquiry.channel)],
            opened_at=self._last,
            changed_at=self._last,
            rank=self._last,
            digest=digest,
        )
        return contact, message
