"""What browsers need of a stack: declared shops with handbooks, agents with real accounts, and errands."""

import importlib
import os
import threading
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import requests

from infra.stages import ROOT
from tests.stack.conftest import Stack
from tests.stack.inside import inside
from tests.stack.people import PASSWORD, Browser, invited_admin, joined

# Two who meet customers, one who works a day by keyboard, and one for the pictures of each language.
AGENTS = ("mina", "jisu", "hana", "sora", "yuna")
SHOP, OTHER = "danbi", "onyubeauty"
# Longer than a lease, and shorter than anything else that waits.
LAPSE_SECONDS = 120
LONG = 20
# As many as the pages in the browsers ask at once.
AT_ONCE = 6


def furnish(origin: str) -> dict[str, str]:
    """Apply the declared shops, and return a server's key of one and a key for its pages at `origin`."""
    operate = importlib.import_module("infra.operate")
    profiles, handbooks = operate.declared_tenants(), operate.declared_handbooks()
    operate.apply_tenants(profiles)
    operate.apply_handbooks(handbooks)
    return {"server": operate.issue_for_shop(SHOP), "pages": operate.issue_for_pages(SHOP, [origin])}


def lapse() -> None:
    """Return to the queue what is held by agents who have not been heard of for a lease."""
    os.environ["CLOCK_OFFSET_SECONDS"] = str(LAPSE_SECONDS)
    importlib.import_module("infra.operate").sweep()


def warm(stack: Stack) -> None:
    """Start as many of the API's processes as the browsers will use at once."""

    def ask(_: int) -> int:
        return requests.get(f"{stack.api_url}/v1/health", timeout=120).status_code

    with ThreadPoolExecutor(AT_ONCE) as threads:
        assert set(threads.map(ask, range(2 * AT_ONCE))) == {200}


def world(stack: Stack, pages: str, keys: dict[str, str]) -> dict[str, Any]:
    """Return what the specs are told: addresses, who signs in, and what they write."""
    boss = invited_admin(stack).api()
    agents = {}
    for name in AGENTS:
        seat = {"kind": "agent", "agent": name, "pool": "main", "capacity": 12}
        browser = joined(boss, Browser(stack, f"{name}@team.example"), seat).browser
        agents[name] = {"mail": browser.mail, "password": PASSWORD, "secret": browser.secret}
    return {
        "pages": pages,
        "demo": pages.replace("127.0.0.1", "localhost"),
        "server": keys["server"],
        "shop": SHOP,
        "name": _declared(SHOP)["name"],
        "nameEn": _declared(SHOP)["name_en"],
        "agents": agents,
        "others": _line_of(OTHER),
        "othersName": _declared(OTHER)["name"],
    }


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
        """Run one of the errands above, and answer when it is done."""
        assert self.path == "/lapse"
        with inside(self.stack) as run:
            run("tests.stack.browsers:lapse").result()
        self.send_response(204)
        self.end_headers()

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
