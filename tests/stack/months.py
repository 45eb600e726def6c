"""What specs ask of a stage whose months are closed: its clock, usage that somebody wrote by hand, its jobs."""

import importlib
import os
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from infra import clock
from infra.cloud import client
from tests.stack.conftest import Stack
from tests.stack.deployed import eventually, failure, warm
from tests.stack.ground import ask_stripe
from tests.stack.inside import inside

Json = dict[str, Any]

KST = timezone(timedelta(hours=9))
USAGE = "duredesk_human_contacts"
# What nobody has answered, and Stripe holds all the same.
TOO_MANY = 3


def move_clock(stack: Stack, asked: Json) -> Json:
    """Move the time of functions and of Stripe to so many `minutes` after a `month` has ended in Seoul."""
    year, number = map(int, asked["month"].split("-"))
    end = datetime(year + number // 12, number % 12 + 1, 1, tzinfo=KST)
    ahead = end + timedelta(minutes=asked["minutes"]) - datetime.now(UTC)
    seconds = int(ahead.total_seconds())
    clock.shift({**stack.functions, "Endpoint": stack.endpoint, "StripeBase": stack.stripe_base}, seconds)
    ask_stripe(stack.stripe_base, "POST", "tick")
    # A process lives in one time only, so that all of them are new.
    warm(stack.api_url)
    return {"seconds": seconds}


def plant(stack: Stack, asked: Json) -> Json:
    """Write an hour's usage of a `tenant` by hand, and have Stripe refuse what we send of it next, once."""
    send(stack, {})
    held = ask_stripe(stack.stripe_base, "GET", "dump")
    owners = {row["id"]: row["metadata"]["tenant"] for row in held["customers"]}
    mine = [
        row for row in held["totals"] if row["event_name"] == USAGE and owners[row["customer"]] == asked["tenant"]
    ]
    row = max(mine, key=lambda one: int(one["hour"]))
    wrong = {
        "event_name": USAGE,
        "customer": row["customer"],
        "when": row["hour"],
        "value": row["total"] + TOO_MANY,
    }
    ask_stripe(stack.stripe_base, "POST", "do/manual_usage", wrong)
    ask_stripe(stack.stripe_base, "POST", "faults", {"kind": "reject", "containing": row["customer"]})
    return {"ours": row["total"], "theirs": wrong["value"]}


def send(stack: Stack, _: Json) -> Json:
    """Send what Stripe was not sent yet, and return how many hours are left."""
    with inside(stack) as run:
        return {"left": run("infra.operate:send_usage").result()}


def hourly(stack: Stack, _: Json) -> Json:
    """Run the hourly function, and return the text of what it raised."""
    raised = failure(client("lambda", stack.endpoint), stack.functions["ReconcileFunction"])
    return {"raised": raised}


def refused(stack: Stack, _: Json) -> Json:
    """Wait until Stripe has refused all that it was to refuse, and return whether it has."""
    left = eventually(lambda: ask_stripe(stack.stripe_base, "GET", "faults")["data"], lambda found: not found)
    return {"refused": not left}


def reconcile(stack: Stack, asked: Json) -> Json:
    """Reconcile a `tenant` so many `seconds` ahead of our time, and return what differs."""
    with inside(stack) as run:
        found: Json = run("tests.stack.months:reconciled", asked["tenant"], asked["seconds"]).result()
    return found


def reconciled(tenant: str, seconds: int) -> Json:
    """Return what the operator's reconciliation finds of a tenant, `seconds` ahead of our time."""
    os.environ["CLOCK_OFFSET_SECONDS"] = str(seconds)
    [report] = [one for one in importlib.import_module("infra.operate").reconcile() if one.tenant == tenant]
    return {"difference_won": report.difference_won, "breaks": [asdict(one) for one in report.breaks]}


ERRANDS: dict[str, Callable[[Stack, Json], Json]] = {
    "/clock": move_clock,
    "/plant": plant,
    "/send": send,
    "/hourly": hourly,
    "/refused": refused,
    "/reconcile": reconcile,
}
