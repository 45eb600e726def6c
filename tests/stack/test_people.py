"""People on the deployed stack: real accounts, mails, authenticators and tokens, and how they are let out."""

import base64
import json
import re
import time
from collections.abc import Callable
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
CONTACTS = "/v1/tenants/shutshop/contacts"
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


@pytest.fixture(scope="module")
def boss(admin: Browser) -> Api:
    return admin.api()


def temporary(browser: Browser) -> str:
    found = browser.mailed(r"good for 7 days: (.+?)<br>")
    return found.replace("\\\\", "\\").replace('\\"', '"')


@dataclass(frozen=True)
class Member:
    """Somebody of the team who works, and what they were let in with."""

    id: str
    browser: Browser
    desk: Api


def joined(boss: Api, browser: Browser, seat: Json) -> Member:
    """Invite somebody, who takes up the seat and signs in."""
    invited = boss.post("/v1/team", {"mail": browser.mail, **seat})
    assert invited.status_code == 201, invited.text
    browser.take_up(temporary(browser))
    return Member(invited.json()["id"], browser, browser.api())


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
