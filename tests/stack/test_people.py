"""People on the deployed stack: real accounts, mails, authenticators and tokens, and how they are let out."""

import base64
import json
import re
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlparse

import pyotp
import pytest
import requests
from botocore.exceptions import ClientError

from infra.cloud import client
from tests.stack.conftest import Stack
from tests.stack.deployed import Api, eventually
from tests.stack.inside import inside

pytestmark = pytest.mark.stack

PASSWORD = "correct horse battery"
SCRIPT = {"X-Duredesk": "1"}
Json = dict[str, Any]


@dataclass
class Browser:
    """A browser that keeps its cookies, and its owner's authenticator."""

    stack: Stack
    mail: str
    session: requests.Session = field(default_factory=requests.Session)
    secret: str = ""
    seen: set[str] = field(default_factory=set)

    def post(self, path: str, body: Json | None = None, *, scripted: bool = False) -> requests.Response:
        # Browsers send secure cookies to a laptop's own address over http; this library does not.
        kept = {"Cookie": "; ".join(f"{one.name}={one.value}" for one in self.session.cookies)}
        headers = (SCRIPT if scripted else {}) | (kept if kept["Cookie"] else {})
        answer = requests.post(self.stack.api_url + path, json=body or {}, headers=headers, timeout=60)
        self.session.cookies.update(answer.cookies)
        return answer

    def mailed(self, pattern: str) -> str:
        """Return what the newest unread mail to this address says."""

        def look() -> str:
            found = requests.get(f"{self.stack.endpoint}/_ministack/ses/messages", timeout=60).text
            texts = re.findall(
                r'\{"MessageId.*?(?=\{"MessageId|$)', found.replace('": "', '":"').replace("\n", "")
            )
            mine = [text for text in texts if self.mail in text]
            codes = [code for text in mine for code in re.findall(pattern, text) if code not in self.seen]
            return codes[-1] if codes else ""

        code = eventually(look, bool)
        assert code, f"no mail to {self.mail}"
        self.seen.add(code)
        return code

    def start(self, password: str = PASSWORD) -> Json:
        answer = self.post("/v1/session/start", {"mail": self.mail, "password": password})
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found

    def take_up(self, temporary: str) -> None:
        """Choose a password and set up an authenticator, as who was invited must."""
        asked = self.start(temporary)
        assert asked["challenge"] == "new_password"
        given = {"ticket": asked["ticket"], "new_password": PASSWORD}
        self.set_up(self.post("/v1/session/answer", given).json())

    def set_up(self, asked: Json) -> None:
        """Set up the authenticator that is asked for."""
        assert asked["challenge"] == "enroll_totp", asked
        self.secret = asked["secret"]
        done = self.post("/v1/session/totp", {"ticket": asked["ticket"], "code": pyotp.TOTP(self.secret).now()})
        assert done.status_code == 204, done.text

    def token(self) -> str:
        """Sign in, with a code where one is asked for, and again within the second of a revocation."""
        answer = eventually(self._signed, lambda one: one.json().get("error", {}).get("code") != "busy")
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        assert "token" in found, found
        return str(found["token"])

    def _signed(self) -> requests.Response:
        answer = self.post("/v1/session/start", {"mail": self.mail, "password": PASSWORD})
        if answer.json().get("challenge") != "totp":
            return answer
        given = {"ticket": answer.json()["ticket"], "code": pyotp.TOTP(self.secret).now()}
        return self.post("/v1/session/answer", given)

    def api(self) -> Api:
        return Api(self.stack.api_url, self.token())


@pytest.fixture(scope="module")
def admin(stack: Stack) -> Browser:
    browser = Browser(stack, "admin@desk.example")
    with inside(stack) as run:
        run("infra.operate:invite_admin", browser.mail).result()
    browser.take_up(temporary(browser))
    return browser


def temporary(browser: Browser) -> str:
    found = browser.mailed(r"good for 7 days: (.+?)<br>")
    return found.replace("\\\\", "\\").replace('\\"', '"')


def test_newcomer_signs_up_by_mail_founds_a_shop_and_stays_signed_in(stack: Stack) -> None:
    browser = Browser(stack, "owner@newshop.example")
    assert browser.post("/v1/sign-up", {"mail": browser.mail, "password": PASSWORD}).status_code == 202
    code = browser.mailed(r"Duredesk code: (\d{6})")
    given = {"mail": browser.mail, "password": PASSWORD}
    assert browser.post("/v1/sign-up/confirm", {**given, "code": "000000"}).status_code == 400
    assert browser.post("/v1/sign-up/confirm", {**given, "code": code}).status_code == 204
    newcomer = browser.api()
    assert newcomer.get("/v1/me").json()["kind"] == "owner"
    shop = {"id": "newshop", "name": "새가게", "name_en": "New Shop", "kind": "fashion"}
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


def test_agent_is_invited_signs_in_with_an_authenticator_works_and_is_let_out(
    stack: Stack, admin: Browser
) -> None:
    lead = admin.api()
    agent = Browser(stack, "nari@team.example")
    seat = {"mail": agent.mail, "kind": "agent", "agent": "nari", "pool": "people", "capacity": 4}
    invited = lead.post("/v1/team", seat)
    assert invited.status_code == 201, invited.text
    agent.take_up(temporary(agent))
    desk = agent.api()
    assert desk.post("/v1/agents/me/heartbeat").json()["capacity"] == 4
    assert desk.get("/v1/team").status_code == 403
    out = lead.post(f"/v1/team/{invited.json()['id']}/off-board")
    assert (out.status_code, out.json()) == (200, {"returned": 0}), out.text
    started = time.monotonic()
    assert (
        eventually(lambda: desk.get("/v1/agents/me").status_code, lambda status: status == 401, seconds=60) == 401
    )
    assert time.monotonic() - started < 60
    refused = agent.post("/v1/session/start", {"mail": agent.mail, "password": PASSWORD})
    assert refused.status_code == 401
    assert agent.post("/v1/session/refresh", scripted=True).status_code == 401


def test_suspended_shop_is_shut_out_with_all_its_credentials(stack: Stack, admin: Browser) -> None:
    with inside(stack) as run:
        keys = run("tests.stack.world:found_with_keys", ["shutshop"], [], "people", 6).result()
    server, boss = Api(stack.api_url, keys["shutshop"]), admin.api()
    path = "/v1/tenants/shutshop/contacts"
    assert server.get(path).status_code == 200
    assert boss.post("/v1/tenants/shutshop/suspend", {"reason": "unpaid"}).status_code == 204
    assert eventually(lambda: server.get(path).status_code, lambda status: status == 401, seconds=60) == 401
    assert boss.post("/v1/tenants/shutshop/resume", {"reason": "paid"}).status_code == 204
    assert eventually(lambda: server.get(path).status_code, lambda status: status == 200, seconds=60) == 200


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


def test_lost_authenticator_is_reset_and_another_one_set_up(stack: Stack, admin: Browser) -> None:
    boss, lee = admin.api(), Browser(stack, "lee@team.example")
    invited = boss.post("/v1/team", {"mail": lee.mail, "kind": "finance"})
    assert invited.status_code == 201, invited.text
    lee.take_up(temporary(lee))
    before, lost = lee.api(), lee.secret
    assert before.get("/v1/me").status_code == 200
    path = f"/v1/team/{invited.json()['id']}/reset-authenticator"
    assert boss.post(path, {"reason": "lost"}).status_code == 204
    out = eventually(lambda: before.get("/v1/me").status_code, lambda status: status == 401, seconds=60)
    assert out == 401
    lee.set_up(lee.start())
    assert lee.secret != lost
    assert lee.api().get("/v1/me").json()["totp"] is True
    lines = eventually(
        lambda: boss.get("/v1/permission-changes").json()["changes"],
        lambda found: found[0]["deed"] == "reset_authenticator",
    )
    assert (lines[0]["whom"], lines[0]["reason"]) == (invited.json()["id"], "lost")


def test_address_is_invited_again_over_a_squatter_and_after_leaving(stack: Stack, admin: Browser) -> None:
    boss, sora = admin.api(), Browser(stack, "sora@team.example")
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
