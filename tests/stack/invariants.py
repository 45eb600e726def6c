"""What must hold of all rows at any moment, read from the table itself and not through the product."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from boto3.dynamodb.types import TypeDeserializer

Row = dict[str, Any]

STATES = {"waiting", "overflow", "claimed", "resolved", "spam", "merged"}
# In which part of the index each status is shown to the pools.
SHOWN = {"waiting": "queue", "overflow": "overflow"}


@dataclass
class Rows:
    """The rows of a table by kind."""

    contacts: dict[str, Row] = field(default_factory=dict)
    agents: dict[str, Row] = field(default_factory=dict)
    usage: list[Row] = field(default_factory=list)
    windows: list[Row] = field(default_factory=list)
    clocks: list[Row] = field(default_factory=list)
    messages: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)

    def owner(self, row: Row) -> str:
        """Return the `tenant/contact` that a message, event or entry belongs to."""
        tenant, _, contact = row["pk"].split("#")
        return f"{tenant}/{contact}"


def read(items: Iterable[Row]) -> Rows:
    """Sort raw DynamoDB items by kind."""
    rows = Rows()
    for item in items:
        row = plain(item)
        kind = row["kind"]
        if kind == "contact":
            rows.contacts[f"{row['tenant']}/{row['contact']}"] = row
        elif kind == "agent":
            rows.agents[row["agent"]] = row
        else:
            known = {"usage": rows.usage, "window": rows.windows, "message": rows.messages, "event": rows.events}
            known |= {"clock": rows.clocks}
            known.get(kind, []).append(row)
    return rows


def plain(item: Row) -> Row:
    """Return a raw DynamoDB item as plain values."""
    values = {name: TypeDeserializer().deserialize(value) for name, value in item.items()}
    return {name: _number(value) if isinstance(value, Decimal | None) else value for name, value in values.items()}


def violations(rows: Rows) -> list[str]:
    """Return everything that must not be, in words; nothing if all is well."""
    return [*_hands(rows), *_visibility(rows), *_ledger(rows), *_windows(rows)]


def _hands(rows: Rows) -> list[str]:
    """A contact is with one agent at most, who knows of it, and no load is wrong or too high."""
    wrong = []
    claimed = defaultdict(set)
    for ref, contact in rows.contacts.items():
        if (contact["status"] == "claimed") != bool(contact.get("agent")):
            wrong.append(f"{ref} is {contact['status']} with agent {contact.get('agent')}")
        if contact.get("agent"):
            claimed[contact["agent"]].add(ref)
    for name, agent in rows.agents.items():
        holding = agent.get("holding", set())
        load = sum(rows.contacts[ref]["weight"] for ref in holding if ref in rows.contacts)
        if holding != claimed[name]:
            wrong.append(f"{name} holds {holding}, contacts say {claimed[name]}")
        if not 0 <= agent["load"] <= agent["capacity"] or agent["load"] != load:
            wrong.append(f"{name} has load {agent['load']} of {agent['capacity']}, holding weighs {load}")
    return wrong + [f"{name} is no agent" for name in claimed.keys() - rows.agents.keys()]


def _visibility(rows: Rows) -> list[str]:
    """Every contact is in a named state, has what its customer wrote, and is shown to its pool exactly as that."""
    said = {rows.owner(message) for message in rows.messages}
    wrong = [f"{ref} is {row['status']}" for ref, row in rows.contacts.items() if row["status"] not in STATES]
    wrong += [f"{ref} has no message" for ref in rows.contacts.keys() - said]
    wrong += [f"{ref} has messages and is no contact" for ref in said - rows.contacts.keys()]
    for ref, row in rows.contacts.items():
        shown = SHOWN.get(row["status"])
        if row.get("work_pk") != (f"~{shown}#{row['pool']}" if shown else None):
            wrong.append(f"{ref} is {row['status']} with work_pk {row.get('work_pk')}")
    for row in rows.clocks:
        if ("held_since" in row) != row.get("work_pk", "").startswith("~held#"):
            wrong.append(f"{row['pk']} {row['sk']} is held since {row.get('held_since')}, {row.get('work_pk')}")
    return wrong


def _ledger(rows: Rows) -> list[str]:
    """Each episode's entries are numbered without a gap, and their running sum is 0 or 1."""
    wrong = []
    episodes = defaultdict(list)
    for entry in rows.usage:
        episodes[rows.owner(entry), entry["episode"]].append(entry)
    for (ref, episode), entries in episodes.items():
        entries.sort(key=lambda entry: entry["n"])
        if [entry["n"] for entry in entries] != list(range(1, len(entries) + 1)):
            wrong.append(f"{ref} episode {episode} has entries {[entry['n'] for entry in entries]}")
        total = 0
        for entry in entries:
            total += entry["delta"]
            if total not in (0, 1):
                wrong.append(f"{ref} episode {episode} sums to {total}")
    for ref, contact in rows.contacts.items():
        current = episodes[ref, contact["episode"]]
        if (contact["n"], contact["net"]) != (len(current), sum(entry["delta"] for entry in current)):
            wrong.append(f"{ref} guards n={contact['n']} net={contact['net']} over {len(current)} entries")
    return wrong


def _windows(rows: Rows) -> list[str]:
    """Each window is the sum of its entries, and what is clean was sent."""
    sums: Counter[tuple[str, int]] = Counter()
    for entry in rows.usage:
        sums[entry["tenant"], entry["booked_at"] // 3_600_000] += entry["delta"]
    total = sum(window["total"] for window in rows.windows)
    wrong = []
    if total != sum(sums.values()):
        wrong.append(f"windows hold {total}, the ledger {sum(sums.values())}")
    for window in rows.windows:
        if "dirty_since" not in window and window["sent_rev"] != window["rev"]:
            wrong.append(f"{window['pk']} {window['sk']} is clean at {window['rev']}, sent {window['sent_rev']}")
    return wrong


def _number(value: Any) -> Any:
    return int(value) if value is not None and value == int(value) else value
