"""What the API shows of periods and breaks."""

from typing import Self

from msgspec import Struct

from chalicelib.closing.model import BreakRecord, BreakStatus, Cause, Move, Repair, Rule, Stays
from chalicelib.closing.rules_records import record_id
from chalicelib.kernel.clock import iso
from chalicelib.kernel.money import Won
from chalicelib.metering.model import Period, PeriodState


class MoveView(Struct):
    """A state that the period came into: when, who moved it and why."""

    state: PeriodState
    at: str
    by: str
    why: str
    contacts: int
    won: Won

    @classmethod
    def of(cls, move: Move) -> Self:
        """Return what the API shows of `move`."""
        return cls(move.state, iso(move.at), move.by, move.why, move.contacts, move.won)


class PeriodView(Struct):
    """A shop's KST month: contacts billed and won without VAT as of the last look, and how many breaks stop it."""

    tenant: str
    month: str
    state: PeriodState
    version: int
    contacts: int
    won: Won
    breaks: int
    plan: str
    invoice: str
    asked_by: str
    asked_why: str
    seal: str
    history: list[MoveView]

    @classmethod
    def of(cls, period: Period, history: list[Move]) -> Self:
        """Return what the API shows of `period`."""
        return cls(
            tenant=period.tenant,
            month=period.month,
            state=period.state,
            version=period.version,
            contacts=period.contacts,
            won=period.won,
            breaks=period.breaks,
            plan=period.plan,
            invoice=period.invoice,
            asked_by=period.asked_by,
            asked_why=period.asked_why,
            seal=period.seal,
            history=[MoveView.of(move) for move in history],
        )


class BreakView(Struct):
    """One difference, found between `first_seen` and `last_seen`, and what people said of it."""

    id: str
    month: str
    rule: Rule
    item: str
    left: int
    right: int
    difference: int
    cause: Cause
    owner: str
    status: BreakStatus
    version: int
    first_seen: str
    last_seen: str
    resolution: str
    resolved_by: str
    approver: str

    @classmethod
    def of(cls, record: BreakRecord) -> Self:
        """Return what the API shows of `record`."""
        return cls(
            id=record.id,
            month=record.month,
            rule=record.rule,
            item=record.item,
            left=record.left,
            right=record.right,
            difference=record.right - record.left,
            cause=record.cause,
            owner=record.owner,
            status=record.status,
            version=record.version,
            first_seen=iso(record.first_seen),
            last_seen=iso(record.last_seen),
            resolution=record.resolution,
            resolved_by=record.resolved_by,
            approver=record.approver,
        )


class BreaksView(Struct):
    """The breaks of a month, or all of a shop that stop a close."""

    breaks: list[BreakView]


class LeftView(Struct):
    """A difference that sending again does not mend, and why not; `id` is its break's, if it is on record."""

    id: str
    rule: Rule
    item: str
    difference: int
    cause: Cause
    why: Stays


class RepairView(Struct):
    """Which hours of which meter are sent again (`human/2026-11-21T03`, UTC), and what stays as it is."""

    repaired: list[str]
    left: list[LeftView]

    @classmethod
    def of(cls, repair: Repair) -> Self:
        """Return what the API shows of `repair`."""
        left = [
            LeftView(record_id(one), one.rule, one.item, one.right - one.left, one.cause, why)
            for one, why in repair.left
        ]
        return cls([one.item for one in repair.sent], left)
