"""Values of the ledger and of what shops ask, that tests vary."""

from dataclasses import replace
from typing import Any

from chalicelib.bills.model import Alert, Dispute
from chalicelib.kernel.clock import DAY, Millis, kst_month
from chalicelib.metering.model import Meter, Price, Reason, UsageEntry
from tests.samples import NOON

MONTH = "2026-11"
CONTACT = "c" * 32
YEAR: Millis = 365 * DAY


def an_entry(contact: str = CONTACT, *, at: Millis = NOON, **changes: Any) -> UsageEntry:
    """Return what a first reply books; `origin` follows `at` unless it is given."""
    entry = UsageEntry(
        tenant="danbi",
        contact=contact,
        episode=1,
        n=1,
        delta=1,
        reason=Reason.HANDLED,
        evidence="m1",
        price=Price(900, "flat/900"),
        occurred_at=at,
        booked_at=at,
        actor="agent:mina",
        channel="chat",
        origin=kst_month(at),
    )
    return replace(entry, **changes)


def taken_back(entry: UsageEntry, **changes: Any) -> UsageEntry:
    """Return the reversal of `entry`."""
    return replace(entry, n=entry.n + 1, delta=-1, reason=Reason.SPAM, reverses=entry.n, **changes)


def a_dispute(**changes: Any) -> Dispute:
    """Return an open dispute."""
    return replace(Dispute("danbi", CONTACT, 1, MONTH, Meter.HUMAN, "스팸", NOON, "owner:x"), **changes)


def an_alert(threshold: int = 50, **changes: Any) -> Alert:
    """Return what a shop was told of its cap of 1,000 won."""
    values: dict[str, Any] = {"n": 1, "cap_won": 1_000, "spent_won": 600, "at": NOON} | changes
    return Alert(MONTH, threshold, **values)
