"""Signing up, in and out over the real app, with the pool in memory."""

import time
from http.cookies import SimpleCookie

import pyotp
import pytest

from chalicelib.kernel.caller import Kind
from tests.moto_desk import MINA, SHOP, Answer
from tests.people.entrance import OWNER_MAIL, PASSWORD, SCRIPT, Entrance
from tests.people.fake_directory import CODE, RESET_CODE


def cookie(answer: Answer) -> str:
    found: SimpleCookie = SimpleCookie(answer.headers["Set-Cookie"])
    return f"duredesk_session={found['duredesk_session'].value}"


def test_newcomer_signs_up_confirms_and_signs_in(entrance: Entrance) -> None:
    person = entrance.sign_up()
    caller = entrance.proves(entrance.sign_in())
    assert caller is not None
    assert (caller.kind, caller.person, caller.tenant) == (Kind.OWNER, person, "")
    me = entrance.desk.call(caller, "GET /v1/me")
    assert me.body == {"id": person, "kind": "owner", "totp": False}
    assert entrance.desk.call(caller, "GET /v1/tenants/danbi/usage").refusal == (404, "not_found")


def test_sign_up_with_a_known_address_looks_the_same_and_changes_nothing(entrance: Entrance) -> None:
    first = entrance.post("sign-up", {"mail": OWNER_MAIL, "password": PASSWORD})
    again = entrance.post("sign-up", {"mail": " OWNER@danbi.example", "password": "another password"})
    assert (first.status, first.body) == (again.status, again.body) == (202, {"status": "sent"})
    assert len(entrance.cognito.mails) == 1
    assert entrance.cognito.called(OWNER_MAIL).password == PASSWORD


def test_confirmation_refuses_a_wrong_code_and_unknown_addresses_alike(entrance: Entrance) -> None:
    entrance.post("sign-up", {"mail": OWNER_MAIL, "password": PASSWORD})
    wrong = entrance.post("sign-up/confirm", {"mail": OWNER_MAIL, "code": "000000", "password": PASSWORD})
    unknown = entrance.post(
        "sign-up/confirm", {"mail": "nobody@danbi.example", "code": "000000", "password": PASSWORD}
    )
    assert wrong.refusal == unknown.refusal == (400, "wrong_code")
    assert wrong.body == unknown.body
    assert entrance.post("sign-up/confirm", {"mail": OWNER_MAIL, "code": CODE, "password": PASSWORD}).status == 204


def test_password_is_that_of_who_got_the_code_not_of_who_signed_the_address_up(entrance: Entrance) -> None:
    entrance.post("sign-up", {"mail": OWNER_MAIL, "password": "the squatter's own"})
    entrance.post("sign-up", {"mail": OWNER_MAIL, "password": PASSWORD})
    entrance.post("sign-up/resend", {"mail": OWNER_MAIL})
    given = {"mail": OWNER_MAIL, "code": CODE, "password": PASSWORD}
    assert entrance.post("sign-up/confirm", given).status == 204
    assert entrance.start(OWNER_MAIL, "the squatter's own").refusal == (401, "sign_in_failed")
    assert entrance.start().status == 200


def test_code_is_mailed_again_to_who_waits_for_one_and_nobody_else_learns_of_it(entrance: Entrance) -> None:
    entrance.post("sign-up", {"mail": OWNER_MAIL, "password": PASSWORD})
    answers = [entrance.post("sign-up/resend", {"mail": mail}) for mail in (OWNER_MAIL, "nobody@danbi.example")]
    assert {(answer.status, str(answer.body)) for answer in answers} == {(202, "{'status': 'sent'}")}
    assert [mail for mail, _ in entrance.cognito.mails] == [OWNER_MAIL, OWNER_MAIL]


@pytest.mark.parametrize(
    ("mail", "password"), [(OWNER_MAIL, "wrong password"), ("nobody@danbi.example", PASSWORD)]
)
def test_wrong_password_and_unknown_address_look_the_same(entrance: Entrance, mail: str, password: str) -> None:
    entrance.sign_up()
    answer = entrance.start(mail, password)
    assert answer.refusal == (401, "sign_in_failed")
    assert "Set-Cookie" not in answer.headers
    assert "SECRET" not in str(answer.body)


def test_unconfirmed_address_looks_like_a_wrong_password(entrance: Entrance) -> None:
    entrance.post("sign-up", {"mail": OWNER_MAIL, "password": PASSWORD})
    assert entrance.start().refusal == entrance.start("nobody@danbi.example").refusal == (401, "sign_in_failed")


def test_weak_password_is_refused(entrance: Entrance) -> None:
    assert entrance.post("sign-up", {"mail": OWNER_MAIL, "password": "short"}).refusal == (400, "weak_password")
    assert entrance.cognito.users == {}


@pytest.mark.parametrize("mail", [OWNER_MAIL, "nobody@danbi.example"])
def test_five_wrong_passwords_lock_an_address_for_fifteen_minutes_known_or_not(
    entrance: Entrance, mail: str
) -> None:
    entrance.sign_up()
    for _ in range(5):
        assert entrance.start(mail, "wrong password").refusal == (401, "sign_in_failed")
    locked = entrance.start(mail)
    assert locked.refusal == (429, "locked_out")
    assert 895 <= int(locked.headers["Retry-After"]) <= 900
    calls = len(entrance.cognito.calls)
    assert entrance.start(mail.upper()).refusal == (429, "locked_out")
    assert len(entrance.cognito.calls) == calls
    entrance.desk.later(15 * 60)
    assert entrance.start(mail).status == (200 if mail == OWNER_MAIL else 401)


def test_right_password_clears_the_tries(entrance: Entrance) -> None:
    entrance.sign_up()
    for _ in range(3):
        for _ in range(4):
            assert entrance.start(OWNER_MAIL, "wrong password").status == 401
        assert entrance.start().status == 200


def test_wrong_codes_lock_too_and_a_right_password_between_them_does_not_help(entrance: Entrance) -> None:
    entrance.invited("lee@team.example", entrance.admin(), kind="finance")
    secret = entrance.enrolled("lee@team.example")
    for _ in range(5):
        asked = entrance.start("lee@team.example")
        wrong = entrance.post("session/answer", {"ticket": asked.body["ticket"], "code": "000000"})
        assert wrong.refusal == (400, "wrong_code")
    assert entrance.start("lee@team.example").refusal == (429, "locked_out")
    ticket = {"ticket": asked.body["ticket"], "code": pyotp.TOTP(secret).now()}
    assert entrance.post("session/answer", ticket).refusal == (429, "locked_out")


def test_session_is_renewed_by_its_cookie_alone_and_ends(entrance: Entrance) -> None:
    entrance.sign_up()
    started = entrance.start()
    kept = started.headers["Set-Cookie"]
    assert all(part in kept for part in ("HttpOnly", "Secure", "SameSite=Strict"))
    assert "Path" not in kept
    held = {"Cookie": f"theme=dark; {cookie(started)}"}
    assert entrance.post("session/refresh", headers=held).refusal == (403, "not_scripted")
    assert entrance.post("session/refresh", headers=SCRIPT).refusal == (401, "sign_in_failed")
    renewed = entrance.post("session/refresh", headers={**held, **SCRIPT})
    assert renewed.status == 200
    assert entrance.proves(renewed.body["token"]) is not None
    assert "Set-Cookie" not in renewed.headers
    ended = entrance.post("session/end", headers={**held, **SCRIPT})
    assert ended.status == 204
    assert "Max-Age=0" in ended.headers["Set-Cookie"]
    assert entrance.post("session/refresh", headers={**held, **SCRIPT}).refusal == (401, "sign_in_failed")
    assert entrance.post("session/end", headers={**held, **SCRIPT}).status == 204


def test_nothing_of_the_directory_reaches_the_browser(entrance: Entrance) -> None:
    entrance.sign_up()
    started = entrance.start()
    told = str(started.body) + str(dict(started.headers))
    assert [token for token in (*entrance.cognito._refresh, *entrance.cognito._access) if token in told] == []
    entrance.invited("lee@team.example", entrance.admin(), kind="finance")
    asked = entrance.start("lee@team.example", "temporary-1")
    assert [session for session in entrance.cognito._sessions if session in str(asked.body)] == []


def test_forged_old_and_misused_tickets_open_nothing(entrance: Entrance) -> None:
    entrance.invited("lee@team.example", entrance.admin(), kind="finance")
    asked = entrance.start("lee@team.example", "temporary-1").body["ticket"]
    forged = asked[:-4] + ("AAAA" if asked[-4:] != "AAAA" else "BBBB")
    for ticket, answer in ((forged, {"new_password": PASSWORD}), (asked, {"code": "123456"})):
        given = {"ticket": ticket, **answer}
        assert entrance.post("session/answer", given).refusal == (400, "invalid_ticket")
    assert entrance.post("session/totp", {"ticket": asked, "code": "123456"}).refusal == (400, "invalid_ticket")
    entrance.desk.later(601)
    late = entrance.post("session/answer", {"ticket": asked, "new_password": PASSWORD})
    assert late.refusal == (400, "invalid_ticket")


def test_team_gets_no_token_before_an_authenticator_is_set_up(entrance: Entrance) -> None:
    entrance.invited("lee@team.example", entrance.admin(), kind="finance")
    secret = entrance.enrolled("lee@team.example")
    done = entrance.with_code("lee@team.example", secret)
    assert done.status == 200, done
    caller = entrance.proves(done.body["token"])
    assert caller is not None
    assert caller.kind is Kind.FINANCE
    assert done.body["person"]["totp"] is True


def test_token_without_the_second_factor_that_is_set_up_is_never_handed_out(entrance: Entrance) -> None:
    entrance.invited("lee@team.example", entrance.admin(), kind="finance")
    entrance.enrolled("lee@team.example")
    entrance.cognito.forgets_mfa = True
    answer = entrance.start("lee@team.example")
    assert answer.refusal == (401, "sign_in_failed")
    assert entrance.cognito._refresh == {}


def test_enrolment_that_was_cut_off_is_finished_by_the_next_sign_in(entrance: Entrance) -> None:
    person = entrance.invited("lee@team.example", entrance.admin(), kind="finance")
    user = entrance.cognito.called("lee@team.example")
    user.password, user.status, user.secret, user.mfa = PASSWORD, "CONFIRMED", pyotp.random_base32(), True
    done = entrance.with_code("lee@team.example", user.secret)
    assert done.status == 200, done
    assert entrance.proves(done.body["token"]) is not None
    assert int(entrance.desk.raw(f"~person#{person}", "person")["totp_since"]["N"]) > 0  # type: ignore[index]


def test_owner_may_set_up_an_authenticator_and_is_asked_for_it_then(entrance: Entrance) -> None:
    entrance.sign_up()
    caller = entrance.proves(entrance.sign_in())
    wrong = entrance.post("me/totp", {"password": "wrong password"}, who=caller)
    assert wrong.refusal == (401, "sign_in_failed")
    asked = entrance.post("me/totp", {"password": PASSWORD}, who=caller)
    assert asked.body["uri"].startswith("otpauth://totp/")
    secret = asked.body["secret"]
    done = entrance.post("session/totp", {"ticket": asked.body["ticket"], "code": pyotp.TOTP(secret).now()})
    assert done.status == 204, done
    replayed = entrance.post("session/totp", {"ticket": asked.body["ticket"], "code": pyotp.TOTP(secret).now()})
    assert replayed.refusal == (409, "totp_enrolled")
    assert entrance.with_code(OWNER_MAIL, secret).status == 200
    entrance.cognito.forgets_mfa = True
    assert entrance.post("me/totp", {"password": PASSWORD}, who=caller).refusal == (409, "totp_enrolled")
    entrance.cognito.forgets_mfa = False
    again = entrance.post("me/totp", {"password": PASSWORD}, who=caller)
    assert again.refusal == (409, "totp_enrolled")


def test_password_change_ends_every_sign_in_within_one_proof(entrance: Entrance) -> None:
    person = entrance.sign_up()
    earlier = entrance.token_of(person, int(time.time()) - 60)
    assert entrance.proves(earlier) is not None
    started = entrance.start()
    caller = entrance.proves(started.body["token"])
    wrong = entrance.post("me/password", {"old": "wrong password", "new": "a new password"}, who=caller)
    assert wrong.refusal == (401, "sign_in_failed")
    assert entrance.proves(earlier) is not None
    changed = entrance.post("me/password", {"old": PASSWORD, "new": "a new password"}, who=caller)
    assert changed.status == 204, changed
    assert entrance.proves(earlier) is None
    assert entrance.proves(started.body["token"]) is None
    held = {"Cookie": cookie(started), **SCRIPT}
    assert entrance.post("session/refresh", headers=held).refusal == (401, "sign_in_failed")
    assert entrance.start().refusal == (401, "sign_in_failed")
    entrance.cognito.late = 2
    again = entrance.start(OWNER_MAIL, "a new password")
    assert entrance.proves(again.body["token"]) is not None


def test_forgotten_password_is_reset_by_mail_and_ends_every_sign_in(entrance: Entrance) -> None:
    person = entrance.sign_up()
    earlier = entrance.token_of(person, int(time.time()) - 60)
    answers = [entrance.post("password/forgot", {"mail": mail}) for mail in (OWNER_MAIL, "nobody@danbi.example")]
    assert {(answer.status, str(answer.body)) for answer in answers} == {(202, "{'status': 'sent'}")}
    given = {"mail": OWNER_MAIL, "new_password": "a new password"}
    assert entrance.post("password/reset", {**given, "code": "000000"}).refusal == (400, "wrong_code")
    unknown = {**given, "mail": "nobody@danbi.example", "code": RESET_CODE}
    assert entrance.post("password/reset", unknown).refusal == (400, "wrong_code")
    assert entrance.proves(earlier) is not None
    assert entrance.post("password/reset", {**given, "code": RESET_CODE}).status == 204
    assert entrance.proves(earlier) is None


def test_mails_to_one_address_are_rationed(entrance: Entrance) -> None:
    entrance.sign_up()
    statuses = [entrance.post("password/forgot", {"mail": OWNER_MAIL}).status for _ in range(6)]
    assert statuses == [202] * 4 + [429] * 2
    assert entrance.start().status == 200


@pytest.mark.parametrize("key", [SHOP, MINA], ids=lambda who: who.name)
def test_keys_are_nobodys_sign_in(entrance: Entrance, key: object) -> None:
    answer = entrance.desk.call(MINA, "GET /v1/me")
    assert answer.refusal == (403, "forbidden")
