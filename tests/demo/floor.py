"""What the agents and the shops of the demo see of each other's work, kept apart from what the product says."""

import threading
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.demo.scenario import Inquiry, Reopening

KNOWN_SECONDS = 20


@dataclass
class Talk:
    """An inquiry on its way: who holds the contact plays its next turn."""

    inquiry: Inquiry
    opened: Future[str] = field(default_factory=Future)
    ready: threading.Event = field(default_factory=threading.Event)
    turn: int = 0
    replies: int = 0
    detoured: bool = False
    marked: bool = False
    noted: bool = False
    again: Reopening | None = None

    @property
    def contact(self) -> str:
        """The id that the API gave it."""
        return self.opened.result(KNOWN_SECONDS)

    @property
    def path(self) -> str:
        """Where the API has it."""
        return f"/v1/tenants/{self.inquiry.tenant}/contacts/{self.contact}"


@dataclass(frozen=True)
class Claim:
    """One contact handed to one agent, as the agent saw it."""

    contact: str
    agent: str
    version: int


class Floor:
    """What was seen; every method may be called from any thread."""

    def __init__(self, talks: list[Talk]) -> None:
        self.talks = talks
        self.claims: list[Claim] = []
        self.double_claims = 0
        self.waits: dict[str, float] = {}
        self.first_replies: dict[str, float] = {}
        self.held: dict[str, int | None] = {}
        self.episodes: dict[str, int] = {}
        self.failure: BaseException | None = None
        self.transfers = self.releases = self.lapsed = self.strays = 0
        self._opened_at: dict[str, datetime] = {}
        self._held: dict[str, str] = {}
        self._by_contact: dict[str, Talk] = {}
        self._waiting = 0
        self._left = 0
        self._changed = threading.Condition()

    def register(self, talk: Talk, contact: str) -> None:
        """A shop got the receipt for a new contact."""
        with self._changed:
            self._by_contact[contact] = talk
            talk.opened.set_result(contact)
            self._waiting += 1
            self._changed.notify_all()

    def held_back(self, contact: str, told_seconds: int | None) -> None:
        """A contact is beyond its shop's contract: it was told how long to wait, if anybody knew."""
        with self._changed:
            self.held[contact] = told_seconds

    def drained_seconds(self) -> float:
        """Return the time from the first arrival that was held back to the last claim of one."""
        begin = [self._opened_at[contact] for contact in self.held]
        ends = [self._opened_at[contact] + timedelta(seconds=self.waits[contact]) for contact in self.held]
        return (max(ends) - min(begin)).total_seconds() if self.held else 0.0

    def find(self, contact: str) -> Talk | None:
        """Return the talk of a claimed contact; its receipt may still be on its way to the shop."""
        with self._changed:
            self._changed.wait_for(lambda: contact in self._by_contact, KNOWN_SECONDS)
            return self._by_contact.get(contact)

    def claimed(self, contact: dict[str, Any], agent: str) -> None:
        """An agent was handed a contact: nobody else may have it, now or at this version."""
        claim = Claim(contact["id"], agent, contact["version"])
        with self._changed:
            versions = {(other.contact, other.version) for other in self.claims}
            if claim.contact in self._held or (claim.contact, claim.version) in versions:
                self.double_claims += 1
            self.claims.append(claim)
            self._held[claim.contact] = agent
            self._waiting -= 1
            if claim.contact not in self.waits:
                self._opened_at[claim.contact] = _time(contact["opened_at"])
                self.waits[claim.contact] = self._since_opened(claim.contact, contact["changed_at"])

    def handed_over(self, contact: str, agent: str) -> None:
        """A colleague passed a contact on to this agent."""
        with self._changed:
            self.double_claims += contact in self._held
            self._held[contact] = agent
            self.transfers += 1

    def kept(self, contact: str, agent: str) -> None:
        """Nobody could take it over: the agent has it still."""
        with self._changed:
            self._held[contact] = agent

    def letting_go(self, contact: str) -> None:
        """An agent is about to end the claim: from now on someone else may have it."""
        with self._changed:
            self._held.pop(contact, None)

    def answered(self, contact: str, at: str) -> None:
        """The first human answer counts."""
        with self._changed:
            if contact not in self.first_replies:
                self.first_replies[contact] = self._since_opened(contact, at)

    def returned(self) -> None:
        """A contact waits again."""
        with self._changed:
            self._waiting += 1
            self._changed.notify_all()

    def expect(self, conversations: int) -> None:
        """A phase begins in which so many more conversations will end."""
        with self._changed:
            self._left += conversations

    def fail(self, failure: BaseException) -> None:
        """Something went wrong somewhere: everybody stops."""
        with self._changed:
            self.failure = self.failure or failure
            self._changed.notify_all()

    def look_after(self, ended: Future[None]) -> None:
        """Stop everybody if this work failed."""
        failure = ended.exception()
        if failure:
            self.fail(failure)

    def ended(self) -> None:
        """A conversation ended."""
        with self._changed:
            self._left -= 1
            self._changed.notify_all()

    @property
    def is_done(self) -> bool:
        """Whether every conversation of the phase has ended, or must."""
        return self._left <= 0 or self.failure is not None

    def work_to_do(self, seconds: float) -> bool:
        """Wait a moment for something to wait in the queue."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting > 0 or self.is_done, seconds)
            return self._waiting > 0

    def _since_opened(self, contact: str, at: str) -> float:
        return (_time(at) - self._opened_at[contact]).total_seconds()


def _time(iso: str) -> datetime:
    return datetime.fromisoformat(iso)
