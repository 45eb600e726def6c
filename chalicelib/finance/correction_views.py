"""What finance says and is shown of credit notes."""

from typing import Annotated, Self

from msgspec import Meta, Struct

from chalicelib.finance.model import Correction, CorrectionState
from chalicelib.kernel.clock import iso
from chalicelib.kernel.money import Won

_LONG = 2_000


class CorrectionIn(Struct, forbid_unknown_fields=True):
    """How many won, VAT included, to take off an invoice, and why, which the shop reads on it.

    What was paid already is given back the way it came with `refund`, and is the shop's balance otherwise.
    """

    invoice: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_]{1,64}$(?!\n)")]
    won: Annotated[int, Meta(ge=1, le=1_000_000_000)]
    reason: Annotated[str, Meta(max_length=_LONG)]
    refund: bool


class RefusalIn(Struct, forbid_unknown_fields=True):
    """Why a credit note is not made."""

    reason: Annotated[str, Meta(max_length=_LONG)]


class CorrectionView(Struct):
    """A credit note that somebody asked for: `note` is the provider's once it is made, `why` that of a refusal."""

    tenant: str
    id: str
    invoice: str
    won: Won
    reason: str
    refund: bool
    state: CorrectionState
    asked_at: str
    asked_by: str
    decided_at: str | None
    decided_by: str
    note: str
    why: str

    @classmethod
    def of(cls, one: Correction) -> Self:
        """Return what the API shows of `one`."""
        return cls(
            tenant=one.tenant,
            id=one.id,
            invoice=one.invoice,
            won=one.won,
            reason=one.reason,
            refund=one.refund,
            state=one.state,
            asked_at=iso(one.asked_at),
            asked_by=one.asked_by,
            decided_at=iso(one.decided_at) if one.decided_at else None,
            decided_by=one.decided_by,
            note=one.note,
            why=one.why,
        )


class CorrectionsView(Struct):
    """The credit notes of all shops that may still be made, the oldest first."""

    corrections: list[CorrectionView]
