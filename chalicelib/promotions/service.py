"""Announce, find and cancel a shop's promotions."""

from typing import Protocol

from chalicelib.aws.tables import Write
from chalicelib.kernel.clock import Millis
from chalicelib.kernel.errors import Busy, not_found
from chalicelib.promotions.model import CalendarMoved, Promotion
from chalicelib.promotions.ports import PromotionStore
from chalicelib.promotions.rules import SHOWN_AFTER, check_cancel, check_new, repeated

_ATTEMPTS = 10


class Commit(Protocol):
    """Carries out all writes or none."""

    def __call__(self, *writes: Write) -> None:
        """Raise what the first refused write says."""
        ...


def announce(new: Promotion, pool: str, store: PromotionStore, commit: Commit) -> Promotion:
    """Store a new promotion of a shop of `pool` and return it; a repeat returns the first one.

    Two that are announced at once are judged one after the other: whoever comes second sees the first one.
    Raises what `check_new` refuses, and Conflict `idempotency_mismatch`.
    """
    for _ in range(_ATTEMPTS):
        version = store.version()
        known = store.since(new.announced_at - SHOWN_AFTER)
        if before := repeated(new, known):
            return before
        check_new(new, known, new.announced_at)
        try:
            commit(*store.add(new, pool, version))
        except CalendarMoved:
            continue
        return new
    raise Busy("busy", "too many promotions of this shop are announced at once; try again")


def get(promotion: str, store: PromotionStore) -> Promotion:
    """Return the promotion; raise NotFound."""
    found = store.find(promotion)
    if found is None:
        raise not_found()
    return found


def cancel(promotion: str, by: str, now: Millis, store: PromotionStore, commit: Commit) -> Promotion:
    """Let a promotion count no more and return it; a repeat changes nothing.

    Raises NotFound, and Conflict `promotion_over`.
    """
    found = get(promotion, store)
    if found.cancelled_at:
        return found
    check_cancel(found, now)
    commit(store.cancel(found.cancelled(now, by)))
    return get(promotion, store)
