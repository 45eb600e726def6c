"""The ledger over HTTP: what a shop is billed for, line by line."""

from typing import Self

from msgspec import Struct

from chalicelib.access.rules import SHOP_OR_FINANCE
from chalicelib.kernel.clock import is_month, iso, kst_month, month_span
from chalicelib.kernel.errors import BadInput
from chalicelib.kernel.money import Won
from chalicelib.metering.model import Reason, UsageEntry
from chalicelib.metering.store import Ledger
from chalicelib.web.api import Api, Call, Empty
from chalicelib.web.pressure import Shed

api = Api()


class EntryView(Struct):
    """One line: +1 or -1 contact at `price_won`, why, and the message or event that proves it."""

    contact: str
    episode: int
    delta: int
    reason: Reason
    price_won: Won
    price_version: str
    evidence: str
    rule: str
    actor: str
    occurred_at: str
    booked_at: str

    @classmethod
    def of(cls, entry: UsageEntry) -> Self:
        """Return what the API shows of `entry`."""
        return cls(
            contact=entry.contact,
            episode=entry.episode,
            delta=entry.delta,
            reason=entry.reason,
            price_won=entry.price.won,
            price_version=entry.price.version,
            evidence=entry.evidence,
            rule=entry.rule,
            actor=entry.actor,
            occurred_at=iso(entry.occurred_at),
            booked_at=iso(entry.booked_at),
        )


class UsageView(Struct):
    """A KST month of a shop's ledger, with its sums."""

    month: str
    billable: int
    won: Won
    entries: list[EntryView]


@api.route(
    "GET",
    "/v1/tenants/{tenant}/usage",
    policy=SHOP_OR_FINANCE,
    returns=UsageView,
    query=("month",),
    shed=Shed.REPORT,
)
def usage(call: Call[Empty]) -> UsageView:
    """Show the ledger of one `month` (`yyyy-mm` in Asia/Seoul; default the current one)."""
    month = call.query.get("month") or kst_month(call.now)
    if not is_month(month):
        raise BadInput("invalid_month", "month is yyyy-mm")
    entries = Ledger(call.params["tenant"]).booked(*month_span(month))
    return UsageView(
        month=month,
        billable=sum(entry.delta for entry in entries),
        won=sum(entry.delta * entry.price.won for entry in entries),
        entries=[EntryView.of(entry) for entry in entries],
    )
