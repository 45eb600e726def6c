"""Somebody of every kind with an account at the local stage, and the shops' pages.

`python -m tests.demo.people [who]` shows the code of who needs one. What authenticators and the widget's script
tags hold is kept beside the stage's own state, and ends with it.
"""

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

import pyotp
from rich.cells import set_cell_size

from infra import local
from infra.stages import LOCAL
from tests.demo import errands
from tests.demo.stage import Stage
from tests.stack.conftest import Stack
from tests.stack.deployed import Api
from tests.stack.people import Browser, joined, temporary

KEPT = LOCAL / "state" / "people.json"
SHOP, OTHER = "danbi", "onyubeauty"


@dataclass(frozen=True)
class Account:
    """Somebody who signs in, what they see first, and of which shop they are if they are of one."""

    who: str
    is_what: str
    page: str
    mail: str
    seat: dict[str, Any]
    shop: str = ""

    @property
    def needs_code(self) -> bool:
        """Whether an authenticator is asked for: of the team, which sees every shop."""
        return not self.shop


_DESK = {"pool": errands.POOL}
ADMIN = Account("admin", "admin", "/floor", "admin@desk.example", {"kind": "admin"})
OWNER = Account("owner", "owner of 단비옷장", "/shop", "owner@danbi.example", {"kind": "owner"}, SHOP)
OTHERS = (
    Account("staff", "staff of 단비옷장", "/shop", "staff@danbi.example", {"kind": "staff"}, SHOP),
    Account("viewer", "viewer of 단비옷장", "/shop", "viewer@danbi.example", {"kind": "viewer"}, SHOP),
    Account("rival", "owner of 온유뷰티", "/shop", "owner@onyubeauty.example", {"kind": "owner"}, OTHER),
    Account(
        "agent", "agent", "/console", "sol@team.example", {"kind": "agent", "agent": "sol", "capacity": 6, **_DESK}
    ),
    Account(
        "lead", "lead", "/floor", "nari@team.example", {"kind": "lead", "agent": "nari", "capacity": 6, **_DESK}
    ),
    Account("finance", "finance", "/finance", "money@team.example", {"kind": "finance"}),
    Account("second", "finance, who approves", "/finance", "second@team.example", {"kind": "finance"}),
)
EVERYBODY = (OWNER, *OTHERS, ADMIN)


@dataclass(frozen=True)
class Kept:
    """The secrets of authenticators by who has them, and the shops' widget keys by tenant."""

    secrets: dict[str, str] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)


def settle(place: Stage, shops: list[str]) -> dict[str, str]:
    """Give the stage somebody of every kind, and the shops their pages, once; return the pages' addresses."""
    services = local.status()
    if services is None:
        raise SystemExit("the local stage does not run: make up")
    front = services.pages_url.replace("127.0.0.1", "localhost")
    if not KEPT.exists():
        # If this is broken off, the next demo finds what knows nobody, instead of people whom nobody knows.
        KEPT.write_text("{}", encoding="utf-8")
        kept = Kept(_settled(_stack(place.found)), errands.run(errands.issue_page_keys, shops, front))
        KEPT.write_text(json.dumps(asdict(kept)), encoding="utf-8")
    local.show_pages(place.api, keys=read().keys)
    pages = {"Landing": "", "Portal": "/shop", "Floor": "/floor", "Finance": "/finance", "Console": "/console"}
    return {
        **{name: f"{services.pages_url}{path or '/'}" for name, path in pages.items()},
        "Mailbox": f"{services.pages_url}/mail",
        "Shop page": f"{front}/demo/{shops[0]} (also {', '.join(shops[1:])}; ?lang=en)",
    }


def sign_ins() -> Iterable[str]:
    """Yield, line by line, who signs in with which mail, what they see first, and how they get their code."""
    for one in EVERYBODY:
        code = f"make code WHO={one.who}" if one.needs_code else ""
        yield f"{set_cell_size(one.is_what, 22)}{one.mail:<26}{one.page:<10}{code}".rstrip()


def read() -> Kept:
    """Return what was kept of the stage's people and shops; exit with advice if it is not of this demo."""
    try:
        kept = Kept(**json.loads(KEPT.read_text(encoding="utf-8")))
    except (TypeError, ValueError):
        kept = Kept()
    if kept.secrets.keys() != {one.who for one in EVERYBODY if one.needs_code}:
        raise SystemExit(
            "the stage's people are of an older demo, or of one that was broken off; nobody knows their codes:"
            f" make down, delete .local/{KEPT.parent.name}, and make demo"
        )
    return kept


def _settled(stack: Stack) -> dict[str, str]:
    """Have the operator invite the admin, the admin the team and the owners, an owner the shop's people."""
    admin = Browser(stack, ADMIN.mail)
    errands.run(errands.invite_admin, ADMIN.mail)
    admin.take_up(temporary(admin))
    boss = admin.api()
    owner = _taken_up(boss, stack, OWNER).api()
    _agree(owner, SHOP)
    secrets = {ADMIN.who: admin.secret}
    for one in OTHERS:
        secrets[one.who] = _taken_up(owner if one.shop == SHOP else boss, stack, one).secret
    return {who: secret for who, secret in secrets.items() if secret}


def _taken_up(by: Api, stack: Stack, one: Account) -> Browser:
    path = f"/v1/tenants/{one.shop}/people" if one.shop else "/v1/team"
    return joined(by, Browser(stack, one.mail), one.seat, path=path).browser


def _agree(owner: Api, shop: str) -> None:
    """Accept the terms as they stand, as every owner has who signed up alone."""
    now = owner.get("/v1/terms").json()
    versions = {name: now[name]["version"] for name in ("terms", "subprocessors")}
    agreed = owner.post(f"/v1/tenants/{shop}/terms", versions)
    assert agreed.ok, agreed.text


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


def code(who: str) -> str:
    """Return what somebody's authenticator shows now; exit with who has one if they have none."""
    secrets = read().secrets if KEPT.exists() else {}
    if who not in secrets:
        raise SystemExit(f"{who} needs no code; these do: {', '.join(secrets) or 'nobody before make demo'}")
    return pyotp.TOTP(secrets[who]).now()


if __name__ == "__main__":
    print(code(*(sys.argv[1:] or ["agent"])))
