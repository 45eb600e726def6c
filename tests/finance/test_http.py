"""Finance over the app, on moto: what other capabilities stored is put there by their stores."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.aws.tables import commit
from chalicelib.billing.identities import Identities
from chalicelib.billing.mirror import Mirror
from chalicelib.billing.model import Identity
from chalicelib.closing.model import BreakRecord, Cause, Rule
from chalicelib.closing.store import Breaks
from chalicelib.finance.catalogue import OF_A_SHOP
from chalicelib.kernel.caller import Caller, Kind
from chalicelib.kernel.clock import DAY
from chalicelib.metering.model import Period, PeriodState
from chalicelib.metering.periods import Periods
from chalicelib.metering.store import Ledger
from chalicelib.tenants.model import HOUSE
from tests.finance.samples import BUYER, MONTH, START, a_month, a_payment, an_entry, billed
from tests.moto_desk import MINA, SHOP, Answer, Desk
from tests.samples import NOON

FINANCE = Caller(Kind.FINANCE, "", person="00000004-0000-4000-8000-000000000000")
OWNER = Caller(Kind.OWNER, "", tenant="danbi", person="00000001-0000-4000-8000-000000000000")
NUMBER = "20261210" + "a1b2c3d4" * 2
TAX = f"/v1/tenants/danbi/tax-invoices/{MONTH}"


def book(tenant: str, count: int) -> None:
    entries = [
        an_entry(f"{n:032x}", tenant=tenant, at=START + n * 60_000, price=an_entry("c").price)
        for n in range(count)
    ]
    commit(*Ledger(tenant).writes(entries))


def invoiced(tenant: str, *, paid: bool = False) -> int:
    """Let the shop have a final invoice of the month, and return its total."""
    shop = a_month([an_entry("c1", tenant=tenant)], tenant=tenant)
    bill = replace(
        shop.invoices[0].invoice, id=f"in_{tenant}", finalized_at=NOON - 40 * DAY, due_at=NOON - 20 * DAY
    )
    one = billed(bill, *([a_payment(bill.total, NOON - 30 * DAY)] if paid else []))
    commit(Mirror(tenant).save(None, replace(one, seen_at=NOON - 30 * DAY)))
    return bill.total


def get(desk: Desk, path: str, query: dict[str, str] | None = None, who: Caller = FINANCE) -> Answer:
    return desk.call(who, f"GET {path}", query=query or None)


def body(desk: Desk, path: str, **query: str) -> Any:
    answer = get(desk, path, query)
    assert answer.status == 200, answer
    return answer.body


def test_periods_of_all_shops_and_of_those_not_looked_at_yet_while_the_month_runs(desk: Desk) -> None:
    for tenant, state, breaks in (("danbi", PeriodState.CLOSING, 2), ("mungmeal", PeriodState.LOCKED, 0)):
        period = Period(tenant, MONTH, state, 1, contacts=5, won=700, breaks=breaks)
        commit(Periods(tenant).save(Period(tenant, MONTH), period))
    found = body(desk, "/v1/finance/periods", month=MONTH)
    assert (found["shops"], found["contacts"], found["won"], found["breaks"]) == (3, 10, 1_400, 2)
    assert found["states"] == {"open": 1, "closing": 1, "reconciled": 0, "invoiced": 0, "locked": 1}
    assert [(one["tenant"], one["state"]) for one in found["periods"]] == [
        ("danbi", "closing"),
        ("faraway", "open"),
        ("mungmeal", "locked"),
    ]
    assert body(desk, "/v1/finance/periods", month="2026-10")["periods"] == []


def a_break(tenant: str, item: str = "il_1") -> BreakRecord:
    return BreakRecord(
        Rule.BILL_LINE,
        tenant,
        item,
        900,
        1_000,
        Cause.MANUAL_STRIPE_EDIT,
        MONTH,
        id=f"{MONTH}-{tenant}{item}",
        owner="billing",
        first_seen=NOON - 3 * DAY,
        last_seen=NOON,
        version=1,
    )


def test_open_breaks_of_all_shops(desk: Desk) -> None:
    for tenant in ("mungmeal", "danbi", HOUSE):
        commit(Breaks(tenant).save(None, a_break(tenant)))
    found = body(desk, "/v1/finance/breaks")
    assert found["total"] == 3
    assert {(one["tenant"], one["rule"], one["difference"], one["days"]) for one in found["breaks"]} == {
        ("danbi", "R4", 100, 3),
        ("mungmeal", "R4", 100, 3),
        (HOUSE, "R4", 100, 3),
    }


def test_breaks_as_a_register_are_those_of_our_own_account_too(desk: Desk) -> None:
    for tenant in ("mungmeal", HOUSE):
        commit(Breaks(tenant).save(None, a_break(tenant)))
    path = "/v1/finance/registers/recon_breaks"
    assert [row["tenant_id"] for row in body(desk, path, month=MONTH)["rows"]] == [HOUSE, "mungmeal"]
    assert [row["tenant_id"] for row in body(desk, path, month=MONTH, tenant="mungmeal")["rows"]] == ["mungmeal"]


@pytest.mark.parametrize("name", OF_A_SHOP)
def test_every_register_can_be_read(desk: Desk, name: str) -> None:
    book("danbi", 2)
    invoiced("danbi", paid=True)
    found = body(desk, f"/v1/finance/registers/{name}", month=MONTH)
    assert found["sums"]["rows"] == len(found["rows"])
    assert found["cursor"] is None
    assert all(list(row) == list(found["columns"]) for row in found["rows"])


def test_a_register_of_all_shops_page_by_page(desk: Desk) -> None:
    for tenant, count in ((HOUSE, 30), ("danbi", 320), ("faraway", 170), ("mungmeal", 40)):
        for n in range(count):
            commit(Breaks(tenant).save(None, a_break(tenant, f"il_{n:03d}")))
    path, query = "/v1/finance/registers/recon_breaks", {"month": MONTH}
    pages = [body(desk, path, **query)]
    while cursor := pages[-1]["cursor"]:
        pages.append(body(desk, path, cursor=cursor, **query))
    assert [len(page["rows"]) for page in pages] == [500, 60]
    assert [page["sums"] for page in pages] == [{"rows": 560}] * 2
    rows = [(row["tenant_id"], row["break_id"]) for page in pages for row in page["rows"]]
    shops = [tenant for tenant, _ in rows]
    assert len(set(rows)) == 560
    assert (shops[:30], shops[30:]) == ([HOUSE] * 30, sorted(shops[30:]))
    one = body(desk, path, tenant="faraway", **query)
    assert (len(one["rows"]), one["sums"], one["cursor"]) == (170, {"rows": 170}, None)
    other = get(desk, "/v1/finance/registers/journal", {"cursor": pages[0]["cursor"], **query})
    assert other.refusal == (400, "invalid_cursor")


def test_aging_of_all_shops(desk: Desk) -> None:
    total = invoiced("danbi")
    invoiced("mungmeal", paid=True)
    now = body(desk, "/v1/finance/aging")
    assert now["as_of"] == "2026-11-21"
    assert now["shops"] == [{"tenant": "danbi", "buckets": now["buckets"], "total": total}]
    assert now["buckets"] == {"current": 0, "1-30": total, "31-60": 0, "61-90": 0, "90+": 0}
    before = body(desk, "/v1/finance/aging", at="2026-10-20")
    assert before["total"] == before["buckets"]["current"] == 2 * total
    assert [one["tenant"] for one in before["shops"]] == ["danbi", "mungmeal"]
    assert get(desk, "/v1/finance/aging", {"at": "2026-02-30"}).refusal == (400, "invalid_day")


def test_the_journal_s_balances(desk: Desk) -> None:
    book("danbi", 3)
    book("mungmeal", 2)
    found = body(desk, "/v1/finance/journal", month=MONTH)
    assert found["debit"] == found["credit"] > 0
    by_account = {one["account"]: one["balance"] for one in found["accounts"]}
    assert by_account == {"미청구채권": found["debit"], "매출": -found["debit"]}


def test_a_tax_invoice_s_number_is_recorded_once(desk: Desk) -> None:
    path = f"POST {TAX}"
    assert desk.call(FINANCE, path, {"number": NUMBER}).refusal == (409, "not_invoiced")
    commit(Identities("danbi").save(Identity("단비옷장", BUYER.mail, BUYER.registration), 0))
    total = invoiced("danbi")
    assert body(desk, TAX) == {
        "month": MONTH,
        "mgt_key": "202611-danbi",
        "due_on": "2026-12-10",
        "total": total,
        "issued": 0,
        "records": [],
    }
    first = desk.call(FINANCE, path, {"number": NUMBER})
    assert (first.status, first.body["supply"] + first.body["tax"]) == (201, total)
    assert first.body["by"] == f"finance:{FINANCE.person}"
    assert desk.call(FINANCE, path, {"number": NUMBER.upper()}).body == first.body
    assert desk.call(FINANCE, path, {"number": "20261211" + "0" * 16}).refusal == (409, "already_recorded")
    found = body(desk, TAX)
    assert (found["issued"], found["records"]) == (total, [first.body])
    [row] = body(desk, "/v1/finance/registers/invoice_register", month=MONTH)["rows"]
    assert row["tax_invoice_numbers"] == NUMBER


def test_only_finance_sees_this(desk: Desk) -> None:
    paths = ["periods", "breaks", "registers/journal", "aging", "journal"]
    for path in [*(f"/v1/finance/{one}" for one in paths), TAX]:
        for who in (SHOP, OWNER, MINA, Caller(Kind.ADMIN, "", person=FINANCE.person)):
            assert get(desk, path, who=who).refusal == (403, "forbidden"), path
        assert get(desk, path).status == 200, path
    assert desk.call(OWNER, f"POST {TAX}", {"number": NUMBER}).refusal == (403, "forbidden")


@pytest.mark.parametrize(
    ("path", "query", "refusal"),
    [
        ("registers/no_such", {}, (404, "not_found")),
        ("registers/journal", {"tenant": "nosuch"}, (404, "not_found")),
        ("registers/journal", {"tenant": "Danbi#"}, (404, "not_found")),
        ("registers/journal", {"month": "2026-13"}, (400, "invalid_month")),
        ("registers/journal", {"cursor": "x"}, (400, "invalid_cursor")),
        ("journal", {"month": "11"}, (400, "invalid_month")),
        ("periods", {"month": ""}, (400, "invalid_month")),
        ("periods", {"at": "2026-11-01"}, (400, "unknown_parameter")),
    ],
)
def test_what_is_asked_wrongly(desk: Desk, path: str, query: dict[str, str], refusal: tuple[int, str]) -> None:
    assert get(desk, f"/v1/finance/{path}", query).refusal == refusal
