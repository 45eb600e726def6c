"""A scripted history of one shop, played step by step; what each step sent is kept, so that it can come again."""

from dataclasses import dataclass, field
from typing import Any

from chalicelib.agents.model import Agent
from chalicelib.kernel.caller import Caller
from chalicelib.kernel.clock import HOUR, MINUTE, SECOND, Millis
from chalicelib.tenants.model import Contract
from tests.stack import calls, world
from tests.stack.calls import Answer, Request
from tests.stack.settling import at


@dataclass(frozen=True)
class Step:
    """A request as it was first delivered, when, and the status that it was answered with."""

    request: Request
    at: Millis
    status: int


@dataclass
class Play:
    """One shop with its own pool, and what has been sent so far."""

    tenant: str
    clock: Millis
    contract: Contract = world.GENEROUS
    steps: list[Step] = field(default_factory=list)

    @property
    def pool(self) -> str:
        return f"pool{self.tenant}"

    @property
    def agents(self) -> tuple[str, str]:
        return f"{self.tenant}mina", f"{self.tenant}juno"

    def found(self) -> None:
        shop = world.tenant(self.tenant, self.pool, contract=self.contract)
        world.found([shop], [Agent(n, n, self.pool, 12) for n in self.agents])

    def use_up(self) -> None:
        """Open the two contacts that a tight contract allows, once: each repeat of them would count against it."""
        for key in ("first", "second"):
            with at(self.clock):
                assert calls.send(self._opening("chat", key)).body["status"] == "waiting"

    def go(self, request: Request) -> dict[str, Any]:
        """Send a request a second after the one before, and keep it."""
        self.clock += SECOND
        with at(self.clock):
            answer: Answer = calls.send(request)
        assert answer.status < 300, (request, answer)
        self.steps.append(Step(request, self.clock, answer.status))
        return answer.body

    def path(self, contact: str = "", what: str = "") -> str:
        return "/".join(part for part in (f"/v1/tenants/{self.tenant}/contacts", contact, what) if part)

    def shop(self) -> Caller:
        return calls.shop(self.tenant)

    def agent(self, number: int = 0) -> Caller:
        return calls.agent(self.agents[number], self.pool)

    def open(self, channel: str = "chat") -> str:
        return str(self.go(self._opening(channel, self._key()))["id"])

    def say(self, caller: Caller, contact: str, what: str) -> dict[str, Any]:
        body = {"text": f"{what} {len(self.steps)}"}
        return self.go(Request(caller, "POST", self.path(contact, what), body, self._key()))

    def act(self, caller: Caller, contact: str, what: str, body: dict[str, Any] | None = None) -> None:
        """Do something to a contact as it is now; reading does not count as a step."""
        with at(self.clock):
            seen = calls.send(Request(caller, "GET", self.path(contact))).body["contact"]["version"]
        self.go(Request(caller, "POST", self.path(contact, what), body, if_match=seen))

    def pull(self, number: int = 0) -> str:
        with at(self.clock):
            seen = calls.send(Request(self.agent(number), "GET", "/v1/agents/me")).body["version"]
        story = self.go(Request(self.agent(number), "POST", "/v1/queue/next", if_match=seen))
        return str(story["contact"]["id"])

    def beat(self, number: int) -> None:
        self.go(Request(self.agent(number), "POST", "/v1/agents/me/heartbeat"))

    def _opening(self, channel: str, key: str) -> Request:
        body = {"channel": channel, "customer": {"id": "c-1"}, "text": f"문의 {len(self.steps)}"}
        return Request(self.shop(), "POST", self.path(), body, key)

    def _key(self) -> str:
        """Return a key that no other step of this shop has."""
        return f"key-{self.clock}-{len(self.steps)}"


def play(story: Play, rounds: int) -> list[Step]:
    """Play everything that can happen to contacts of a shop, `rounds` times, and return every step."""
    story.found()
    for _ in range(rounds):
        _usual(story)
        _came_back(story, 20 * HOUR)
        _came_back(story, 80 * HOUR)
        _handed_on(story)
        _spam(story)
        _merged(story)
        story.clock += 11 * MINUTE
    return story.steps


def promote(story: Play) -> list[Step]:
    """Open more than the contract allows, and do with what is held back all that is done before it is let in."""
    held = [story.open() for _ in range(6)]
    story.say(story.shop(), held[0], "messages")
    story.act(story.shop(), held[1], "spam")
    story.act(story.shop(), held[2], "spam")
    story.act(story.shop(), held[2], "undo-spam")
    story.act(story.agent(), held[3], "claim")
    story.say(story.agent(), held[3], "replies")
    story.act(story.agent(), held[3], "resolve")
    return story.steps


def _answered(story: Play, channel: str = "chat") -> str:
    story.open(channel)
    contact = story.pull()
    story.say(story.agent(), contact, "replies")
    return contact


def _usual(story: Play) -> None:
    contact = story.open()
    story.say(story.shop(), contact, "messages")
    story.pull()
    story.say(story.agent(1), contact, "notes")
    story.say(story.agent(), contact, "replies")
    story.say(story.agent(), contact, "replies")
    story.act(story.agent(), contact, "resolve")


def _came_back(story: Play, after: Millis) -> None:
    """Within 72 hours the same episode goes on; later a new one begins, and is billed again."""
    written, reopened = _answered(story), _answered(story, "email")
    for contact in (written, reopened):
        story.act(story.agent(), contact, "resolve")
    story.clock += after
    story.say(story.shop(), written, "messages")
    story.pull()
    story.act(story.shop(), reopened, "reopen")
    story.act(story.agent(1), reopened, "claim")
    for number, contact in enumerate((written, reopened)):
        story.say(story.agent(number), contact, "replies")
        story.act(story.agent(number), contact, "resolve")


def _handed_on(story: Play) -> None:
    contact = _answered(story)
    story.beat(1)
    story.act(story.agent(), contact, "transfer", {"to": story.agents[1]})
    story.act(story.agent(1), contact, "release")
    story.pull(1)
    story.say(story.agent(1), contact, "replies")
    story.act(story.agent(1), contact, "resolve")


def _spam(story: Play) -> None:
    contact, never = _answered(story), story.open("email")
    story.act(story.agent(), contact, "spam")
    story.act(story.shop(), contact, "undo-spam")
    story.act(story.agent(1), contact, "spam")
    story.act(story.shop(), contact, "undo-spam")
    story.act(story.shop(), never, "spam")
    story.act(story.agent(), contact, "claim")
    story.act(story.agent(), contact, "resolve")


def _merged(story: Play) -> None:
    absorbed, survivor = _answered(story), story.open("email")
    story.act(story.agent(), absorbed, "merge", {"into": survivor})
    story.act(story.agent(), survivor, "claim")
    story.say(story.agent(), survivor, "replies")
    story.act(story.agent(), survivor, "resolve")
