"""Take won off an invoice: one person asks for it, another one lets it be made."""

from dataclasses import replace

from chalicelib.billing.invoices import refresh
from chalicelib.billing.model import GatewayRefused, GatewayUnavailable
from chalicelib.billing.ports import Till
from chalicelib.finance.model import Correction, CorrectionState, is_final
from chalicelib.finance.ports import CorrectionStore
from chalicelib.kernel.clock import Millis
from chalicelib.kernel.errors import BadInput, Busy, Conflict, Forbidden, Mismatch, not_found, same_body


def ask(till: Till, store: CorrectionStore, new: Correction) -> Correction:
    """Put on record that somebody wants won taken off an invoice; a repeat returns the first one.

    Raises NotFound for an unknown invoice, Conflict `not_invoiced` for one that is not final and
    `idempotency_mismatch`, BadInput `over_remaining` for more than is left of it with all that waits.
    """
    if (known := store.find(new.id)) is not None:
        return _repeated(known, new)
    billed = till.mirror.of(new.invoice)
    if billed is None:
        raise not_found()
    if not is_final(billed):
        raise Conflict("not_invoiced", "a credit note is for an invoice that is final and stands")
    waiting = sum(one.won for one in store.all() if one.pending and one.invoice == new.invoice)
    left = max(0, billed.invoice.total - billed.invoice.credited - waiting)
    if new.won > left:
        raise BadInput("over_remaining", "this is more than is left of the invoice", left_won=left)
    try:
        till.commit(store.save(None, new))
    except Mismatch:
        return _repeated(_found(store, new.id), new)
    return new


def approve(till: Till, store: CorrectionStore, correction: str, by: str, now: Millis) -> Correction:
    """Let a credit note be made, as a second person; a repeat goes on wherever the first try was cut off.

    The provider makes one for each of ours, however often it is asked. Raises NotFound, Forbidden `same_person`,
    Conflict `wrong_state` and `provider_refused`, Busy `provider_unavailable`.
    """
    before = _found(store, correction)
    if before.state is CorrectionState.MADE:
        return before
    if before.state is CorrectionState.REFUSED:
        raise Conflict("wrong_state", "this was refused; ask for it anew")
    if before.asked_by == by:
        raise Forbidden("same_person", "a second person approves what the first one asks for")
    if before.state is CorrectionState.ASKED:
        approved = replace(before, state=CorrectionState.APPROVED, decided_by=by, decided_at=now)
        before = _moved(till, store, before, approved)
    made = _make(till, store, before)
    refresh(till, before.invoice, now)
    return _moved(till, store, before, replace(before, state=CorrectionState.MADE, note=made))


def refuse(till: Till, store: CorrectionStore, correction: str, why: str, *, by: str, now: Millis) -> Correction:
    """Refuse, or take back, what nobody has approved yet; raise NotFound, and Conflict `wrong_state`."""
    before = _found(store, correction)
    if before.state is not CorrectionState.ASKED:
        raise Conflict("wrong_state", f"this is {before.state}")
    refused = replace(before, state=CorrectionState.REFUSED, decided_by=by, decided_at=now, why=why)
    return _moved(till, store, before, refused)


def _make(till: Till, store: CorrectionStore, one: Correction) -> str:
    try:
        made = till.gateway.credit(one.invoice, key=one.id, won=one.won, reason=one.reason, refund=one.refund)
    except GatewayUnavailable as error:
        raise Busy("provider_unavailable", "the payment provider does not answer; approve again") from error
    except GatewayRefused as error:
        # It looks for ours before it makes one: what it refuses was never made.
        _moved(till, store, one, replace(one, state=CorrectionState.REFUSED, why=str(error)))
        raise Conflict("provider_refused", "the payment provider refuses this credit note") from error
    return made.id


def _moved(till: Till, store: CorrectionStore, before: Correction, after: Correction) -> Correction:
    saved = replace(after, version=before.version + 1)
    till.commit(store.save(before, saved))
    return saved


def _found(store: CorrectionStore, correction: str) -> Correction:
    found = store.find(correction)
    if found is None:
        raise not_found()
    return found


def _repeated(known: Correction, new: Correction) -> Correction:
    same_body(known.digest, new.digest)
    return known
