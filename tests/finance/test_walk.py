"""A morning of finance as docs/finance.md tells it: the app on moto, and the stand-in for Stripe."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import app
from chalicelib.aws.tables import commit
from chalicelib.billing import jobs as billing
from chalicelib.billing.identities import Identities
from chalicelib.billing.store import StripeCustomers
from chalicelib.billing.wiring import gateway, till
from chalicelib.closing.jobs import ReconciliationBroken, check_money
from chalicelib.finance.store import TaxRecords
from chalicelib.kernel.caller import Caller, Kind
from chalicelib.kernel.clock import DAY, HOUR, MINUTE, SECOND, Millis, month_span
from infra.finance import month_files, put, read_seller
from tests.billing.paying import Paying, paying
from tests.finance.asking import ask, queries
from tests.finance.samples import BUYER
from tests.lambda_events import schedule_event
from tests.moto_desk import MINA, Desk
from tests.samples import NOON

MONTH = "2026-11"
END = month_span(MONTH)[1]
LEDGER, JOURNAL, TRACES = queries()
ONE, OTHER = (Caller(Kind.FINANCE, "", person=f"0000000{n}-0000-4000-8000-000000000000") for n in (4, 5))
SELLER = """
name = "두레데스크"
mail = "tax@duredesk.example"
registration = "2208162517"
ceo = "박두레"
address = "서울 중구 2"
business_type = "서비스"
business_class = "콜센터"
"""


@dataclass
class Office:
    """Where finance works; time passes for the desk and for Stripe alike."""

    world: Paying

    @property
    def desk(self) -> Desk:
        return self.world.desk

    def at(self, now: Millis) -> None:
        self.world.now = now
        self.desk.later((now - NOON) // SECOND)
        self.world.fake.tick()

    def hour(self) -> None:
        """What the function does each hour; a break rings its alarm, and is looked at by people."""
        try:
            app.reconcile(schedule_event(), None)
        except* ReconciliationBroken:
            pass

    def get(self, path: str, **query: str) -> Any:
        answer = self.desk.call(ONE, f"GET /v1/{path}", query=query or None)
        assert answer.status == 200, answer
        return answer.body

    def post(self, path: str, body: Any = None, who: Caller = ONE) -> Any:
        answer = self.desk.call(who, f"POST /v1/{path}", body)
        assert answer.status < 300, answer
        return answer.body

    def card(self, tenant: str) -> None:
        """The shop registers a card, which is charged from then on."""
        customer = StripeCustomers(tenant).find()
        assert customer is not None
        gateway().setup_link(customer, "https://shop.test/back", "card")
        [session] = [one for one in self.world.fake.objects("checkout.session") if one["customer"] == customer]
        self.world.fake.complete_checkout(session["id"])
        gateway().use_card(customer, session["id"])


@pytest.fixture
def office() -> Iterator[Office]:
    with paying() as world:
        yield Office(world)


def november(office: Office) -> None:
    """Three contacts of one shop, two of another; the first one pays by card."""
    commit(Identities("danbi").save(BUYER, 0))
    for tenant, contacts in (("danbi", 3), ("mungmeal", 2)):
        for _ in range(contacts):
            office.desk.act(MINA, office.desk.answered(tenant=tenant), "resolve", tenant=tenant)
    assert billing.send_all(NOON + HOUR) == 0
    office.card("danbi")


def planted(office: Office) -> None:
    """Somebody reports usage by hand, for an hour in which the shop had none."""
    by_hand(office, 1)


def by_hand(office: Office, value: int) -> None:
    customer = StripeCustomers("danbi").find()
    assert customer is not None
    office.world.fake.manual_usage("duredesk_human_contacts", customer, (NOON - DAY) // SECOND, value)


def test_a_morning(office: Office, tmp_path: Path) -> None:
    november(office)
    planted(office)
    for then in (END + HOUR // 2, END + 3 * DAY + HOUR, END + 3 * DAY + 2 * HOUR):
        office.at(then)
        office.hour()
    # Open.
    periods = office.get("finance/periods", month=MONTH)
    states = {one["tenant"]: one["state"] for one in periods["periods"]}
    assert (states["danbi"], states["mungmeal"]) == ("closing", "locked")
    # See breaks: one shop waits, and nobody else.
    found = office.get("finance/breaks")
    assert [(one["tenant"], one["rule"], one["difference"]) for one in found["breaks"]] == [("danbi", "R2", 1)]
    [one] = found["breaks"]
    # Resolve it: what was reported by hand is taken back, and the break says so.
    note = {"cause": "unknown_usage", "note": "콘솔에서 시험으로 넣은 사용량, 0으로 되돌림"}
    office.post(f"tenants/danbi/breaks/{one['id']}/resolve", note)
    by_hand(office, 0)
    # Close: between counting and the invoice a quarter of an hour passes, in which nothing more is booked.
    steps = []
    for minutes in (80, 100, 100):
        office.at(END + 3 * DAY + 2 * HOUR + minutes * MINUTE)
        steps.append(office.post(f"tenants/danbi/periods/{MONTH}/close")["state"])
    assert steps == ["reconciled", "invoiced", "locked"]
    assert office.get("finance/breaks")["total"] == 0
    # Paid, by card and by transfer; the card's money reaches the bank.
    office.at(END + 6 * DAY)
    office.hour()
    [invoice] = till("mungmeal").mirror.all()
    gateway().pay_by_transfer(invoice.invoice.id)
    office.at(END + 12 * DAY)
    office.hour()
    assert office.get("finance/aging")["total"] == 0
    # Export, and issue the tax invoices.
    seller = tmp_path / "seller.toml"
    seller.write_text(SELLER, encoding="utf-8")
    exports = tmp_path / "exports"
    files = month_files(MONTH, app.now(), read_seller(seller))
    put(files, exports / MONTH)
    assert month_files(MONTH, app.now(), read_seller(seller)) == files
    issued = files["tax_invoices.csv"].decode("utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in issued[1:]] == ["202611-danbi"]
    assert "202611-mungmeal,invoiceeCorpNum" in files["tax_flaws.csv"].decode()
    office.post(f"tenants/danbi/tax-invoices/{MONTH}", {"number": "20261210" + "0" * 16})
    check_money(app.now(), TaxRecords)
    waits = office.get("finance/breaks")["breaks"]
    assert [(one["tenant"], one["rule"], one["cause"]) for one in waits] == [("mungmeal", "R8", "not_recorded")]
    assert "cleared,operations," in files["csv/recon_breaks.csv"].decode()
    # Check the export.
    assert ask(LEDGER, exports) == []
    assert ask(TRACES, exports) == []
    totals = [row for row in ask(JOURNAL, exports) if row[1] is None]
    assert [row[4] for row in totals] == [0] * len(totals)
    balances: dict[str, int] = {}
    for _, account, _, _, balance in ask(JOURNAL, exports):
        balances[account] = balances.get(account, 0) + balance
    assert (balances["미청구채권"], balances["외상매출금"]) == (0, 0)
