"""Billing's work off the queue, the stream and the clock."""

import json
from collections.abc import Mapping
from typing import Any

from chalicelib.aws import queues
from chalicelib.aws.credentials import Scope, acting
from chalicelib.aws.observe import log
from chalicelib.aws.settings import settings
from chalicelib.billing.model import Cause, GatewayRefused, GatewayUnavailable, Report
from chalicelib.billing.service import STRIPE_REACH, reconcile, send_window
from chalicelib.billing.wiring import till
from chalicelib.contacts.store import Contacts
from chalicelib.kernel.clock import HOUR, MINUTE, Millis, utc
from chalicelib.metering.model import Meter
from chalicelib.metering.store import Ledger
from chalicelib.metering.windows import dirty_windows
from chalicelib.tenants.store import all_tenants

_PATIENCE: Millis = 5 * MINUTE
_RECENT: Millis = 3 * HOUR
_NIGHT_UTC_HOUR = 19


class WindowNotSent(Exception):
    """The window is still dirty: the queue shall bring it again."""


class ReconciliationBroken(Exception):
    """Something differs; raised so that the function's error alarm rings."""


def relay_window(record: Mapping[str, Any]) -> None:
    """Queue a window for sending when its stream `record` shows that it became dirty."""
    change = record["dynamodb"]
    new, old = change.get("NewImage", {}), change.get("OldImage", {})
    if new.get("kind", {}).get("S") != "window" or "dirty_since" not in new:
        return
    if "dirty_since" in old and old["gen"] == new["gen"]:
        return
    _nudge(new["tenant"]["S"], new["meter"]["S"], new["hour"]["S"], f"r{new['rev']['N']}g{new['gen']['N']}")


def send_usage(body: str, now: Millis) -> None:
    """Send the window that a queue message names; raise so that the message comes again if that may help."""
    named = json.loads(body)
    try:
        with acting(Scope(tenant=named["tenant"])):
            done = send_window(till(named["tenant"]), Meter(named["meter"]), named["hour"], now)
    except GatewayRefused:
        log().exception("Stripe refused a window", **named)
        return
    if not done:
        raise WindowNotSent(body)


def sweep_windows(now: Millis) -> int:
    """Queue again, every 5 minutes, each window that is still dirty after 5 minutes; return how many are."""
    late = dirty_windows(before=now - _PATIENCE)
    for tenant, meter, hour in late:
        _nudge(tenant, meter, hour, f"s{now // _PATIENCE}")
    if late:
        log().warning("windows wait for Stripe", windows=len(late))
    return len(late)


def send_all(now: Millis) -> int:
    """Send every dirty window now, without the queue; return how many are still dirty."""
    left = 0
    for tenant, meter, hour in dirty_windows(before=now + 1):
        try:
            with acting(Scope(tenant=tenant)):
                left += not send_window(till(tenant), meter, hour, now)
        except (GatewayRefused, GatewayUnavailable):
            log().exception("not sent", tenant=tenant, hour=hour)
            left += 1
    return left


def reconcile_all(now: Millis, *, since: Millis = 0, repair: bool) -> list[Report]:
    """Reconcile every tenant, with contacts changed since `since`, and log each break by name.

    A tenant that cannot be reconciled stops no other; all of their errors are raised together in the end.
    """
    reports, errors = [], []
    for tenant in all_tenants():
        try:
            with acting(Scope(tenant=tenant)):
                contacts = Contacts(tenant, sealed=True)
                report = reconcile(till(tenant), contacts, Ledger(tenant), now, since=since, repair=repair)
        except Exception as error:
            log().exception("not reconciled", tenant=tenant)
            errors.append(error)
            continue
        for found in report.breaks:
            log().error("break", rule=found.rule, tenant=tenant, item=found.item, cause=found.cause)
        reports.append(report)
    if errors:
        raise ExceptionGroup("tenants were not reconciled", errors)
    return reports


def reconcile_settled(now: Millis) -> None:
    """Reconcile every tenant, repair what can be sent again, and raise for whatever is not in flight.

    Each hour looks at the last three; that at 04 h in Seoul, when it is quiet, at all that Stripe still takes.
    """
    reach = STRIPE_REACH if utc(now).hour == _NIGHT_UTC_HOUR else _RECENT
    reports = reconcile_all(now, since=now - reach, repair=True)
    broken = [found for report in reports for found in report.breaks if found.cause is not Cause.IN_FLIGHT]
    if broken:
        raise ReconciliationBroken(f"{len(broken)} breaks, the first: {broken[0]}")


def _nudge(tenant: str, meter: str, hour: str, once: str) -> None:
    queues.send(
        settings().usage_queue_url,
        {"tenant": tenant, "meter": meter, "hour": hour},
        group=tenant,
        once=f"{tenant}:{meter}:{hour}:{once}",
    )
