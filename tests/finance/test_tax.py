from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.billing.model import InvoiceStatus
from chalicelib.finance.model import TaxRecord
from chalicelib.finance.tax import Modify, TaxInvoice, fields_of, flaws, is_number, mgt_key
from chalicelib.finance.taxes import TaxInvoiceFile, to_issue
from chalicelib.kernel.clock import DAY
from tests.finance.samples import BUYER, END, MONTH, SELLER, a_month, a_note, a_payment, an_entry, billed

NUMBER = "20261210" + "a1b2c3d4" * 2
SHOP = a_month([an_entry("c1"), an_entry("c2")])
[ONE] = to_issue(SHOP, SELLER)


def recorded(number: str = NUMBER, note: str = "") -> TaxRecord:
    return TaxRecord("danbi", MONTH, number, 31_000, 3_100, f"in_{MONTH}", note, END, "finance:x")


def test_the_fields_of_a_month() -> None:
    assert flaws(ONE) == []
    assert fields_of(ONE) == {
        "invoicerMgtKey": "202611-danbi",
        "writeDate": "20261130",
        "issueType": "정발행",
        "taxType": "과세",
        "purposeType": "청구",
        "chargeDirection": "정과금",
        "invoicerCorpNum": "2208162517",
        "invoicerCorpName": "두레데스크",
        "invoicerCEOName": "박두레",
        "invoicerAddr": "서울 중구 2",
        "invoicerBizType": "서비스",
        "invoicerBizClass": "콜센터",
        "invoicerEmail": "tax@duredesk.example",
        "invoiceeType": "사업자",
        "invoiceeCorpNum": "1248100998",
        "invoiceeCorpName": "단비옷장",
        "invoiceeCEOName": "김단비",
        "invoiceeAddr": "서울 성동구 1",
        "invoiceeBizType": "소매",
        "invoiceeBizClass": "의류",
        "invoiceeEmail1": "tax@danbi.example",
        "supplyCostTotal": 31_000,
        "taxTotal": 3_100,
        "totalAmount": 34_100,
        "modifyCode": "",
        "orgNTSConfirmNum": "",
        "remark1": "DD-1",
        "serialNum": 1,
        "purchaseDT": "20261130",
        "itemName": "고객상담 대행 2026-11",
        "qty": 1,
        "supplyCost": 31_000,
        "tax": 3_100,
    }


def test_what_is_paid_is_a_receipt() -> None:
    bill = SHOP.invoices[0].invoice
    [one] = to_issue(replace(SHOP, invoices=(billed(bill, a_payment(bill.total)),)), SELLER)
    assert one.purpose == "영수"


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("invoicerMgtKey", {"mgt_key": ""}),
        ("invoicerMgtKey", {"mgt_key": "2" * 25}),
        ("invoicerMgtKey", {"mgt_key": "202611 danbi"}),
        ("writeDate", {"write_date": "20261131"}),
        ("writeDate", {"write_date": "2026-11-30"}),
        ("invoicerCorpNum", {"supplier": replace(SELLER, registration="2208162518")}),
        ("invoicerCorpName", {"supplier": replace(SELLER, name="")}),
        ("invoicerCEOName", {"supplier": replace(SELLER, ceo="")}),
        ("invoiceeCorpNum", {"buyer": replace(BUYER, registration="124-81-00998")}),
        ("invoiceeCorpNum", {"buyer": replace(BUYER, registration="124810099")}),
        ("invoiceeCorpNum", {"buyer": replace(BUYER, registration="")}),
        ("invoiceeCorpName", {"buyer": replace(BUYER, name="")}),
        ("invoiceeCEOName", {"buyer": replace(BUYER, ceo="")}),
        ("supplyCostTotal", {"supply": 0}),
        ("supplyCostTotal", {"supply": -10, "tax": -1}),
        ("taxTotal", {"tax": -1}),
        ("orgNTSConfirmNum", {"original": NUMBER}),
        ("orgNTSConfirmNum", {"modify": Modify.MISTAKE}),
        ("orgNTSConfirmNum", {"modify": Modify.MISTAKE, "original": "1"}),
    ],
)
def test_a_flaw_is_named_by_its_field(field: str, changes: dict[str, Any]) -> None:
    assert flaws(replace(ONE, **changes)) == [field]


def test_a_correction_names_its_reason_and_what_it_corrects() -> None:
    good = replace(ONE, modify=Modify.PRICE_CHANGED, original=NUMBER, supply=-1_000, tax=-100)
    assert flaws(good) == []
    assert [code.value for code in Modify] == ["", "1", "2", "3", "4", "5", "6"]


@pytest.mark.parametrize(
    ("text", "good"),
    [
        (NUMBER, True),
        ("202612100000000000000001", True),
        ("202602300000000000000001", False),
        ("20261210000000000000000", False),
        ("2026121000000000000000011", False),
        ("20261210-00000000000000a", False),
        ("", False),
    ],
)
def test_numbers_of_the_tax_office(text: str, good: bool) -> None:
    assert is_number(text) is good


def test_each_credit_note_is_corrected_once_the_month_s_own_is_recorded() -> None:
    notes = [a_note(1_100), a_note(2_200, at=END + 9 * DAY, name="cn_2")]
    shop = replace(SHOP, invoices=(billed(SHOP.invoices[0].invoice, notes=notes),))
    before = to_issue(shop, SELLER)
    assert [(one.mgt_key, flaws(one)) for one in before] == [
        ("202611-danbi", []),
        ("202611-danbi-1", ["orgNTSConfirmNum"]),
        ("202611-danbi-2", ["orgNTSConfirmNum"]),
    ]
    after = to_issue(replace(shop, tax=(recorded(),)), SELLER)
    assert [(one.mgt_key, one.write_date, one.supply, one.tax, one.modify, one.original) for one in after] == [
        ("202611-danbi-1", "20261209", -1_000, -100, "2", NUMBER),
        ("202611-danbi-2", "20261210", -2_000, -200, "2", NUMBER),
    ]
    assert [flaws(one) for one in after] == [[], []]
    done = replace(shop, tax=(recorded(), recorded("20261211" + "0" * 16, "cn_1")))
    assert [one.mgt_key for one in to_issue(done, SELLER)] == ["202611-danbi-2"]


def test_nothing_is_issued_for_nothing() -> None:
    bill = SHOP.invoices[0].invoice
    assert to_issue(replace(SHOP, invoices=()), SELLER) == []
    assert to_issue(replace(SHOP, invoices=(billed(replace(bill, status=InvoiceStatus.DRAFT)),)), SELLER) == []
    assert to_issue(a_month(version="trial/1"), SELLER) == []


@given(st.sets(st.text("abc019", min_size=4, max_size=32), min_size=2, max_size=40))
def test_keys_are_short_and_each_shop_s_own(tenants: set[str]) -> None:
    keys = {mgt_key(tenant, MONTH) for tenant in tenants}
    assert len(keys) == len(tenants)
    assert all(len(key) <= 20 for key in keys)


def test_the_file_has_a_line_for_each() -> None:
    file = TaxInvoiceFile()
    two: list[TaxInvoice] = [ONE, replace(ONE, mgt_key="202611-other")]
    assert file.issue(two) == {}
    lines = file.content.decode("utf-8-sig").split("\r\n")
    assert lines[0].startswith("invoicerMgtKey,writeDate,")
    assert [line.split(",")[0] for line in lines[1:]] == ["202611-danbi", "202611-other", ""]
