"""The customers' side: each shop's server passes on what its customers write."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from tests.demo.client import Client
from tests.demo.floor import Floor, Talk

SERVERS = 6
UNDO_AFTER_SECONDS = 0.5


@dataclass
class Customers:
    """The servers of all shops; `run` makes the keys of this run its own."""

    clients: dict[str, Client]
    floor: Floor
    run: str
    pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(SERVERS, "shop"))

    def arrive(self, arrivals: Sequence[tuple[Talk, float]]) -> None:
        """Open contacts one after the other, each so many seconds after the one before."""
        due = time.monotonic()
        for talk, seconds in arrivals:
            due += seconds
            time.sleep(max(0.0, due - time.monotonic()))
            self._start(self._open, talk)

    def say(self, talk: Talk) -> None:
        """Let the customer write the next turn, and wait until the API has taken it."""
        self.pool.submit(self._say, talk).result()

    def come_back(self, talks: Sequence[Talk]) -> None:
        """Let customers write after their contacts were resolved."""
        for talk in talks:
            self._start(self._come_back, talk).result()

    def undo_spam(self, talk: Talk) -> None:
        """Let the shop find out a little later that it was a customer after all."""
        self._start(self._undo_spam, talk)

    def _start(self, act: Callable[[Talk], None], talk: Talk) -> Future[None]:
        started = self.pool.submit(act, talk)
        started.add_done_callback(self.floor.look_after)
        return started

    def _open(self, talk: Talk) -> None:
        inquiry = talk.inquiry
        body = {"channel": inquiry.channel, "customer": {"id": inquiry.customer}, "text": inquiry.text}
        path = f"/v1/tenants/{inquiry.tenant}/contacts"
        answer = self._client(talk).create(path, body, f"{self.run}:{inquiry.id}")
        self.floor.register(talk, answer.body["id"])
        if answer.body["status"] == "overflow":
            self.floor.held_back(answer.body["id"], answer.body.get("expected_wait", {}).get("expected_s"))
        for _ in range(inquiry.opening_turns):
            self._say(talk)
        talk.ready.set()

    def _say(self, talk: Talk) -> None:
        text = talk.inquiry.turns[talk.turn].text
        key = f"{self.run}:{talk.inquiry.id}:{talk.turn}"
        self._client(talk).create(f"{talk.path}/messages", {"text": text}, key)
        talk.turn += 1

    def _come_back(self, talk: Talk) -> None:
        talk.again = talk.inquiry.reopening
        assert talk.again
        key = f"{self.run}:{talk.inquiry.id}:again"
        said = self._client(talk).create(f"{talk.path}/messages", {"text": talk.again.text}, key).body
        if said.get("effect") == "reopened":
            self.floor.episodes[talk.contact] = said["episode"]
            self.floor.returned()

    def _undo_spam(self, talk: Talk) -> None:
        time.sleep(UNDO_AFTER_SECONDS)
        self._client(talk).act(f"{talk.path}/undo-spam")
        self.floor.returned()

    def _client(self, talk: Talk) -> Client:
        return self.clients[talk.inquiry.tenant]
