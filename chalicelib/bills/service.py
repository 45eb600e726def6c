"""What a shop asks back: disputes, which finance decides, and credits for a service that fell short."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from chalicelib.aws.tables import Write
from chalicelib.bills.model import Dispute, DisputesMoved, Grant, Verdict
from chalicelib.bills.ports import Claims
from chalicelib.bills.rules import cost, disputable, is_billed, quantities
from chalicelib.bills.sla import Result, Target, credit_percent, credit_won
from chalicelib.kernel.clock import Millis, month_span
from chalicelib.kernel.errors import Busy, Conflict, not_found
from chalicelib.kernel.money import Won
from chalicelib.metering.model import EntriesMoved, Meter, UsageEntry
from chalicelib.pricing.model import Credit, Item

_ATTEMPTS = 10


@dataclass(frozen=True, slots=True)
class Ruling:
    """What finance decides of a dispute, why, who and when."""

    uphold: bool
    answer: str
    by: str
    at: Millis


def open_dispute(claims: Claims, contact: str, episode: int, reason: str, *, by: str, now: Millis) -> Dispute:
    """Open the dispute of a billed line and return it; a repeat with the same reason returns the first one.

    Raises NotFound, and Conflict `not_billed`, `dispute_too_late` or `already_disputed`.
    """
    known = _known(claims, f"{contact}-{episode}", reason)
    if known is not None:
        return known
    month, meter = disputable(claims.ledger.of_contact(contact), episode, now)
    new = Dispute(claims.tenant, contact, episode, month, meter, reason, now, by)
    try:
        claims.commit(claims.disputes.add(new))
    except Conflict:
        known = _known(claims, new.id, reason)
        if known is None:
            raise
        return known
    return new


def decide(claims: Claims, dispute: str, ruling: Ruling) -> Dispute:
    """Decide an open dispute and return it; one that is upheld is credited in the same transaction.

    The credit is booked in the month of now, as what the line's own month would cost less without it; a line that
    is on no bill any more is credited with nothing, and what is credited is corrected no more. A repeat changes
    nothing. Raises NotFound, and Conflict `already_decided`.
    """
    for _ in range(_ATTEMPTS):
        found = claims.disputes.find(dispute)
        if found is None:
            raise not_found()
        if found.verdict is not Verdict.OPEN:
            return _repeated(found, ruling)
        verdicts = claims.disputes.verdicts(found.month)
        entries = _episode(claims.ledger.of_contact(found.contact), found)
        after = replace(
            found,
            verdict=Verdict.UPHELD if ruling.uphold else Verdict.REJECTED,
            answer=ruling.answer,
            decided_at=ruling.at,
            decided_by=ruling.by,
            won=_worth(claims, found, ruling.at) if ruling.uphold and is_billed(entries) else 0,
        )
        try:
            decided = claims.disputes.decide(after, verdicts)
            claims.commit(*decided, *_credit(claims, after, len(entries)), *claims.tell(after))
        except (DisputesMoved, EntriesMoved):
            continue
        return after
    raise Busy("busy", "too many disputes of this month are decided at once; try again")


def _worth(claims: Claims, dispute: Dispute, now: Millis) -> Won:
    entries = claims.ledger.booked(month_span(dispute.month)[0], now + 1)
    upheld = Counter(dict.fromkeys(Meter, 0))
    for one in claims.disputes.of_month(dispute.month):
        upheld[one.meter] += one.verdict is Verdict.UPHELD and is_billed(_episode(entries, one))
    return cost(claims.plan_of(dispute.month), quantities(entries, dispute.month), upheld, dispute.meter)


def grant(claims: Claims, target: Target, result: Result, *, by: str, now: Millis) -> Grant:
    """Credit what a month's service fell short of, once for the month, and return it; a repeat returns the first.

    Raises Conflict `month_not_over`.
    """
    known = claims.grants.find(result.month)
    if known is not None:
        return known
    if month_span(result.month)[1] > now:
        raise Conflict("month_not_over", "a month's service is measured when the month is over")
    percent = credit_percent(target, result)
    won = credit_won(percent, claims.usage(result.month))
    new = Grant(claims.tenant, result.month, result.evidence, percent, won, now, by)
    credit = Credit(claims.tenant, f"sla-{result.month}", Item.SLA, won, result.month, now, result.evidence, by)
    claims.commit(claims.grants.add(new), *(claims.credits.add(credit) if won else ()))
    return new


def _known(claims: Claims, dispute: str, reason: str) -> Dispute | None:
    known = claims.disputes.find(dispute)
    if known is not None and known.reason != reason:
        raise Conflict("already_disputed", "this line was disputed already, for another reason")
    return known


def _repeated(found: Dispute, ruling: Ruling) -> Dispute:
    before = (found.verdict is Verdict.UPHELD, found.answer, found.decided_by)
    if before != (ruling.uphold, ruling.answer, ruling.by):
        raise Conflict("already_decided", "this dispute was decided already, otherwise")
    return found


def _credit(claims: Claims, dispute: Dispute, entries: int) -> Sequence[Write]:
    if not dispute.won:
        return ()
    names = (dispute.tenant, dispute.id, Item.DISPUTE, dispute.won, dispute.month)
    credit = Credit(*names, dispute.decided_at, dispute.id, dispute.decided_by)
    # Else spam or a merge would take off the bill once more what is paid back here.
    final = claims.ledger.credit(dispute.contact, dispute.episode, entries)
    return [*claims.credits.add(credit), *final]


def _episode(entries: Sequence[UsageEntry], dispute: Dispute) -> list[UsageEntry]:
    return [one for one in entries if (one.contact, one.episode) == (dispute.contact, dispute.episode)]
