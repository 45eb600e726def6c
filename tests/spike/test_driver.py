"""The pieces of the spike without a stack: loop, floor, trouble, evidence, figures and verdicts."""

import json
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import pytest
import urllib3

from chalicelib.kernel.clock import MINUTE, SECOND, Millis
from infra.processes import HOST
from tests.spike.day import earlier, variants
from tests.spike.driver import Driver
from tests.spike.floor import LEASE, UNSERVED, Answer, Floor, Record
from tests.spike.judge import judge
from tests.spike.loop import Loop, Task
from tests.spike.outcome import Outcome, Served, duplicated, lost
from tests.spike.proxy import COUNTS, serve
from tests.spike.report import amplification, depths, figures
from tests.spike.scenario import Arrival, Scenario, arrivals
from tests.spike.simulate.disciplines import DISCIPLINES, GUARDED
from tests.spike.simulate.loop import run as simulated
from tests.stack.invariants import Rows

START: Millis = 1_795_230_000_000


class FakeDesk:
    """One queue, first come first served; it holds agents to their versions, leases and capacities."""

    def __init__(self, capacity: int = 2) -> None:
        self.capacity = capacity
        self.waiting: list[tuple[str, dict[str, Any]]] = []
        self.agents: dict[str, dict[str, Any]] = {}
        self.ids: dict[str, str] = {}
        self.resolved: list[str] = []
        self.lapsed: list[str] = []
        self.refuse: dict[str, int] = {}
        self.lose_pulls, self.lost_wait = 0, 1
        self._lock = threading.Lock()

    def send(self, who: str, path: str, now: Millis, **given: Any) -> Answer:
        with self._lock:
            what = path.rpartition("/")[2]
            if self.refuse.get(what, 0) > 0:
                self.refuse[what] -= 1
                return Answer(503, None, 2)
            answer: Answer = getattr(self, f"_{what}")(who, path, now, **given)
            return answer

    def _contacts(self, who: str, path: str, now: Millis, *, body: dict[str, Any], key: str) -> Answer:
        if key not in self.ids:
            self.ids[key] = f"{len(self.ids):032x}"
            self.waiting.append((who, {"tenant": who, "id": self.ids[key], "customer": body["customer"]["id"]}))
        return Answer(201, {"id": self.ids[key]})

    def _agent(self, who: str, now: Millis) -> dict[str, Any]:
        agent = self.agents.setdefault(who, {"version": 0, "holding": [], "until": now + LEASE})
        if agent["until"] < now and agent["holding"]:
            self.lapsed.append(who)
        agent["until"] = now + LEASE
        return agent

    def _heartbeat(self, who: str, path: str, now: Millis) -> Answer:
        agent = self._agent(who, now)
        return Answer(200, {"version": agent["version"], "holding": agent["holding"]})

    def _next(self, who: str, path: str, now: Millis, *, if_match: int) -> Answer:
        agent = self._agent(who, now)
        if if_match != agent["version"]:
            return Answer(412)
        if not self.waiting or len(agent["holding"]) == self.capacity:
            return Answer(204)
        _, contact = self.waiting.pop(0)
        agent["version"] += 1
        agent["holding"] = [*agent["holding"], f"{contact['tenant']}/{contact['id']}"]
        if self.lose_pulls:
            self.lose_pulls -= 1
            return Answer(503, None, self.lost_wait)
        return Answer(200, {"contact": contact})

    def _replies(self, who: str, path: str, now: Millis, *, body: dict[str, Any], key: str) -> Answer:
        return Answer(201)

    def _resolve(self, who: str, path: str, now: Millis) -> Answer:
        agent = self.agents[who]
        ref = "/".join(path.split("/")[i] for i in (3, 5))
        if ref not in agent["holding"]:
            return Answer(409)
        agent["version"] += 1
        agent["holding"] = [one for one in agent["holding"] if one != ref]
        self.resolved.append(ref)
        return Answer(200)


DAY = Scenario(7, tenants=20, agents=4, warm_up=5 * MINUTE, lasts=20 * MINUTE)


def played(desk: FakeDesk, day: Scenario = DAY) -> Floor:
    floor = Floor(day, arrivals(day), desk.send, start=START, over=lambda floor: floor.now > day.lasts)
    floor.play(Loop(4), lambda _minute: None)
    return floor


def test_a_day_serves_everybody_once_and_in_whole_handling_times() -> None:
    desk = FakeDesk()
    floor = played(desk)
    assert len(floor.record.ids) == len(floor.arrivals) == len(desk.ids) > 20
    assert sorted(desk.resolved) == sorted(set(desk.resolved))
    assert len(desk.resolved) == len(floor.arrivals)
    assert (desk.lapsed, floor.record.strange, floor.record.twice) == ([], [], [])
    for number, one in enumerate(floor.arrivals):
        assert floor.record.started[number] > one.at - SECOND
        assert floor.record.resolved[number] == floor.record.started[number] + one.handling


def test_whoever_comes_while_an_agent_is_idle_is_taken_within_seconds() -> None:
    floor = played(FakeDesk(), replace(DAY, agents=30, load=0.05))
    assert max(at - one.at for one, at in zip(floor.arrivals, floor.record.started, strict=True)) < 5 * SECOND


@pytest.mark.parametrize("what", ["contacts", "next", "replies", "resolve", "heartbeat"])
def test_what_is_refused_for_now_is_sent_again_as_late_as_asked(what: str) -> None:
    desk = FakeDesk()
    desk.refuse = {what: 9}
    floor = played(desk)
    assert sum(floor.record.repeats.values()) == 9
    assert len(desk.resolved) == len(floor.arrivals)
    assert floor.record.strange == []


@pytest.mark.parametrize("wait", [1, 120])
def test_a_claim_whose_answer_was_lost_is_found_again_and_not_made_twice(wait: int) -> None:
    # A console that waits for two minutes sends a heartbeat before it asks again.
    desk = FakeDesk()
    desk.lose_pulls, desk.lost_wait = 5, wait
    floor = played(desk)
    assert len(desk.resolved) == len(floor.arrivals)
    assert (floor.record.twice, floor.record.strange) == ([], [])


def test_an_answer_that_nobody_expects_is_noted() -> None:
    desk = FakeDesk()
    desk._replies = lambda *_, **__: Answer(404)  # type: ignore[method-assign]
    assert played(desk, replace(DAY, lasts=2 * MINUTE)).record.strange


def test_time_goes_on_only_when_everything_of_a_second_has_happened() -> None:
    order: list[tuple[str, Millis]] = []

    def note(name: str, *following: Task) -> Any:
        def act(now: Millis) -> list[Task]:
            order.append((name, now))
            return list(following)

        return act

    loop = Loop(2)
    loop.add(
        [Task(1_500, "a", note("later", Task(1_900, "b", note("same second")))), Task(200, "c", note("first"))]
    )
    loop.add([Task(2_000, "a", note("next second"))])
    seconds: list[Millis] = []
    loop.run(before=seconds.append, done=lambda: False)
    assert order == [("first", 200), ("later", 1_500), ("same second", 1_900), ("next second", 2_000)]
    assert seconds == [1_000, 2_000]


class _Storage(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    carried_out: ClassVar[Counter[str]] = Counter()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.carried_out[body.decode()] += 1
        self.send_response_only(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def storage() -> Iterator[str]:
    _Storage.carried_out.clear()
    server = ThreadingHTTPServer((HOST, 0), _Storage)
    with server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"{HOST}:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture
def trouble(storage: str) -> Iterator[str]:
    server = serve(0, storage, seed=5)
    with server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://{HOST}:{server.server_address[1]}"
        server.shutdown()


def call(base: str, number: int, *, target: str = "DynamoDB_20120810.PutItem", attempt: int = 1) -> int:
    """Return the status of a call; 0 if the answer was lost."""
    headers = {"X-Amz-Target": target, "amz-sdk-request": f"attempt={attempt}"}
    try:
        with urllib3.PoolManager(retries=False) as pool:
            answer = pool.request("POST", base, body=json.dumps({"n": number}), headers=headers)
            return answer.status
    except urllib3.exceptions.ProtocolError:
        return 0


def counts(base: str) -> dict[str, int]:
    with urllib3.PoolManager() as pool:
        return dict(json.loads(pool.request("GET", base + COUNTS).data))


def test_trouble_throttles_fails_and_loses_its_shares_and_carries_out_what_it_loses(trouble: str) -> None:
    statuses = Counter(call(trouble, number) for number in range(400))
    assert 0.24 < statuses[400] / 400 < 0.36
    assert 0.02 < statuses[500] / 400 < 0.09
    assert 0 < statuses[0] / 400 < 0.05
    assert statuses[200] + statuses[0] == sum(_Storage.carried_out.values())
    found = counts(trouble)
    assert (found["calls"], found["throttled"], found["failed"], found["lost"], found["passed"]) == (
        400,
        statuses[400],
        statuses[500],
        statuses[0],
        statuses[200],
    )


def test_trouble_counts_the_repeats_of_the_sdk_and_of_cancelled_transactions(trouble: str) -> None:
    for attempt in (1, 2, 3):
        call(trouble, 1, attempt=attempt)
    assert counts(trouble)["repeats"] == 2
    before = counts(trouble).get("cancelled", 0)
    for number in range(100, 200):
        call(trouble, number, target="DynamoDB_20120810.TransactWriteItems")
    cancelled = counts(trouble)["cancelled"] - before
    assert cancelled > 5
    for number in range(100, 200):
        call(trouble, number, target="DynamoDB_20120810.TransactWriteItems")
    assert counts(trouble)["repeats"] == 2 + cancelled


def test_a_limit_is_waited_out_in_real_time_and_a_refusal_is_handed_back() -> None:
    answers = [(429, "0"), (503, "7")]

    class Api(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            status, wait = answers.pop(0)
            self.send_response_only(status)
            self.send_header("Retry-After", wait)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with ThreadingHTTPServer((HOST, 0), Api) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        driver = Driver(f"http://{HOST}:{server.server_address[1]}", {"mina": "key"})
        assert driver.send("mina", "/v1/queue/next", START, if_match=3) == Answer(503, None, 7)
        assert (driver.requests, driver.statuses) == (2, {429: 1, 503: 1})
        server.shutdown()


def rows(*refs: str, **changes: Any) -> Rows:
    found = Rows(contacts={ref: {"status": "resolved", **changes} for ref in refs})
    for ref in refs:
        owner = {"pk": f"{ref.partition('/')[0]}#contact#{ref.partition('/')[2]}"}
        found.messages += [{**owner, "author": "customer"}, {**owner, "author": "agent"}]
        found.usage.append({**owner, "delta": 1})
    return found


ACCEPTED = {0: {"danbi/a"}, 1: {"danbi/b"}}


def test_a_planted_loss_is_found() -> None:
    assert lost(ACCEPTED, rows("danbi/a", "danbi/b")) == []
    assert lost(ACCEPTED, rows("danbi/a")) == ["danbi/b"]
    assert lost(ACCEPTED, rows("danbi/a", "danbi/b", status="nowhere")) == ["danbi/a", "danbi/b"]
    assert lost(ACCEPTED, rows("danbi/a", "danbi/b", status="overflow")) == []


def test_a_planted_duplicate_is_found() -> None:
    fine = rows("danbi/a", "danbi/b")
    assert duplicated(ACCEPTED, Record(), fine) == []
    assert len(duplicated(ACCEPTED, Record(), rows("danbi/a", "danbi/b", "danbi/c"))) == 1
    assert len(duplicated({0: {"danbi/a", "danbi/b"}}, Record(), fine)) == 1
    assert len(duplicated(ACCEPTED, Record(twice=["danbi/a"]), fine)) == 1
    again = rows("danbi/a", "danbi/b")
    again.usage.append(again.usage[0])
    assert duplicated(ACCEPTED, Record(), again) == ["danbi/a was billed 2 times"]
    again.messages.append(again.messages[1])
    assert len(duplicated(ACCEPTED, Record(), again)) == 2


@cache
def planned(name: str) -> tuple[Scenario, list[Arrival]]:
    day = variants(1, 0.01)[name].day
    return day, arrivals(day)


def outcome(name: str, wait_s: float = 0, **changes: Any) -> Outcome:
    """Return an outcome in which everybody waited as long; rivals wait as they do by our rules."""
    day, coming = planned(name)
    starts = [one.at + round(wait_s * SECOND) for one in coming]
    if name == "rivals":
        starts = simulated(coming, day.slots, DISCIPLINES[GUARDED](day))
    served = [Served(number, at) for number, at in enumerate(starts)]
    plain = Outcome(
        variant=name,
        seed=1,
        scale=0.01,
        minutes=0,
        requests=10,
        seconds=1.0,
        statuses={"201": 9, "503": 1},
        accepted=len(served),
        lost=[],
        duplicated=[],
        wrong=[],
        repeats={},
        troubles={"calls": 14, "repeats": 4, "passed": 10},
        caught_up=[],
        failed_sweeps=0,
        dead_letters=0,
        served=served,
    )
    return replace(plain, **changes)


NAMES = ("calm", "unguarded", "guarded", "faults", "rivals")


def broken(**changed: Outcome) -> set[str]:
    found = {name: changed.get(name, outcome(name)) for name in NAMES}
    return {verdict.name for verdict in judge(figures(found)) if not verdict.kept}


def test_a_day_on_which_nobody_waits_breaks_nothing_but_what_a_backlog_shows() -> None:
    shown = figures({name: outcome(name) for name in NAMES})
    assert shown["others_wait_p90_s"] == {"calm": 0, "unguarded": 0, "guarded": 0}
    assert shown["others_wait_over_bound"] == 0
    assert 5 < shown["others_wait_guarded_limit_s"] < 10
    assert shown["faults"]["refused_429_503"] == 1
    assert broken() == set()


@pytest.mark.parametrize(
    ("name", "changes", "breaks"),
    [
        ("guarded", {"lost": ["danbi/a"]}, {"lost"}),
        ("calm", {"duplicated": ["danbi/a"]}, {"duplicated"}),
        ("calm", {"wrong": ["?"]}, {"wrong"}),
        ("faults", {"lost": ["danbi/a"]}, {"faults.lost"}),
        ("faults", {"duplicated": ["danbi/a"]}, {"faults.duplicated"}),
        ("faults", {"troubles": {"calls": 16, "repeats": 6}}, {"faults.amplification"}),
        ("guarded", {"wait_s": 12}, {"others_wait_guarded_s"}),
        ("unguarded", {"wait_s": 58}, {"others_wait_over_bound"}),
        ("calm", {"wait_s": 70}, {"max_unserved_s"}),
    ],
)
def test_the_judge_finds_each_broken_limit(name: str, changes: dict[str, Any], breaks: set[str]) -> None:
    assert broken(**{name: outcome(name, **changes)}) == breaks


def test_what_was_not_played_is_not_judged() -> None:
    verdicts = judge(figures({"calm": outcome("calm")}))
    assert {verdict.name for verdict in verdicts if verdict.measured is not None} == {
        "lost",
        "duplicated",
        "wrong",
        "max_unserved_s",
    }
    assert all(verdict.kept for verdict in verdicts)


def test_promises_are_measured_against_what_happened() -> None:
    late = outcome("guarded", 300)
    late = replace(late, served=[replace(one, expected_s=240) for one in late.served])
    assert figures({"guarded": late})["eta_p90_error"] == 0.25


def test_amplification_is_calls_for_each_first_call() -> None:
    assert amplification({"calls": 15, "repeats": 5}) == 1.5
    assert amplification({}) is None


def test_depths_count_what_is_open() -> None:
    assert depths([(0, 10), (5, 15), (5, UNSERVED)], [0, 5, 10, 15]) == [1, 3, 2, 1]


def test_a_shorter_warm_up_moves_the_surges_and_nothing_else() -> None:
    day = variants(1, 0.05)["guarded"].day
    assert [surge.start - day.warm_up for surge in day.surges] == [0, 15 * MINUTE]
    assert [surge.contacts for surge in day.surges] == [surge.contacts for surge in earlier(day).surges]
    assert day.surges[1].contacts == 250


def test_rivals_are_compared_while_all_of_them_have_a_backlog_even_if_none_is_ever_served() -> None:
    rivals = outcome("rivals")
    end = rivals.run.day.surged + 20 * MINUTE
    cut = [replace(one, started=one.started if one.started < end else UNSERVED) for one in rivals.served]
    came = [one for one in cut if rivals.run.arrivals[one.number].at < end]
    assert figures({"rivals": replace(rivals, served=came)})["jain_index"] > 0.95
