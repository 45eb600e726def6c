"""Files over HTTP: sent in, looked into, sent with a message, fetched by those who may, erased with the people."""

import base64
import json
from typing import Any

import pytest
import requests

from chalicelib.aws import objects
from chalicelib.aws.settings import settings
from chalicelib.aws.tables import commit
from chalicelib.contacts.rows import partition
from chalicelib.files.model import MAX_BYTES, PER_CONTACT, File, Side
from chalicelib.files.store import Files
from chalicelib.kernel.caller import Caller, Kind
from chalicelib.rights import jobs
from tests.files.pictures import PLACE, located, opened
from tests.moto_desk import JUNO, MINA, SHOP, STRANGER, Desk, shop
from tests.panel.entrance import AT, PNG, ask, ready, uploaded, visitor

VIEWER = Caller(Kind.VIEWER, "", tenant="danbi", person="p")
OWNER = Caller(Kind.OWNER, "", tenant="danbi", person="p")


def lying() -> list[str]:
    """Return where anything lies in the bucket."""
    found = objects._objects().list_objects_v2(Bucket=settings().files_bucket)
    return [one["Key"] for one in found.get("Contents", [])]


def tags(key: str) -> list[Any]:
    found = objects._objects().get_object_tagging(Bucket=settings().files_bucket, Key=key)["TagSet"]
    assert isinstance(found, list)
    return found


def names(desk: Desk, who: Caller, contact: str) -> list[str]:
    return [one["id"] for one in ask(desk, who, f"GET {AT}/{contact}/files").body["files"]]


def test_a_visitors_picture_reaches_the_agent_without_its_metadata(desk: Desk) -> None:
    contact = desk.claimed()
    page = visitor(contact)
    file = uploaded(desk, contact, page, located("JPEG"))
    made = ask(desk, page, f"POST {AT}/{contact}/files/{file}/ready")
    assert (made.status, made.body["type"], made.body["name"]) == (200, "image/jpeg", "영수증.jpg")
    said = ask(desk, page, f"POST {AT}/{contact}/files/send", {"files": [file], "text": "이거예요"})
    assert (said.status, said.body["text"]) == (201, "이거예요")
    [listed] = ask(desk, MINA, f"GET {AT}/{contact}/files").body["files"]
    assert (listed["id"], listed["message"], listed["side"]) == (file, said.body["id"], "customer")
    link = ask(desk, MINA, f"GET {AT}/{contact}/files/{file}").body["url"]
    got = requests.get(link, timeout=5)
    assert got.headers["Content-Type"] == "image/jpeg"
    assert got.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''")
    assert opened(got.content).size == (30, 20)
    assert PLACE.encode() not in got.content


def test_only_the_harmless_form_stays_and_for_good(desk: Desk) -> None:
    contact = desk.open()
    file = uploaded(desk, contact)
    assert lying() == [f"uploads/danbi/{contact}/{file}"]
    assert ask(desk, SHOP, f"POST {AT}/{contact}/files/{file}/ready").status == 200
    [key] = lying()
    assert key.startswith(f"files/danbi/{contact}/")
    assert file not in key
    assert tags(key) == []


def test_what_is_ready_stays_whatever_happens_next(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A function that dies at any point of it leaves no file that can be sent and is then gone in a day."""
    contact = desk.open()
    file = uploaded(desk, contact)
    for dying in ("keep", "drop"):
        with monkeypatch.context() as broken:
            broken.setattr(objects, dying, _die)
            assert ask(desk, SHOP, f"POST {AT}/{contact}/files/{file}/ready").status == 500
        sent = ask(desk, SHOP, f"POST {AT}/{contact}/files/send", {"files": [file]})
        if dying == "keep":
            assert sent.refusal == (409, "file_not_ready")
    assert sent.status == 201
    found = Files("danbi").find(contact, file)
    assert found
    assert tags(found.key) == []


def test_what_comes_after_an_erasure_goes_at_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    contact = desk.open(customer={"id": "gone"})
    file = uploaded(desk, contact)
    put = objects.put

    def erased(key: str, content: bytes, kind: str) -> None:
        monkeypatch.setattr(objects, "put", put)
        assert desk.call(OWNER, "POST /v1/tenants/danbi/customers/gone/erase", {"reason": "request"}).status < 300
        put(key, content, kind)

    monkeypatch.setattr(objects, "put", erased)
    assert ask(desk, SHOP, f"POST {AT}/{contact}/files/{file}/ready").status == 409
    assert lying() == []


def test_two_who_make_a_file_ready_at_once_keep_one(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    contact = desk.open()
    file = uploaded(desk, contact)
    put = objects.put

    def twice(key: str, content: bytes, kind: str) -> None:
        monkeypatch.setattr(objects, "put", put)
        assert ask(desk, SHOP, f"POST {AT}/{contact}/files/{file}/ready").status == 200
        put(key, content, kind)

    monkeypatch.setattr(objects, "put", twice)
    assert ask(desk, SHOP, f"POST {AT}/{contact}/files/{file}/ready").status == 200
    found = Files("danbi").find(contact, file)
    assert found
    assert lying() == [found.key]


def _die(key: str) -> None:
    raise RuntimeError(key)


def test_ready_twice_is_ready_once(desk: Desk) -> None:
    contact = desk.open()
    file = ready(desk, contact)
    before = lying()
    again = ask(desk, SHOP, f"POST {AT}/{contact}/files/{file}/ready")
    assert (again.status, again.body["id"]) == (200, file)
    assert lying() == before


def test_a_refused_file_is_taken_away_and_another_one_is_taken(desk: Desk) -> None:
    contact = desk.open()
    file = uploaded(desk, contact, content=b"<svg onload=alert(1)>")
    assert ask(desk, SHOP, f"POST {AT}/{contact}/files/{file}/ready").refusal == (400, "file_refused")
    assert lying() == []
    assert ask(desk, SHOP, f"GET {AT}/{contact}/files/{file}").refusal == (404, "not_found")
    assert names(desk, SHOP, contact) == []
    assert ready(desk, contact) != file


def test_nothing_sent_in_is_not_ready(desk: Desk) -> None:
    contact = desk.open()
    file = ask(desk, SHOP, f"POST {AT}/{contact}/files", PNG).body["file"]
    assert ask(desk, SHOP, f"POST {AT}/{contact}/files/{file}/ready").refusal == (409, "not_uploaded")


def test_what_is_larger_than_announced_is_refused_too(desk: Desk) -> None:
    contact = desk.open()
    file = ask(desk, SHOP, f"POST {AT}/{contact}/files", PNG).body["file"]
    objects.put(objects.upload_key("danbi", contact, file), bytes(MAX_BYTES + 1), "image/png")
    assert ask(desk, SHOP, f"POST {AT}/{contact}/files/{file}/ready").refusal == (413, "file_too_large")
    assert lying() == []


def test_the_form_takes_no_more_than_ten_megabytes(desk: Desk) -> None:
    fields = ask(desk, SHOP, f"POST {AT}/{desk.open()}/files", PNG).body["upload"]["fields"]
    # moto takes whatever comes; S3 holds a form to the policy that is signed with it.
    signed = json.loads(base64.b64decode(fields["policy"]))
    assert ["content-length-range", 1, MAX_BYTES] in signed["conditions"]
    assert {"key": fields["key"]} in signed["conditions"]


def test_a_repeat_of_an_announcement_is_one_file(desk: Desk) -> None:
    contact = desk.open()
    path = f"POST {AT}/{contact}/files"
    files = [ask(desk, SHOP, path, PNG, Idempotency_Key="one").body["file"] for _ in range(2)]
    assert files[0] == files[1]
    other = ask(desk, SHOP, path, {**PNG, "name": "다른 것.png"}, Idempotency_Key="one")
    assert other.refusal == (409, "idempotency_mismatch")


def test_a_contact_takes_twenty_files(desk: Desk) -> None:
    contact = desk.open()
    for number in range(PER_CONTACT - 1):
        commit(Files("danbi").announce(File(contact, f"{number:032x}", "a", 1, Side.CUSTOMER, 1, "d")))
    path = f"POST {AT}/{contact}/files"
    assert ask(desk, SHOP, path, PNG, Idempotency_Key="last").status == 201
    assert ask(desk, SHOP, path, PNG).refusal == (409, "too_many_files")
    assert ask(desk, SHOP, path, PNG, Idempotency_Key="last").status == 201


def test_an_agents_file_goes_with_a_reply_and_is_unseen_before(desk: Desk) -> None:
    contact = desk.claimed()
    page, file = visitor(contact), ready(desk, contact, MINA)
    assert names(desk, MINA, contact) == [file]
    for who in (page, SHOP):
        assert names(desk, who, contact) == []
        assert ask(desk, who, f"GET {AT}/{contact}/files/{file}").refusal == (404, "not_found")
    reply = ask(desk, MINA, f"POST {AT}/{contact}/replies", {"text": "여기 있어요", "files": [file]})
    assert reply.status == 201, reply
    for who in (page, SHOP):
        assert names(desk, who, contact) == [file]
        assert ask(desk, who, f"GET {AT}/{contact}/files/{file}").status == 200


def test_a_file_goes_with_the_contact_and_the_side_that_it_belongs_to(desk: Desk) -> None:
    contact, other = desk.claimed(), desk.claimed()
    mine, theirs, customers = ready(desk, contact, MINA), ready(desk, other, MINA), ready(desk, contact)
    path = f"POST {AT}/{contact}/replies"
    for file in (theirs, customers, "f" * 32, "danbi#contact", "../x"):
        answer = ask(desk, MINA, path, {"text": "네", "files": [file]})
        assert answer.refusal == (409, "wrong_shop"), file
        assert (answer.body["error"]["kind"], answer.body["error"]["what"]) == ("file", file)
    assert ask(desk, SHOP, f"POST {AT}/{contact}/files/send", {"files": [mine]}).refusal == (409, "wrong_shop")
    assert ask(desk, MINA, path, {"text": "네", "files": [mine]}).status == 201
    assert ask(desk, MINA, path, {"text": "또요", "files": [mine]}).refusal == (409, "file_sent")


def test_a_file_that_is_not_ready_or_not_alone_sends_nothing(desk: Desk) -> None:
    contact = desk.open()
    done, waits = ready(desk, contact), uploaded(desk, contact)
    path = f"POST {AT}/{contact}/files/send"
    before = desk.call(SHOP, f"GET {AT}/{contact}").body["messages"]
    assert ask(desk, SHOP, path, {"files": [done, waits]}).refusal == (409, "file_not_ready")
    assert desk.call(SHOP, f"GET {AT}/{contact}").body["messages"] == before
    assert ask(desk, SHOP, path, {"files": [done, done]}).status == 201


def test_a_repeat_of_a_sending_is_one_message(desk: Desk) -> None:
    contact = desk.open()
    body, path = {"files": [ready(desk, contact)]}, f"POST {AT}/{contact}/files/send"
    answers = [ask(desk, SHOP, path, body, Idempotency_Key="one") for _ in range(2)]
    assert [answer.status for answer in answers] == [201, 201]
    assert answers[0].body == answers[1].body
    assert answers[0].body["text"] == "영수증.png"
    assert len(desk.call(SHOP, f"GET {AT}/{contact}").body["messages"]) == 2


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        (JUNO, (409, "not_yours")),
        (STRANGER, (404, "not_found")),
        (shop("mungmeal"), (404, "not_found")),
        (visitor("f" * 32), (404, "not_found")),
        (VIEWER, (403, "forbidden")),
    ],
)
def test_only_who_is_in_the_conversation_brings_files(desk: Desk, who: Caller, refusal: tuple[int, str]) -> None:
    contact = desk.claimed()
    path = f"POST {AT}/{contact}/files"
    assert ask(desk, who, path, PNG).refusal == refusal
    for allowed in (MINA, SHOP, visitor(contact)):
        assert ask(desk, allowed, path, PNG).status == 201


@pytest.mark.parametrize("who", [JUNO, STRANGER, shop("mungmeal"), visitor("f" * 32)])
def test_nobody_else_fetches_a_file(desk: Desk, who: Caller) -> None:
    contact = desk.claimed()
    file = ready(desk, contact)
    for path in (f"GET {AT}/{contact}/files", f"GET {AT}/{contact}/files/{file}"):
        assert ask(desk, who, path).status in {404, 409}
        assert ask(desk, VIEWER, path).status == 200


def test_a_file_is_found_in_its_own_contact_alone(desk: Desk) -> None:
    contact, other = desk.open(), desk.open()
    file = ready(desk, contact)
    assert ask(desk, SHOP, f"GET {AT}/{other}/files/{file}").refusal == (404, "not_found")
    assert ask(desk, SHOP, f"POST {AT}/{other}/files/{file}/ready").refusal == (404, "not_found")


def test_a_fetch_goes_on_record(desk: Desk) -> None:
    contact = desk.claimed()
    file = ready(desk, contact)
    assert ask(desk, SHOP, f"POST {AT}/{contact}/files/send", {"files": [file]}).status == 201
    for who in (MINA, VIEWER):
        assert ask(desk, who, f"GET {AT}/{contact}/files/{file}").status == 200
    seen = desk.call(OWNER, "GET /v1/tenants/danbi/access-records").body["records"]
    assert sorted(one["who"] for one in seen if one["what"] == f"file {file}") == ["agent:mina", "viewer:p"]


def test_what_a_file_is_called_stands_nowhere_in_the_clear(desk: Desk) -> None:
    contact = desk.open()
    file = ready(desk, contact)
    row = desk.raw(partition("danbi", contact), f"file#{file}")
    assert row is not None
    assert "영수증" not in repr(row)
    assert b"\xec\x98\x81" not in row["content"]["B"]


def test_an_erasure_takes_files_and_what_they_are_called(desk: Desk) -> None:
    gone, kept = desk.open(customer={"id": "gone"}), desk.open(customer={"id": "kept"})
    files = {contact: ready(desk, contact) for contact in (gone, kept)}
    waits = uploaded(desk, gone)
    assert len(lying()) == 3
    assert desk.call(OWNER, "POST /v1/tenants/danbi/customers/gone/erase", {"reason": "request"}).status < 300
    assert [key.split("/")[2] for key in lying()] == [kept]
    for file in (files[gone], waits):
        row = desk.raw(partition("danbi", gone), f"file#{file}")
        assert row is not None
        assert (row["content"], "key" in row) == ({"B": b""}, False)
    assert ask(desk, SHOP, f"GET {AT}/{gone}/files/{files[gone]}").refusal == (404, "not_found")
    assert ask(desk, SHOP, f"GET {AT}/{kept}/files/{files[kept]}").status == 200


def test_what_expires_takes_its_files_along(desk: Desk) -> None:
    contact = desk.claimed()
    ready(desk, contact)
    desk.act(MINA, contact, "resolve")
    assert jobs.sweep_retention(desk.now) == 0
    assert len(lying()) == 1
    for minute in range(60):
        desk.later(86_400 * 1_096 + 60 * minute)
        jobs.sweep_retention(desk.now)
    assert lying() == []
