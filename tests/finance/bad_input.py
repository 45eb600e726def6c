"""Wrong requests about the months of all shops, and about tax invoices."""

from dataclasses import replace
from typing import Any

from chalicelib.aws.tables import commit
from chalicelib.billing.mirror import Mirror
from chalicelib.finance.model import TaxRecord
from chalicelib.finance.store import TaxRecords
from tests.finance.samples import a_month, a_note, an_entry, billed
from tests.moto_desk import Desk
from tests.samples import NOON
from tests.web.bad import Bad, Good

MONTH, EMPTY = "2026-09", "2026-08"
KNOWN, NUMBER = "20261010" + "0" * 16, "20261010" + "1" * 16
ISSUED = {"number": NUMBER, "credit_note": "cn_1"}
_TAX = "/v1/tenants/{tenant}/tax-invoices/{month}"
_FINANCE = "GET /v1/finance"

GOOD = {
    f"POST {_TAX}": Good(body=ISSUED, key=MONTH),
    f"GET {_TAX}": Good(key=MONTH),
    f"{_FINANCE}/registers/{{register}}": Good(key="journal"),
}


def prepare(desk: Desk, found: dict[str, str]) -> None:
    """Let danbi have an invoice of a month, with two credit notes and its tax invoice on record."""
    bill = replace(a_month([an_entry("c1")]).invoices[0].invoice, id="in_bad", month=MONTH)
    notes = [a_note(110), a_note(220, name="cn_2")]
    record = TaxRecord("danbi", MONTH, KNOWN, bill.subtotal, bill.tax, bill.id, "", NOON, "finance:x")
    commit(Mirror("danbi").save(None, billed(bill, notes=notes)), TaxRecords("danbi").add(record))


def _months(name: str = "month") -> list[Bad]:
    wrong = ("2026-13", "2026-1", "11", "2026-11-01", "20２6-11")
    return [Bad(f"the month `{value}`", 400, "invalid_month", query={name: value}) for value in wrong]


def _cursors() -> list[Bad]:
    return [
        Bad(f"the cursor `{value}`", 400, "invalid_cursor", query={"cursor": value})
        for value in ("x", "e30.x", "가", "../..")
    ]


def _body(what: str, code: str, *, status: int = 400, **values: Any) -> Bad:
    body = {name: value for name, value in {**ISSUED, **values}.items() if value is not ...}
    return Bad(what, status, code, body=body)


_PATHS = {"a month that there is not": "2026-13", "a month in full width": "%EF%BC%92026-09", "no month": ".."}
_BAD_MONTHS = [Bad(what, 404, "not_found", key=key) for what, key in _PATHS.items()]

OWN: dict[str, list[Bad]] = {
    f"{_FINANCE}/periods": _months(),
    f"{_FINANCE}/breaks": [Bad("a body with a field", 400, "unknown_field", body={"a": 1})],
    f"{_FINANCE}/journal": _months(),
    f"{_FINANCE}/aging": [
        Bad(f"the day `{value}`", 400, "invalid_day", query={"at": value})
        for value in ("2026-02-30", "2026-11", "today", "20261101")
    ],
    f"{_FINANCE}/registers/{{register}}": [
        *_months(),
        *_cursors(),
        *(
            Bad(f"the register `{key}`", 404, "not_found", key=key)
            for key in ("no_such", "Journal", "journal%0a", "..", "a" * 40)
        ),
        *(
            Bad(f"of the shop `{value}`", 404, "not_found", query={"tenant": value})
            for value in ("absent00", "DANBI", "danbi#tenant", "~agent", "..")
        ),
    ],
    f"GET {_TAX}": _BAD_MONTHS,
    f"POST {_TAX}": [
        *_BAD_MONTHS,
        _body("no `number`", "missing_field", number=...),
        *(
            _body(f"`number` {what}", "invalid_number", number=value)
            for what, value in {
                "empty": "",
                "too short": KNOWN[:-1],
                "too long": f"{KNOWN}0",
                "of a day that there is not": "20260230" + "0" * 16,
                "with a hyphen": "20261010-" + "0" * 15,
                "in full width": "２" + KNOWN[1:],
            }.items()
        ),
        *(
            Bad(f"`{name}` {what}", 400, "invalid_field", body={**ISSUED, name: value})
            for name in ("number", "credit_note")
            for what, value in {"null": None, "a number": 7, "an array": ["a"]}.items()
        ),
        _body("a credit note that there is not", "not_found", status=404, credit_note="cn_9"),
        _body("another number for the same", "already_recorded", status=409, credit_note=""),
        _body("the number of another one", "already_recorded", status=409, number=KNOWN),
        Bad("a month without an invoice", 409, "not_invoiced", key=EMPTY),
    ],
}
