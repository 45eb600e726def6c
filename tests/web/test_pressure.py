"""Shedding: what is refused first under pressure, that it comes back, and that intake is never refused."""

import logging
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.exceptions import EndpointConnectionError
from hypothesis import given
from hypothesis import strategies as st

import app
from chalicelib.aws import queues, retries
from chalicelib.aws.retries import Tally
from chalicelib.aws.settings import settings
from chalicelib.kernel.caller import Caller, Kind
from chalicelib.kernel.errors import Busy
from chalicelib.web.api import Route
from chalicelib.web.pressure import Gauge, Shed, Signals, gauge, level
from tests.moto_desk import MINA, SHOP, Desk

CONTACTS = "/v1/tenants/danbi/contacts"
BODY = {"channel": "chat", "customer": {"id": "c1"}, "text": "언제 와요?"}
OWNER = Caller(Kind.OWNER, "", tenant="danbi", person="p1")
ORIGIN = "https://shop.example"
# A share of troubled calls just over where each begins, and one where it has ended.
SHARES = [(Shed.REPORT, 0.11, 0.05), (Shed.SEARCH, 0.26, 0.14), (Shed.REFRESH, 0.51, 0.29), (Shed.BOT, 0.71, 0.41)]
# They read nothing that anybody could be spared.
ALWAYS = {"GET /v1/health", "GET /v1/openapi.json"}
FIRST = {
    "GET /v1/tenants/{tenant}/usage": Shed.REPORT,
    "GET /v1/tenants/{tenant}/access-records": Shed.REPORT,
    "GET /v1/tenants/{tenant}/permission-changes": Shed.REPORT,
    "GET /v1/permission-changes": Shed.REPORT,
    "POST /v1/tenants/{tenant}/customers/{customer}/export": Shed.REPORT,
    "GET /v1/tenants/{tenant}/contacts": Shed.SEARCH,
    "GET /v1/tenants/{tenant}/customers": Shed.SEARCH,
    "GET /v1/tenants/{tenant}/contacts/{contact}": Shed.REFRESH,
    "GET /v1/tenants/{tenant}/contacts/{contact}/drafts": Shed.REFRESH,
    "GET /v1/agents/me": Shed.REFRESH,
    "GET /v1/agents/me/desk": Shed.REFRESH,
    "GET /v1/agents/me/colleagues": Shed.REFRESH,
    "GET /v1/agents/me/figures": Shed.REFRESH,
}


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def of(share: float, calls: int = 1_000) -> Signals:
    return Signals(calls, calls * share)


@pytest.mark.parametrize(("shed", "begins", "ended"), SHARES, ids=str)
def test_each_level_begins_and_ends_at_its_own_share(shed: Shed, begins: float, ended: float) -> None:
    assert level(of(begins), Shed.NOTHING) is shed
    assert level(of(begins - 0.02), Shed.NOTHING) < shed
    assert level(of(begins - 0.02), shed) is shed
    assert level(of(ended), shed) < shed


@given(share=st.floats(0, 1), more=st.floats(0, 1), before=st.sampled_from(Shed))
def test_more_trouble_never_means_less_pressure(share: float, more: float, before: Shed) -> None:
    now = level(of(share), before)
    assert now <= level(of(min(1, share + more)), before)
    assert level(of(share), Shed.NOTHING) <= now
    # It does not flap: the same share again changes nothing.
    assert level(of(share), now) is now


@given(share=st.floats(0, 1), before=st.sampled_from(Shed))
def test_of_a_handful_of_calls_nothing_is_concluded(share: float, before: Shed) -> None:
    assert level(of(share, calls=19), before) is Shed.NOTHING


def test_trouble_is_forgotten_within_a_minute_and_not_within_a_second() -> None:
    tally, clock = Tally(), Clock()
    here = Gauge(tally, clock)
    for _ in range(500):
        tally.count(troubled=True)
    assert here.look() is Shed.BOT
    clock.now += 1
    assert here.look() is Shed.BOT
    clock.now += 40
    assert here.look() is Shed.NOTHING


def test_calm_brings_the_levels_down_one_after_the_other() -> None:
    tally, clock, seen = Tally(), Clock(), []
    here = Gauge(tally, clock)
    for _ in range(300):
        tally.count(troubled=True)
    for _ in range(60):
        seen.append(here.look())
        clock.now += 0.5
        for _ in range(15):
            tally.count(troubled=False)
    assert [one for one, other in pairwise([*seen, None]) if one != other] == sorted(Shed, reverse=True)


def test_clock_that_is_set_back_does_no_harm() -> None:
    tally, clock = Tally(), Clock()
    here = Gauge(tally, clock)
    for _ in range(500):
        tally.count(troubled=True)
    here.look()
    clock.now -= 3_600
    assert here.look() is Shed.BOT
    clock.now += 60
    assert here.look() is Shed.NOTHING


def test_refusal_says_how_long_and_not_to_all_the_same() -> None:
    tally = Tally()
    here, waits = Gauge(tally, Clock()), set()
    for _ in range(500):
        tally.count(troubled=True)
    for _ in range(200):
        here.admit(Shed.NOTHING)
        with pytest.raises(Busy) as refused:
            here.admit(Shed.REPORT)
        waits.add(refused.value.details["retry_after"])
    assert waits == set(range(5, 16))


def test_change_of_the_level_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    tally, clock = Tally(), Clock()
    here = Gauge(tally, clock)
    for _ in range(100):
        tally.count(troubled=True)
    here.look()
    here.look()
    clock.now += 60
    here.look()
    assert [one.getMessage() for one in caplog.records] == ["pressure rose", "pressure fell"]
    assert [vars(one)["shed"] for one in caplog.records] == ["BOT", "NOTHING"]
    assert caplog.records[0].levelno == logging.WARNING


def test_every_way_to_look_at_something_chose_when_it_is_refused() -> None:
    looks = {route.name: route.shed for route in app.routes() if route.method == "GET"}
    assert {name for name, shed in looks.items() if shed is Shed.NOTHING} == ALWAYS


def test_reports_go_first_then_searches_then_what_a_console_refreshes() -> None:
    found = {route.name: route.shed for route in app.routes()}
    assert {name: found[name] for name in FIRST} == FIRST


def test_nothing_that_changes_anything_is_ever_refused() -> None:
    # An export changes nothing but the record of accesses; a preview and a file of a register, nothing at all.
    shed = {route.name for route in app.routes() if route.method != "GET" and route.shed is not Shed.NOTHING}
    assert shed == {
        "POST /v1/tenants/{tenant}/customers/{customer}/export",
        "POST /v1/tenants/{tenant}/export",
        "POST /v1/tenants/{tenant}/promotions/preview",
        "POST /v1/finance/registers/{register}/file",
    }


@pytest.fixture
def pressed(desk: Desk) -> Iterator[Desk]:
    """A desk where some contacts are, and then nine of ten calls to the storage are in trouble."""
    for _ in range(3):
        desk.open()
    press(0.9)
    yield desk
    gauge.forget()


def press(share: float) -> None:
    """Let so large a share of many calls have been in trouble."""
    gauge.forget()
    for number in range(10_000):
        retries.storage.count(troubled=number < share * 10_000)


def asked(route: Route) -> str:
    path = re.sub(r"{\w+}", "c" * 32, route.path.replace("{tenant}", "danbi"))
    return f"{route.method} {path}"


# What proves itself reads its proof first.
SHEDDABLE = [route for route in app.routes() if route.shed and not route.proof]
PROVEN = {"GET /v1/widget/shop"}


def test_what_proves_itself_is_known() -> None:
    assert {route.name for route in app.routes() if route.shed and route.proof} == PROVEN


@pytest.mark.parametrize("route", SHEDDABLE, ids=lambda route: route.name)
def test_what_may_be_refused_is_refused_before_anything_is_read(pressed: Desk, route: Route) -> None:
    reads = pressed.watch("*")
    answer = pressed.call(OWNER, asked(route), {"reason": "감사"} if route.method == "POST" else None)
    assert answer.refusal == (503, "shed")
    assert 5 <= int(answer.headers["Retry-After"]) <= 15
    assert answer.body["error"]["retry_after"] == int(answer.headers["Retry-After"])
    assert reads == []
    gauge.forget()
    assert pressed.call(OWNER, asked(route), {"reason": "감사"} if route.method == "POST" else None).code != "shed"


@pytest.mark.parametrize(("shed", "begins", "ended"), SHARES[:3], ids=str)
def test_each_level_spares_what_comes_after_it(desk: Desk, shed: Shed, begins: float, ended: float) -> None:
    ways = {
        Shed.REPORT: (SHOP, "GET /v1/tenants/danbi/usage"),
        Shed.SEARCH: (SHOP, f"GET {CONTACTS}"),
        Shed.REFRESH: (MINA, "GET /v1/agents/me"),
    }
    try:
        for way, (who, request) in ways.items():
            press(begins)
            assert desk.call(who, request).status == (503 if way <= shed else 200)
    finally:
        gauge.forget()


def test_visitors_page_may_read_when_to_come_again(pressed: Desk) -> None:
    visitor = Caller(Kind.VISITOR, "k1", tenant="danbi", contact="c" * 32, origins=ORIGIN)
    answer = pressed.call(visitor, f"GET {CONTACTS}/{'c' * 32}", headers={"origin": ORIGIN})
    assert answer.refusal == (503, "shed")
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert "Retry-After" in answer.headers["Access-Control-Expose-Headers"]


def work(desk: Desk) -> None:
    """Do all that must always go: intake, and the work of an agent."""
    opened = desk.call(SHOP, f"POST {CONTACTS}", BODY)
    assert opened.status == 201, opened
    one = f"{CONTACTS}/{opened.body['id']}"
    assert desk.call(SHOP, f"POST {one}/messages", {"text": "주문번호는 모르겠어요."}).status == 201
    assert desk.call(MINA, "POST /v1/agents/me/heartbeat").status == 200
    assert desk.call(MINA, f"POST {one}/claim").status == 200
    assert desk.call(MINA, f"POST {one}/replies", {"text": "내일 도착해요."}).status == 201
    assert desk.call(MINA, f"POST {one}/resolve").status == 200
    assert desk.call(MINA, "POST /v1/queue/next").status == 200


def test_intake_and_agents_work_on_while_all_else_is_refused(pressed: Desk) -> None:
    assert pressed.call(MINA, "GET /v1/agents/me").code == "shed"
    work(pressed)


def test_visitors_open_and_speak_while_all_else_is_refused(pressed: Desk) -> None:
    gauge.forget()
    issued = pressed.call(SHOP, "POST /v1/tenants/danbi/widget-keys", {"origins": [ORIGIN], "label": "shop"})
    given = {
        "origin": ORIGIN,
        "x-widget-key": issued.body["key"],
        "idempotency-key": "a" * 8 + "1b2c3d4e5f60718293",
    }
    press(0.9)
    assert pressed.call(None, "GET /v1/widget/shop", headers=given).refusal == (503, "shed")
    opened = pressed.call(None, "POST /v1/widget/contacts", {"text": "계세요?"}, headers=given)
    assert opened.status == 201, opened
    visitor = Caller(
        Kind.VISITOR, issued.body["id"], tenant="danbi", contact=opened.body["contact"], origins=ORIGIN
    )
    path = f"{CONTACTS}/{opened.body['contact']}"
    assert pressed.call(visitor, f"POST {path}/messages", {"text": "여기요"}, headers=given).status == 201
    assert pressed.call(visitor, f"GET {path}", headers={"origin": ORIGIN}).code == "shed"


def intake(desk: Desk) -> str:
    """Open a contact and add to it; return its path."""
    opened = desk.call(SHOP, f"POST {CONTACTS}", BODY)
    assert opened.status == 201, opened
    one = f"{CONTACTS}/{opened.body['id']}"
    assert desk.call(SHOP, f"POST {one}/messages", {"text": "여보세요?"}).status == 201
    return one


def test_intake_goes_on_while_the_queues_are_away(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    away: list[str] = []

    def answer(request: Any, **_: Any) -> AWSResponse:
        away.append(request.url)
        raise EndpointConnectionError(endpoint_url=request.url)

    client = queues._client()
    client.meta.events.register_first("before-send.sqs", answer)
    try:
        with pytest.raises(EndpointConnectionError):
            queues.send("https://sqs.example/usage.fifo", {"tenant": "danbi"}, group="danbi", once="1")
        assert away
        intake(desk)
    finally:
        client.meta.events.unregister("before-send.sqs", answer)


def test_intake_goes_on_while_stripe_is_away(desk: Desk) -> None:
    # Nobody listens on port 9.
    desk.shift(STRIPE_API_BASE="http://127.0.0.1:9", STRIPE_METER_EVENTS_BASE="http://127.0.0.1:9")
    assert settings().stripe_api_base == "http://127.0.0.1:9"
    intake(desk)


def test_intake_goes_on_while_the_ledger_cannot_be_written(desk: Desk) -> None:
    def refuse(params: Any, **_: Any) -> tuple[Any, Any] | None:
        if "#window#" not in params["body"].decode() and '"usage#' not in params["body"].decode():
            return None
        failure = {"Error": {"Code": "InternalServerError", "Message": "away"}}
        return _Http(500), failure | {"ResponseMetadata": {"HTTPStatusCode": 500, "HTTPHeaders": {}}}

    desk._hook("before-call.dynamodb", refuse)
    one = intake(desk)
    assert desk.call(MINA, f"POST {one}/claim").status == 200
    refused = desk.call(MINA, f"POST {one}/replies", {"text": "내일 도착해요."})
    assert refused.refusal == (503, "unavailable")
    assert refused.headers["Retry-After"] == "1"
    desk.close()
    assert desk.call(MINA, f"POST {one}/replies", {"text": "내일 도착해요."}).status == 201


class _Http:
    def __init__(self, status_code: int) -> None:
        self.status_code = status_code
