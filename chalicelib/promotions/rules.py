"""When a promotion may be announced, when it counts, and the contract that it raises."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from chalicelib.kernel.clock import DAY, KST, MINUTE, SECOND, Millis
from chalicelib.kernel.errors import BadInput, Conflict, same_body
from chalicelib.promotions.model import TENTHS, Promotion, Status
from chalicelib.tenants.model import Contract

LONGEST: Millis = 14 * DAY
FURTHEST: Millis = 365 * DAY
# Customers of a promotion come early; and a process knows a new one after half a minute.
LEAD: Millis = 15 * MINUTE
SHOWN_AFTER: Millis = 30 * DAY
# Time to find the agents; what comes sooner is helped by idle ones only.
NOTICE: Millis = DAY
MOST_RAISED = 10
MAX_UPCOMING = 50
# With those that are over or cancelled, which are shown for a while: what one list may hold.
MAX_SHOWN = 200
# A contract says no more than this, in tenants.model.Contract.
MAX_CONTRACT = 100_000

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TIME = re.compile(
    r"20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,3})?)?(Z|[+-][0-9]{2}:[0-9]{2})"
)


def parse_time(text: str, field: str) -> Millis:
    """Return the time that `text` says in ISO 8601; raise BadInput `invalid_time`, also for one without offset."""
    try:
        moment = datetime.fromisoformat(text) if _TIME.fullmatch(text) else None
    except ValueError:
        moment = None
    if moment is None:
        raise BadInput("invalid_time", f"{field} is a time with its offset: 2026-11-27T10:00+09:00")
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def parse_multiple(value: float) -> int:
    """Return the multiple in tenths; raise BadInput `invalid_multiple` when it is finer than that."""
    tenths = round(value * TENTHS)
    if tenths / TENTHS != value:
        raise BadInput("invalid_multiple", "multiple has one decimal place at most")
    return tenths


def check_span(starts_at: Millis, ends_at: Millis) -> None:
    """Raise BadInput `ends_before_start` or `promotion_too_long`."""
    if ends_at <= starts_at:
        raise BadInput("ends_before_start", "ends_at is after starts_at")
    if ends_at - starts_at > LONGEST:
        raise BadInput("promotion_too_long", f"a promotion lasts {LONGEST // DAY} days at most")


def promotion_id(starts_at: Millis, request: str) -> str:
    """Return the id of a promotion: ids sort by the day of the start in Asia/Seoul."""
    return f"{day_of(starts_at)}-{request}"


def day_of(at: Millis) -> str:
    """Return the day of `at` in Asia/Seoul, as ids begin: `20261127`."""
    return datetime.fromtimestamp(at / SECOND, KST).strftime("%Y%m%d")


def repeated(new: Promotion, known: Iterable[Promotion]) -> Promotion | None:
    """Return the promotion that the same request made before.

    Raises Conflict `idempotency_mismatch` if that request had another body.
    """
    for one in known:
        if one.request == new.request:
            same_body(one.digest, new.digest)
            return one
    return None


def check_new(new: Promotion, known: Sequence[Promotion], now: Millis) -> None:
    """Raise a refusal unless `new` fits among `known`, all that the shop has announced and is still shown.

    BadInput `starts_in_past` or `too_far_ahead`; Conflict `too_many_promotions` or `promotion_overlaps`. One may
    begin at the moment at which another one ends.
    """
    if new.starts_at < now:
        raise BadInput("starts_in_past", "starts_at is over already")
    if new.starts_at > now + FURTHEST:
        raise BadInput("too_far_ahead", f"a promotion is announced at most {FURTHEST // DAY} days ahead")
    standing = [one for one in known if status_of(one, now) in {Status.ANNOUNCED, Status.RUNNING}]
    if len(standing) >= MAX_UPCOMING or len(known) >= MAX_SHOWN:
        raise Conflict("too_many_promotions", f"a shop has {MAX_UPCOMING} upcoming promotions at most")
    for one in standing:
        if new.starts_at < one.ends_at and one.starts_at < new.ends_at:
            raise Conflict("promotion_overlaps", "another promotion of the shop is at that time", promotion=one.id)


def check_cancel(promotion: Promotion, now: Millis) -> None:
    """Raise Conflict `promotion_over` when there is nothing left to cancel."""
    if status_of(promotion, now) is Status.OVER:
        raise Conflict("promotion_over", "this promotion is over")


def status_of(promotion: Promotion, now: Millis) -> Status:
    """Return where the promotion stands at `now`."""
    if promotion.cancelled_at:
        return Status.CANCELLED
    if now >= promotion.ends_at:
        return Status.OVER
    return Status.RUNNING if now >= promotion.starts_at else Status.ANNOUNCED


def shown(known: Iterable[Promotion], now: Millis) -> list[Promotion]:
    """Return those that a shop's list shows, by start: all but those that were to end over 30 days ago."""
    recent = (one for one in known if one.ends_at > now - SHOWN_AFTER)
    return sorted(recent, key=lambda one: (one.starts_at, one.id))


def contract_at(contract: Contract, promotions: Iterable[Promotion], now: Millis) -> Contract:
    """Return the contract in force: raised from 15 minutes before a promotion until its end.

    Promotions of a shop never overlap; while one runs and the next is about to, the higher multiple counts.
    """
    raising = [one for one in promotions if not one.cancelled_at and one.starts_at - LEAD <= now < one.ends_at]
    if not raising:
        return contract
    return raised(contract, max(raising, key=lambda one: one.multiple_tenths))


def next_raise(contract: Contract, promotions: Iterable[Promotion], now: Millis) -> Promotion | None:
    """Return the first promotion ahead that will raise the contract, or None."""
    ahead = (one for one in promotions if not one.cancelled_at and now < one.starts_at - LEAD)
    raising = (one for one in ahead if raised(contract, one) != contract)
    return min(raising, key=lambda one: one.starts_at, default=None)


def raised(contract: Contract, promotion: Promotion) -> Contract:
    """Return `contract` times the multiple, tenfold at most; as it is if the promotion came with too short notice.

    What others wait is bounded by the sum of all contracts: no shop raises its own beyond what can be staffed.
    """
    if promotion.starts_at - promotion.announced_at < NOTICE:
        return contract
    tenths = min(promotion.multiple_tenths, MOST_RAISED * TENTHS)
    amounts = (-(-amount * tenths // TENTHS) for amount in (contract.rate_per_hour, contract.burst))
    rate, burst = (min(amount, MAX_CONTRACT) for amount in amounts)
    return replace(contract, rate_per_hour=rate, burst=burst)
