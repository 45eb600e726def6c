"""Widget keys and visitors over HTTP: one conversation each, from the pages that the shop allows."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

import app
from chalicelib.aws.tables import commit
from chalicelib.kernel.caller import Caller, Kind
from chalicelib.tenants.model import Channel
from chalicelib.tenants.service import apply
from chalicelib.tenants.store import Tenants
from chalicelib.web.limits import OPENED_BY_WIDGET, limiter
from tests.moto_desk import DANBI, MINA, NOBODY, SHOP, Answer, Desk, shop

ORIGIN, OTHER = "https://danbi.kr", "https://m.danbi.kr"
KEYS = "/v1/tenants/danbi/widget-keys"
OWNER = Caller(Kind.OWNER, "", tenant="danbi", person="p")
UUID = "6f1c8f2e-8a4e-4f1d-9b0e-{:012d}"


def widget(desk: Desk, *origins: str) -> str:
    answer = desk.call(SHOP, f"POST {KEYS}", {"origins": list(origins or (ORIGIN,)), "label": "쇼핑몰"})
    assert answer.status == 201, answer
    return str(answer.body["key"])


def visit(desk: Desk, key: str, number: int = 1, *, origin: str = ORIGIN, **body: Any) -> Answer:
    headers = {"X-Widget-Key": key, "Origin": origin, "Idempotency-Key": UUID.format(number)}
    return desk.call(NOBODY, "POST /v1/widget/contacts", {"text": "언제 와요?", **body}, headers=headers)


def proven(desk: Desk, token: str) -> Caller:
    return Caller(**desk.authorize(f"Bearer {token}")["context"])


def call(desk: Desk, who: Caller, request: str, body: Any = None, *, origin: str = ORIGIN) -> Answer:
    return desk.call(who, request, body, headers={"Origin": origin})


def cors(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name.startswith("Access-Control") or name == "Vary"}


def test_shop_issues_lists_and_revokes_its_keys(desk: Desk) -> None:
    body = {"origins": ["HTTPS://Danbi.kr/", OTHER, ORIGIN], "label": "  쇼핑몰 "}
    made = desk.call(OWNER, f"POST {KEYS}", body).body
    assert made["key"] == f"ddw.danbi.{made['id']}"
    assert (made["origins"], made["label"], made["revoked"]) == ([ORIGIN, OTHER], "쇼핑몰", False)
    assert desk.call(SHOP, f"GET {KEYS}").body == {"keys": [made]}
    gone = desk.call(OWNER, f"POST {KEYS}/{made['id']}/revoke")
    assert (gone.status, gone.body) == (200, {**made, "revoked": True})
    assert desk.call(SHOP, f"GET {KEYS}").body == {"keys": [{**made, "revoked": True}]}


def test_repeat_of_an_issue_makes_one_key(desk: Desk) -> None:
    body = {"origins": [ORIGIN], "label": "쇼핑몰"}
    answers = [desk.call(SHOP, f"POST {KEYS}", body, headers={"Idempotency-Key": "one"}) for _ in range(2)]
    assert answers[0].body == answers[1].body
    assert len(desk.call(SHOP, f"GET {KEYS}").body["keys"]) == 1


@pytest.mark.parametrize("kind", [Kind.STAFF, Kind.VIEWER, Kind.VISITOR, Kind.FINANCE])
def test_keys_are_for_the_owner_and_the_server(desk: Desk, kind: Kind) -> None:
    who = replace(OWNER, kind=kind, origins=ORIGIN)
    assert call(desk, who, f"GET {KEYS}").refusal == (403, "forbidden")
    assert desk.call(OWNER, f"GET {KEYS}").status == 200


def test_keys_of_another_shop_look_absent(desk: Desk) -> None:
    key = widget(desk).rpartition(".")[2]
    for who, path in ((shop("mungmeal"), KEYS), (shop("mungmeal"), "/v1/tenants/mungmeal/widget-keys")):
        assert desk.call(who, f"POST {path}/{key}/revoke").refusal == (404, "not_found")
    assert desk.call(shop("mungmeal"), "GET /v1/tenants/mungmeal/widget-keys").body == {"keys": []}
    assert desk.call(SHOP, f"POST {KEYS}/{key}/revoke").status == 200


def test_visitor_opens_a_chat_that_agents_pull(desk: Desk) -> None:
    opened = visit(desk, widget(desk), name="손님")
    assert opened.status == 201
    assert opened.body["tenant"] == "danbi"
    story = desk.call(MINA, "POST /v1/queue/next").body
    assert story["contact"]["id"] == opened.body["contact"]
    assert story["contact"]["channel"] == "chat"
    assert story["contact"]["customer"].startswith("visitor-")
    assert [said["text"] for said in story["messages"]] == ["언제 와요?"]


def test_token_proves_the_visitor_of_this_conversation(desk: Desk) -> None:
    key = widget(desk, ORIGIN, OTHER)
    opened = visit(desk, key).body
    caller = proven(desk, opened["token"])
    assert caller == Caller(
        Kind.VISITOR, key.rpartition(".")[2], "danbi", contact=opened["contact"], origins=f"{ORIGIN} {OTHER}"
    )
    path = f"POST /v1/tenants/danbi/contacts/{opened['contact']}/messages"
    assert call(desk, caller, path, {"text": "하나 더요."}).status == 201
    assert call(desk, caller, path, {"text": "하나 더요."}, origin=OTHER).status == 201


def test_visitor_reads_its_own_story_and_no_other(desk: Desk) -> None:
    opened = visit(desk, widget(desk)).body
    caller = proven(desk, opened["token"])
    desk.act(MINA, opened["contact"], "claim")
    desk.act(MINA, opened["contact"], "notes", {"text": "SECRET note"})
    desk.act(MINA, opened["contact"], "replies", {"text": "내일 도착해요."})
    own = call(desk, caller, f"GET /v1/tenants/danbi/contacts/{opened['contact']}")
    assert own.status == 200
    assert [said["text"] for said in own.body["messages"]] == ["언제 와요?", "내일 도착해요."]
    assert "SECRET" not in json.dumps(own.body)
    for contact in (desk.open(), "f" * 32):
        answer = call(desk, caller, f"GET /v1/tenants/danbi/contacts/{contact}")
        assert answer.refusal == (404, "not_found")


def test_visitor_reaches_no_other_conversation(desk: Desk) -> None:
    opened = visit(desk, widget(desk)).body
    caller = proven(desk, opened["token"])
    own = f"/v1/tenants/danbi/contacts/{opened['contact']}"
    assert call(desk, caller, f"POST {own}/messages", {"text": "네"}).status == 201
    for tenant, contact in (("danbi", desk.open()), ("mungmeal", desk.open("mungmeal")), ("danbi", "f" * 32)):
        path = f"POST /v1/tenants/{tenant}/contacts/{contact}/messages"
        assert call(desk, caller, path, {"text": "네"}).refusal == (404, "not_found")
    for request in (
        "GET /v1/tenants/danbi/contacts",
        f"POST {own}/spam",
        f"POST {own}/reopen",
        "GET /v1/agents/me",
    ):
        assert call(desk, caller, request).refusal == (403, "forbidden"), request


def test_two_visitors_who_say_the_same_of_themselves_see_nothing_of_each_other(desk: Desk) -> None:
    key = widget(desk)
    said = {"name": "김단비", "text": "danbi@example.com 주문 언제 와요?"}
    first, second = (visit(desk, key, number, **said).body for number in (1, 2))
    assert first["contact"] != second["contact"]
    stories = [desk.call(MINA, "POST /v1/queue/next").body for _ in range(2)]
    assert stories[0]["contact"]["customer"] != stories[1]["contact"]["customer"]
    callers = [proven(desk, opened["token"]) for opened in (first, second)]
    for caller, foreign in ((callers[0], second["contact"]), (callers[1], first["contact"])):
        path = f"POST /v1/tenants/danbi/contacts/{foreign}/messages"
        assert call(desk, caller, path, {"text": "네"}).refusal == (404, "not_found")


def test_repeat_opens_one_conversation_for_ten_minutes(desk: Desk) -> None:
    key = widget(desk)
    first, again = visit(desk, key), visit(desk, key)
    assert (first.status, again.status) == (201, 201)
    assert first.body["contact"] == again.body["contact"]
    desk.later(601)
    late = visit(desk, key)
    assert late.refusal == (409, "too_late_to_repeat")
    assert "token" not in json.dumps(late.body)


def test_shop_without_chat_takes_no_visitors(desk: Desk) -> None:
    key = widget(desk)
    assert visit(desk, key).status == 201
    apply(replace(DANBI, channels=(Channel.EMAIL,)), Tenants("danbi"), commit)
    assert visit(desk, key, 2).refusal == (400, "channel_closed")


def test_renewed_token_opens_the_same_conversation(desk: Desk) -> None:
    opened = visit(desk, widget(desk)).body
    caller = proven(desk, opened["token"])
    fresh = call(desk, caller, "POST /v1/widget/renew")
    assert fresh.status == 200
    assert proven(desk, fresh.body["token"]) == caller
    desk.act(SHOP, opened["contact"], "spam")
    assert call(desk, caller, "POST /v1/widget/renew").refusal == (409, "conversation_closed")


def test_revoked_key_shuts_its_visitors_out_and_no_others(desk: Desk) -> None:
    gone, kept = widget(desk), widget(desk)
    tokens = [visit(desk, key, number).body["token"] for number, key in enumerate((gone, kept))]
    assert desk.call(SHOP, f"POST {KEYS}/{gone.rpartition('.')[2]}/revoke").status == 200
    assert desk.authorize(f"Bearer {tokens[0]}")["principalId"] == "nobody"
    assert desk.authorize(f"Bearer {tokens[1]}")["principalId"].startswith("visitor:")
    assert visit(desk, gone, 3).refusal == (401, "unauthenticated")
    assert visit(desk, kept, 3).status == 201


def test_allowed_page_may_read_answers_and_refusals_and_no_other_page_may(desk: Desk) -> None:
    key = widget(desk)
    opened = visit(desk, key)
    caller = proven(desk, opened.body["token"])
    shown = {
        "Access-Control-Allow-Origin": ORIGIN,
        "Access-Control-Expose-Headers": "X-Request-Id, Retry-After, ETag",
        "Vary": "Origin",
    }
    wrong = call(desk, caller, f"POST /v1/tenants/danbi/contacts/{'f' * 32}/messages", {"text": "네"})
    empty = visit(desk, key, 2, text=" ")
    assert [answer.status for answer in (opened, wrong, empty)] == [201, 404, 400]
    assert [cors(answer.headers) for answer in (opened, wrong, empty)] == [shown] * 3
    for origin in ("https://evil.kr", "", "null", f"{ORIGIN}.evil.kr", "HTTPS://DANBI.KR"):
        for answer in (
            visit(desk, key, 3, origin=origin),
            call(desk, caller, "POST /v1/widget/renew", origin=origin),
        ):
            assert answer.refusal == (403, "origin_not_allowed"), origin
            assert cors(answer.headers) == {}


def test_servers_agents_and_everybody_get_no_cors_header_and_all_get_the_security_headers(desk: Desk) -> None:
    answers = [
        desk.call(who, request, headers={"Origin": "https://evil.kr"})
        for who, request in (
            (SHOP, "GET /v1/tenants/danbi/contacts"),
            (SHOP, "GET /v1/tenants/mungmeal/contacts"),
            (MINA, "GET /v1/agents/me"),
            (NOBODY, "GET /v1/health"),
            (NOBODY, "POST /v1/widget/contacts"),
        )
    ]
    assert [answer.status for answer in answers] == [200, 404, 200, 200, 401]
    for answer in (*answers, visit(desk, widget(desk))):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert [cors(answer.headers) for answer in answers] == [{}] * 5


def test_conversations_are_opened_at_a_bounded_rate_per_key(desk: Desk) -> None:
    busy, quiet = widget(desk), widget(desk)
    limiter.forget()
    desk.limited = True
    assert visit(desk, busy).status == 201
    opener = Caller(Kind.VISITOR, busy.rpartition(".")[2], "danbi")
    for _ in range(OPENED_BY_WIDGET.burst - 1):
        limiter.admit(opener, "")
    over = visit(desk, busy, 2)
    assert over.refusal == (429, "too_many_requests")
    assert int(over.headers["Retry-After"]) >= 1
    assert over.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert visit(desk, quiet, 3).status == 201
    assert desk.call(SHOP, "GET /v1/tenants/danbi/contacts").status == 200


def test_visitors_are_let_into_few_routes() -> None:

    assert {route.name for route in app.routes() if Kind.VISITOR in getattr(route.policy, "kinds", ())} == {
        "GET /v1/tenants/{tenant}/contacts/{contact}",
        "POST /v1/tenants/{tenant}/contacts/{contact}/messages",
        "GET /v1/tenants/{tenant}/contacts/{contact}/wait",
        "POST /v1/tenants/{tenant}/contacts/{contact}/prefer",
        "GET /v1/tenants/{tenant}/contacts/{contact}/files",
        "POST /v1/tenants/{tenant}/contacts/{contact}/files",
        "POST /v1/tenants/{tenant}/contacts/{contact}/files/send",
        "GET /v1/tenants/{tenant}/contacts/{contact}/files/{file}",
        "POST /v1/tenants/{tenant}/contacts/{contact}/files/{file}/ready",
        "POST /v1/tenants/{tenant}/contacts/{contact}/rating",
        "GET /v1/tenants/{tenant}/contacts/{contact}/ratings",
        "POST /v1/widget/renew",
    }


def test_a_flood_of_visitors_does_not_use_up_the_shops_own_contract(desk: Desk) -> None:
    key = widget(desk)
    burst = DANBI.contract.burst
    opened = [visit(desk, key, number).body["contact"] for number in range(burst + 4)]
    assert [status(desk, contact) for contact in opened] == ["waiting"] * (burst + 1) + ["overflow"] * 3
    assert status(desk, desk.open()) == "waiting"


def status(desk: Desk, contact: str) -> str:
    row = desk.raw(f"danbi#contact#{contact}", "contact")
    assert row is not None
    return str(row["status"]["S"])
