"""What must be the same however often and in whatever order things were delivered."""

from typing import Any

from chalicelib.aws.vault import Vault
from tests.stack.invariants import Row, Rows

# Wasted ticks of a clock are harmless by design; when a lease ends or a total was sent depends on who came last.
_FREE = {"attempt", "lease_until", "sent_at", "dirty_since", "work_sk", "alive_until"}
# Who was held back is let in sooner or later, and ranks by a clock that may have ticked for nothing.
_FREE_AFTER_OVERFLOW = {"rank", "admitted_at", "changed_at", "lists_sk"}


def canonical(rows: Rows, stripe: dict[str, int]) -> dict[str, Any]:
    """Return contacts, stories, ledger, windows, agents and Stripe's totals, random event ids replaced."""
    names = {event["event"]: f"{event['action']} by {event['actor']} at {event['at']}" for event in rows.events}
    parts = {
        "contacts": rows.contacts.values(),
        "agents": rows.agents.values(),
        "usage": rows.usage,
        "windows": rows.windows,
        "messages": rows.messages,
        "events": rows.events,
    }
    found = {kind: sorted(_flat(row, names) for row in part) for kind, part in parts.items()}
    return found | {"stripe": stripe}


def differences(wanted: dict[str, Any], got: dict[str, Any]) -> list[str]:
    """Return what only one of two canonical forms holds."""
    found = []
    for kind, rows in wanted.items():
        left, right = list(rows), list(got[kind])
        found += [f"{kind} lacks {row}" for row in left if row not in right]
        found += [f"{kind} has {row}" for row in right if row not in left]
        if len(left) != len(right):
            found.append(f"{kind}: {len(right)} instead of {len(left)}")
    if wanted["stripe"] != got["stripe"]:
        found.append(f"Stripe holds {got['stripe']} instead of {wanted['stripe']}")
    return found


def _flat(row: Row, names: dict[str, str]) -> str:
    free = _FREE | _FREE_AFTER_OVERFLOW if row.get("status") == "waiting" and row.get("admitted_at") else _FREE
    kept = {name: value for name, value in row.items() if name not in free}
    for name, value in kept.items():
        if name == "content":
            # Sealed anew each time: what was said must be the same.
            kept[name] = Vault(row["pk"].partition("#")[0]).open(f"{row['pk']} {row['sk']}", bytes(value))
        elif isinstance(value, set):
            kept[name] = sorted(value)
        elif isinstance(value, str):
            kept[name] = names.get(value.removeprefix("event#"), value)
    return str(sorted(kept.items()))
