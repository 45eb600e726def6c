"""Billing's work off the queue, the stream and the clock."""

import json
from collections.abc import Mapping
from typing import Any

from chalicelib.aws import queues
from chalicelib.aws.batches import each_job, each_of
from chalicelib.aws.observe import log
from chalicelib.aws.settings import settings
from chalicelib.billing.listening import apply, ask, look_around
from chalicelib.billing.model import GatewayRefused, GatewayUnavailable
from chalicelib.billing.service import send_window
from chalicelib.billing.wiring import ear, till_of
from chalicelib.kernel.clock import MINUTE, Millis
from chalicelib.metering.model import Meter
from chalicelib.metering.windows import dirty_windows
from chalicelib.tenants.store import all_tenants

_PATIENCE: Millis = 5 * MINUTE


class WindowNotSent(Exception):
    """The window is still dirty: the queue shall bring it again."""


def relay_window(record: Mapping[str, Any]) -> None:
    """Queue a window for sending when its stream `record` shows that it became dirty."""
    change = record["dynamodb"]
    new, old = change.get("NewImage", {}), change.get("OldImage", {})
    if new.get("kind", {}).get("S") != "window" or "dirty_since" not in new:
        return
    if "dirty_since" in old and old["gen"] == new["gen"]:
        return
    _nudge(new["tenant"]["S"], new["meter"]["S"], new["hour"]["S"], f"r{new['rev']['N']}g{new['gen']['N']}")


def relay_event(record: Mapping[str, Any]) -> None:
    """Queue an event of the provider's when its stream `record` shows that it was just stored."""
    new = record["dynamodb"]["NewImage"]
    if new["done_at"]["N"] == "0":
        name, about = new["id"]["S"], new["about"]["S"]
        queues.send(settings().usage_queue_url, {"event": name}, group=about or name, once=name)


def relay_plans(record: Mapping[str, Any]) -> None:
    """Queue a tenant's account when its stream `record` shows that its profile changed.

    A change of plan must be told before the month ends; the queue waits longer than a profile is remembered.
    """
    change = record["dynamodb"]
    new, old = change.get("NewImage", {}), change.get("OldImage", {})
    if new.get("profile") != old.get("profile"):
        tenant = new["tenant"]["S"]
        once = f"{tenant}:{change['SequenceNumber']}"
        queues.send(settings().usage_queue_url, {"account": tenant}, group=tenant, once=once)


def work(body: str, now: Millis) -> None:
    """Do what a queue message names: send a window, look into an event, or bring an account up to date.

    Raises so that the message comes again if that may help.
    """
    named = json.loads(body)
    if "event" in named:
        apply(ear(), named["event"], now)
    elif "account" in named:
        with till_of(named["account"]) as till:
            look_around(till, now)
    else:
        _send(named, now)


def _send(named: dict[str, str], now: Millis) -> None:
    try:
        with till_of(named["tenant"]) as till:
            done = send_window(till, Meter(named["meter"]), named["hour"], now)
    except GatewayRefused:
        log().exception("Stripe refused a window", window=named)
        return
    if not done:
        raise WindowNotSent(str(named))


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
            with till_of(tenant) as till:
                left += not send_window(till, meter, hour, now)
        except (GatewayRefused, GatewayUnavailable):
            log().exception("not sent", tenant=tenant, hour=hour)
            left += 1
    return left


def backfill(now: Millis) -> int:
    """Find what the provider never told us, or told and was not heard; return how many events and invoices.

    A tenant that cannot be looked at stops no other; all of their errors are raised together in the end.
    """

    def one(tenant: str) -> int:
        with till_of(tenant) as till:
            return look_around(till, now)

    found = each_job(
        events=lambda: ask(ear(), now),
        accounts=lambda: sum(each_of("backfill", all_tenants(), one)),
    )
    return sum(found.values())


def _nudge(tenant: str, meter: str, hour: str, once: str) -> None:
    queues.send(
        settings().usage_queue_url,
        {"tenant": tenant, "meter": meter, "hour": hour},
        group=tenant,
        once=f"{tenant}:{meter}:{hour}:{once}",
    )
