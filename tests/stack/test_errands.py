"""Errands on the deployed stack: mails through SES, and hooks through the function that has no rights."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests

from infra.cloud import client
from tests.stack.conftest import Stack
from tests.stack.deployed import Api, eventually, invoke
from tests.stack.inside import inside
from tests.stack.people import Browser, Json, joined, temporary

pytestmark = pytest.mark.stack

SHOP, POOL = "errandshop", "errands"
HOOKS = f"/v1/tenants/{SHOP}/hooks"
OWNER = "owner@errandshop.example"


@dataclass
class Receiver:
    """A shop's server: what it was told, and what it answers next (204 when nothing is left)."""

    url: str = ""
    got: list[Json] = field(default_factory=list)
    proofs: list[str] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)


@pytest.fixture(scope="module")
def server(stack: Stack) -> Api:
    with inside(stack) as run:
        keys = run("tests.stack.world:found_with_keys", [SHOP], [], POOL, 6).result()
    return Api(stack.api_url, keys[SHOP])


@pytest.fixture(scope="module")
def boss(stack: Stack) -> Api:
    browser = Browser(stack, "errands@desk.example")
    with inside(stack) as run:
        run("infra.operate:invite_admin", browser.mail).result()
    browser.take_up(temporary(browser))
    return browser.api()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    found = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            found.got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            found.proofs.append(self.headers["Duredesk-Signature"])
            self.send_response(found.answers.pop(0) if found.answers else 204)
            self.send_header("Location", f"{found.url}/elsewhere")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        threading.Thread(target=listening.serve_forever, args=(0.02,), daemon=True).start()
        found.url = f"http://127.0.0.1:{listening.server_port}/a"
        yield found
        listening.shutdown()


@pytest.fixture
def hook(server: Api, receiver: Receiver) -> Iterator[str]:
    asked = {"url": receiver.url, "events": ["contact.resolved"], "label": "server"}
    made = server.post(HOOKS, asked)
    assert made.status_code == 201, made.text
    yield made.json()["hook"]["id"]
    server.post(f"{HOOKS}/{made.json()['hook']['id']}/remove")


def log(server: Api, hook: str, wanted: Callable[[Json], bool]) -> Json:
    """Return the newest line of a hook's log as soon as it is as wanted."""

    def look() -> Json:
        listed = server.get(f"{HOOKS}/{hook}/deliveries").json()["deliveries"]
        return listed[0] if listed else {}

    found = eventually(look, lambda one: bool(one) and wanted(one))
    assert wanted(found), found
    return found


def test_a_hook_is_told_and_told_again_with_the_same_id(server: Api, hook: str, receiver: Receiver) -> None:
    assert server.post(f"{HOOKS}/{hook}/test").status_code == 202
    done = log(server, hook, lambda one: one["state"] == "done")
    assert (done["status"], done["tries"]) == (204, 1)
    assert server.post(f"{HOOKS}/{hook}/deliveries/{done['id']}/resend").status_code == 202
    eventually(lambda: len(receiver.got), lambda number: number == 2)
    assert [one["id"] for one in receiver.got] == [json.loads(done["body"])["id"]] * 2
    assert all(proof.startswith("t=") for proof in receiver.proofs)


def test_a_receiver_that_fails_stays_in_the_log_with_the_time_of_the_next_try(
    server: Api, hook: str, receiver: Receiver
) -> None:
    receiver.answers.append(503)
    server.post(f"{HOOKS}/{hook}/test")
    failed = log(server, hook, lambda one: one["tries"] == 1 and one["status"] is not None)
    assert (failed["state"], failed["status"]) == ("due", 503)
    assert failed["next_at"] > failed["at"]


def test_a_redirect_is_not_followed(server: Api, hook: str, receiver: Receiver) -> None:
    receiver.answers.append(302)
    server.post(f"{HOOKS}/{hook}/test")
    assert log(server, hook, lambda one: one["status"] is not None)["status"] == 302
    assert len(receiver.got) == 1


@pytest.mark.parametrize(
    "url", ["https://169.254.169.254/latest/meta-data/", "http://10.0.0.1/", "https://[::1]/"]
)
def test_no_address_inside_is_called(stack: Stack, url: str) -> None:
    functions = client("lambda", stack.endpoint)
    asked = json.dumps({"url": url, "body": "{}", "headers": {}}).encode()
    answer = functions.invoke(FunctionName=stack.functions["EgressFunction"], Payload=asked)
    said = json.loads(answer["Payload"].read())
    assert (said["status"], said["error"]) == (0, "hook_url")


def mails(stack: Stack, to: str, subject: str) -> list[Json]:
    """Return what was mailed to an address under a subject."""
    found = requests.get(f"{stack.endpoint}/_ministack/ses/messages", timeout=60).json()["messages"]
    return [mail for sent in found.values() for mail in sent if to in mail["To"] and mail["Subject"] == subject]


def test_an_incident_is_mailed_to_the_shops_owner_once(stack: Stack, server: Api, boss: Api) -> None:
    joined(boss, Browser(stack, OWNER), {"kind": "owner"}, path=f"/v1/tenants/{SHOP}/people")
    until = (datetime.now(UTC) + timedelta(hours=1)).isoformat(timespec="seconds")
    subject, first, second = "상담 지연을 안내드려요", "상담이 늦어지고 있습니다.", "아직 늦어지고 있습니다."

    def announce(text: str) -> None:
        said = {"text": text, "text_en": "Answers are delayed.", "pool": POOL, "until": until}
        announced = boss.post("/v1/incidents", said)
        assert announced.status_code == 201, announced.text

    announce(first)
    [mail] = eventually(lambda: mails(stack, OWNER, subject), bool)
    assert first in mail["BodyText"]
    assert first in mail["BodyHtml"]
    invoke(client("lambda", stack.endpoint), stack.functions["SweepFunction"])
    # What is sent later comes later: had the sweep sent the first one again, it would be there by then.
    announce(second)
    found = eventually(lambda: mails(stack, OWNER, subject), lambda sent: len(sent) > 1)
    assert sorted(one["BodyText"].count(first) for one in found) == [0, 1]
