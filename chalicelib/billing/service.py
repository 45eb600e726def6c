"""Make Stripe hold what the ledger says, and prove that it does."""

from chalicelib.billing import rules
from chalicelib.billing.accounts import ensure
from chalicelib.billing.model import EVENT_NAMES, GatewayRefused
from chalicelib.billing.ports import Till
from chalicelib.kernel.clock import SECOND, Millis, hour_millis, hour_start, kst_month
from chalicelib.kernel.errors import Conflict
from chalicelib.metering.model import Meter, Window

# Twice the sending function's timeout: when a lease ends, its sender is dead.
LEASE: Millis = 60 * SECOND
_CHASES = 5


def send_window(till: Till, meter: Meter, hour: str, now: Millis) -> bool:
    """Tell Stripe the window's absolute total; return whether it now holds the latest.

    Safe to call twice, at once, late, or after dying half-way. Raises what the gateway raises, and leaves the
    window dirty then; a refused one is taken off the outbox until it changes or is repaired.
    """
    for _ in range(_CHASES):
        window = till.windows.find(meter, hour)
        if window is None or window.dirty_since is None:
            return True
        try:
            till.commit(till.windows.lease(window, now, now + LEASE))
        except Conflict:
            return False
        if _send_leased(till, meter, hour, now):
            return True
    return False


def _send_leased(till: Till, meter: Meter, hour: str, now: Millis) -> bool:
    # Read after the lease was won: nobody else sends now, so what is read is the newest that Stripe will get.
    window = till.windows.find(meter, hour)
    if window is None:
        raise AssertionError("windows are never deleted")
    try:
        _tell(till, window, now)
    except GatewayRefused as refusal:
        # Asking again would hold up the tenant's other hours for the same answer; reconciliation keeps naming it.
        till.commit(till.windows.refuse(window, refusal.code or refusal.message))
        raise
    return _acknowledge(till, window, now)


def _tell(till: Till, window: Window, now: Millis) -> None:
    till.gateway.ensure_meter(EVENT_NAMES[window.meter])
    # Usage outside of a subscription would never be billed.
    customer = ensure(till, now, since=kst_month(hour_millis(window.hour)))
    till.gateway.put_hour_total(
        event_name=EVENT_NAMES[window.meter],
        customer=customer,
        hour=hour_start(window.hour),
        total=window.total,
        identifier=rules.identifier(till.stage, window),
        attempt=window.attempt,
    )


def _acknowledge(till: Till, window: Window, now: Millis) -> bool:
    """Record what Stripe took; return whether it is the latest."""
    try:
        till.commit(till.windows.sent(window, now))
    except Conflict:
        try:
            till.commit(till.windows.sent_but_moved(window, now))
        except Conflict:
            # Our lease had run out, and another sender's newer total has just been overwritten by ours.
            till.commit(till.windows.repair(window.meter, window.hour, now))
        return False
    return True
