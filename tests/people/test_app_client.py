"""Nobody calls the pool around the product: each call needs a secret that we read and never keep."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from chalicelib.people.app_client import AppClient, client
from tests.people.entrance import OWNER_MAIL, PASSWORD, Entrance
from tests.people.fake_directory import APP, CODE, POOL, RESET_CODE, proof_of

Json = dict[str, Any]

# What the pool takes of anybody who knows the client's id, which stands in every ID token.
PUBLIC: dict[str, Json] = {
    "sign_up": {"Username": "new@else.example", "Password": PASSWORD},
    "confirm_sign_up": {"Username": OWNER_MAIL, "ConfirmationCode": CODE},
    "resend_confirmation_code": {"Username": OWNER_MAIL},
    "forgot_password": {"Username": OWNER_MAIL},
    "confirm_forgot_password": {
        "Username": OWNER_MAIL,
        "ConfirmationCode": RESET_CODE,
        "Password": "the thief's own",
    },
}


@pytest.mark.parametrize("call", PUBLIC)
@pytest.mark.parametrize("wrong", ["none", "of another client", "of somebody else"])
def test_call_past_us_is_refused(entrance: Entrance, call: str, wrong: str) -> None:
    entrance.post("sign-up", {"mail": OWNER_MAIL, "password": PASSWORD})
    entrance.post("password/forgot", {"mail": OWNER_MAIL})
    before = [vars(user).copy() for user in entrance.cognito.users.values()], len(entrance.cognito.mails)
    user = PUBLIC[call]["Username"]
    hashes = {"of another client": proof_of(user, "guessed"), "of somebody else": proof_of("x" + user)}
    given = {"SecretHash": hashes[wrong]} if wrong in hashes else {}
    with pytest.raises(ClientError, match="NotAuthorizedException"):
        getattr(client(), call)(ClientId=APP, **PUBLIC[call], **given)
    after = [vars(user).copy() for user in entrance.cognito.users.values()], len(entrance.cognito.mails)
    assert after == before
    getattr(client(), call)(ClientId=APP, **PUBLIC[call], SecretHash=proof_of(user))


def test_admins_calls_and_renewals_need_the_hash_too(entrance: Entrance) -> None:
    entrance.sign_up()
    person = entrance.cognito.called(OWNER_MAIL)
    said = {"USERNAME": OWNER_MAIL, "PASSWORD": PASSWORD}
    asked = {"UserPoolId": POOL, "ClientId": APP}
    with pytest.raises(ClientError, match="NotAuthorizedException"):
        client().admin_initiate_auth(**asked, AuthFlow="ADMIN_USER_PASSWORD_AUTH", AuthParameters=said)
    entrance.start()
    [refresh] = entrance.cognito._refresh
    for user, opens in ((OWNER_MAIL, False), (person.id, True)):
        given = {"REFRESH_TOKEN": refresh, "SECRET_HASH": proof_of(user)}
        try:
            client().admin_initiate_auth(**asked, AuthFlow="REFRESH_TOKEN_AUTH", AuthParameters=given)
        except ClientError:
            assert not opens
        else:
            assert opens
    with pytest.raises(ClientError, match="NotAuthorizedException"):
        client().revoke_token(ClientId=APP, Token=refresh)


def test_secret_is_read_again_after_five_minutes(entrance: Entrance) -> None:
    now = [1000.0]
    app = AppClient(POOL, APP, lambda: now[0])
    first = app.hash_of("p1")
    assert first == proof_of("p1")
    entrance.cognito.secret = "another one"
    now[0] += 299
    assert app.hash_of("p1") == first
    now[0] += 1
    assert app.hash_of("p1") == proof_of("p1", "another one")
    assert entrance.cognito.calls.count("DescribeUserPoolClient") == 2


def test_secret_is_in_no_answer_and_in_no_log(entrance: Entrance, caplog: pytest.LogCaptureFixture) -> None:
    entrance.sign_up()
    entrance.cognito.secret = "SECRET of the client"
    answer = entrance.start()
    assert "SECRET" not in str(answer) + str([vars(one) for one in caplog.records])
