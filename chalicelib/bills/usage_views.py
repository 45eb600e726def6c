"""What the API shows of a month's ledger, contact by contact, and of what a shop disputes of it."""

from typing import Annotated, Self
from urllib.parse import urlunsplit

from msgspec import Meta, Struct

from chalicelib.bills import labels
from chalicelib.bills.model import Dispute, Verdict
from chalicelib.bills.words import both
from chalicelib.contacts.receipts import WordsView
from chalicelib.contacts.views import ContactId
from chalicelib.kernel.clock import iso
from chalicelib.kernel.money import Won
from chalicelib.metering.model import Meter, Reason
from chalicelib.metering.rules import is_adjustment
from chalicelib.pricing.model import RatedEntry

_LONG = 4_000


class DisputedView(Struct):
    """The dispute of a line, and what became of it."""

    id: str
    state: Verdict


class EntryView(Struct, omit_defaults=True):
    """One line of the ledger: a contact more or less on the bill, why, and the message that proves it.

    `won` is what the line changed, and `running_won` the sum of its meter, or of the month that it adjusts, so
    far. `tier` counts from 1; `unit_won` is that tier's price. `adjusts` is the passed month whose bill the line
    changes. `price_won` is the plan's list price.
    """

    contact: str
    episode: int
    delta: int
    meter: Meter
    reason: Reason
    why: WordsView
    price_won: Won
    price_version: str
    tier: int
    unit_won: Won
    won: Won
    running_won: Won
    evidence: str
    link: str
    rule: str
    rule_text: WordsView
    actor: str
    occurred_at: str
    booked_at: str
    adjusts: str = ""
    dispute: DisputedView | None = None

    @classmethod
    def of(cls, line: RatedEntry, dispute: Dispute | None) -> Self:
        """Return what the API shows of `line`."""
        entry = line.entry
        return cls(
            contact=entry.contact,
            episode=entry.episode,
            delta=entry.delta,
            meter=entry.meter,
            reason=entry.reason,
            why=both(labels.REASONS[entry.reason]),
            price_won=entry.price.won,
            price_version=entry.price.version,
            tier=line.tier,
            unit_won=line.unit_won,
            won=line.won,
            running_won=line.running_won,
            evidence=entry.evidence,
            link=urlunsplit(("", "", _contact(entry.tenant, entry.contact), "", entry.evidence)),
            rule=entry.rule,
            rule_text=both(labels.rule(entry.rule)),
            actor=entry.actor,
            occurred_at=iso(entry.occurred_at),
            booked_at=iso(entry.booked_at),
            adjusts=entry.origin if is_adjustment(entry) else "",
            dispute=DisputedView(dispute.id, dispute.verdict) if dispute else None,
        )


class UsageView(Struct):
    """A page of a month's ledger, with the sums of the whole month; `cursor` leads to the next page.

    `billable` and `won` are of the month's own contacts, `adjusted` and `adjusted_won` of months that had passed.
    """

    month: str
    billable: int
    won: Won
    adjusted: int
    adjusted_won: Won
    entries: list[EntryView]
    cursor: str | None = None

    @classmethod
    def of(cls, month: str, lines: list[RatedEntry], entries: list[EntryView], cursor: str | None) -> Self:
        """Return the page `entries` of a month's `lines`."""
        own = [line for line in lines if not is_adjustment(line.entry)]
        late = [line for line in lines if is_adjustment(line.entry)]
        counts = [(sum(line.entry.delta for line in some), sum(line.won for line in some)) for some in (own, late)]
        return cls(month, *counts[0], *counts[1], entries, cursor)


class DisputeIn(Struct, forbid_unknown_fields=True):
    """Which contact's episode should not be on the bill, and why."""

    contact: ContactId
    episode: Annotated[int, Meta(ge=1, le=9_999)]
    reason: Annotated[str, Meta(max_length=_LONG)]


class RulingIn(Struct, forbid_unknown_fields=True):
    """Whether the shop is right, and the reason, which it reads."""

    uphold: bool
    reason: Annotated[str, Meta(max_length=_LONG)]


class DisputeView(Struct, omit_defaults=True):
    """A dispute: `answer` and `decided_at` once it is decided; `won` is what was credited."""

    tenant: str
    id: str
    contact: str
    episode: int
    month: str
    meter: Meter
    reason: str
    state: Verdict
    opened_at: str
    opened_by: str
    link: str
    answer: str = ""
    decided_at: str | None = None
    won: Won = 0

    @classmethod
    def of(cls, dispute: Dispute) -> Self:
        """Return what the API shows of `dispute`."""
        return cls(
            tenant=dispute.tenant,
            id=dispute.id,
            contact=dispute.contact,
            episode=dispute.episode,
            month=dispute.month,
            meter=dispute.meter,
            reason=dispute.reason,
            state=dispute.verdict,
            opened_at=iso(dispute.opened_at),
            opened_by=dispute.opened_by,
            link=_contact(dispute.tenant, dispute.contact),
            answer=dispute.answer,
            decided_at=iso(dispute.decided_at) if dispute.decided_at else None,
            won=dispute.won,
        )


class DisputesView(Struct):
    """A page of a shop's disputes, the newest first; `cursor` leads to the next one."""

    disputes: list[DisputeView]
    cursor: str | None = None


def _contact(tenant: str, contact: str) -> str:
    return f"/v1/tenants/{tenant}/contacts/{contact}"
