"""Rights over HTTP, and what the table holds after an erasure."""

import base64
import hashlib
import json
import zlib
from dataclasses import replace
from typing import Any

import pytest

import app
from chalicelib.aws.tables import commit
from chalicelib.aws.vault import Vault
from chalicelib.contacts.store import Contacts
from chalicelib.customers.model import Customer, Details
from chalicelib.customers.rules import normal
from chalicelib.customers.store import Customers
from chalicelib.hooks.history import Deliveries
from chalicelib.hooks.model import Answer
from chalicelib.hooks.service import deliver
from chalicelib.hooks.store import Hooks
from chalicelib.hooks.wiring import desk as hooking
from chalicelib.kernel.caller import Caller, Kind
from chalicelib.kernel.clock import HOUR
from chalicelib.letters.model import Letter, Name, Post, Readers, To
from chalicelib.letters.ports import Mailroom
from chalicelib.letters.service import send
from chalicelib.letters.store import Letters
from chalicelib.metering.store import Ledger
from chalicelib.privacy.store import AccessRecords
from chalicelib.rights.jobs import replay_erasures, sweep_erasures, sweep_retention, tombstones
from chalicelib.rights.rules import canonical
from tests.hooks.bad_input import HOOK, TOLD, a_delivery, a_hook
from tests.lambda_events import schedule_event
from tests.letters.test_service import Carrier
from tests.moto_desk import MINA, SHOP, Desk, shop
from tests.samples import NOON, a_contact
from tests.wall import behind

OWNER = Caller(Kind.OWNER, "", tenant="danbi", person="11111111-1111-4111-8111-111111111111")
PHONE, MAIL, ORDER = "010-9876-5432", "canary@canary.example", "CANARY-ORDER-1"
DETAILS = normal(Details("카나리아 손님", PHONE, MAIL, "카나리아길 77", ORDER, "카나리은행 987"))
CUSTOMER = "canary-customer"
TEXTS = ("카나리아 문의", "카나리아 제목", "카나리아 답변", "카나리아 메모")
ONE = f"/v1/tenants/danbi/customers/{CUSTOMER}"
WHY = {"reason": "정보 주체의 요청"}
ERASE = {"reason": "request"}


def customers(tenant: str = "danbi") -> Customers:
    return Customers(tenant, Vault(tenant))


def a_customer(desk: Desk) -> str:
    """Store the canary customer with an answered contact, and return the contact."""
    store = customers()
    commit(*store.save(None, Customer("danbi", CUSTOMER, DETAILS)))
    text, subject, answer, note = TEXTS
    customer = {"id": CUSTOMER, "name": DETAILS.name}
    contact = desk.claimed(channel="email", customer=customer, text=text, subject=subject)
    commit(store.of_contact(CUSTOMER, contact))
    desk.act(MINA, contact, "replies", {"text": answer})
    desk.act(MINA, contact, "notes", {"text": note})
    desk.act(MINA, contact, "resolve")
    return contact


def sweep(desk: Desk, seconds: int = 361) -> dict[str, int]:
    desk.later(seconds)
    with behind("sweep"):
        return {"erasures": sweep_erasures(app.now()), "expired": sweep_retention(app.now())}


def everything(desk: Desk) -> str:
    """Return all that the table and its indexes hold, with what is in binary attributes spelled out."""
    rows = [row for index in (None, "lists", "work") for row in desk.rows(index)]
    return json.dumps(rows, default=lambda raw: raw.decode("latin-1"), ensure_ascii=False)


@pytest.mark.parametrize("query", [{"phone": PHONE}, {"mail": MAIL.upper()}, {"order_number": ORDER}])
def test_customer_is_found_by_a_whole_value_and_shown_masked(desk: Desk, query: dict[str, str]) -> None:
    a_customer(desk)
    answer = desk.call(SHOP, "GET /v1/tenants/danbi/customers", query=query)
    assert [found["id"] for found in answer.body["customers"]] == [CUSTOMER]
    told = json.dumps(answer.body, ensure_ascii=False)
    assert not [value for value in DETAILS.known().values() if value in told]
    other = desk.call(shop("mungmeal"), "GET /v1/tenants/mungmeal/customers", query=query)
    assert other.body == {"customers": []}


@pytest.mark.parametrize("who", [SHOP, OWNER], ids=lambda who: str(who.kind))
def test_export_has_everything_and_a_manifest_that_fits(desk: Desk, who: Caller) -> None:
    contact = a_customer(desk)
    body = desk.call(who, f"POST {ONE}/export", WHY).body
    parts = body["parts"]
    assert parts["details"] == [{"id": CUSTOMER} | {field.value: text for field, text in DETAILS.known().items()}]
    [story] = parts["contacts"]
    assert (story["id"], [said["text"] for said in story["messages"]]) == (contact, [TEXTS[0], TEXTS[2]])
    assert {line["name"]: line["count"] for line in body["manifest"]} == {
        "details": 1,
        "accesses": 0,
        "contacts": 1,
    }
    for line in body["manifest"]:
        assert line["sha256"] == hashlib.sha256(canonical(parts[line["name"]]).encode()).hexdigest()
    assert "cursor" not in body


def test_every_look_is_on_record_and_in_the_next_export(desk: Desk) -> None:
    a_customer(desk)
    desk.call(SHOP, "GET /v1/tenants/danbi/customers", query={"phone": PHONE})
    desk.call(OWNER, f"POST {ONE}/export", WHY)
    seen = desk.call(OWNER, f"POST {ONE}/export", WHY).body["parts"]["accesses"]
    assert [access["what"] for access in seen] == ["search phone", "export"]
    records, _ = AccessRecords("danbi").page("2026-11", limit=9, after=None, now=NOON)
    assert {name for access in records for name in access.whose} == {customers().handle(CUSTOMER)}


def test_long_export_comes_in_pages(desk: Desk) -> None:
    ids = [f"{number:032x}" for number in range(3)]
    for contact in ids:
        commit(Contacts("danbi").add(a_contact(contact, customer=CUSTOMER, size=1_000_000)))
        commit(customers().of_contact(CUSTOMER, contact))
    first = desk.call(SHOP, f"POST {ONE}/export", WHY).body
    second = desk.call(SHOP, f"POST {ONE}/export", WHY, query={"cursor": first["cursor"]}).body
    assert [story["id"] for page in (first, second) for story in page["parts"]["contacts"]] == ids
    assert (set(first["parts"]), set(second["parts"])) == ({"details", "accesses", "contacts"}, {"contacts"})
    assert "cursor" not in second
    foreign = desk.call(OWNER, f"POST {ONE}/export", WHY, query={"cursor": first["cursor"]})
    assert foreign.refusal == (400, "invalid_cursor")


def test_owner_takes_the_whole_shop_along_page_by_page_and_on_record(desk: Desk) -> None:
    contact, path = a_customer(desk), "POST /v1/tenants/danbi/export"
    first = desk.call(OWNER, path, WHY).body
    assert [one["id"] for one in first["parts"]["details"]] == [CUSTOMER]
    second = desk.call(OWNER, path, WHY, query={"cursor": first["cursor"]}).body
    assert [one["id"] for one in second["parts"]["contacts"]] == [contact]
    assert "cursor" not in second
    records, _ = AccessRecords("danbi").page("2026-11", limit=9, after=None, now=NOON)
    assert [(one.what, one.why) for one in records[:2]] == [("export of the tenant", WHY["reason"])] * 2
    for who in (SHOP, replace(OWNER, kind=Kind.STAFF), replace(OWNER, kind=Kind.VIEWER)):
        assert desk.call(who, path, WHY).refusal == (403, "forbidden")
    stranger = replace(OWNER, tenant="mungmeal")
    foreign = desk.call(stranger, "POST /v1/tenants/mungmeal/export", WHY, query={"cursor": first["cursor"]})
    assert foreign.refusal == (400, "invalid_cursor")
    assert desk.call(stranger, path, WHY).refusal == (404, "not_found")


def test_erased_customer_leaves_nothing_in_table_and_indexes(desk: Desk) -> None:
    contact = a_customer(desk)
    before = Ledger("danbi").of_contact(contact)
    handle = customers().handle(CUSTOMER)
    answer = desk.call(OWNER, f"POST {ONE}/erase", ERASE)
    assert (answer.status, answer.body["progress"]) == (202, "running")
    assert desk.call(OWNER, f"POST {ONE}/export", WHY).refusal == (404, "not_found")
    assert sweep(desk)["erasures"] == 1
    shown = desk.call(SHOP, f"GET /v1/tenants/danbi/erasures/{answer.body['id']}").body
    assert shown["progress"] == "done"
    assert shown["certificate"]["erased"] == {"contacts": 1, "messages": 3, "customers": 1, "search_entries": 3}
    held = everything(desk)
    for canary in (CUSTOMER, *DETAILS.known().values(), PHONE, MAIL, *TEXTS):
        assert canary not in held
        assert base64.b64encode(canary.encode()).decode() not in held
    rows = [row for row in desk.rows() if handle in json.dumps(row, default=repr)]
    assert sorted(row["kind"]["S"] for row in rows) == ["customer_erased", "erasure"]
    assert Ledger("danbi").of_contact(contact) == before != []


def test_nothing_is_kept_of_an_erased_customer_who_goes_on_writing(desk: Desk) -> None:
    contact = desk.claimed(customer={"id": CUSTOMER})
    spoken = f"POST /v1/tenants/danbi/contacts/{contact}"
    assert desk.call(SHOP, f"{spoken}/messages", {"text": TEXTS[0]}).status == 201
    desk.call(OWNER, f"POST {ONE}/erase", ERASE)
    for who, where in ((SHOP, "messages"), (MINA, "replies"), (MINA, "notes")):
        assert desk.call(who, f"{spoken}/{where}", {"text": TEXTS[0]}).refusal == (409, "customer_erased")
    assert desk.call(MINA, f"{spoken}/resolve").status == 200
    sweep(desk)
    assert [row for row in desk.rows() if row["kind"]["S"] == "message" and row["content"]["B"]] == []


def test_no_contact_of_an_erased_customer_is_readable_after_the_answer(desk: Desk) -> None:
    contacts = [desk.open(customer={"id": CUSTOMER}, text=TEXTS[0]) for _ in range(25)]
    assert desk.call(OWNER, f"POST {ONE}/erase", ERASE).status == 202
    shown = [desk.call(SHOP, f"GET /v1/tenants/danbi/contacts/{contact}").body for contact in contacts]
    assert TEXTS[0] not in json.dumps(shown, ensure_ascii=False)


def test_repeat_answers_with_the_first_erasure(desk: Desk) -> None:
    a_customer(desk)
    first, again = (desk.call(who, f"POST {ONE}/erase", ERASE).body for who in (OWNER, SHOP))
    assert again == first


def test_contact_on_hold_survives_until_it_is_released(desk: Desk) -> None:
    contact = a_customer(desk)
    path = f"POST /v1/tenants/danbi/contacts/{contact}"
    kept = desk.call(OWNER, f"{path}/hold", {"days": 30, "reason": "한국소비자원 분쟁 조정"})
    assert (kept.status, kept.body["contact"]) == (200, contact)
    erasure = desk.call(OWNER, f"POST {ONE}/erase", ERASE).body["id"]
    sweep(desk)
    shown = desk.call(OWNER, f"GET /v1/tenants/danbi/erasures/{erasure}").body
    assert shown["certificate"]["kept"][0]["what"] == f"contact {contact}"
    assert Contacts("danbi").story(contact).messages[0].text == TEXTS[0]
    assert desk.call(OWNER, f"{path}/release-hold").status == 204
    sweep(desk, 361 + 86_400)
    assert desk.call(OWNER, f"GET /v1/tenants/danbi/erasures/{erasure}").body["progress"] == "done"
    assert desk.call(OWNER, f"{path}/release-hold").refusal == (404, "not_found")


def test_erased_tenant_is_readable_by_nobody_and_its_ledger_stays(desk: Desk) -> None:
    contact = a_customer(desk)
    entries = Ledger("danbi").of_contact(contact)
    other = desk.open("mungmeal", customer={"id": "theirs"}, text="다른 가게")
    token = str(desk.token(SHOP))
    body = {"confirm": "danbi", "reason": "contract_over"}
    answer = desk.call(OWNER, "POST /v1/tenants/danbi/erase", body)
    assert answer.status == 202
    assert desk.authorize(f"Bearer {token}")["policyDocument"]["Statement"][0]["Resource"] == []
    sweep(desk)
    shown = desk.call(OWNER, f"GET /v1/tenants/danbi/erasures/{answer.body['id']}").body
    assert (shown["progress"], shown["certificate"]["whose"]) == ("done", "tenant")
    held = everything(desk)
    for canary in (CUSTOMER, *DETAILS.known().values(), *TEXTS):
        assert canary not in held
    with pytest.raises(Exception, match="erased"):
        Vault("danbi").fingerprint("customer", CUSTOMER)
    assert Ledger("danbi").of_contact(contact) == entries != []
    assert Contacts("mungmeal").story(other).messages[0].text == "다른 가게"


def test_nothing_leaves_for_a_shop_that_was_erased(desk: Desk) -> None:
    hooks, letters = Hooks("danbi", Vault("danbi")), Letters("danbi")
    commit(hooks.add(a_hook(), "whsec_1"))
    waiting = Letter("danbi", "waiting", Name.WELCOME, To.OWNERS, NOON)
    cut_off = replace(waiting, id="cut-off")
    sent = replace(waiting, id="sent")
    commit(*map(letters.add, (waiting, cut_off, sent)), Deliveries("danbi", HOOK).add(a_delivery()))
    commit(letters.claim(cut_off, NOON, NOON), letters.claim(sent, NOON, NOON))
    commit(letters.end(replace(sent, state=Post.SENDING, tries=1), Post.SENT, NOON))
    body = {"confirm": "danbi", "reason": "contract_over"}
    assert desk.call(OWNER, "POST /v1/tenants/danbi/erase", body).status == 202
    told: list[str] = []

    def post(url: str, body: str, headers: Any) -> Answer:
        told.append(url)
        return Answer(204, 1)

    deliver(replace(hooking("danbi"), post=post), HOOK, TOLD, NOON + 1)
    room = Mailroom(letters, lambda _: Readers(("owner@danbi.example",), "ko"), carrier := Carrier(), "", commit)
    for letter in (waiting, cut_off, sent):
        send(room, letter.id, NOON + HOUR)
    assert (told, carrier.sent) == ([], [])
    assert (hooks.all(), letters.unsent()) == ([], [])
    kept = letters.find("sent")
    assert kept is not None
    assert kept.state is Post.SENT
    assert desk.call(OWNER, "GET /v1/tenants/danbi/hooks").body["hooks"] == []


def test_expired_contacts_are_erased_on_the_minute_of_their_shop(desk: Desk) -> None:
    contact = desk.open(text=TEXTS[0], customer={"id": CUSTOMER})
    desk.act(SHOP, contact, "spam")
    minute = zlib.crc32(b"danbi") % 60 - NOON // 60_000 % 60
    desk.later(91 * 86_400 + minute * 60)
    assert app.sweep(schedule_event(), None)["expired"] == 1
    assert sweep(desk, 91 * 86_400 + minute * 60)["expired"] == 0
    assert CUSTOMER not in everything(desk)


def test_tombstones_replay_an_erasure_after_a_restore(desk: Desk) -> None:
    a_customer(desk)
    backup = desk.rows()
    erasure = desk.call(OWNER, f"POST {ONE}/erase", ERASE).body["id"]
    sweep(desk)
    records: list[Any] = list(tombstones())
    restore(desk, backup)
    assert customers().get(CUSTOMER).id == CUSTOMER
    assert replay_erasures(json.loads(json.dumps(records)), NOON) == 1
    assert desk.call(OWNER, f"POST {ONE}/export", WHY).status == 404
    sweep(desk, 722)
    shown = desk.call(OWNER, f"GET /v1/tenants/danbi/erasures/{erasure}").body
    assert (shown["progress"], shown["reason"]) == ("done", "restored")
    assert CUSTOMER not in everything(desk)


def test_replayed_erasure_of_a_shop_ends_though_its_key_is_destroyed(desk: Desk) -> None:
    contact = a_customer(desk)
    backup = desk.rows()
    body = {"confirm": "danbi", "reason": "contract_over"}
    erasure = desk.call(OWNER, "POST /v1/tenants/danbi/erase", body).body["id"]
    sweep(desk)
    records: list[Any] = list(tombstones())
    restore(desk, backup)
    assert replay_erasures(json.loads(json.dumps(records)), NOON) == 1
    for minute in range(1, 4):
        sweep(desk, 722 + minute * 60)
    shown = desk.call(OWNER, f"GET /v1/tenants/danbi/erasures/{erasure}").body
    assert (shown["progress"], shown["reason"]) == ("done", "restored")
    held = everything(desk)
    assert [text for text in (CUSTOMER, *DETAILS.known().values(), *TEXTS) if text in held] == []
    assert Ledger("danbi").of_contact(contact) != []


def restore(desk: Desk, backup: list[Any]) -> None:
    for row in desk.rows():
        desk.dynamodb.delete_item(TableName=desk.table, Key={name: row[name] for name in ("pk", "sk")})
    for row in backup:
        desk.dynamodb.put_item(TableName=desk.table, Item=row)


def test_owner_reads_who_looked_month_by_month_in_pages(desk: Desk) -> None:
    a_customer(desk)
    for _ in range(52):
        assert desk.call(SHOP, f"POST {ONE}/export", WHY).status == 200
    where = "GET /v1/tenants/danbi/access-records"
    first = desk.call(OWNER, where).body
    last = desk.call(OWNER, where, query={"month": "2026-11", "cursor": first["cursor"]}).body
    assert (len(first["records"]), "cursor" in last) == (50, False)
    record = first["records"][0]
    assert (record["who"], record["what"], record["source"]) == ("shop:danbi", "export", "192.0.2.1")
    assert record["why"] == WHY["reason"]
    assert CUSTOMER not in str(first)
    assert desk.call(OWNER, where, query={"month": "2026-10"}).body == {"records": []}
