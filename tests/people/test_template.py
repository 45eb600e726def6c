"""The user pool as the packaged template has it: nobody signs in around the product."""

import re
from typing import Any

import pytest

import app
from chalicelib.letters.rules import notice_of
from chalicelib.letters.templates import CODE, USER
from infra.stages import STAGES
from infra.template import merge_template

Json = dict[str, Any]


def resources(stage: str) -> Json:
    found: Json = merge_template(app.app, STAGES[stage], routes=app.routes())["Resources"]
    return found


@pytest.mark.parametrize("stage", list(STAGES))
def test_client_is_of_use_to_the_product_alone(stage: str) -> None:
    client = resources(stage)["Console"]["Properties"]
    assert client["ExplicitAuthFlows"] == ["ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
    assert client["GenerateSecret"] is True
    assert client["PreventUserExistenceErrors"] == "ENABLED"
    assert client["EnableTokenRevocation"] is True
    units = client["TokenValidityUnits"]
    assert (client["IdTokenValidity"], units["IdToken"]) == (15, "minutes")
    assert (client["AccessTokenValidity"], units["AccessToken"]) == (15, "minutes")
    assert (client["RefreshTokenValidity"], units["RefreshToken"]) == (12, "hours")


@pytest.mark.parametrize(("stage", "protection"), [("local", "INACTIVE"), ("dev", "ACTIVE"), ("prod", "ACTIVE")])
def test_pool_is_kept_outside_the_local_stage(stage: str, protection: str) -> None:
    pool = resources(stage)["People"]
    assert pool["Properties"]["DeletionProtection"] == protection
    assert pool["DeletionPolicy"] == pool["UpdateReplacePolicy"] == ("Delete" if stage == "local" else "Retain")
    assert pool["Properties"]["MfaConfiguration"] == "OPTIONAL"
    assert pool["Properties"]["EnabledMfas"] == ["SOFTWARE_TOKEN_MFA"]


def test_mails_are_in_korean_and_in_english_and_carry_what_they_must() -> None:
    pool = resources("prod")["People"]["Properties"]
    invitation = pool["AdminCreateUserConfig"]["InviteMessageTemplate"]["EmailMessage"]
    verification = pool["VerificationMessageTemplate"]["EmailMessage"]
    for text in (invitation, verification):
        assert "두레데스크" in text
        assert "Duredesk" in text
        assert "{####}" in text
    assert "{username}" in invitation


@pytest.mark.parametrize("stage", list(STAGES))
def test_what_a_preview_shows_is_what_the_directory_sends(stage: str) -> None:
    pool = resources(stage)["People"]["Properties"]
    pages = "${PagesBase}" if stage == "local" else STAGES[stage].pages_url
    filled = {"code": CODE, "user": USER, "pages_url": pages}
    verification, invitation = (notice_of(name, **filled) for name in ("verification", "invitation"))
    template = pool["VerificationMessageTemplate"]
    assert (template["EmailSubject"], template["EmailMessage"]) == (verification.subject, verification.html)
    template = pool["AdminCreateUserConfig"]["InviteMessageTemplate"]
    sent = {"Fn::Sub": invitation.html} if stage == "local" else invitation.html
    assert (template["EmailSubject"], template["EmailMessage"]) == (invitation.subject, sent)
    assert ("EmailConfiguration" in pool) is (stage != "local")


@pytest.mark.parametrize("stage", list(STAGES))
def test_secret_of_the_client_is_in_no_output_and_in_no_environment(stage: str) -> None:
    assert "ClientSecret" not in str(merge_template(app.app, STAGES[stage], routes=app.routes()))


def test_only_the_api_may_speak_to_the_pool() -> None:
    found = resources("prod")
    roles = {name: role for name, role in found.items() if role.get("Type") == "AWS::IAM::Role"}
    speaking = [name for name, role in roles.items() if "cognito-idp:" in str(role)]
    assert sorted(speaking) == ["APIHandlerRole", "ErrandsRole"]
    # Who sends letters may look an address up, and change nothing.
    assert re.findall(r"cognito-idp:\w+", str(roles["ErrandsRole"])) == ["cognito-idp:AdminGetUser"]
    assert "cognito-idp:*" not in str(roles)
