"""The usage ledger as a register: each entry with its price, its place at the provider, and the hash before it.

The hashes tell whether a line of an export was changed, added, taken out or moved. They have no secret, so they do
not tell who made the export.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import astuple, replace
from typing import Any

from chalicelib.finance.columns import UsageRow
from chalicelib.finance.days import kst_time
from chalicelib.finance.model import ShopMonth, is_final
from chalicelib.kernel.clock import iso
from chalicelib.metering.model import Reason, UsageEntry
from chalicelib.metering.rules import is_adjustment, month_of, window_of
from chalicelib.pricing.model import Item, RatedEntry

_HASHES = 2


def usage_rows(shop: ShopMonth) -> list[UsageRow]:
    """Return the month's ledger in its order, chained."""
    rows: list[UsageRow] = []
    lines = _lines(shop)
    for one in sorted(shop.rated, key=_order):
        row = replace(_row(shop, one, lines), prev_hash=rows[-1].hash if rows else "")
        rows.append(replace(row, hash=_digest(row)))
    return rows


def broken_at(rows: Sequence[UsageRow]) -> int | None:
    """Return the place, from 0, of the first row that does not follow from the one before it; None: all do."""
    before = ""
    for place, row in enumerate(rows):
        if row.prev_hash != before or row.hash != _digest(row):
            return place
        before = row.hash
    return None


def _digest(row: UsageRow) -> str:
    content = [row.prev_hash, *astuple(row)[:-_HASHES]]
    canonical = json.dumps(content, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _lines(shop: ShopMonth) -> dict[str, tuple[str, str]]:
    """Return the invoice and the line of it for each meter, and for each of our own keys."""
    standing = [one.invoice for one in shop.billed if is_final(one)]
    return {(line.meter or line.key): (bill.id, line.id) for bill in standing for line in bill.lines}


def _order(one: RatedEntry) -> tuple[int, str, int, int]:
    return one.entry.booked_at, one.entry.contact, one.entry.episode, one.entry.n


def _row(shop: ShopMonth, one: RatedEntry, lines: dict[str, tuple[str, str]]) -> UsageRow:
    entry = one.entry
    return UsageRow(
        tenant_id=shop.tenant,
        business_number=shop.identity.registration,
        period=entry.origin,
        booked_period=month_of(entry),
        entry_id=_name(entry, entry.n),
        contact_id=entry.contact,
        episode=entry.episode,
        channel=entry.channel,
        kind=_kind(entry),
        meter=entry.meter,
        delta=entry.delta,
        occurred_at_utc=iso(entry.occurred_at),
        occurred_at_kst=kst_time(entry.occurred_at),
        booked_at_kst=kst_time(entry.booked_at),
        price_version=entry.price.version,
        tier=one.tier,
        unit_amount_krw=one.unit_won,
        amount_krw=one.won,
        reason=entry.reason,
        evidence=entry.evidence,
        actor=entry.actor,
        **_billed(shop, entry, lines),
    )


def _billed(shop: ShopMonth, entry: UsageEntry, lines: dict[str, tuple[str, str]]) -> dict[str, Any]:
    """Return what it reverses, and where the provider has it: in an hour's window, or in a line of its own."""
    adjusts, window = is_adjustment(entry), window_of(entry)
    invoice, line = lines.get(f"{Item.ADJUSTMENT}:{entry.origin}" if adjusts else entry.meter, ("", ""))
    return {
        "reverses_entry_id": _name(entry, entry.reverses) if entry.reverses else "",
        "window_hour": "" if adjusts else window[1],
        "sent_rev": 0 if adjusts else shop.sent_revs.get(window, 0),
        "stripe_customer": shop.customer,
        "invoice_id": invoice,
        "line_id": line,
    }


def _name(entry: UsageEntry, n: int) -> str:
    return f"{entry.contact}/{entry.episode}/{n}"


def _kind(entry: UsageEntry) -> str:
    if is_adjustment(entry):
        return "ADJUST"
    if entry.delta < 0:
        return "REVERSAL"
    return "REINSTATE" if entry.reason is Reason.SPAM_UNDONE else "HANDLED"
