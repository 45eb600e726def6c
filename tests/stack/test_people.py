"""People on the deployed stack: real accounts, mails, authenticators and tokens, and how they are let out."""

import base64
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlparse

import pytest
import requests
from botocore.exceptions import ClientError

from infra.cloud import client
from tests.stack.conftest import Stack
from tests.stack.deployed import Api, eventually
from tests.stack.inside import inside
from tests.stack.people import PASSWORD, Browser, Json, Member, invited_admin, joined, temporary

pytestmark = pytest.mark.stack

CONTACTS = "/v1/tenants/shutshop/contacts"


@pytest.fixture(scope="module")
def admin(stack: Stack) -> Browser:
    return invited_admin(stack)


@pytest.fixture(scope="module")
def boss(admin: Browser) -> Api:
    return admin.api()


@pytest.fixture(scope="module")
def nari(stack: Stack, boss: Api) -> Member:
    seat = {"kind": "agent", "agent": "nari", "pool": "people", "capacity": 4}
    found = joined(boss, Browser(stack, "nari@team.example"), seat)
    assert found.desk.post("/v1/agents/me/heartbeat").json()["capacity"] == 4
    assert found.desk.get("/v1/team").status_code == 403
    return found


@pytest.fixture(scope="module")
def lee(stack: Stack, boss: Api) -> Member:
    found = joined(boss, Browser(stack, "lee@team.example"), {"kind": "finance"})
    assert found.desk.get("/v1/me").status_code == 200
    return found


@pytest.fixture(scope="module")
def server(stack: Stack) -> Api:
    """Return the server of a shop that is about to be suspended."""
    with inside(stack) as run:
        keys = run("tests.stack.world:found_with_keys", ["shutshop"], [], "people", 6).result()
    found = Api(stack.api_url, keys["shutshop"])
    assert found.get(CONTACTS).status_code == 200
    return found


@dataclass
class Deeds:
    """When something was done to each, in the clock that never goes back."""

    boss: Api
    at: dict[str, float] = field(default_factory=dict)

    def do(self, name: str, path: str, body: Json | None = None) -> requests.Response:
        answer = self.boss.post(path, body)
        self.at[name] = time.monotonic()
        return answer

    def takes_effect(self, name: str, ask: Callable[[], requests.Response], status: int) -> None:
        """Ask until the deed shows, which must be within 60 seconds of it."""
        left = self.at[name] + 60 - time.monotonic()
        assert eventually(lambda: ask().status_code, lambda found: found == status, seconds=left) == status
        assert time.monotonic() - self.at[name] < 60


@pytest.fixture(scope="module")
def deeds(boss: Api, nari: Member, lee: Member, server: Api) -> Deeds:
    """Let out whom the tests want out, all at once: the gateway remembers for half a minute whom it let in."""
    for caller, path in ((nari.desk, "/v1/agents/me"), (lee.desk, "/v1/me"), (server, CONTACTS)):
        assert caller.get(path).status_code == 200
    done = Deeds(boss)
    out = done.do("off-board", f"/v1/team/{nari.id}/off-board")
    assert (out.status_code, out.json()) == (200, {"returned": 0}), out.text
    assert done.do("suspend", "/v1/tenants/shutshop/suspend", {"reason": "unpaid"}).status_code == 204
    path = f"/v1/team/{lee.id}/reset-authenticator"
    assert done.do("reset", path, {"reason": "lost"}).status_code == 204
    return done


@pytest.fixture(scope="module")
def resumed(deeds: Deeds, server: Api) -> Deeds:
    """Let the shop in again once it is out."""
    deeds.takes_effect("suspend", lambda: server.get(CONTACTS), 401)
    assert deeds.do("resume", "/v1/tenants/shutshop/resume", {"reason": "paid"}).status_code == 204
    return deeds


def test_newcomer_signs_up_by_mail_founds_a_shop_and_stays_signed_in(stack: Stack) -> None:
    browser = Browser(stack, "owner@newshop.example")
    assert browser.post("/v1/sign-up", {"mail": browser.mail, "password": PASSWORD}).status_code == 202
    code = browser.mailed(r"Duredesk code: (\d{6})")
    given = {"mail": browser.mail, "password": PASSWORD}
    assert browser.post("/v1/sign-up/confirm", {**given, "code": "000000"}).status_code == 400
    assert browser.post("/v1/sign-up/confirm", {**given, "code": code}).status_code == 204
    newcomer = browser.api()
    assert newcomer.get("/v1/me").json()["kind"] == "owner"
    shown = newcomer.get("/v1/terms").json()
    accepts = {name: shown[name]["version"] for name in ("terms", "subprocessors")}
    shop: dict[str, Any] = {"id": "newshop", "name": "새가게", "name_en": "New Shop", "kind": "fashion"}
    shop |= {"registration": "120-81-47521", "accepts": accepts}
    assert newcomer.post("/v1/tenants", shop).status_code == 201
    owner = browser.api()
    assert owner.get("/v1/tenants/newshop/contacts").status_code == 200
    assert owner.get("/v1/tenants/newshop/people").json()["people"][0]["mail"] == browser.mail
    [kept] = list[Any](browser.session.cookies)
    assert kept.path == urlparse(stack.api_url).path + "/v1/session"
    assert kept.secure
    renewed = browser.post("/v1/session/refresh", scripted=True)
    assert renewed.status_code == 200, renewed.text
    assert Api(stack.api_url, renewed.json()["token"]).get("/v1/me").status_code == 200
    assert browser.post("/v1/session/end", scripted=True).status_code == 204
    assert browser.post("/v1/session/refresh", scripted=True).status_code == 401


def test_agent_is_invited_signs_in_with_an_authenticator_works_and_is_let_out(nari: Member, deeds: Deeds) -> None:
    deeds.takes_effect("off-board", lambda: nari.desk.get("/v1/agents/me"), 401)
    refused = nari.browser.post("/v1/session/start", {"mail": nari.browser.mail, "password": PASSWORD})
    assert refused.status_code == 401
    assert nari.browser.post("/v1/session/refresh", scripted=True).status_code == 401


def test_suspended_shop_is_shut_out_with_all_its_credentials(resumed: Deeds) -> None:
    assert resumed.at["resume"] - resumed.at["suspend"] < 60


def test_lost_authenticator_is_reset_and_another_one_set_up(boss: Api, lee: Member, deeds: Deeds) -> None:
    lost = lee.browser.secret
    deeds.takes_effect("reset", lambda: lee.desk.get("/v1/me"), 401)
    lee.browser.set_up(lee.browser.start())
    assert lee.browser.secret != lost
    assert lee.browser.api().get("/v1/me").json()["totp"] is True

    def resets() -> list[Json]:
        changes = boss.get("/v1/permission-changes").json()["changes"]
        return [change for change in changes if change["deed"] == "reset_authenticator"]

    [line] = eventually(resets, bool)
    assert (line["whom"], line["reason"]) == (lee.id, "lost")


def test_pool_takes_no_call_past_us(stack: Stack, admin: Browser) -> None:
    body = admin.token().split(".")[1]
    app = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))["aud"]
    cognito = client("cognito-idp", stack.endpoint)
    mail, said = {"ClientId": app, "Username": admin.mail}, {"ConfirmationCode": "123456"}
    calls: dict[str, Json] = {
        "sign_up": {"ClientId": app, "Username": "past@us.example", "Password": PASSWORD},
        "confirm_sign_up": {**mail, **said},
        "resend_confirmation_code": mail,
        "forgot_password": mail,
        "confirm_forgot_password": {**mail, **said, "Password": "the thief's own"},
    }
    for hashed in ({}, {"SecretHash": base64.b64encode(b"x" * 32).decode()}):
        for name, given in calls.items():
            with pytest.raises(ClientError) as refused:
                getattr(cognito, name)(**given, **hashed)
            assert refused.value.response["Error"]["Code"] == "NotAuthorizedException", name
    assert admin.api().get("/v1/me").status_code == 200


def test_address_is_invited_again_over_a_squatter_and_after_leaving(stack: Stack, boss: Api) -> None:
    sora = Browser(stack, "sora@team.example")
    squatted = sora.post("/v1/sign-up", {"mail": sora.mail, "password": PASSWORD})
    assert squatted.status_code == 202, squatted.text
    seat = {"mail": sora.mail, "kind": "agent", "agent": "sora", "pool": "people", "capacity": 4}
    first = boss.post("/v1/team", seat)
    assert first.status_code == 201, first.text
    again = boss.post("/v1/team", seat)
    assert (again.status_code, again.json()) == (201, first.json()), again.text
    sora.take_up(temporary(sora))
    assert boss.post(f"/v1/team/{first.json()['id']}/off-board").status_code == 200
    left = sora.post("/v1/session/start", {"mail": sora.mail, "password": PASSWORD})
    assert left.status_code == 401
    back = boss.post("/v1/team", {**seat, "agent": "sora2"})
    assert (back.status_code, back.json()["id"]) == (201, first.json()["id"]), back.text
    sora.take_up(temporary(sora))
    assert sora.api().post("/v1/agents/me/heartbeat").status_code == 200


def test_shop_that_paid_is_let_in_again(resumed: Deeds, server: Api) -> None:
    resumed.takes_effect("resume", lambda: server.get(CONTACTS), 200)
