"""A shop chooses section by section, and every version is kept."""

from typing import Any

import pytest

from chalicelib.kernel.caller import Caller, Kind
from chalicelib.tenants.store import Tenants
from tests.bills.world import OWNER, STAFF, VIEWER
from tests.moto_desk import JUNO, MINA, SHOP, Answer, Desk
from tests.setup.bodies import CHANNELS, EACH, GOALS, SURGE, VOICE

AT = "/v1/tenants/danbi/choices"
THEIRS = Caller(Kind.OWNER, "", tenant="mungmeal", person="00000009-0000-4000-8000-000000000000")

OTHER: dict[str, dict[str, Any]] = {
    "goals": {"wait_seconds": 1},
    "scope": {"bot": []},
    "hours": {"hours": {}},
    "voice": {"tone": "짧게"},
    "channels": {"channels": ["chat"]},
    "about": {"name_en": "Sky"},
    "surge": {"message": 1},
}


def put(desk: Desk, section: str, body: Any, who: Caller = OWNER, version: int | None = None) -> Answer:
    headers = {} if version is None else {"If-Match": f'"{version}"'}
    return desk.call(who, f"PUT {AT}/{section}", body, headers=headers)


def shown(desk: Desk, section: str, who: Caller = OWNER) -> Any:
    sections = desk.call(who, f"GET {AT}").body["sections"]
    return next(one for one in sections if one["section"] == section)


@pytest.mark.parametrize("section", EACH)
def test_what_is_chosen_is_shown_with_who_and_when(desk: Desk, section: str) -> None:
    assert shown(desk, section)["version"] == 0
    answer = put(desk, section, EACH[section], version=0)
    assert answer.status == 200, answer
    expected = {**answer.body, "at": answer.body["at"][:16]}
    assert (expected["section"], expected["version"], expected["by"]) == (section, 1, OWNER.name)
    assert expected["at"] == "2026-11-21T03:00"
    assert shown(desk, section, VIEWER) == answer.body
    for name, value in EACH[section].items():
        assert _within(value, answer.body["body"][name]), name


def _within(asked: Any, told: Any) -> bool:
    if isinstance(asked, dict):
        return all(_within(value, told[name]) for name, value in asked.items())
    return bool(asked == told)


@pytest.mark.parametrize("section", EACH)
def test_the_same_again_makes_no_version_and_another_one_does(desk: Desk, section: str) -> None:
    first = put(desk, section, EACH[section])
    desk.later(60)
    assert put(desk, section, EACH[section], version=0).body == first.body
    other = {**EACH[section], **OTHER[section]}
    assert put(desk, section, other, version=0).refusal == (412, "version_mismatch")
    assert put(desk, section, other, version=1).body["version"] == 2
    versions = desk.call(VIEWER, f"GET {AT}/{section}/versions").body["versions"]
    assert [one["version"] for one in versions] == [2, 1]
    assert versions[1] == first.body


def test_the_usual_can_be_confirmed_as_it_is(desk: Desk) -> None:
    usual = shown(desk, "goals")["body"]
    assert put(desk, "goals", usual).body["version"] == 1
    assert put(desk, "goals", usual).body["version"] == 1


def test_versions_come_page_by_page(desk: Desk) -> None:
    for wait in range(1, 23):
        assert put(desk, "goals", {**GOALS, "wait_seconds": wait}).status == 200
    first = desk.call(STAFF, f"GET {AT}/goals/versions").body
    rest = desk.call(STAFF, f"GET {AT}/goals/versions", query={"cursor": first["cursor"]}).body
    assert [one["version"] for one in (*first["versions"], *rest["versions"])] == list(range(22, 0, -1))
    elsewhere = desk.call(STAFF, f"GET {AT}/scope/versions", query={"cursor": first["cursor"]})
    assert elsewhere.refusal == (400, "invalid_cursor")


def test_choices_are_the_owners_and_seen_by_the_shop_alone(desk: Desk) -> None:
    for who in (STAFF, VIEWER, SHOP, MINA):
        assert put(desk, "goals", GOALS, who).refusal == (403, "forbidden")
    assert put(desk, "goals", GOALS, THEIRS).refusal == (404, "not_found")
    assert desk.call(THEIRS, f"GET {AT}").refusal == (404, "not_found")
    assert desk.call(JUNO, f"GET {AT}").refusal == (403, "forbidden")
    assert put(desk, "goals", GOALS).status == 200


def test_new_voice_is_a_mark_of_the_shop_at_once(desk: Desk) -> None:
    theirs = desk.claimed(tenant="mungmeal")
    reply = f"POST /v1/tenants/mungmeal/contacts/{theirs}/replies"
    body = {"text": "구름옷방이 반갑게 인사드려요, 오늘도 맑음!\n내일 도착해요."}
    assert desk.call(MINA, reply, body).status == 201
    greeting = {**VOICE, "greeting": "구름옷방이 반갑게 인사드려요, 오늘도 맑음!"}
    assert put(desk, "voice", greeting).status == 200
    assert desk.call(MINA, reply, body).refusal == (409, "wrong_shop")


def test_new_name_is_refused_in_the_answers_of_others(desk: Desk) -> None:
    theirs = desk.claimed(tenant="mungmeal")
    reply = f"POST /v1/tenants/mungmeal/contacts/{theirs}/replies"
    assert desk.call(MINA, reply, {"text": "구름옷방입니다."}).status == 201
    assert put(desk, "about", {**EACH["about"], "name": "구름옷방"}).status == 200
    assert desk.call(MINA, reply, {"text": "구름옷방입니다."}).refusal == (409, "wrong_shop")
    assert desk.call(MINA, reply, {"text": "내일 도착해요."}).status == 201


def test_what_people_write_is_kept_in_its_normal_form(desk: Desk) -> None:
    chosen = put(desk, "voice", {**VOICE, "tone": "  \u1112\u1161\u1102\u1173\u11af  "}).body
    assert chosen["body"]["tone"] == "하늘"
    assert put(desk, "channels", {"channels": ["chat", "chat"]}).body["body"] == {"channels": ["chat"]}


def test_closed_channel_takes_nothing_and_an_open_one_does(desk: Desk) -> None:
    assert put(desk, "channels", {"channels": ["email"]}).status == 200
    body = {"channel": "chat", "customer": {"id": "c1"}, "text": "언제 와요?"}
    assert desk.call(SHOP, "POST /v1/tenants/danbi/contacts", body).refusal == (400, "channel_closed")
    assert put(desk, "channels", CHANNELS).status == 200
    assert desk.call(SHOP, "POST /v1/tenants/danbi/contacts", body).status == 201


def test_ladder_changes_and_cap_and_pool_stay(desk: Desk) -> None:
    assert desk.call(OWNER, "PUT /v1/tenants/danbi/cap", {"won": 100_000, "cap": "hard"}).status == 200
    assert put(desk, "surge", SURGE).status == 200
    surge = Tenants("danbi").profile().surge
    assert (surge.message, surge.staff, surge.cap_won, surge.reserve_pool) == (30, 900, 100_000, "")
    assert shown(desk, "cap")["version"] == 1


def test_another_change_at_the_same_time_is_lost_by_nobody(desk: Desk) -> None:
    put(desk, "goals", GOALS)
    desk.fail("TransactWriteItems", "TransactionCanceledException")
    assert put(desk, "channels", CHANNELS).status == 200
    assert shown(desk, "goals")["body"] == GOALS
    assert shown(desk, "channels")["body"] == CHANNELS
