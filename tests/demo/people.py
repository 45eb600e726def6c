"""Somebody with an account at the local stage, and the shops' pages: `python -m tests.demo.people` shows the code.

What an authenticator and the widget's script tags hold is kept beside the stage's own state, and ends with it.
"""

import json
from dataclasses import asdict, dataclass, field
from typing import Any

import pyotp

from infra import local
from infra.stages import LOCAL
from tests.demo import errands
from tests.demo.stage import Stage
from tests.stack.conftest import Stack
from tests.stack.people import PASSWORD, Browser, joined, temporary

KEPT = LOCAL / "state" / "people.json"
ADMIN, AGENT = "admin@desk.example", "sol@team.example"


@dataclass(frozen=True)
class Kept:
    """The secret of the agent's authenticator, and the shops' widget keys by tenant."""

    secret: str
    keys: dict[str, str] = field(default_factory=dict)


def settle(place: Stage, shops: list[str]) -> dict[str, str]:
    """Give the stage an agent with an account, and the shops their pages, once; return what people must know."""
    services = local.status()
    if services is None:
        raise SystemExit("the local stage does not run: make up")
    front = services.pages_url.replace("127.0.0.1", "localhost")
    if not KEPT.exists():
        kept = Kept(_agent(place), errands.run(errands.issue_page_keys, shops, front))
        KEPT.write_text(json.dumps(asdict(kept)), encoding="utf-8")
    local.show_pages(place.api, keys=read().keys)
    return {
        "Console": f"{services.pages_url}/console",
        "sign in": f"{AGENT}, password: {PASSWORD}, code: make code",
        "Shop": f"{front}/demo/{shops[0]} (also {', '.join(shops[1:])}; ?lang=en)",
    }


def read() -> Kept:
    """Return what was kept of the stage's agent and shops."""
    return Kept(**json.loads(KEPT.read_text(encoding="utf-8")))


def _agent(place: Stage) -> str:
    """Take an agent in as the team does, by an admin's invitation, and return the authenticator's secret."""
    stack = _stack(place.found)
    admin = Browser(stack, ADMIN)
    errands.run(errands.invite_admin, ADMIN)
    admin.take_up(temporary(admin))
    seat = {"kind": "agent", "agent": "sol", "pool": errands.POOL, "capacity": 6}
    return joined(admin.api(), Browser(stack, AGENT), seat).browser.secret


def _stack(found: dict[str, Any]) -> Stack:
    return Stack(
        api_url=found["ApiUrl"],
        table_name=found["TableName"],
        endpoint=found["Endpoint"],
        usage_queue_url=found["UsageQueueUrl"],
        dead_letter_url=found["DlqUrls"].partition(",")[0],
        stripe_base=found["StripeBase"],
        functions={},
    )


if __name__ == "__main__":
    print(pyotp.TOTP(read().secret).now())
