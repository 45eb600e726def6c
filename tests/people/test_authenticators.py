"""A lost authenticator is voided by somebody else, at once, and another one is set up at the next sign-in."""

import time
from contextlib import nullcontext
from typing import Any

import pyotp
import pytest

from chalicelib.aws.tables import commit
from chalicelib.kernel.caller import Caller, Kind
from chalicelib.kernel.errors import Unauthenticated
from chalicelib.people.store import People
from tests.moto_desk import MINA, SHOP
from tests.people.entrance import OWNER_MAIL, PASSWORD, Entrance
from tests.people.fake_directory import TEMPORARY

LEE = "lee@team.example"
NARI_MAIL = "nari@team.example"
NARI: dict[str, Any] = {"kind": "agent", "agent": "nari", "pool": "main"}
REASON = {"reason": "휴대전화 분실"}


def enrolled(entrance: Entrance, by: Caller) -> tuple[str, str]:
    return entrance.invited(NARI_MAIL, by, **NARI), entrance.enrolled(NARI_MAIL)


def test_reset_voids_the_old_one_and_asks_for_another(entrance: Entrance) -> None:
    admin = entrance.admin()
    person, secret = enrolled(entrance, admin)
    token = entrance.with_code(NARI_MAIL, secret).body["token"]
    assert entrance.proves(token) is not None
    assert entrance.post(f"team/{person}/reset-authenticator", REASON, who=admin).status == 204
    assert entrance.proves(token) is None
    entrance.cognito.late = 2
    fresh = entrance.set_up(entrance.start(NARI_MAIL))
    assert fresh != secret
    asked = entrance.start(NARI_MAIL)
    stale = {"ticket": asked.body["ticket"], "code": pyotp.TOTP(secret).now()}
    assert entrance.post("session/answer", stale).refusal == (400, "wrong_code")
    assert entrance.proves(entrance.with_code(NARI_MAIL, fresh).body["token"]) is not None


def test_reset_is_on_record_with_its_reason(entrance: Entrance) -> None:
    admin = entrance.admin()
    person, _ = enrolled(entrance, admin)
    entrance.post(f"team/{person}/reset-authenticator", REASON, who=admin)
    [row] = [row for row in entrance.desk.rows() if row.get("deed", {}).get("S") == "reset_authenticator"]
    told = {name: next(iter(value.values())) for name, value in row.items()}
    assert (told["by"], told["whom"], told["reason"]) == (f"admin:{admin.person}", person, REASON["reason"])


def test_sign_in_that_was_under_way_ends_with_the_old_authenticator(entrance: Entrance) -> None:
    admin = entrance.admin()
    person, secret = enrolled(entrance, admin)
    asked = entrance.start(NARI_MAIL)
    assert asked.body["challenge"] == "totp"
    entrance.post(f"team/{person}/reset-authenticator", REASON, who=admin)
    # The pool still takes the answer to what it asked; nothing of ours comes of it.
    entrance.cognito.late = 2
    given = {"ticket": asked.body["ticket"], "code": pyotp.TOTP(secret).now()}
    assert entrance.post("session/answer", given).refusal == (401, "sign_in_failed")
    assert entrance.start(NARI_MAIL).body["challenge"] == "enroll_totp"


def test_sign_in_that_began_while_the_pool_still_asked_for_the_old_one_ends_too(
    entrance: Entrance, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = entrance.admin()
    person, secret = enrolled(entrance, admin)
    turn_off, tickets = entrance.cognito._on_AdminSetUserMFAPreference, []

    def meanwhile(given: dict[str, Any]) -> None:
        tickets.append(entrance.start(NARI_MAIL).body["ticket"])
        turn_off(given)

    monkeypatch.setattr(entrance.cognito, "_on_AdminSetUserMFAPreference", meanwhile)
    assert entrance.post(f"team/{person}/reset-authenticator", REASON, who=admin).status == 204
    entrance.cognito.late = 2
    given = {"ticket": tickets[0], "code": pyotp.TOTP(secret).now()}
    assert entrance.post("session/answer", given).refusal == (401, "sign_in_failed")


@pytest.mark.parametrize(("began", "refused"), [(999, True), (1_000, False)])
def test_set_up_is_refused_when_its_sign_in_was_voided_meanwhile(
    entrance: Entrance, began: int, refused: bool
) -> None:
    person = entrance.admin().person
    commit(People().void(person, 1_000))
    with pytest.raises(Unauthenticated) if refused else nullcontext():
        commit(People().enrolled(person, 5_000, began=began))
    found = People().find(person)
    assert found is not None
    assert found.totp_since == (0 if refused else 5_000)


@pytest.mark.parametrize("step", ["AdminSetUserMFAPreference", "AdminUserGlobalSignOut"])
def test_reset_that_was_cut_off_has_ended_the_sign_ins_and_is_finished_by_a_repeat(
    entrance: Entrance, step: str
) -> None:
    admin = entrance.admin()
    person, secret = enrolled(entrance, admin)
    token = entrance.with_code(NARI_MAIL, secret).body["token"]
    entrance.cognito.dies_before = step
    assert entrance.post(f"team/{person}/reset-authenticator", REASON, who=admin).status == 500
    assert entrance.proves(token) is None
    entrance.cognito.dies_before = ""
    assert entrance.post(f"team/{person}/reset-authenticator", REASON, who=admin).status == 204
    entrance.cognito.late = 2
    assert entrance.start(NARI_MAIL).body["challenge"] == "enroll_totp"


def test_lead_resets_agents_of_the_own_pool_and_nobody_else(entrance: Entrance) -> None:
    admin = entrance.admin()
    lead = entrance.admin(Kind.LEAD, agent="boss", pool="main")
    other = entrance.admin(Kind.LEAD, agent="chief", pool="other")
    person, _ = enrolled(entrance, admin)
    peer = entrance.admin(Kind.LEAD, agent="vice", pool="main")
    path = f"team/{person}/reset-authenticator"
    assert entrance.post(path, REASON, who=other).refusal == (404, "not_found")
    assert entrance.post(path, REASON, who=lead).status == 204
    for whom, refusal in ((peer, (403, "forbidden")), (admin, (404, "not_found"))):
        assert entrance.post(f"team/{whom.person}/reset-authenticator", REASON, who=lead).refusal == refusal
    for who in (SHOP, MINA, entrance.admin(Kind.FINANCE)):
        assert entrance.post(path, REASON, who=who).refusal == (403, "forbidden")


def test_nobody_resets_the_own_authenticator(entrance: Entrance) -> None:
    admin, owner = entrance.admin(), entrance.found_shop()
    own = entrance.post(f"team/{admin.person}/reset-authenticator", REASON, who=admin)
    assert own.refusal == (409, "own_authenticator")
    path = f"tenants/haneul/people/{owner.person}/reset-authenticator"
    assert entrance.post(path, REASON, who=owner).refusal == (409, "own_authenticator")
    assert entrance.post(path, REASON, who=admin).status == 204


def test_owner_resets_the_shops_people(entrance: Entrance) -> None:
    owner, mail = entrance.found_shop(), "staff@haneul.example"
    person = entrance.post("tenants/haneul/people", {"mail": mail, "kind": "staff"}, who=owner).body["id"]
    asked = entrance.start(mail, TEMPORARY)
    taken = entrance.post("session/answer", {"ticket": asked.body["ticket"], "new_password": PASSWORD})
    caller = entrance.proves(taken.body["token"])
    secret = entrance.set_up(entrance.post("me/totp", {"password": PASSWORD}, who=caller))
    assert entrance.with_code(mail, secret).status == 200
    path = f"tenants/haneul/people/{person}/reset-authenticator"
    assert entrance.post(path, REASON, who=owner).status == 204
    entrance.cognito.late = 2
    signed = entrance.start(mail)
    assert signed.body["person"]["totp"] is False
    assert entrance.proves(signed.body["token"]) is not None


def test_person_without_an_authenticator_is_signed_out_all_the_same(entrance: Entrance) -> None:
    owner = entrance.found_shop()
    token = entrance.token_of(owner.person, int(time.time()) - 1)
    assert entrance.proves(token) is not None
    path = f"tenants/haneul/people/{owner.person}/reset-authenticator"
    assert entrance.post(path, REASON, who=entrance.admin()).status == 204
    assert entrance.proves(token) is None
    entrance.cognito.late = 2
    assert entrance.start(OWNER_MAIL).status == 200


def test_who_left_has_nothing_to_reset(entrance: Entrance) -> None:
    admin = entrance.admin()
    person = entrance.invited(LEE, admin, kind="finance")
    entrance.post(f"team/{person}/off-board", who=admin)
    assert entrance.post(f"team/{person}/reset-authenticator", REASON, who=admin).refusal == (404, "not_found")
