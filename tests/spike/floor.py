"""The pool's agents and the shops' servers as they behave: what each of them sends, and when."""

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from chalicelib.kernel.clock import MINUTE, SECOND, Millis
from tests.spike.loop import Loop, Task
from tests.spike.scenario import Arrival, Scenario

LEASE, BEAT_BEFORE = 90 * SECOND, 6 * SECOND
POLL_EVERY, POLL_DELAY = 10 * SECOND, 5 * SECOND
NEXT, BEAT = "/v1/queue/next", "/v1/agents/me/heartbeat"
UNSERVED: Millis = 2**62
_PATIENCE = 300


@dataclass(frozen=True, slots=True)
class Answer:
    """What the API said; `wait` are the seconds of its Retry-After."""

    status: int
    body: Any = None
    wait: int = 1

    @property
    def passing(self) -> bool:
        """Return whether the same request is to be sent again: refused for now, or failed on its way to us."""
        return self.status == 429 or self.status >= 500


Send = Callable[..., Answer]


@dataclass
class Console:
    """What an agent's console knows: the version of what is held, and the numbers of the contacts."""

    name: str
    free: int
    version: int = 0
    alive_until: Millis = 0
    coming: int = 0
    holding: dict[str, int] = field(default_factory=dict)


@dataclass
class Record:
    """What came of each contact, by its number in the order of arrival, and what must not have happened."""

    ids: dict[int, set[str]] = field(default_factory=dict)
    started: list[Millis] = field(default_factory=list)
    resolved: dict[int, Millis] = field(default_factory=dict)
    expected_s: dict[int, float] = field(default_factory=dict)
    twice: list[str] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)
    repeats: Counter[str] = field(default_factory=Counter)


class Floor:
    """A day on the floor. It begins at `start`, milliseconds UTC; `over` says when nobody comes any more."""

    def __init__(
        self,
        day: Scenario,
        arrivals: Sequence[Arrival],
        send: Send,
        *,
        start: Millis,
        over: Callable[["Floor"], bool],
    ) -> None:
        self.day, self.arrivals, self.start = day, arrivals, start
        self.record = Record(started=[UNSERVED] * len(arrivals))
        self.sent = 0
        self.now: Millis = 0
        self.closed = False
        self.unclaimed: set[int] = set()
        self._claimed: set[int] = set()
        self._send, self._over = send, over
        self._numbers: dict[str, int] = {}
        self._tries: Counter[tuple[str, str]] = Counter()
        self._lots = random.Random(f"{day.seed}/floor")
        self._lock = threading.Lock()
        self.consoles = {
            f"agent{place:04d}": Console(f"agent{place:04d}", day.capacity) for place in range(day.agents)
        }

    def play(self, loop: Loop, before: Callable[[Millis], object], *, drain: bool = True) -> None:
        """Let the day happen; `before` is told each minute of the day, in milliseconds since its beginning."""
        minute = [-1]

        def each(second: Millis) -> None:
            self.now = second
            self.closed = self.closed or self._over(self)
            while minute[0] < second // MINUTE:
                minute[0] += 1
                before(minute[0] * MINUTE)

        loop.add(Task(0, name, self._act(console, self._beat)) for name, console in self.consoles.items())
        loop.add(
            Task(one.at, f"arrival{number}", self._arrival(number)) for number, one in enumerate(self.arrivals)
        )
        loop.add([Task(POLL_EVERY, "poll", self._poll)])
        loop.run(before=each, done=lambda: self.closed and (not drain or not (self.unclaimed or self._busy)))

    @property
    def _busy(self) -> bool:
        return any(console.holding for console in self.consoles.values())

    def _arrival(self, number: int) -> Callable[[Millis], Iterable[Task]]:
        one = self.arrivals[number]
        body = {"channel": "email", "customer": {"id": f"c{number}"}, "text": "언제 도착하나요?"}

        def act(now: Millis) -> Iterable[Task]:
            if self.closed:
                return []
            path = f"/v1/tenants/{one.tenant}/contacts"
            answer = self._send(one.tenant, path, self.start + now, body=body, key=f"{self.day.seed}-{number}")
            if again := self._again(answer, f"arrival{number}", "open", now, act):
                return again
            if answer.status != 201:
                return self._strange("open", answer)
            with self._lock:
                self.sent += 1
                self.record.ids.setdefault(number, set()).add(answer.body["id"])
                self._numbers[f"{one.tenant}/{answer.body['id']}"] = number
                if expected := answer.body.get("expected_wait"):
                    self.record.expected_s[number] = expected["expected_s"]
                if number not in self._claimed:
                    self.unclaimed.add(number)
            return self._wake(now)

        return act

    def _wake(self, now: Millis) -> list[Task]:
        """Let one of the idle consoles ask soon: each looks every few seconds, and so one does at once."""
        with self._lock:
            idle = [console for console in self.consoles.values() if console.free > console.coming]
            if not idle:
                return []
            console = self._lots.choice(idle)
            console.coming += 1
            at = now + int(self._lots.uniform(0, POLL_DELAY / len(idle)))
        return [Task(at, console.name, self._act(console, self._asked))]

    def _poll(self, now: Millis) -> Iterable[Task]:
        more = self._wake(now) if self.unclaimed else []
        return [*more, Task(now + POLL_EVERY, "poll", self._poll)]

    def _act(
        self, console: Console, act: Callable[[Console, Millis], list[Task]]
    ) -> Callable[[Millis], list[Task]]:
        return lambda now: act(console, now)

    def _beat(self, console: Console, now: Millis) -> list[Task]:
        if self.closed and not self.unclaimed and not console.holding:
            return []
        more: list[Task] = []
        if console.alive_until - now <= BEAT_BEFORE:
            answer = self._send(console.name, BEAT, self.start + now)
            if again := self._again(answer, console.name, "beat", now, self._act(console, self._beat)):
                return again
            if answer.status != 200:
                return self._strange("beat", answer)
            console.alive_until = now + LEASE
            more = self._adopt(console, answer.body, now)
        return [*more, Task(console.alive_until - BEAT_BEFORE, console.name, self._act(console, self._beat))]

    def _asked(self, console: Console, now: Millis) -> list[Task]:
        """Pull because there may be something; if there was, there may be more for somebody else."""
        before = len(console.holding)
        found = self._pull(console, now, self._asked)
        more = self._wake(now) if len(console.holding) > before and self.unclaimed else []
        return [*found, *more]

    def _pull(self, console: Console, now: Millis, act: Callable[[Console, Millis], list[Task]]) -> list[Task]:
        if console.free <= 0:
            console.coming -= 1
            return self._wake(now) if self.unclaimed else []
        answer = self._send(console.name, NEXT, self.start + now, if_match=console.version)
        if again := self._again(answer, console.name, "pull", now, self._act(console, act)):
            return again
        if answer.status == 412:
            return self._look_again(console, now, act)
        console.coming -= 1
        if answer.status != 200:
            return [] if answer.status == 204 else self._strange("pull", answer)
        shown = answer.body["contact"]
        ref, number = f"{shown['tenant']}/{shown['id']}", int(shown["customer"].removeprefix("c"))
        console.version += 1
        return self._hold(console, ref, number, now)

    def _look_again(
        self, console: Console, now: Millis, act: Callable[[Console, Millis], list[Task]]
    ) -> list[Task]:
        """The holding is not as thought: an answer was lost. See what is held, and go on from there."""
        answer = self._send(console.name, BEAT, self.start + now)
        if again := self._again(answer, console.name, "look", now, self._act(console, act)):
            return again
        if answer.status != 200:
            return self._strange("look", answer)
        console.alive_until = now + LEASE
        found = self._adopt(console, answer.body, now)
        if found:
            console.coming -= 1
            return found
        # Either only the version was old, or the shop does not know yet what it has opened.
        return [Task(now + SECOND, console.name, self._act(console, act))]

    def _adopt(self, console: Console, shown: dict[str, Any], now: Millis) -> list[Task]:
        """Take up what is held without the console's knowing; what nobody knows leaves the version as it is."""
        unknown = [ref for ref in shown["holding"] if ref not in console.holding]
        if any(ref not in self._numbers for ref in unknown):
            return []
        console.version = shown["version"]
        return [task for ref in unknown for task in self._hold(console, ref, self._numbers[ref], now)]

    def _hold(self, console: Console, ref: str, number: int, now: Millis) -> list[Task]:
        console.holding[ref] = number
        console.free -= 1
        console.alive_until = now + LEASE
        with self._lock:
            if number in self._claimed:
                self.record.twice.append(ref)
            self._claimed.add(number)
            self.unclaimed.discard(number)
            self.record.started[number] = now

        def finish(console: Console, at: Millis) -> list[Task]:
            return self._finish(console, ref, number, at, finish)

        at = now + self.arrivals[number].handling
        return [Task(at, console.name, self._act(console, finish))]

    def _finish(
        self, console: Console, ref: str, number: int, now: Millis, act: Callable[[Console, Millis], list[Task]]
    ) -> list[Task]:
        """Answer and resolve, and pull at once with the slot that is free then."""
        tenant, _, contact = ref.partition("/")
        path = f"/v1/tenants/{tenant}/contacts/{contact}"
        said = self._send(
            console.name, f"{path}/replies", self.start + now, body={"text": "내일 도착합니다."}, key=f"r{number}"
        )
        done = said if said.passing else self._send(console.name, f"{path}/resolve", self.start + now)
        tried = self._tries[console.name, ref] > 0
        if again := self._again(done, console.name, ref, now, self._act(console, act)):
            return again
        # A resolution whose answer was lost is refused the second time: the table tells at the end of the day.
        lost = done.status == 409 and tried
        if said.status != 201 or not (done.status == 200 or lost):
            self._strange("finish", said if said.status != 201 else done)
        console.holding.pop(ref, None)
        console.free += 1
        console.version += 1
        console.coming += 1
        self.record.resolved[number] = now
        return self._pull(console, now, self._freed)

    def _freed(self, console: Console, now: Millis) -> list[Task]:
        return self._pull(console, now, self._freed)

    def _again(
        self, answer: Answer, actor: str, what: str, now: Millis, act: Callable[[Millis], Iterable[Task]]
    ) -> list[Task]:
        """Plan the same request for when Retry-After says, if it was refused for now."""
        with self._lock:
            if not answer.passing:
                self._tries.pop((actor, what), None)
                return []
            self._tries[actor, what] += 1
            self.record.repeats[what if what in {"open", "beat", "pull", "look"} else "finish"] += 1
        if self._tries[actor, what] > _PATIENCE:
            return self._strange(f"{what} refused for ever", answer)
        return [Task(now + answer.wait * SECOND, actor, act)]

    def _strange(self, what: str, answer: Answer) -> list[Task]:
        with self._lock:
            self.record.strange.append(f"{what} at {self.now}: {answer.status} {answer.body}")
        return []
