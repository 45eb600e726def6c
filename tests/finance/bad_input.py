"""Wrong requests about the months of all shops, and about tax invoices."""

from dataclasses import replace
from json import dumps
from typing import Any

from chalicelib.aws.tables import commit
from chalicelib.billing.mirror import Mirror
from chalicelib.billing.model import InvoiceStatus
from chalicelib.finance.corrections import Corrections
from chalicelib.finance.model import CorrectionState, TaxRecord
from chalicelib.finance.store import TaxRecords
from tests.finance.samples import a_correction, a_month, a_note, an_entry, billed
from tests.moto_desk import Desk
from tests.samples import NOON
from tests.web.bad import Bad, Good

MONTH, EMPTY = "2026-09", "2026-08"
KNOWN, NUMBER = "20261010" + "0" * 16, "20261010" + "1" * 16
ISSUED = {"number": NUMBER, "credit_note": "cn_1"}
_TAX = "/v1/tenants/{tenant}/tax-invoices/{month}"
_NOTES = "/v1/tenants/{tenant}/credit-notes"
_NOTE = _NOTES + "/{correction}"
_FINANCE = "GET /v1/finance"
_FILE = "POST /v1/finance/registers/{register}/file"
NOTE = {"invoice": "in_bad", "won": 550, "reason": "이의", "refund": False}
REFUSAL = {"reason": "다른 건입니다"}
ASKED, REFUSED = "a" * 32, "b" * 32
_ASKER = f"finance:{8:08d}-0000-4000-8000-000000000000"

GOOD = {
    f"POST {_TAX}": Good(body=ISSUED, key=MONTH),
    f"GET {_TAX}": Good(key=MONTH),
    f"POST {_NOTES}": Good(body=NOTE),
    f"POST {_NOTE}/approve": Good(key=ASKED),
    f"POST {_NOTE}/refuse": Good(body=REFUSAL, key=ASKED),
    f"{_FINANCE}/registers/{{register}}": Good(key="journal"),
    _FILE: Good(key="journal"),
}


def prepare(desk: Desk, found: dict[str, str]) -> None:
    """Let danbi have an invoice of a month, with two credit notes and its tax invoice on record."""
    bill = replace(a_month([an_entry("c1")]).invoices[0].invoice, id="in_bad", month=MONTH)
    notes = [a_note(110), a_note(220, name="cn_2")]
    record = TaxRecord("danbi", MONTH, KNOWN, bill.subtotal, bill.tax, bill.id, "", NOON, "finance:x")
    commit(Mirror("danbi").save(None, billed(bill, notes=notes)), TaxRecords("danbi").add(record))
    draft = billed(replace(bill, id="in_draft", status=InvoiceStatus.DRAFT))
    commit(Mirror("danbi").save(None, draft))
    mine = a_correction(id=ASKED, invoice="in_bad", won=bill.total - 330 - 600, asked_by=_ASKER)
    commit(Corrections("danbi").save(None, mine))
    refused = replace(mine, id=REFUSED, state=CorrectionState.REFUSED)
    commit(Corrections("danbi").save(None, refused))


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


def _reasons(good: dict[str, Any]) -> list[Bad]:
    said = {
        "of blanks": (" \n", "text_empty"),
        "of 501 characters": ("가" * 501, "text_too_long"),
        "with a control character": ("a\x00b", "control_character"),
    }
    return [
        Bad(f"`reason` {what}", 400, code, body={**good, "reason": value}) for what, (value, code) in said.items()
    ]


def _selections(count: str) -> list[Bad]:
    """Return wrong filters and sorts of a list that has the columns `tenant` (or `tenant_id`) and `count`."""
    good = {"column": count, "op": "gte", "value": 1}
    wrong = {
        "no JSON": "[",
        "an object": good,
        "six conditions": [good] * 6,
        "an unknown column": [{**good, "column": "secret"}],
        "an unknown comparison": [{**good, "op": "like"}],
        "a text for a number": [{**good, "value": "1"}],
        "true for a number": [{**good, "value": True}],
        "a fraction": [{**good, "value": 1.5}],
        "a part of a number": [{**good, "op": "has"}],
        "a field more": [{**good, "not": True}],
        "no value": [{"column": count, "op": "eq"}],
    }
    return [
        *(
            Bad(
                f"`where` is {what}",
                400,
                "invalid_filter",
                query={"where": value if value == "[" else dumps(value)},
            )
            for what, value in wrong.items()
        ),
        *(
            Bad(f"`sort={value}`", 400, "invalid_sort", query={"sort": value})
            for value in ("secret", f"--{count}", f"+{count}", "-", f"{count},{count}", "__class__")
        ),
    ]


_WRONG: dict[str, dict[str, Any]] = {
    "won": {"nothing": 0, "below": -1, "a text": "5", "a fraction": 0.5, "null": None, "huge": 10**10},
    "invoice": {"empty": "", "of a path": "../in_1", "with a line feed": "in_bad\n", "a number": 7},
    "refund": {"a text": "yes", "null": None, "a number": 1},
    "reason": {"a number": 7, "null": None},
}
_IDS = [
    Bad(f"a credit note {what}", 404, "not_found", key=key)
    for what, key in {
        "that nobody asked for": "f" * 32,
        "in capitals": "A" * 32,
        "of no form": "..",
        "by the provider's name": "cn_1",
    }.items()
]

OWN: dict[str, list[Bad]] = {
    f"POST {_NOTES}": [
        *(
            Bad(f"no `{name}`", 400, "missing_field", body={key: NOTE[key] for key in NOTE if key != name})
            for name in NOTE
        ),
        *(
            Bad(f"`{name}` {what}", 400, "invalid_field", body={**NOTE, name: value})
            for name, wrong in _WRONG.items()
            for what, value in wrong.items()
        ),
        *_reasons(NOTE),
        Bad("an invoice that there is not", 404, "not_found", body={**NOTE, "invoice": "in_nosuch"}),
        Bad("an invoice that is a draft", 409, "not_invoiced", body={**NOTE, "invoice": "in_draft"}),
        Bad("more than is left with what waits", 400, "over_remaining", body={**NOTE, "won": 601}),
    ],
    f"POST {_NOTE}/approve": [
        *_IDS,
        Bad("by whoever asked", 403, "same_person"),
        Bad("one that was refused", 409, "wrong_state", key=REFUSED),
    ],
    f"POST {_NOTE}/refuse": [
        *_IDS,
        Bad("no `reason`", 400, "missing_field", body={}),
        *_reasons(REFUSAL),
        Bad("one that was refused", 409, "wrong_state", key=REFUSED),
    ],
    f"{_FINANCE}/corrections": [Bad("a body with a field", 400, "unknown_field", body={"a": 1})],
    f"{_FINANCE}/periods": [*_months(), *_selections("won")],
    f"{_FINANCE}/breaks": [
        Bad("a body with a field", 400, "unknown_field", body={"a": 1}),
        *_selections("days"),
    ],
    f"{_FINANCE}/journal": _months(),
    f"{_FINANCE}/aging": [
        Bad(f"the day `{value}`", 400, "invalid_day", query={"at": value})
        for value in ("2026-02-30", "2026-11", "today", "20261101")
    ]
    + _selections("total"),
    f"{_FINANCE}/registers/{{register}}": [
        *_months(),
        *_cursors(),
        *_selections("debit_krw"),
        *(
            Bad(f"the register `{key}`", 404, "not_found", key=key)
            for key in ("no_such", "Journal", "journal%0a", "..", "a" * 40)
        ),
        *(
            Bad(f"of the shop `{value}`", 404, "not_found", query={"tenant": value})
            for value in ("absent00", "DANBI", "danbi#tenant", "~agent", "..")
        ),
    ],
    _FILE: [
        *_months(),
        *_selections("debit_krw"),
        Bad("a body with a field", 400, "unknown_field", body={"a": 1}),
        Bad("a register that there is not", 404, "not_found", key="no_such"),
        Bad("of a shop that there cannot be", 404, "not_found", query={"tenant": "DANBI"}),
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
