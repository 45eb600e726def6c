"""A shop that sends in a file of past contacts, and the function that reads it."""

import json
from typing import Any

import app
from chalicelib.aws import objects, queues
from chalicelib.aws.settings import settings
from tests.lambda_events import queue_event
from tests.moto_desk import Desk
from tests.panel.entrance import sent_in
from tests.people.bad_input import BOSS, CLERK

AT = "/v1/tenants/danbi/diagnoses"
OWNER, STAFF = BOSS.caller, CLERK.caller
FILE = {"name": "지난 문의.csv", "size": 1_000}
Json = dict[str, Any]


def announced(desk: Desk, content: bytes | None = None, *, key: str = "") -> str:
    """Return a diagnosis whose file, if any, was sent in."""
    headers = {"Idempotency-Key": key} if key else {}
    answer = desk.call(OWNER, f"POST {AT}", FILE, headers=headers)
    assert answer.status == 201, answer
    if content is not None:
        assert sent_in(answer.body["upload"], content) == 204
    return str(answer.body["id"])


def started(desk: Desk, content: bytes | None, body: Any = None) -> str:
    """Return a diagnosis that waits to be read."""
    diagnosis = announced(desk, content)
    start(desk, diagnosis, body)
    return diagnosis


def start(desk: Desk, diagnosis: str, body: Any = None) -> Json:
    """Have a diagnosis read, and return what the shop is told."""
    answer = desk.call(STAFF, f"POST {AT}/{diagnosis}/start", body)
    assert answer.status == 202, answer
    found: Json = answer.body
    return found


def queued() -> list[str]:
    """Take all messages off the queue, and return them."""
    found = []
    url = settings().diagnosis_queue_url
    while got := queues.receive(url, 10):
        for body, receipt in got:
            queues.delete(url, receipt)
            found.append(body)
    return found


def deliver(*bodies: str) -> int:
    """Hand messages to the function, all that wait without any given; return how many come again."""
    named = bodies or tuple(queued())
    event = queue_event(*named, groups=[json.loads(body)["id"] for body in named])
    return len(app.diagnose(event, None)["batchItemFailures"])


def shown(desk: Desk, diagnosis: str) -> Json:
    """Return what the shop is shown of a diagnosis."""
    answer = desk.call(OWNER, f"GET {AT}/{diagnosis}")
    assert answer.status == 200, answer
    found: Json = answer.body
    return found


def lying() -> list[str]:
    """Return where anything lies in the bucket."""
    found = objects._objects().list_objects_v2(Bucket=settings().files_bucket)
    return [one["Key"] for one in found.get("Contents", [])]
