"""Compares what the desk and Stripe hold in the end with what the scenario says."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from tests.demo.client import Client
from tests.demo.floor import Floor, Talk
from tests.demo.oracle import bill, expect
from tests.demo.scenario import Shop
from tests.demo.team import Agent

_READERS = 8
KST = timezone(timedelta(hours=9))


@dataclass(frozen=True)
class Booked:
    """What the ledger holds of this run for one shop."""

    entries: int
    billable: int
    won: int
    by_contact: Mapping[str, int]


def stories(shops: Mapping[str, Client], talks: Sequence[Talk]) -> dict[str, Any]:
    """Read every contact of the run once more, as its shop sees it."""
    with ThreadPoolExecutor(_READERS) as pool:
        asked = [pool.submit(shops[talk.inquiry.tenant].get, talk.path) for talk in talks]
        return {talk.contact: one.result() for talk, one in zip(talks, asked, strict=True)}


def withheld_faults(agent: Agent, talks: Sequence[Talk]) -> list[str]:
    """Return each of these contacts, which nobody holds any more, of which an agent still sees what was said."""
    found = {talk.contact: agent.client.get(talk.path) for talk in talks}
    return [f"{contact} is still open to {agent.name}" for contact, story in found.items() if story["messages"]]


def story_faults(talks: Sequence[Talk], found: Mapping[str, Any]) -> list[str]:
    """Return each contact that did not end as it should, or whose story is not exactly what was said."""
    ids = {talk.inquiry.id: talk.contact for talk in talks}
    faults = []
    for talk in talks:
        story, expected = found[talk.contact], expect(talk.inquiry)
        contact = story["contact"]
        said = {
            author: tuple(message["text"] for message in story["messages"] if message["author"] == author)
            for author in ("customer", "agent", "note")
        }
        survivor = ids[talk.inquiry.merge_into] if talk.inquiry.merge_into else ""
        for what, is_, should_be in (
            ("status", contact["status"], expected.status),
            ("episode", contact["episode"], expected.episode),
            ("merged into", contact.get("merged_into", ""), survivor),
            ("customer", said["customer"], expected.by_customer),
            ("agents", said["agent"], expected.by_agents),
            ("the agents' notes, as the shop sees them,", said["note"], ()),
        ):
            if is_ != should_be:
                faults.append(f"{talk.inquiry.id} {contact['id']}: {what} is {is_!r}, not {should_be!r}")
    return faults


def read_ledger(client: Client, shop: Shop, talks: Sequence[Talk], span: tuple[datetime, datetime]) -> Booked:
    """Return what the shop's own view of the ledger says of this run's contacts."""
    mine = {talk.contact for talk in talks if talk.inquiry.tenant == shop.id}
    entries: list[dict[str, Any]] = []
    for month in _months(*span):
        entries += [entry for entry in _lines(client, shop, month) if entry["contact"] in mine]
    by_contact = dict.fromkeys(mine, 0)
    for entry in entries:
        by_contact[entry["contact"]] += entry["delta"]
    won = sum(entry["delta"] * entry["price_won"] for entry in entries)
    return Booked(len(entries), sum(by_contact.values()), won, by_contact)


def _lines(client: Client, shop: Shop, month: str) -> Iterator[dict[str, Any]]:
    """Yield a month's lines, page by page."""
    page = client.get(f"/v1/tenants/{shop.id}/usage", month=month)
    yield from page["entries"]
    while page.get("cursor"):
        page = client.get(f"/v1/tenants/{shop.id}/usage", month=month, cursor=page["cursor"])
        yield from page["entries"]


def ledger_faults(shop: Shop, booked: Booked, talks: Sequence[Talk]) -> list[str]:
    """Return where a shop's ledger differs from what its inquiries must cost."""
    own = [talk for talk in talks if talk.inquiry.tenant == shop.id]
    due = bill(shop, [talk.inquiry for talk in own])
    pairs = (
        ("entries", booked.entries, due.entries),
        ("billable", booked.billable, due.billable),
        ("won", booked.won, due.won),
    )
    faults = [
        f"{shop.id}: {what} in the ledger {is_}, expected {want}" for what, is_, want in pairs if is_ != want
    ]
    for talk in own:
        is_, want = booked.by_contact[talk.contact], expect(talk.inquiry).billable
        if is_ != want:
            faults.append(f"{talk.inquiry.id} {talk.contact}: billed {is_} times, expected {want}")
    return faults


def floor_faults(floor: Floor) -> list[str]:
    """Return what the agents and shops themselves saw go wrong."""
    faults = [f"{floor.double_claims} contacts were handed to two agents at once"] if floor.double_claims else []
    for talk in floor.talks:
        if talk.again and floor.episodes.get(talk.contact) != expect(talk.inquiry).episode:
            faults.append(f"{talk.inquiry.id} was reopened in episode {floor.episodes.get(talk.contact)}")
    return faults


def _months(first: datetime, last: datetime) -> list[str]:
    """Return the Korean billing months from `first` to `last`."""
    day, end = first.astimezone(KST).date(), last.astimezone(KST).date()
    days = [day + timedelta(days=number) for number in range((end - day).days + 1)]
    return sorted({f"{one:%Y-%m}" for one in days})
