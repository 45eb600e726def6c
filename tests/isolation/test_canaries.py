"""Personal data stands where it must, and nowhere else: not in logs, errors, queues, or the table in plain."""

import json
import zlib
from base64 import b64encode
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.session import get_session

import app
from chalicelib.aws import queues
from chalicelib.aws.observe import log
from chalicelib.aws.settings import settings
from chalicelib.web.api import Route
from tests import canaries
from tests.canaries import NEVER, PERSONAL, found_in, shapes_in
from tests.isolation.matrix import TRIED, each, party, told_to
from tests.isolation.positions import attempts
from tests.isolation.world import TOLD, World, details, inhabited
from tests.lambda_events import change, stream_event
from tests.leaks import Listener
from tests.moto_desk import MINA, shop

# The shop's own id of its customer is a pseudonym by contract (`CustomerIn`): never a mail address or a number.
PLAIN = {TOLD["customer"]}


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with inhabited() as found:
        sqs = get_session().create_client("sqs", settings().region)
        fifo = {"FifoQueue": "true", "ContentBasedDeduplication": "false"}
        url = sqs.create_queue(QueueName="usage.fifo", Attributes=fifo)["QueueUrl"]
        found.desk.shift(USAGE_QUEUE_URL=url)
        queues._client.cache_clear()
        yield found
        queues._client.cache_clear()


def rows(world: World) -> str:
    """Return every row in every form in which a text can hide in it: as it is, and unpacked."""
    found = world.desk.rows() + world.desk.dynamodb.scan(TableName=settings().keyring_table)["Items"]
    return "\n".join(_readable(value) for row in found for value in [row, *_binaries(row)])


def _binaries(row: Any) -> Iterator[str]:
    for value in row.values():
        if "B" in value:
            # As sealed bytes, and as what they would be if they were packed and not sealed.
            content = bytes(value["B"])
            yield content.decode("latin-1") + content.decode(errors="replace")
            for start in range(4):
                try:
                    yield zlib.decompress(content[start:]).decode(errors="replace")
                except zlib.error:
                    continue


def _readable(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=_bytes)


def _bytes(value: Any) -> str:
    return b64encode(bytes(value)).decode()


def test_who_tells_too_much_is_heard_and_not_written_down(world: World, listener: Listener) -> None:
    """A life of a contact in which customer and agent write personal data wherever a text can stand."""
    lines = listener.lines
    at, server = "POST /v1/tenants/danbi/contacts", shop("danbi")
    body = {
        "channel": "email",
        "customer": details(TOLD),
        "text": canaries.WRITTEN,
        "subject": canaries.WRITTEN[:150],
    }
    contact = world.must(server, at, body, Idempotency_Key="life")["id"]
    world.must(MINA, f"{at}/{contact}/claim")
    for who, what in ((server, "messages"), (MINA, "replies"), (MINA, "notes")):
        world.must(who, f"{at}/{contact}/{what}", {"text": canaries.WRITTEN})
    world.must(MINA, f"{at}/{contact}/unmask", {"field": "phone", "reason": f"주민번호 {canaries.RESIDENT} 확인"})
    story = world.must(server, f"GET /v1/tenants/danbi/contacts/{contact}")
    shown = json.dumps(story, ensure_ascii=False)
    # It is there for the shop, but what nobody may keep.
    assert canaries.PHONE in shown
    assert found_in(shown, NEVER) == []
    assert listener.lines > lines
    assert listener.leaks == []
    stored = rows(world)
    assert TOLD["customer"] in stored
    assert found_in(stored, NEVER) == []
    assert [one for one in found_in(stored, PERSONAL) if one not in PLAIN] == []
    world.restore()


def test_what_is_queued_for_billing_names_nobody(world: World) -> None:
    changes = [change(row) for row in world.desk.rows()]
    app.relay_changes(stream_event(*changes), None)
    sqs = get_session().create_client("sqs", settings().region)
    found = sqs.receive_message(QueueUrl=settings().usage_queue_url, MaxNumberOfMessages=10).get("Messages", [])
    assert found
    told = json.dumps(found, ensure_ascii=False)
    assert found_in(told) == []
    assert shapes_in(told) == []


@each([one for one in TRIED if told_to(*one)])
def test_no_refusal_repeats_what_it_was_sent(world: World, listener: Listener, route: Route, name: str) -> None:
    """Happy or refused, with a person's data in every place: no log line has it, and no refusal says it back."""
    who = party(world, name)
    for attempt in attempts(world, route, who):
        if attempt.place.startswith(("body", "query")):
            answer = world.send(route, attempt.foreign)
            world.restore()
            if answer.status >= 400:
                assert found_in(json.dumps(answer.body, ensure_ascii=False)) == []
    assert listener.leaks == []


def test_the_search_finds_what_is_logged(listener: Listener) -> None:
    for said in (canaries.PHONE, canaries.MAIL, canaries.CARD, canaries.RESIDENT, "010-2222-3333", "a@b.example"):
        log().info("a line", said=said)
        assert said in " ".join(listener.leaks)
        listener.leaks.clear()
    try:
        raise ValueError("".join(["kanari.byeol", "@canary.example"]))
    except ValueError:
        log().exception("failed")
    assert canaries.MAIL in listener.leaks
    listener.leaks.clear()
    log().info("a line", contact="0" * 32, at=1_795_230_000_000)
    assert listener.leaks == []
