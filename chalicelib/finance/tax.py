"""Tax invoices (세금계산서): the fields that an issuing service takes, and what is wrong with them before it does.

Issuing cannot be undone, so nothing is handed over that has a flaw, and a person approves what is. A correction
states the difference, negative where something was taken off.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from chalicelib.billing.model import CreditNote, Identity, Invoice
from chalicelib.finance.days import kst_day, last_day
from chalicelib.kernel.money import Won
from chalicelib.tenants.digits import is_registration

_KEY = re.compile(r"[A-Za-z0-9_-]{1,24}")
_NUMBER = re.compile(r"(20[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01]))[0-9a-zA-Z]{16}")
_SHORT = 13
_DIGEST = 12


class Modify(StrEnum):
    """Why a tax invoice is corrected (수정사유)."""

    NONE = ""
    MISTAKE = "1"
    PRICE_CHANGED = "2"
    RETURNED = "3"
    CANCELLED = "4"
    LATE_CREDIT_LETTER = "5"
    ISSUED_TWICE = "6"


@dataclass(frozen=True, slots=True)
class TaxInvoice:
    """The field set of one tax invoice; `mgt_key` is ours, and the issuing service takes each once.

    `write_date` is `yyyymmdd`. The one item's sums are the invoice's own.
    """

    mgt_key: str
    write_date: str
    supplier: Identity
    buyer: Identity
    supply: Won
    tax: Won
    purpose: str
    item: str
    remark: str
    modify: Modify = Modify.NONE
    original: str = ""
    issue_type: str = "정발행"
    tax_type: str = "과세"
    direction: str = "정과금"
    buyer_type: str = "사업자"

    @property
    def total(self) -> Won:
        """Return supply and tax together."""
        return self.supply + self.tax


def tax_invoice(tenant: str, invoice: Invoice, *, supplier: Identity, buyer: Identity) -> TaxInvoice:
    """Return the tax invoice for a finalized invoice, written on the last day of the month supplied."""
    return TaxInvoice(
        mgt_key=mgt_key(tenant, invoice.month),
        write_date=last_day(invoice.month).replace("-", ""),
        supplier=supplier,
        buyer=buyer,
        supply=invoice.total - invoice.tax,
        tax=invoice.tax,
        purpose="청구" if invoice.remaining else "영수",
        item=f"고객상담 대행 {invoice.month}",
        remark=invoice.number,
    )


def correction(before: TaxInvoice, note: CreditNote, place: int, original: str) -> TaxInvoice:
    """Return the correction of `before`, issued as `original`, by the `place`-th (from 1) credit note of it."""
    return TaxInvoice(
        mgt_key=f"{before.mgt_key}-{place}",
        write_date=kst_day(note.created_at).replace("-", ""),
        supplier=before.supplier,
        buyer=before.buyer,
        supply=note.tax - note.won,
        tax=-note.tax,
        purpose=before.purpose,
        item=before.item,
        remark=note.number,
        modify=Modify.PRICE_CHANGED,
        original=original,
    )


def mgt_key(tenant: str, month: str) -> str:
    """Return the key of a shop's month, at most 20 characters; a long shop's id stands as a digest."""
    # An underscore is in no shop's id, so no digest can be another shop's id.
    digest = f"_{hashlib.sha256(tenant.encode()).hexdigest()[:_DIGEST]}"
    return f"{month.replace('-', '')}-{tenant if len(tenant) <= _SHORT else digest}"


def is_number(text: str) -> bool:
    """Return whether `text` can be the tax office's number (승인번호): a day, and 16 digits or letters."""
    found = _NUMBER.fullmatch(text)
    return found is not None and _is_day(found[1])


def flaws(one: TaxInvoice) -> list[str]:
    """Return what is wrong with a tax invoice, field by field, by the fields' own names; nothing: issue it."""
    wrong = {
        "invoicerMgtKey": not _KEY.fullmatch(one.mgt_key),
        "writeDate": not _is_day(one.write_date),
        "invoicerCorpNum": not is_registration(one.supplier.registration),
        "invoicerCorpName": not one.supplier.name,
        "invoicerCEOName": not one.supplier.ceo,
        "invoiceeCorpNum": not is_registration(one.buyer.registration),
        "invoiceeCorpName": not one.buyer.name,
        "invoiceeCEOName": not one.buyer.ceo,
        "supplyCostTotal": not one.supply or (one.supply < 0 and not one.modify),
        "taxTotal": one.supply * one.tax < 0,
        "orgNTSConfirmNum": not (is_number(one.original) if one.modify else not one.original),
    }
    return [name for name, is_wrong in wrong.items() if is_wrong]


def fields_of(one: TaxInvoice) -> dict[str, str | int]:
    """Return the fields by the names that issuing services have for them, in their order."""
    return {
        "invoicerMgtKey": one.mgt_key,
        "writeDate": one.write_date,
        "issueType": one.issue_type,
        "taxType": one.tax_type,
        "purposeType": one.purpose,
        "chargeDirection": one.direction,
        **_party("invoicer", one.supplier),
        "invoiceeType": one.buyer_type,
        **_party("invoicee", one.buyer),
        "supplyCostTotal": one.supply,
        "taxTotal": one.tax,
        "totalAmount": one.total,
        "modifyCode": one.modify,
        "orgNTSConfirmNum": one.original,
        "remark1": one.remark,
        "serialNum": 1,
        "purchaseDT": one.write_date,
        "itemName": one.item,
        "qty": 1,
        "supplyCost": one.supply,
        "tax": one.tax,
    }


def _party(side: str, party: Identity) -> dict[str, str | int]:
    mail = "invoiceeEmail1" if side == "invoicee" else "invoicerEmail"
    return {
        f"{side}CorpNum": party.registration,
        f"{side}CorpName": party.name,
        f"{side}CEOName": party.ceo,
        f"{side}Addr": party.address,
        f"{side}BizType": party.business_type,
        f"{side}BizClass": party.business_class,
        mail: party.mail,
    }


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).strftime("%Y%m%d") == text
    except ValueError:
        return False
