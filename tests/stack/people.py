"""People with real accounts: their browsers, mails and authenticators, and how they take up a seat."""

import re
from dataclasses import dataclass, field
from typing import Any

import pyotp
import requests

from tests.stack.conftest import Stack
from tests.stack.deployed import Api, eventually
from tests.stack.inside import inside

PASSWORD = "correct horse battery"
SCRIPT = {"X-Duredesk": "1"}
SOON = 2
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

        def send() -> requests.Response:
            return requests.post(self.stack.api_url + path, json=body or {}, headers=headers, timeout=60)

        # All browsers of a test share one address, and people do not type as fast as they do.
        answer = eventually(send, lambda one: not _is_too_fast(one))
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
        """Choose a password, as who was invited must, and set up an authenticator, as the team must."""
        asked = self.start(temporary)
        assert asked["challenge"] == "new_password"
        given = {"ticket": asked["ticket"], "new_password": PASSWORD}
        chosen = self.post("/v1/session/answer", given).json()
        if "token" not in chosen:
            self.set_up(chosen)

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


def _is_too_fast(answer: requests.Response) -> bool:
    # Who has guessed too often waits for longer, and tests want to see that.
    return answer.status_code == 429 and int(answer.headers.get("Retry-After", 0)) <= SOON


def temporary(browser: Browser) -> str:
    found = browser.mailed(r"good for 7 days: (.+?)<br>")
    return found.replace("\\\\", "\\").replace('\\"', '"')


@dataclass(frozen=True)
class Member:
    """Somebody who works here, and what they were let in with."""

    id: str
    browser: Browser
    desk: Api


def joined(boss: Api, browser: Browser, seat: Json, *, path: str = "/v1/team") -> Member:
    """Invite somebody to the team, or to the shop at `path`, who takes up the seat and signs in."""
    invited = boss.post(path, {"mail": browser.mail, **seat})
    assert invited.status_code == 201, invited.text
    browser.take_up(temporary(browser))
    return Member(invited.json()["id"], browser, browser.api())


def invited_admin(stack: Stack) -> Browser:
    """Invite the stage's first admin, who takes up the seat."""
    browser = Browser(stack, "admin@desk.example")
    with inside(stack) as run:
        run("infra.operate:invite_admin", browser.mail).result()
    browser.take_up(temporary(browser))
    return browser
