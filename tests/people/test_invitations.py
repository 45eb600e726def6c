"""Inviting once more, over an account that nobody confirmed, and back in, over the real app."""

import time
from typing import Any

import pytest

from chalicelib.kernel.caller import Kind
from tests.people.entrance import OWNER_MAIL, PASSWORD, Entrance
from tests.people.fake_directory import AGAIN, CODE, TEMPORARY

NARI_MAIL = "nari@team.example"
NARI: dict[str, Any] = {"kind": "agent", "agent": "nari", "pool": "main"}
BACK: dict[str, Any] = {"kind": "agent", "agent": "nari2", "pool": "main"}
STAFF = {"mail": "staff@haneul.example", "kind": "staff"}
SQUATTED = {"mail": "squatter@else.example", "kind": "staff"}


def mails_to(entrance: Entrance, mail: str) -> list[str]:
    return [text for to, text in entrance.cognito.mails if to == mail]


def changes(entrance: Entrance) -> int:
    return len([row for row in entrance.desk.rows() if row["kind"]["S"] == "permission_change"])


def test_invitation_that_nobody_took_up_is_mailed_again_by_a_repeat(entrance: Entrance) -> None:
    owner = entrance.found_shop()
    first = entrance.post("tenants/haneul/people", STAFF, who=owner)
    recorded = changes(entrance)
    again = entrance.post("tenants/haneul/people", STAFF, who=owner)
    assert (again.status, again.body) == (201, first.body)
    assert mails_to(entrance, STAFF["mail"]) == [TEMPORARY, AGAIN]
    assert changes(entrance) == recorded
    assert entrance.start(STAFF["mail"], TEMPORARY).refusal == (401, "sign_in_failed")
    assert entrance.start(STAFF["mail"], AGAIN).body["challenge"] == "new_password"


def test_invitation_that_was_taken_up_is_mailed_no_more(entrance: Entrance) -> None:
    admin = entrance.admin()
    person = entrance.invited(NARI_MAIL, admin, **NARI)
    entrance.enrolled(NARI_MAIL)
    assert entrance.invited(NARI_MAIL, admin, **NARI) == person
    assert mails_to(entrance, NARI_MAIL) == [TEMPORARY]
    assert entrance.start(NARI_MAIL).body["challenge"] == "totp"


def test_invitation_is_mailed_again_to_the_same_seat_only_and_not_without_end(entrance: Entrance) -> None:
    admin = entrance.admin()
    entrance.invited(NARI_MAIL, admin, **NARI)
    other = entrance.post("team", {"mail": NARI_MAIL, **NARI, "pool": "other"}, who=admin)
    assert other.refusal == (409, "cannot_invite")
    statuses = [entrance.post("team", {"mail": NARI_MAIL, **NARI}, who=admin).status for _ in range(6)]
    assert statuses == [201] * 5 + [429]
    entrance.desk.later(15 * 60)
    assert entrance.post("team", {"mail": NARI_MAIL, **NARI}, who=admin).status == 201


@pytest.mark.parametrize("tried", [False, True])
def test_account_that_nobody_confirmed_makes_way_for_an_invitation(entrance: Entrance, tried: bool) -> None:
    owner = entrance.found_shop()
    given = {"mail": SQUATTED["mail"], "password": PASSWORD}
    entrance.post("sign-up", given)
    squatter = entrance.cognito.called(SQUATTED["mail"]).id
    if tried:
        # A wrong code leaves a row behind, which opens nothing.
        assert entrance.post("sign-up/confirm", {**given, "code": "000000"}).status == 400
    invited = entrance.post("tenants/haneul/people", SQUATTED, who=owner)
    assert invited.status == 201, invited
    assert squatter not in entrance.cognito.users
    assert invited.body["id"] != squatter
    assert entrance.start(SQUATTED["mail"]).refusal == (401, "sign_in_failed")
    assert entrance.post("sign-up/confirm", {**given, "code": CODE}).refusal == (400, "wrong_code")
    asked = entrance.start(SQUATTED["mail"], TEMPORARY)
    taken = entrance.post("session/answer", {"ticket": asked.body["ticket"], "new_password": PASSWORD})
    assert taken.body["person"]["tenant"] == "haneul"


def test_confirmed_account_makes_no_way(entrance: Entrance) -> None:
    owner = entrance.found_shop()
    person = entrance.sign_up(SQUATTED["mail"])
    refused = entrance.post("tenants/haneul/people", SQUATTED, who=owner)
    assert refused.refusal == (409, "cannot_invite")
    assert entrance.cognito.called(SQUATTED["mail"]).id == person


def test_whoever_may_not_invite_deletes_no_account(entrance: Entrance) -> None:
    owner = entrance.found_shop()
    entrance.post("sign-up", {"mail": SQUATTED["mail"], "password": PASSWORD})
    for path, body in (
        ("tenants/haneul/people", {**SQUATTED, "kind": "owner"}),
        ("tenants/danbi/people", SQUATTED),
    ):
        assert entrance.post(path, body, who=owner).status in {403, 404}
    assert entrance.cognito.called(SQUATTED["mail"]).status == "UNCONFIRMED"


def test_off_boarded_colleague_comes_back_as_if_new(entrance: Entrance) -> None:
    admin, lead = entrance.admin(), entrance.admin(Kind.LEAD, agent="boss", pool="main")
    person = entrance.invited(NARI_MAIL, admin, **NARI)
    secret = entrance.enrolled(NARI_MAIL)
    token = entrance.token_of(person, int(time.time()) - 1)
    assert entrance.post(f"team/{person}/off-board", who=admin).status == 200
    body = {"mail": NARI_MAIL, **BACK}
    assert entrance.post("team", body, who=lead).refusal == (409, "cannot_invite")
    assert entrance.cognito.users[person].enabled is False
    assert entrance.invited(NARI_MAIL, admin, **BACK) == person
    assert entrance.proves(token) is None
    assert entrance.start(NARI_MAIL).refusal == (401, "sign_in_failed")
    assert entrance.enrolled(NARI_MAIL, AGAIN) != secret
    entrance.cognito.late = 2
    nari = entrance.proves(entrance.with_code(NARI_MAIL, entrance.cognito.users[person].secret).body["token"])
    assert nari is not None
    assert (nari.agent, nari.pool) == ("nari2", "main")
    assert entrance.desk.call(nari, "POST /v1/agents/me/heartbeat").status == 200
    listed = entrance.desk.call(admin, "GET /v1/team").body["people"]
    assert [one["agent"] for one in listed if one["id"] == person] == ["nari2"]


def test_old_agents_name_is_not_given_again(entrance: Entrance) -> None:
    admin = entrance.admin()
    person = entrance.invited(NARI_MAIL, admin, **NARI)
    assert entrance.post(f"team/{person}/off-board", who=admin).status == 200
    refused = entrance.post("team", {"mail": NARI_MAIL, **NARI}, who=admin)
    assert refused.refusal == (409, "agent_exists")
    assert entrance.start(NARI_MAIL, TEMPORARY).refusal == (401, "sign_in_failed")
    assert entrance.invited(NARI_MAIL, admin, kind="finance") == person


def test_someone_of_the_team_comes_back_to_no_shop(entrance: Entrance) -> None:
    admin = entrance.admin()
    person = entrance.invited(NARI_MAIL, admin, **NARI)
    entrance.post(f"team/{person}/off-board", who=admin)
    owner = {"mail": NARI_MAIL, "kind": "owner"}
    assert entrance.post("tenants/danbi/people", owner, who=admin).refusal == (409, "cannot_invite")


def test_removed_person_whose_account_was_left_is_invited_anew(entrance: Entrance) -> None:
    owner = entrance.found_shop()
    person = entrance.post("tenants/haneul/people", STAFF, who=owner).body["id"]
    entrance.cognito.dies_before = "AdminDeleteUser"
    assert entrance.post(f"tenants/haneul/people/{person}/remove", who=owner).status == 500
    entrance.cognito.dies_before = ""
    again = entrance.post("tenants/haneul/people", STAFF, who=owner)
    assert again.status == 201, again
    assert again.body["id"] != person
    assert entrance.start(STAFF["mail"], TEMPORARY).body["challenge"] == "new_password"
    assert entrance.start(OWNER_MAIL).status == 200


@pytest.mark.parametrize("step", ["AdminCreateUser", "AdminGetUser"])
def test_invitation_that_was_cut_off_is_finished_by_a_repeat(entrance: Entrance, step: str) -> None:
    admin, body = entrance.admin(), {"mail": NARI_MAIL, **NARI}
    entrance.cognito.dies_before = step
    assert entrance.post("team", body, who=admin).status == 500
    entrance.cognito.dies_before = ""
    assert entrance.post("team", body, who=admin).status == 201
    assert mails_to(entrance, NARI_MAIL) == [TEMPORARY]
    entrance.enrolled(NARI_MAIL)


def test_account_without_a_row_is_seated_by_a_repeat(entrance: Entrance) -> None:
    admin, body = entrance.admin(), {"mail": NARI_MAIL, **NARI}
    entrance.desk.fail("TransactWriteItems", "InternalServerError", status=500, times=9)
    assert entrance.post("team", body, who=admin).status >= 500
    entrance.desk.close()
    assert entrance.cognito.called(NARI_MAIL).status == "FORCE_CHANGE_PASSWORD"
    assert entrance.post("team", body, who=admin).status == 201
    assert mails_to(entrance, NARI_MAIL) == [TEMPORARY]
    entrance.enrolled(NARI_MAIL)


STEPS = ["AdminSetUserPassword", "AdminSetUserMFAPreference", "AdminEnableUser", "AdminCreateUser"]


@pytest.mark.parametrize("step", STEPS)
def test_return_that_was_cut_off_opens_nothing_and_is_finished_by_a_repeat(entrance: Entrance, step: str) -> None:
    admin = entrance.admin()
    person = entrance.invited(NARI_MAIL, admin, **NARI)
    entrance.enrolled(NARI_MAIL)
    entrance.post(f"team/{person}/off-board", who=admin)
    body = {"mail": NARI_MAIL, **BACK}
    entrance.cognito.dies_before = step
    assert entrance.post("team", body, who=admin).status == 500
    entrance.cognito.dies_before = ""
    assert entrance.start(NARI_MAIL).refusal == (401, "sign_in_failed")
    assert entrance.post("team", body, who=admin).status == 201
    entrance.enrolled(NARI_MAIL, AGAIN)


@pytest.mark.parametrize("seat", [{"agent": "rehearsal"}, {"pool": "rehearsal"}])
def test_nobody_takes_the_place_of_the_agent_of_rehearsals(entrance: Entrance, seat: dict[str, str]) -> None:
    refused = entrance.post("team", {"mail": NARI_MAIL, **NARI, **seat}, who=entrance.admin())
    assert refused.refusal == (409, "agent_exists")
    assert mails_to(entrance, NARI_MAIL) == []
