"""Drafts and onlookers in the table: a partition beside each contact's own, which every story reads as a whole."""

from collections.abc import Sequence

import msgspec
from pynamodb.attributes import BinaryAttribute, BooleanAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.agents.model import Agent
from chalicelib.aws import queries
from chalicelib.aws.keys import sort_key, tenant_key
from chalicelib.aws.tables import Check, Put, Row, Write
from chalicelib.contacts.model import Contact
from chalicelib.contacts.rows import ContactRow, partition
from chalicelib.customers.ports import Cipher
from chalicelib.drafts.model import ONLOOKING, Draft, Mode, Onlooker
from chalicelib.drafts.rules import customer_erased
from chalicelib.kernel.clock import Millis
from chalicelib.kernel.errors import Conflict


class _DraftRow(Row, discriminator="draft"):
    agent = UnicodeAttribute()
    mode = UnicodeAttribute()
    content = BinaryAttribute(legacy_encoding=False, null=True)
    at = NumberAttribute(default=0)
    closed = BooleanAttribute(null=True)


class _OnlookerRow(Row, discriminator="onlooker"):
    agent = UnicodeAttribute()
    name = UnicodeAttribute()
    until = NumberAttribute()


class Drafts:
    """What lies beside one tenant's contacts."""

    def __init__(self, tenant: str, cipher: Cipher) -> None:
        self._tenant = tenant
        self._cipher = cipher

    def save(self, contact: Contact, draft: Draft) -> list[Write]:
        """Return the writes that replace the agent's draft, its text sealed; one without a text is taken away.

        Refused with Conflict `not_yours` unless the agent holds `contact`, or `customer_erased`.
        """
        row = ContactRow(pk=partition(self._tenant, contact.id), sk="contact")
        holds = (ContactRow.agent == draft.agent) & (ContactRow.customer == contact.customer)
        lost = Conflict("not_yours", "another agent, or nobody, holds this contact")
        kept = Put(self._row(contact.id, draft), _DraftRow.closed.does_not_exist(), lambda _: customer_erased())
        return [Check(row, holds, lambda _: lost), kept]

    def onlooker(self, contact: str, agent: Agent, now: Millis) -> Write:
        """Return the write that says that `agent` looks on."""
        row = _OnlookerRow(pk=self._pk(contact), sk=sort_key("onlooker", agent.id), agent=agent.id)
        row.name, row.until = agent.name, now + ONLOOKING
        return Put(row)

    def beside(self, contact: str) -> tuple[list[Draft], list[Onlooker]]:
        """Return the drafts of a contact and its onlookers, old ones too, strongly consistent."""
        rows = queries.partition(self._pk(contact))
        drafts = [self._draft(row) for row in rows if isinstance(row, _DraftRow) and row.content]
        onlookers = [
            Onlooker(row.agent, row.name, int(row.until)) for row in rows if isinstance(row, _OnlookerRow)
        ]
        return drafts, onlookers

    def erase(self, contact: str) -> list[Write]:
        """Return the writes after which no draft of a contact is left, and its holder, if any, keeps none there.

        None when nothing is left to do. To be committed before the contact loses its customer, on the condition
        that it did not change meanwhile: then the same agent, or nobody, holds it.
        """
        found = ContactRow.find(partition(self._tenant, contact), "contact")
        holder = (found.agent if found else None) or ""
        rows = [row for row in queries.partition(self._pk(contact)) if isinstance(row, _DraftRow)]
        done = {row.sk for row in rows if row.closed}
        gone = {(row.mode, row.agent) for row in rows if row.content}
        gone |= {(mode, holder) for mode in Mode if holder}
        closed = [self._row(contact, Draft(agent, Mode(mode), "", 0)) for mode, agent in sorted(gone)]
        for row in closed:
            row.closed = True
        return [Put(row) for row in closed if row.sk not in done]

    def _row(self, contact: str, draft: Draft) -> _DraftRow:
        row = _DraftRow(pk=self._pk(contact), sk=sort_key("draft", draft.mode, draft.agent))
        row.agent, row.mode, row.at = draft.agent, draft.mode, draft.at
        if draft.text:
            written: Sequence[object] = [draft.text, draft.steps, draft.answer]
            row.content = self._cipher.seal(_place(row), msgspec.json.encode(written).decode())
        return row

    def _draft(self, row: _DraftRow) -> Draft:
        text, steps, answer = msgspec.json.decode(self._cipher.open(_place(row), row.content or b""))
        return Draft(row.agent, Mode(row.mode), text, int(row.at), tuple(steps), answer)

    def _pk(self, contact: str) -> str:
        return tenant_key(self._tenant, "drafts", contact)


def _place(row: _DraftRow) -> str:
    return f"{row.pk} {row.sk}"
