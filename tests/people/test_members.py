"""Founding a shop, letting people in, giving them another role and letting them out, over the real app."""

import time
from datetime import datetime
from typing import Any

import pytest

from chalicelib.kernel.caller import Caller, Kind
from chalicelib.kernel.clock import kst_month
from chalicelib.people.shops import first_terms
from chalicelib.tenants.model import HOUSE
from chalicelib.tenants.store import Tenants
from tests.moto_desk import MINA, SHOP, STRANGER, shop
from tests.people.entrance import OWNER_MAIL, PASSWORD, Entrance, shop_body
from tests.people.fake_directory import TEMPORARY

NARI: dict[str, Any] = {"kind": "agent", "agent": "nari", "pool": "main"}
NARI_MAIL = "nari@team.example"
ABSENT = "00000000-0000-4000-8000-00000000ffff"


def staff(entrance: Entrance, owner: Caller, mail: str, kind: str = "staff") -> str:
    answer = entrance.post(f"tenants/{owner.tenant}/people", {"mail": mail, "kind": kind}, who=owner)
    assert answer.status == 201, answer
    return str(answer.body["id"])


def taken_up(entrance: Entrance, mail: str) -> str:
    asked = entrance.start(mail, TEMPORARY)
    given = {"ticket": asked.body["ticket"], "new_password": PASSWORD}
    answer = entrance.post("session/answer", given)
    assert answer.status == 200, answer
    return str(answer.body["token"])


def record(entrance: Entrance, partition: str) -> list[tuple[str, str, str]]:
    rows = [row for row in entrance.desk.rows() if row["kind"]["S"] == "permission_change"]
    mine = sorted((row for row in rows if row["pk"]["S"] == partition), key=lambda row: row["sk"]["S"])
    return [(row["deed"]["S"], row["whom"]["S"], row["by"]["S"]) for row in mine]


def test_newcomer_founds_a_shop_and_owns_it(entrance: Entrance) -> None:
    owner = entrance.found_shop()
    assert (owner.kind, owner.tenant) == (Kind.OWNER, "haneul")
    profile = Tenants("haneul").profile()
    assert (profile.pool, profile.name, profile.contract.burst) == ("main", "하늘가게", 5)
    assert entrance.desk.call(owner, "GET /v1/tenants/haneul/usage").status == 200
    assert record(entrance, "haneul#permissions") == [("found", owner.person, f"owner:{owner.person}")]


def test_name_of_a_new_shop_is_refused_in_the_answers_of_others_at_once(entrance: Entrance) -> None:
    contact = entrance.desk.claimed()
    path, body = f"POST /v1/tenants/danbi/contacts/{contact}/replies", {"text": "하늘가게입니다. 내일 도착해요."}
    entrance.found_shop()
    assert entrance.desk.call(MINA, path, body).refusal == (409, "wrong_shop")
    assert entrance.desk.call(MINA, path, {"text": "내일 도착해요."}).status == 201


def test_new_shop_has_a_trial_for_this_month_and_the_next_and_the_smallest_plan_after(entrance: Entrance) -> None:
    entrance.found_shop()
    profile = Tenants("haneul").profile()
    assert kst_month(entrance.desk.now) == "2026-11"
    assert [(term.since, term.plan) for term in profile.plans] == [
        ("2026-11", "trial/1"),
        ("2027-01", "starter/1"),
    ]
    months = ("2026-11", "2026-12", "2027-01", "2027-07")
    assert [profile.plan_in(month) for month in months] == ["trial/1", "trial/1", "starter/1", "starter/1"]


@pytest.mark.parametrize(
    ("day", "since"),
    [
        ("2026-12-31T23:59:59.999+09:00", ["2026-12", "2027-02"]),
        ("2027-01-01T00:00:00+09:00", ["2027-01", "2027-03"]),
        ("2027-01-31T12:00:00+09:00", ["2027-01", "2027-03"]),
    ],
)
def test_trial_begins_with_the_month_in_seoul(day: str, since: list[str]) -> None:
    at = int(datetime.fromisoformat(day).timestamp() * 1000)
    assert [term.since for term in first_terms(at)] == since


def test_founding_again_is_a_repeat_but_another_shop_is_refused(entrance: Entrance) -> None:
    person = entrance.sign_up()
    newcomer = entrance.proves(entrance.sign_in())
    body = shop_body()
    first = entrance.post("tenants", body, who=newcomer)
    assert entrance.post("tenants", body, who=newcomer).body == first.body
    assert entrance.post("tenants", {**body, "id": "bada"}, who=newcomer).refusal == (409, "has_shop")
    assert len(record(entrance, "haneul#permissions")) == 1
    assert first.body["id"] == person


def test_shop_id_of_another_shop_is_taken(entrance: Entrance) -> None:
    entrance.sign_up()
    newcomer = entrance.proves(entrance.sign_in())
    body = shop_body("danbi", name="가짜")
    # The desk's own name stands for itself in registers and records.
    for known in ("danbi", HOUSE):
        assert entrance.post("tenants", {**body, "id": known}, who=newcomer).refusal == (409, "tenant_taken")
    assert Tenants("danbi").profile().name != "가짜"


def test_owner_invites_staff_who_see_their_shop_only(entrance: Entrance) -> None:
    owner = entrance.found_shop()
    staff(entrance, owner, "staff@haneul.example")
    caller = entrance.proves(taken_up(entrance, "staff@haneul.example"))
    assert caller is not None
    assert caller.kind is Kind.STAFF
    assert entrance.desk.call(caller, "GET /v1/tenants/haneul/usage").status == 200
    assert entrance.desk.call(caller, "GET /v1/tenants/danbi/usage").refusal == (404, "not_found")
    assert entrance.desk.call(caller, "GET /v1/tenants/haneul/people").refusal == (403, "forbidden")
    listed = entrance.desk.call(owner, "GET /v1/tenants/haneul/people").body["people"]
    assert sorted(one["mail"] for one in listed) == [OWNER_MAIL, "staff@haneul.example"]


def test_nobody_invites_an_owner_to_a_shop_but_an_admin(entrance: Entrance) -> None:
    owner = entrance.found_shop()
    body = {"mail": "second@haneul.example", "kind": "owner"}
    assert entrance.post("tenants/haneul/people", body, who=owner).refusal == (403, "forbidden")
    admin = entrance.admin()
    assert entrance.post("tenants/danbi/people", body, who=admin).status == 201
    assert entrance.post("tenants/nosuchshop/people", body, who=admin).refusal == (404, "not_found")
    assert entrance.post("tenants/danbi/people", {**body, "kind": "staff"}, who=admin).refusal == (
        403,
        "forbidden",
    )


def test_invitation_takes_no_account_over(entrance: Entrance) -> None:
    owner = entrance.found_shop()
    entrance.sign_up("newcomer@else.example")
    entrance.invited(NARI_MAIL, entrance.admin(), **NARI)
    for mail in ("newcomer@else.example", NARI_MAIL, OWNER_MAIL):
        body = {"mail": mail, "kind": "staff"}
        assert entrance.post("tenants/haneul/people", body, who=owner).refusal == (409, "cannot_invite")


def test_role_changes_at_once_and_one_owner_stays(entrance: Entrance) -> None:
    owner = entrance.found_shop()
    person = staff(entrance, owner, "staff@haneul.example")
    token = taken_up(entrance, "staff@haneul.example")
    path = "tenants/haneul/people"
    assert entrance.post(f"{path}/{person}/role", {"kind": "viewer"}, who=owner).body["kind"] == "viewer"
    viewer = entrance.proves(token)
    assert viewer is not None
    assert viewer.kind is Kind.VIEWER
    own = f"{path}/{owner.person}"
    assert entrance.post(f"{own}/role", {"kind": "staff"}, who=owner).refusal == (409, "last_owner")
    assert entrance.post(f"{own}/remove", who=owner).refusal == (409, "last_owner")
    assert entrance.post(f"{path}/{person}/role", {"kind": "owner"}, who=owner).status == 200
    assert entrance.post(f"{own}/role", {"kind": "staff"}, who=owner).status == 200
    second = entrance.proves(token)
    assert second is not None
    assert entrance.post(f"{path}/{person}/remove", who=second).refusal == (409, "last_owner")


def test_removed_person_is_out_within_one_proof_and_the_account_is_gone(entrance: Entrance) -> None:
    owner = entrance.found_shop()
    person = staff(entrance, owner, "staff@haneul.example")
    token = taken_up(entrance, "staff@haneul.example")
    assert entrance.proves(token) is not None
    for _ in range(2):
        assert entrance.post(f"tenants/haneul/people/{person}/remove", who=owner).status == 204
    assert entrance.proves(token) is None
    assert person not in entrance.cognito.users
    listed = entrance.desk.call(owner, "GET /v1/tenants/haneul/people").body["people"]
    assert [one["id"] for one in listed] == [owner.person]
    assert [deed for deed, _, _ in record(entrance, "haneul#permissions")] == ["found", "invite", "remove"]


@pytest.mark.parametrize("deed", ["role", "remove", "reset-authenticator"])
def test_foreign_and_absent_people_look_the_same(entrance: Entrance, deed: str) -> None:
    owner = entrance.found_shop()
    other = entrance.found_shop("bada", "owner@bada.example")
    stranger = staff(entrance, other, "staff@bada.example")
    team = entrance.invited(NARI_MAIL, entrance.admin(), **NARI)
    body = {"role": {"kind": "viewer"}, "reset-authenticator": {"reason": "잃어버림"}}.get(deed)
    answers = [
        entrance.post(f"tenants/haneul/people/{person}/{deed}", body, who=owner)
        for person in (stranger, team, other.person, ABSENT, "x" * 36)
    ]
    assert {answer.refusal for answer in answers} == {(404, "not_found")}
    through = entrance.post(f"tenants/bada/people/{stranger}/{deed}", body, who=owner)
    assert through.refusal == (404, "not_found")
    assert entrance.post(f"tenants/bada/people/{stranger}/{deed}", body, who=other).status < 300


def test_agent_is_a_member_of_the_floor_at_once(entrance: Entrance) -> None:
    person = entrance.invited(NARI_MAIL, entrance.admin(), **NARI, capacity=4)
    secret = entrance.enrolled(NARI_MAIL)
    nari = entrance.proves(entrance.with_code(NARI_MAIL, secret).body["token"])
    assert nari is not None
    assert nari.context == Caller(Kind.AGENT, "", agent="nari", pool="main", person=person).context
    assert entrance.desk.call(nari, "POST /v1/agents/me/heartbeat").body["capacity"] == 4
    assert [deed for deed, _, _ in record(entrance, f"~person#{person}")] == ["invite"]


def test_second_agent_of_a_name_is_refused_and_another_name_succeeds(entrance: Entrance) -> None:
    admin = entrance.admin()
    body = {"mail": NARI_MAIL, "kind": "agent", "agent": "mina", "pool": "main"}
    assert entrance.post("team", body, who=admin).refusal == (409, "agent_exists")
    assert entrance.post("team", {**body, "agent": "nari"}, who=admin).status == 201


def test_lead_sees_and_invites_the_own_pool_only(entrance: Entrance) -> None:
    admin = entrance.admin()
    lead = entrance.admin(Kind.LEAD, agent="boss", pool="main")
    own = entrance.invited(NARI_MAIL, lead, **NARI)
    for kind in ("lead", "finance", "admin"):
        seat = {"agent": "sora", "pool": "main"} if kind == "lead" else {}
        refused = entrance.post("team", {"mail": "sora@team.example", "kind": kind, **seat}, who=lead)
        assert refused.refusal == (403, "forbidden")
    elsewhere = {"mail": "sora@team.example", "kind": "agent", "agent": "sora", "pool": "other"}
    assert entrance.post("team", elsewhere, who=lead).refusal == (403, "forbidden")
    other = entrance.post("team", elsewhere, who=admin).body["id"]
    assert {one["id"] for one in entrance.desk.call(lead, "GET /v1/team").body["people"]} == {own, lead.person}
    everyone = {one["id"] for one in entrance.desk.call(admin, "GET /v1/team").body["people"]}
    assert everyone == {own, other, lead.person, admin.person}
    assert entrance.post(f"team/{other}/off-board", who=lead).refusal == (404, "not_found")
    assert entrance.post(f"team/{own}/off-board", who=lead).status == 200


def test_finance_needs_no_place_on_the_floor_and_agents_do(entrance: Entrance) -> None:
    admin = entrance.admin()
    body = {"mail": NARI_MAIL, "kind": "finance", "pool": "main"}
    assert entrance.post("team", body, who=admin).refusal == (400, "no_place_on_the_floor")
    assert entrance.post("team", {**body, "kind": "agent"}, who=admin).refusal == (400, "missing_field")


def test_admin_moves_people_within_floor_and_office(entrance: Entrance) -> None:
    admin = entrance.admin()
    person = entrance.invited(NARI_MAIL, admin, **NARI)
    assert entrance.post(f"team/{person}/role", {"kind": "lead"}, who=admin).body["kind"] == "lead"
    assert entrance.post(f"team/{person}/role", {"kind": "admin"}, who=admin).refusal == (403, "forbidden")
    own = entrance.post(f"team/{admin.person}/role", {"kind": "finance"}, who=admin)
    assert own.refusal == (409, "own_role")
    assert entrance.post(f"team/{ABSENT}/role", {"kind": "lead"}, who=admin).refusal == (404, "not_found")


def test_off_boarded_agent_is_out_within_one_proof_and_holds_nothing(entrance: Entrance) -> None:
    admin = entrance.admin()
    person = entrance.invited(NARI_MAIL, admin, **NARI)
    secret = entrance.enrolled(NARI_MAIL)
    token = entrance.with_code(NARI_MAIL, secret).body["token"]
    nari = entrance.proves(token)
    assert nari is not None
    key = entrance.desk.token(Caller(Kind.AGENT, "0123456789abcdef", agent="nari", pool="main"))
    assert entrance.proves(str(key)) is not None
    held = entrance.desk.claimed(nari)
    out = entrance.post(f"team/{person}/off-board", who=admin)
    assert (out.status, out.body) == (200, {"returned": 1})
    assert entrance.proves(token) is None
    assert entrance.proves(str(key)) is None
    assert entrance.start(NARI_MAIL).refusal == (401, "sign_in_failed")
    story = entrance.desk.call(SHOP, f"GET /v1/tenants/danbi/contacts/{held}").body
    assert story["contact"]["status"] == "waiting"
    # API Gateway may remember the old answer for half a minute: the row itself takes nothing more.
    assert entrance.desk.call(nari, "POST /v1/agents/me/heartbeat").refusal == (409, "agent_gone")
    assert entrance.desk.call(nari, f"POST /v1/tenants/danbi/contacts/{held}/claim").status == 409
    assert entrance.post(f"team/{person}/off-board", who=admin).body == {"returned": 0}
    assert [deed for deed, _, _ in record(entrance, f"~person#{person}")] == ["invite", "off_board"]


def test_suspended_shop_is_shut_out_with_every_kind_of_credential_and_comes_back(entrance: Entrance) -> None:
    owner = entrance.found_shop()
    admin = entrance.admin()
    token = entrance.token_of(owner.person, int(time.time()))
    key, other = (str(entrance.desk.token(shop(name))) for name in ("haneul", "danbi"))
    assert entrance.post("tenants/haneul/suspend", {"reason": "미납"}, who=admin).status == 204
    assert [entrance.proves(one) for one in (token, key)] == [None, None]
    assert entrance.proves(other) is not None
    assert entrance.post("tenants/haneul/resume", {"reason": "납부"}, who=admin).status == 204
    assert all(entrance.proves(one) for one in (token, key))
    assert [deed for deed, _, _ in record(entrance, "haneul#permissions")] == ["found", "suspend", "resume"]
    unknown = entrance.post("tenants/nosuchshop/suspend", {"reason": "?"}, who=admin)
    assert unknown.refusal == (404, "not_found")
    for who in (owner, SHOP, MINA, STRANGER, entrance.admin(Kind.FINANCE)):
        assert entrance.post("tenants/haneul/suspend", {"reason": "?"}, who=who).refusal == (403, "forbidden")


def test_pages_of_a_suspended_shop_open_no_chat(entrance: Entrance) -> None:
    admin, origin = entrance.admin(), "https://danbi.kr"
    body = {"origins": [origin], "label": "쇼핑몰"}
    made = entrance.post("tenants/danbi/widget-keys", body, who=SHOP)
    assert made.status == 201, made
    widget = {"Origin": origin, "X-Widget-Key": made.body["key"]}

    def chat(key: str) -> int:
        headers = {**widget, "Idempotency-Key": key * 24}
        return entrance.post("widget/contacts", {"text": "언제 와요?"}, headers=headers).status

    assert chat("a") == 201
    assert entrance.post("tenants/danbi/suspend", {"reason": "미납"}, who=admin).status == 204
    assert chat("b") == 401
    assert entrance.post("tenants/danbi/resume", {"reason": "납부"}, who=admin).status == 204
    assert chat("c") == 201


def test_record_says_who_when_what_and_from_where(entrance: Entrance) -> None:
    owner = entrance.found_shop()
    person = staff(entrance, owner, "staff@haneul.example")
    entrance.post(f"tenants/haneul/people/{person}/role", {"kind": "viewer"}, who=owner)
    rows = [row for row in entrance.desk.rows() if row["kind"]["S"] == "permission_change"]
    [row] = [row for row in rows if row["deed"]["S"] == "role"]
    told = {name: next(iter(value.values())) for name, value in row.items()}
    assert (told["before"], told["after"], told["source"]) == ("staff", "viewer", "192.0.2.1")
    assert (told["by"], told["whom"]) == (f"owner:{owner.person}", person)
    assert int(told["expires_at"]) - int(told["at"]) >= 3 * 365 * 86_400_000


def test_no_mail_address_is_in_the_table_or_in_the_logs(
    entrance: Entrance, caplog: pytest.LogCaptureFixture
) -> None:
    owner = entrance.found_shop()
    staff(entrance, owner, "staff@haneul.example")
    taken_up(entrance, "staff@haneul.example")
    entrance.start(OWNER_MAIL, "wrong password")
    logged = str([vars(one) for one in caplog.records])
    assert "'status': 200" in logged
    for secret in ("haneul.example", "danbi.example", PASSWORD, TEMPORARY, "wrong password"):
        assert secret not in logged
        assert secret not in str(entrance.desk.rows())


@pytest.mark.parametrize("step", ["AdminDisableUser", "AdminUserGlobalSignOut"])
def test_off_boarding_that_was_cut_off_has_shut_the_door_already(entrance: Entrance, step: str) -> None:
    admin = entrance.admin()
    person = entrance.invited(NARI_MAIL, admin, **NARI)
    secret = entrance.enrolled(NARI_MAIL)
    token = entrance.with_code(NARI_MAIL, secret).body["token"]
    entrance.cognito.dies_before = step
    assert entrance.post(f"team/{person}/off-board", who=admin).status == 500
    assert entrance.proves(token) is None
    entrance.cognito.dies_before = ""
    assert entrance.post(f"team/{person}/off-board", who=admin).status == 200
    assert entrance.cognito.users[person].enabled is False


@pytest.mark.parametrize("step", ["AdminGetUser", "ConfirmSignUp"])
def test_confirmation_that_was_cut_off_is_finished_by_a_repeat(entrance: Entrance, step: str) -> None:
    entrance.post("sign-up", {"mail": OWNER_MAIL, "password": PASSWORD})
    entrance.cognito.dies_before = step
    assert (
        entrance.post("sign-up/confirm", {"mail": OWNER_MAIL, "code": "123456", "password": PASSWORD}).status
        == 500
    )
    entrance.cognito.dies_before = ""
    assert (
        entrance.post("sign-up/confirm", {"mail": OWNER_MAIL, "code": "123456", "password": PASSWORD}).status
        == 204
    )
    assert entrance.start().status == 200


@pytest.mark.parametrize("step", ["AdminSetUserPassword", "AdminUserGlobalSignOut"])
def test_password_change_that_was_cut_off_has_ended_the_sign_ins(entrance: Entrance, step: str) -> None:
    person = entrance.sign_up()
    caller = entrance.proves(entrance.sign_in())
    earlier = entrance.token_of(person, int(time.time()) - 60)
    entrance.cognito.dies_before = step
    body = {"old": PASSWORD, "new": "a new password"}
    assert entrance.post("me/password", body, who=caller).status == 500
    assert entrance.proves(earlier) is None
