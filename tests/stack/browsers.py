"""What browsers need of a stack: declared shops with handbooks, agents with real accounts, and errands."""

import importlib
import json
import os
import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

from infra.stages import ROOT
from tests.stack import months
from tests.stack.conftest import Stack
from tests.stack.deployed import Api
from tests.stack.inside import inside
from tests.stack.people import PASSWORD, Browser, invited_admin, joined

# Two who meet customers, one who works a day by keyboard, and one for the pictures of each language.
AGENTS = ("mina", "jisu", "hana", "sora", "yuna")
# Who leads the floor, and two of finance, since one of them asks for what the other approves.
TEAM: dict[str, dict[str, Any]] = {
    "lead": {"kind": "lead", "agent": "nari", "pool": "main", "capacity": 12},
    "money": {"kind": "finance"},
    "second": {"kind": "finance"},
}
SHOP, OTHER = "danbi", "onyubeauty"
# Whose agents take what the second shop's own cannot; the first has chosen nobody.
RESERVE = "night"
# Whom the first shop's owner invites.
STAFF = ("staff", "viewer")
# Longer than a lease, and shorter than anything else that waits.
LAPSE_SECONDS = 120
LONG = 20


def furnish(origin: str) -> dict[str, str]:
    """Apply the declared shops, and return a server's key of one and a key for its pages at `origin`."""
    operate = importlib.import_module("infra.operate")
    profiles, handbooks = operate.declared_tenants(), operate.declared_handbooks()
    operate.apply_tenants([_reserved(one) if one.id == OTHER else one for one in profiles])
    operate.apply_handbooks(handbooks)
    return {"server": operate.issue_for_shop(SHOP), "pages": operate.issue_for_pages(SHOP, [origin])}


def _reserved(profile: Any) -> Any:
    return replace(profile, surge=replace(profile.surge, reserve_pool=RESERVE))


def lapse() -> None:
    """Return to the queue what is held by agents who have not been heard of for a lease."""
    os.environ["CLOCK_OFFSET_SECONDS"] = str(LAPSE_SECONDS)
    importlib.import_module("infra.operate").sweep()


def return_lapsed(stack: Stack, _: dict[str, Any]) -> dict[str, Any]:
    """Have a process of the stack's return what silent agents hold."""
    with inside(stack) as run:
        run("tests.stack.browsers:lapse").result()
    return {}


ERRANDS = {"/lapse": return_lapsed, **months.ERRANDS}


def world(stack: Stack, pages: str, keys: dict[str, str]) -> dict[str, Any]:
    """Return what the specs are told: addresses, who signs in, and what they write."""
    admin = invited_admin(stack)
    boss = admin.api()
    seats = {name: {"kind": "agent", "agent": name, "pool": "main", "capacity": 12} for name in AGENTS}
    agents = {name: _account(boss, stack, name, seat) for name, seat in seats.items()}
    team = {name: _account(boss, stack, name, seat) for name, seat in TEAM.items()}
    return {
        "pages": pages,
        "demo": pages.replace("127.0.0.1", "localhost"),
        "server": keys["server"],
        "shop": SHOP,
        "name": _declared(SHOP)["name"],
        "nameEn": _declared(SHOP)["name_en"],
        "agents": agents,
        "team": {"admin": _kept(admin), **team},
        "people": _shop_people(boss, stack),
        "second": {"tenant": OTHER, "canary": _declared(OTHER)["name"]},
        "others": _line_of(OTHER),
        "othersName": _declared(OTHER)["name"],
    }


def _shop_people(boss: Api, stack: Stack) -> dict[str, dict[str, str]]:
    """Return the accounts of the first shop's people, and of who owns the second."""
    browser = Browser(stack, "owner@shop.example")
    owner = joined(boss, browser, {"kind": "owner"}, path=f"/v1/tenants/{SHOP}/people").desk
    invited = {kind: _account(owner, stack, kind, {"kind": kind}, SHOP) for kind in STAFF}
    return {
        "owner": _kept(browser),
        "stranger": _account(boss, stack, "stranger", {"kind": "owner"}, OTHER),
        **invited,
    }


def _account(boss: Api, stack: Stack, name: str, seat: dict[str, Any], shop: str = "") -> dict[str, str]:
    path, house = (f"/v1/tenants/{shop}/people", "shop") if shop else ("/v1/team", "team")
    return _kept(joined(boss, Browser(stack, f"{name}@{house}.example"), seat, path=path).browser)


def _kept(browser: Browser) -> dict[str, str]:
    return {"mail": browser.mail, "password": PASSWORD, "secret": browser.secret}


def _line_of(shop: str) -> str:
    """Return a line of a shop's canned answers in which nothing is left to fill in."""
    lines: list[str] = "\n".join(answer["text"] for answer in _declared(shop)["answers"]).splitlines()
    return next(line for line in lines if "{" not in line and len(line) > LONG)


def _declared(shop: str) -> dict[str, Any]:
    return tomllib.loads((ROOT / "tenants" / f"{shop}.toml").read_text(encoding="utf-8"))


class Errands(BaseHTTPRequestHandler):
    """Runs what a spec asks for with `POST /<name>`, in a process of the stack's."""

    stack: ClassVar[Stack]

    def do_POST(self) -> None:
        """Run one of the errands, with what is asked as JSON, and answer with what came of it when it is done."""
        asked = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}")
        done = json.dumps(ERRANDS[self.path](self.stack, asked)).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(done)))
        self.end_headers()
        self.wfile.write(done)

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def errands(stack: Stack) -> Iterator[str]:
    """Yield the address of a server that runs errands."""
    Errands.stack = stack
    with ThreadingHTTPServer(("127.0.0.1", 0), Errands) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
