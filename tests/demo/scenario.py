"""What happens in the demo: each inquiry as it came, turn by turn."""

import json
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from infra.stages import ROOT

INQUIRIES = ROOT / "tests" / "data" / "inquiries.jsonl"
FREE_HOURS = 72
TRANSFER_EVERY = 24
RELEASE_EVERY = 36


class Detour(StrEnum):
    """What an agent does with a contact before answering it."""

    NONE = ""
    TRANSFER = "transfer"
    RELEASE = "release"


@dataclass(frozen=True)
class Shop:
    """A shop as its own file declares it."""

    id: str
    name: str
    price_won: int


@dataclass(frozen=True)
class Turn:
    """One thing said after the opening."""

    by_agent: bool
    text: str


@dataclass(frozen=True)
class Reopening:
    """The customer comes back so many hours after the resolution."""

    hours: int
    text: str
    reply: str

    @property
    def is_free(self) -> bool:
        """Whether it continues the same billed episode."""
        return self.hours <= FREE_HOURS


@dataclass(frozen=True)
class Inquiry:
    """One contact of the demo; `spam_after` is the number of replies before it is marked as spam."""

    id: str
    tenant: str
    channel: str
    customer: str
    text: str
    turns: tuple[Turn, ...]
    note: str | None
    outcome: str
    merge_into: str | None
    reopening: Reopening | None
    spam_after: int | None
    spam_undone: bool
    detour: Detour

    @property
    def replies(self) -> int:
        """How often an agent answers before the first resolution."""
        return sum(turn.by_agent for turn in self.turns)

    @property
    def opening_turns(self) -> int:
        """How much the customer adds before anybody answers."""
        by_agent = [turn.by_agent for turn in self.turns]
        return by_agent.index(True) if True in by_agent else len(by_agent)


def load_shops() -> dict[str, Shop]:
    """Return the shops by id."""
    found = [tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted((ROOT / "tenants").glob("*.toml"))]
    return {row["id"]: Shop(row["id"], row["name"], row["price_won"]) for row in found}


def load_inquiries(path: Path = INQUIRIES) -> list[Inquiry]:
    """Return all inquiries in their order of arrival."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    plain = 0
    found = []
    undone = 0
    for row in rows:
        detour, spam_after = Detour.NONE, None
        if row["outcome"] == "spam":
            spam_after = len(row["replies"])
        elif row["spam_undone"]:
            # The first one is taken for spam before it is answered, the second one after.
            spam_after, undone = undone, undone + 1
        elif row["outcome"] == "resolved":
            plain += 1
            detour = _detour(plain)
        found.append(_inquiry(row, detour, spam_after))
    return found


def turns(follow_ups: list[str], replies: list[str]) -> tuple[Turn, ...]:
    """Return who says what in which order: the answer to the last follow-up comes last."""
    early = max(0, len(follow_ups) - max(0, len(replies) - 1))
    order = [Turn(False, text) for text in follow_ups[:early]]
    order += [Turn(True, text) for text in replies[:1]]
    later = follow_ups[early:]
    for number, reply in enumerate(replies[1:]):
        if number < len(later):
            order.append(Turn(False, later[number]))
        order.append(Turn(True, reply))
    return tuple(order)


def _detour(number: int) -> Detour:
    if number % TRANSFER_EVERY == 0:
        return Detour.TRANSFER
    return Detour.RELEASE if number % RELEASE_EVERY == 1 else Detour.NONE


def _inquiry(row: dict[str, Any], detour: Detour, spam_after: int | None) -> Inquiry:
    again = row["reopen"]
    return Inquiry(
        id=row["id"],
        tenant=row["tenant"],
        channel=row["channel"],
        customer=row["customer"],
        text=row["text"],
        turns=turns(row["follow_ups"], row["replies"]),
        note=row["note"],
        outcome=row["outcome"],
        merge_into=row["merge_into"],
        reopening=Reopening(again["after_hours"], again["text"], again["reply"]) if again else None,
        spam_after=spam_after,
        spam_undone=row["spam_undone"],
        detour=detour,
    )
