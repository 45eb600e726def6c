"""The stand-in over HTTP, under concurrency, across a killed process, and as a WSGI application."""

import http.client
import io
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
import stripe

from tests.fakestripe import API_KEY, FakeStripe, running, wsgi
from tests.fakestripe.conftest import METER, NOW, THIS_HOUR

JSON = {"Content-Type": "application/json"}


def ask(base: str, method: str, path: str, body: object = None) -> tuple[int, dict[str, Any]]:
    with closing(http.client.HTTPConnection(urlsplit(base).netloc, timeout=5)) as line:
        line.request(method, path, json.dumps(body) if body is not None else None, JSON)
        reply = line.getresponse()
        return reply.status, json.loads(reply.read())


@pytest.fixture
def base() -> Iterator[str]:
    fake = FakeStripe(now=lambda: NOW)
    with running(fake) as address:
        yield address
    fake.close()


def client(base: str) -> stripe.StripeClient:
    return stripe.StripeClient(API_KEY, base_addresses={"api": base})


def form(base: str, path: str, params: dict[str, str]) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {API_KEY}", "Content-Type": "application/x-www-form-urlencoded"}
    with closing(http.client.HTTPConnection(urlsplit(base).netloc, timeout=5)) as line:
        line.request("POST", path, urlencode(params), headers)
        body: dict[str, Any] = json.loads(line.getresponse().read())
        return body


def test_the_sdk_is_served_on_its_api_host(base: str) -> None:
    sdk = client(base)
    customer = sdk.v1.customers.create({"name": "두레 상점"})
    meter = sdk.v1.billing.meters.create(
        {
            "display_name": "Contacts",
            "event_name": "contacts",
            "default_aggregation": {"formula": "sum"},
            "event_time_window": "hour",
        }
    )
    event = {"event_name": "contacts", "payload": {"stripe_customer_id": customer.id, "value": "4"}}
    sdk.v1.billing.meter_events.create({**event, "identifier": "e", "timestamp": THIS_HOUR})  # type: ignore[typeddict-item]
    rows = sdk.v1.billing.meters.event_summaries.list(
        meter.id, {"customer": customer.id, "start_time": THIS_HOUR, "end_time": THIS_HOUR + 3600}
    )
    assert [row.aggregated_value for row in rows.data] == [4]
    assert sdk.v1.customers.retrieve(customer.id).name == "두레 상점"
    sdk.v1.billing.meter_event_adjustments.create(
        {"event_name": "contacts", "type": "cancel", "cancel": {"identifier": "e"}}
    )
    assert ask(base, "GET", "/_fake/dump")[1]["totals"] == []


def test_one_connection_carries_many_requests(base: str) -> None:
    with closing(http.client.HTTPConnection(urlsplit(base).netloc, timeout=5)) as line:
        line.connect()
        port = line.sock.getsockname()
        for _ in range(50):
            line.request("GET", "/_fake/health")
            assert json.loads(line.getresponse().read()) == {"ok": True}
            assert line.sock.getsockname() == port


def test_only_one_of_many_simultaneous_duplicates_is_accepted(base: str) -> None:
    form(base, "/v1/billing/meters", METER)
    customer = form(base, "/v1/customers", {})["id"]
    event = {"event_name": "contacts", "identifier": "same", "timestamp": str(THIS_HOUR)}
    event |= {"payload[stripe_customer_id]": customer, "payload[value]": "1"}
    with ThreadPoolExecutor(24) as pool:
        replies = list(pool.map(lambda _: form(base, "/v1/billing/meter_events", event), range(48)))
    assert sum("error" not in reply for reply in replies) == 1


def test_the_control_endpoints_do_what_the_object_does(base: str) -> None:
    form(base, "/v1/billing/meters", METER)
    assert ask(base, "POST", "/_fake/clock", {"shift_seconds": 90})[1]["now"] == NOW + 90
    assert ask(base, "POST", "/_fake/settings", {"lag_seconds": 5})[1]["lag_seconds"] == 5
    assert ask(base, "POST", "/_fake/faults", {"kind": "rate_limit", "path": "/v1/customers"})[0] == 200
    assert form(base, "/v1/customers", {})["error"]["code"] == "rate_limit"
    assert ask(base, "GET", "/_fake/faults")[1] == {"data": []}
    assert [row["status"] for row in ask(base, "GET", "/_fake/requests")[1]["data"]] == [200, 429]
    assert ask(base, "GET", "/_fake/error_reports")[1] == {"data": []}
    assert ask(base, "DELETE", "/_fake/faults")[0] == 200
    assert ask(base, "POST", "/_fake/reset")[0] == 200
    dump = ask(base, "GET", "/_fake/dump")[1]
    assert dump == {"now": NOW, "totals": [], "customers": [], "meters": [], "events": []}


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "clock", {"shift": 1}, 400),
        ("POST", "clock", {"shift_seconds": "soon"}, 400),
        ("POST", "faults", {"kind": "earthquake"}, 400),
        ("POST", "faults", {"kind": "lost", "often": 1}, 400),
        ("POST", "faults", [], 400),
        ("GET", "nothing", None, 404),
    ],
)
def test_wrong_control_requests_are_refused(base: str, method: str, path: str, body: object, status: int) -> None:
    assert ask(base, method, f"/_fake/{path}", body)[0] == status


def test_a_post_that_is_not_a_form_is_refused(base: str) -> None:
    headers = JSON | {"Authorization": f"Bearer {API_KEY}"}
    with closing(http.client.HTTPConnection(urlsplit(base).netloc, timeout=5)) as line:
        line.request("POST", "/v1/customers", "{}", headers)
        assert line.getresponse().status == 400


@contextmanager
def process(port: int, state: Path) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "tests.fakestripe", "--port", str(port), "--state", str(state)]
    with subprocess.Popen(command) as started:
        try:
            for _ in range(500):
                with closing(socket.socket()) as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.01)
            yield started
        finally:
            started.kill()


def test_a_killed_process_remembers_what_it_accepted(tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    base = f"http://127.0.0.1:{port}"
    event = {"event_name": "contacts", "identifier": "e", "payload[value]": "6"}
    with process(port, tmp_path / "state") as running_process:
        ask(base, "POST", "/_fake/clock", {"shift_seconds": 3600})
        form(base, "/v1/billing/meters", METER)
        event["payload[stripe_customer_id]"] = form(base, "/v1/customers", {})["id"]
        form(base, "/v1/billing/meter_events", event)
        before = ask(base, "GET", "/_fake/dump")[1]
        os.kill(running_process.pid, signal.SIGKILL)
    with process(port, tmp_path / "state") as running_process:
        after = ask(base, "GET", "/_fake/dump")[1]
        assert form(base, "/v1/billing/meter_events", event)["error"]["type"] == "invalid_request_error"
        running_process.terminate()
        assert running_process.wait(5) == 0
    assert {**after, "now": 0} == {**before, "now": 0}
    assert after["now"] > time.time() + 3500
    assert [row["total"] for row in after["totals"]] == [6]


def test_the_wsgi_application_answers_alike() -> None:
    fake = FakeStripe(now=lambda: NOW)
    application = wsgi(fake)
    started: list[Any] = []
    body = urlencode({"name": "가게"}).encode()
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/v1/customers",
        "QUERY_STRING": "",
        "CONTENT_LENGTH": str(len(body)),
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "HTTP_AUTHORIZATION": f"Bearer {API_KEY}",
        "wsgi.input": io.BytesIO(body),
    }
    [content] = application(environ, lambda *line: started.append(line))
    assert started[0][0] == "200 OK"
    assert json.loads(content)["name"] == "가게"
    fake.fault("lost", path="/v1/customers")
    with pytest.raises(ConnectionAbortedError):
        application(environ | {"wsgi.input": io.BytesIO(body)}, lambda *_: None)
    fake.close()
