"""A shop's month on the deployed stack: cap, card, webhooks, a break, the close, and what finance gets of it.

Every function works with its own role; the local AWS refuses what a role does not allow.
"""

import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import requests
import stripe

from infra import clock
from infra.cloud import client
from infra.stages import LOCAL_WEBHOOK_SECRET
from tests.stack.conftest import Stack
from tests.stack.deployed import Api, eventually, failure, invoke
from tests.stack.ground import ask_stripe
from tests.stack.inside import inside
from tests.stack.people import Browser, Json, invited_admin, joined

pytestmark = pytest.mark.stack

SHOP, PRICE_WON = "monthshop", 700
TENANT = f"/v1/tenants/{SHOP}"
KST = timezone(timedelta(hours=9))
REGISTERS = ("period_register", "usage_ledger", "recon_breaks", "invoice_register", "payout_register", "journal")


@dataclass
class Month:
    """A shop's month, who looks at it, and by how much the stage's clock is ahead of ours."""

    stack: Stack
    shop: Api
    agent: Api
    owner: Api
    finance: Api
    name: str
    end: datetime

    def let_it_be(self, moment: timedelta) -> None:
        """Move the time of functions and of Stripe to a moment after the month's end."""
        where = {"Endpoint": self.stack.endpoint, "StripeBase": self.stack.stripe_base}
        seconds = int((self.end + moment - datetime.now(UTC)).total_seconds())
        clock.shift({**self.stack.functions, **where}, seconds)
        self.stripe("POST", "tick")

    def stripe(self, method: str, what: str, body: Json | None = None) -> Any:
        return ask_stripe(self.stack.stripe_base, method, what, body)

    def hourly(self) -> str:
        """Run the hourly function and return the text of what it raised, if anything."""
        return failure(client("lambda", self.stack.endpoint), self.stack.functions["ReconcileFunction"])

    def period(self) -> Json:
        return got(self.finance.get(f"{TENANT}/periods/{self.name}"))

    def bill(self) -> Json:
        return got(self.shop.get(f"{TENANT}/bill?month={self.name}"))

    def events(self, kind: str) -> list[bool]:
        """Return, for each stored event of a kind, whether what follows from it was done."""
        pages = (
            client("dynamodb", self.stack.endpoint)
            .get_paginator("scan")
            .paginate(TableName=self.stack.table_name, ConsistentRead=True)
        )
        rows = [row for page in pages for row in page["Items"] if row["kind"]["S"] == "provider_event"]
        return [row["done_at"]["N"] != "0" for row in rows if row["type"]["S"] == kind]


def got(answer: requests.Response) -> Json:
    assert answer.status_code in {200, 201}, answer.text
    found: Json = answer.json()
    return found


@pytest.fixture(scope="module")
def month(later: Stack) -> Month:
    """One contact is answered, and Stripe has heard of it."""
    with inside(later) as run:
        keys = run("tests.stack.world:found_with_keys", [SHOP], ["bori"], "month", 6).result()
    boss = invited_admin(later).api()
    owner = joined(boss, Browser(later, "o@shop.example"), {"kind": "owner"}, path=f"{TENANT}/people")
    finance = joined(boss, Browser(later, "f@desk.example"), {"kind": "finance"})
    shop, agent = Api(later.api_url, keys[SHOP]), Api(later.api_url, keys["bori"])
    contact = shop.open(SHOP, "billed", channel="chat")
    assert agent.post("/v1/queue/next").json()["contact"]["id"] == contact
    got(agent.post(f"{TENANT}/contacts/{contact}/replies", {"text": "확인해 드릴게요."}, key="billed"))
    name = got(shop.get(f"{TENANT}/usage"))["month"]
    year, number = map(int, name.split("-"))
    end = datetime(year + number // 12, number % 12 + 1, 1, tzinfo=KST)
    found = Month(later, shop, agent, owner.desk, finance.desk, name, end)
    assert eventually(lambda: [row["total"] for row in totals(found)], bool) == [1]
    return found


def totals(month: Month) -> list[Json]:
    rows: list[Json] = month.stripe("GET", "dump")["totals"]
    return rows


def test_shop_says_how_much_it_spends_and_how_it_pays(month: Month) -> None:
    identity = {"name": "몽밀", "registration": "220-81-62517", "mail": "tax@shop.example", "ceo": "김몽"}
    identity |= {"address": "서울", "business_type": "소매", "business_class": "전자상거래"}

    assert month.owner.put(f"{TENANT}/cap", {"won": 2 * PRICE_WON, "cap": "soft"}).status_code == 200
    invoke(client("lambda", month.stack.endpoint), month.stack.functions["SweepFunction"])
    assert [alert["threshold_percent"] for alert in month.bill()["alerts"]] == [50]
    assert got(month.owner.put(f"{TENANT}/billing-identity", identity))["registration"] == "2208162517"
    page = month.owner.post(f"{TENANT}/card-setup", key="card")
    hosted = month.stack.stripe_base + "/hosted"
    assert got(page)["url"].startswith(f"{hosted}/checkout/")
    assert got(month.owner.post(f"{TENANT}/payment-portal"))["url"].startswith(f"{hosted}/portal/")
    assert month.shop.post(f"{TENANT}/card-setup", key="card").status_code == 403


@pytest.fixture(scope="module")
def ended(month: Month) -> Month:
    """Someone wrote usage by hand; the hourly function has looked; then the month ended, three days ago."""
    row = totals(month)[0]
    wrong = {"event_name": row["event_name"], "customer": row["customer"], "when": row["hour"], "value": 5}
    assert month.hourly() == ""
    month.stripe("POST", "do/manual_usage", wrong)
    month.let_it_be(timedelta(hours=72, minutes=30))
    return month


def test_invoice_that_stripe_tells_of_is_stored_before_anybody_asks(ended: Month) -> None:
    assert eventually(lambda: ended.events("invoice.created"), lambda done: done == [True]) == [True]
    invoice = eventually(ended.bill, lambda bill: "invoice" in bill)["invoice"]
    assert invoice["status"] == "draft"
    drafts = ended.stripe("GET", "objects/invoice")["data"]
    assert [draft["auto_advance"] for draft in drafts] == [False]


def test_only_what_stripe_signed_now_is_heard(ended: Month) -> None:
    about = {"id": "po_1", "object": "payout", "metadata": {}}
    event = {"id": "evt_signed", "object": "event", "type": "payout.updated", "livemode": False}
    body = json.dumps({**event, "created": int(time.time()), "data": {"object": about}})

    assert told(ended, body) == told(ended, body) == (200, None)
    assert told(ended, body, signed=body + " ") == (400, "bad_signature")
    assert told(ended, body, secret="whsec_other") == (400, "bad_signature")
    assert told(ended, body, at=time.time() + 301) == (400, "stale_signature")
    assert len(ended.events("payout.updated")) == 1


def told(month: Month, body: str, *, signed: str = "", secret: str = LOCAL_WEBHOOK_SECRET, at: float = 0) -> Any:
    """Deliver an event as Stripe does, and return status and code of the answer."""
    sign = stripe.WebhookSignature.generate_signature_header
    header = sign(signed or body, secret, timestamp=int(at or time.time()))
    url = f"{month.stack.api_url}/v1/webhooks/stripe"
    answer = requests.post(url, body.encode(), headers={"Stripe-Signature": header}, timeout=60)
    return answer.status_code, answer.json().get("error", {}).get("code")


@pytest.fixture(scope="module")
def broken(ended: Month) -> Month:
    """The hourly function finds what was written by hand, says so, and sends the right total again."""
    assert ended.hourly()
    return ended


def test_difference_is_on_record_and_in_the_way(broken: Month) -> None:
    [line] = got(broken.finance.get("/v1/finance/breaks"))["breaks"]
    assert (line["tenant"], line["rule"], line["difference"]) == (SHOP, "R2", 4)
    assert broken.period()["state"] == "closing"
    answer = {"cause": "manual_stripe_edit", "note": "typed in the Dashboard"}
    assert got(broken.finance.post(f"{TENANT}/breaks/{line['id']}/resolve", answer))["status"] == "answered"
    same = broken.finance.post(f"{TENANT}/breaks/{line['id']}/approve")
    assert (same.status_code, same.json()["error"]["code"]) == (403, "same_person")


@pytest.fixture(scope="module")
def locked(broken: Month) -> Month:
    """A person takes the mended month one step on; the hourly function does the rest in the night, unheard."""
    assert eventually(lambda: [row["total"] for row in totals(broken)], lambda found: found == [1]) == [1]
    broken.let_it_be(timedelta(hours=73, minutes=30))
    closed = got(broken.finance.post(f"{TENANT}/periods/{broken.name}/close"))
    assert closed["state"] == "reconciled"
    broken.let_it_be(timedelta(hours=76, minutes=30))
    broken.stripe("POST", "disorder", {"dropped": 1.0})
    assert broken.hourly() == ""
    return broken


def test_month_is_closed_to_locked_and_its_invoice_is_final(locked: Month) -> None:
    period = locked.period()
    assert (period["state"], period["contacts"], period["won"]) == ("locked", 1, PRICE_WON)
    assert [move["state"] for move in period["history"]] == ["closing", "reconciled", "invoiced", "locked"]
    [invoice] = locked.stripe("GET", "objects/invoice")["data"]
    assert (invoice["status"], invoice["subtotal"], invoice["total"]) == ("open", PRICE_WON, 770)
    assert locked.bill()["invoice"]["status"] == "open"


def test_what_stripe_did_not_tell_is_asked_for(locked: Month) -> None:
    assert locked.events("invoice.finalized") == []
    with inside(locked.stack) as run:
        assert run("infra.operate:backfill").result() > 0
    assert eventually(lambda: locked.events("invoice.finalized"), lambda done: done == [True]) == [True]


def test_finance_sees_the_month_and_exports_it(locked: Month, tmp_path: Path) -> None:
    for register in REGISTERS:
        got(locked.finance.get(f"/v1/finance/registers/{register}?month={locked.name}"))
    periods = got(locked.finance.get(f"/v1/finance/periods?month={locked.name}"))
    assert (periods["shops"], periods["won"], periods["breaks"]) == (1, PRICE_WON, 0)
    assert got(locked.finance.get("/v1/finance/breaks"))["breaks"] == []
    assert got(locked.finance.get("/v1/finance/aging"))["shops"]
    assert got(locked.finance.get(f"/v1/finance/journal?month={locked.name}"))["accounts"]
    tax = f"{TENANT}/tax-invoices/{locked.name}"
    got(locked.finance.post(tax, {"number": "202612101234567890abcdef"}))
    assert got(locked.finance.get(tax))["issued"] == 770

    with inside(locked.stack) as run:
        files = run("infra.finance:month_files", locked.name, int(time.time() * 1000), None).result()
    assert json.loads(files["manifest.json"])
    assert SHOP in files["csv/invoice_register.csv"].decode("utf-8-sig")
