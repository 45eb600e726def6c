"""What the desk does by itself as time goes on, until nothing is left to do; and the proof that all is well."""

import time_machine

from chalicelib.closing.jobs import reconcile_all
from chalicelib.kernel.clock import MINUTE, SECOND
from infra.operate import now
from tests.stack import calls
from tests.stack.ground import Ground
from tests.stack.invariants import Rows, violations

# Longer than any lease and than the sweeper's patience, and once more for what that made.
_MOMENTS = (6 * MINUTE, 12 * MINUTE)


def at(millis: int) -> time_machine.travel:
    """Stop the clock of this process at a time."""
    return time_machine.travel(millis / SECOND, tick=False)


def settle(here: Ground, start: int) -> None:
    """Sweep and send after `start`, longer than any lease and any patience there is."""
    for moment in _MOMENTS:
        with at(start + moment):
            calls.sweep()
            calls.deliver_usage(here.messages())


def unsettled(rows: Rows, stripe: dict[str, int]) -> list[str]:
    """Return what is wrong now that everything had the time to settle."""
    wrong = violations(rows) + _leases(rows) + _overflow(rows) + _stripe(rows, stripe)
    for report in reconcile_all(now(), repair=False):
        wrong += [str(found) for found in report.breaks]
        if report.difference_won:
            wrong.append(f"{report.tenant} differs by {report.difference_won} won")
    return wrong


def _leases(rows: Rows) -> list[str]:
    wrong = [f"{ref} is still claimed" for ref, row in rows.contacts.items() if row["status"] == "claimed"]
    wrong += [f"{name} still holds something" for name, row in rows.agents.items() if row["load"]]
    return wrong + [f"{row['pk']} {row['sk']} is dirty" for row in rows.windows if "dirty_since" in row]


def _overflow(rows: Rows) -> list[str]:
    wrong = [f"{ref} is still held back" for ref, row in rows.contacts.items() if row["status"] == "overflow"]
    return wrong + [f"{row['pk']} still has its turn" for row in rows.clocks if "held_since" in row]


def _stripe(rows: Rows, theirs: dict[str, int]) -> list[str]:
    """Stripe holds each tenant's windows, and nothing else."""
    ours: dict[str, int] = {}
    for window in rows.windows:
        ours[window["tenant"]] = ours.get(window["tenant"], 0) + window["total"]
    names = ours.keys() | theirs.keys()
    return [
        f"{name}: windows {ours.get(name, 0)}, Stripe {theirs.get(name, 0)}"
        for name in sorted(names)
        if ours.get(name, 0) != theirs.get(name, 0)
    ]


def stripe_totals(here: Ground) -> dict[str, int]:
    """Return what the stand-in would bill, by tenant."""
    dump = here.stripe("GET", "dump")
    owners = {customer["id"]: customer["metadata"]["tenant"] for customer in dump["customers"]}
    totals: dict[str, int] = {}
    for row in dump["totals"]:
        owner = owners[row["customer"]]
        totals[owner] = totals.get(owner, 0) + row["total"]
    return totals
