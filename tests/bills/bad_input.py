"""Wrong requests about bills, plans, caps, disputes, and who pays."""

from typing import Any

from chalicelib.aws.tables import commit
from chalicelib.bills.service import open_dispute
from chalicelib.bills.wiring import claims
from chalicelib.metering.store import Ledger
from tests.bills.samples import an_entry
from tests.moto_desk import Desk
from tests.samples import NOON
from tests.web.bad import Bad, Good

_T = "/v1/tenants/{tenant}"
_DISPUTED, _BILLED = "d" * 32, "b" * 32
TERM = {"plan": "volume/1", "since": "2026-12"}
CAP = {"won": 100_000, "cap": "hard"}
DISPUTE = {"contact": _BILLED, "episode": 1, "reason": "스팸"}
RULING = {"uphold": True, "reason": "확인"}
COMPANY = {
    "name": "주식회사 단비",
    "registration": "1208147521",
    "mail": "tax@danbi.example",
    "ceo": "김단비",
    "address": "서울 마포구",
    "business_type": "도소매",
    "business_class": "전자상거래",
}
LOAD = {"usual": 40, "promotion": 200, "handling_minutes": 6, "hours_open": 10}

GOOD = {
    f"PUT {_T}/plan": Good(body=TERM),
    f"PUT {_T}/cap": Good(body=CAP),
    f"POST {_T}/disputes": Good(body=DISPUTE),
    f"POST {_T}/disputes/{{dispute}}/decide": Good(body=RULING, key=f"{_DISPUTED}-1"),
    f"PUT {_T}/billing-identity": Good(body=COMPANY),
    "POST /v1/cost-comparison": Good(body=LOAD),
}


def prepare(_desk: Desk) -> None:
    """Bill two contacts to danbi, and dispute one of them."""
    for contact in (_DISPUTED, _BILLED):
        commit(*Ledger("danbi").writes([an_entry(contact, at=NOON)]))
    open_dispute(claims("danbi"), _DISPUTED, 1, "스팸", by="owner:x", now=NOON)


def _wrong(good: dict[str, Any], name: str, code: str = "invalid_field", **values: Any) -> list[Bad]:
    return [
        Bad(f"`{name}` {what.replace('_', ' ')}", 400, code, body={**good, name: value})
        for what, value in values.items()
    ]


def _missing(good: dict[str, Any]) -> list[Bad]:
    return [
        Bad(f"no `{name}`", 400, "missing_field", body={key: good[key] for key in good if key != name})
        for name in good
    ]


def _texts(good: dict[str, Any], name: str, limit: int) -> list[Bad]:
    return [
        *_wrong(good, name, "text_empty", blanks_only=" \n"),
        *_wrong(good, name, "text_too_long", too_long="가" * (limit + 1)),
        *_wrong(good, name, "control_character", with_a_control_character="a\x00"),
        *_wrong(good, name, a_number=7, null=None, an_array=["a"]),
    ]


_MONTHS = [
    Bad(f"`month={value}`", 400, "invalid_month", query={"month": value})
    for value in ("2026-13", "2026-00", "26-11", "2026-11-01", "2026/11", "20٢٦-11", "2026-11\n", "now")
]
_CURSORS = [
    Bad(f"the cursor `{value}`", 400, "invalid_cursor", query={"cursor": value})
    for value in ("x", "e30.x", "가", "../..", ".eJw.x")
]
_BODY = Bad("a body with a field", 400, "unknown_field", body={"a": 1})
_STALE = Bad("an If-Match of another version", 412, "version_mismatch", headers={"If-Match": "999999999"})
_PAGE = [_BODY, Bad("an address to come back to", 400, "unknown_field", body={"back": "https://evil.example"})]
_WORDS: dict[str, Any] = {"unknown": "fax", "in_capitals": "HARD", "null": None, "a_number": 1}

OWN: dict[str, list[Bad]] = {
    f"GET {_T}/bill": _MONTHS,
    f"GET {_T}/bills": _CURSORS,
    f"GET {_T}/usage": [
        *_MONTHS,
        *_CURSORS,
        *(
            Bad(f"`order={value}`", 400, "invalid_order", query={"order": value})
            for value in ("NEWEST", "desc", "", "newest\n")
        ),
    ],
    "GET /v1/plans": [_BODY],
    f"GET {_T}/plan": [_BODY],
    f"PUT {_T}/plan": [
        *_missing(TERM),
        *_wrong(
            TERM, "plan", null=None, a_number=1, empty="", in_capitals="VOLUME/1", with_a_line_feed="volume/1\n"
        ),
        *_wrong(TERM, "plan", "unknown_plan", that_there_is_not="nosuch/1", too_dear="flat/1000001"),
        *_wrong(
            TERM,
            "since",
            null=None,
            a_day="2026-12-01",
            with_a_line_feed="2026-12\n",
            of_no_calendar="2026-13",
            other_digits="20٢٦-12",
        ),
        *_wrong(TERM, "since", "too_far_ahead", in_more_than_a_year="2027-12"),
        *(
            Bad(what, 409, code, body=body)
            for what, code, body in (
                ("from a month that has begun", "term_begun", {**TERM, "since": "2026-11"}),
                ("a trial", "not_offered", {**TERM, "plan": "trial/1"}),
                ("a price that was not agreed on", "not_offered", {**TERM, "plan": "flat/1"}),
                ("a version that is offered no more", "not_offered", {**TERM, "plan": "standard/1"}),
            )
        ),
        _STALE,
    ],
    f"PUT {_T}/cap": [
        *_missing(CAP),
        *_wrong(CAP, "won", negative=-1, of_1_000_000_001=1_000_000_001, a_text="1", null=None, a_fraction=0.5),
        *_wrong(CAP, "cap", **_WORDS),
        _STALE,
    ],
    f"POST {_T}/disputes": [
        *_missing(DISPUTE),
        *_wrong(
            DISPUTE,
            "contact",
            null=None,
            a_number=1,
            too_short="b" * 31,
            in_capitals="B" * 32,
            with_a_line_feed="b" * 32 + "\n",
        ),
        *_wrong(DISPUTE, "episode", zero=0, negative=-1, of_10_000=10_000, a_text="1", null=None),
        *_texts(DISPUTE, "reason", 1_000),
        Bad("a contact that there is not", 404, "not_found", body={**DISPUTE, "contact": "f" * 32}),
        Bad("an episode that there is not", 404, "not_found", body={**DISPUTE, "episode": 2}),
        Bad(
            "a line that was disputed",
            409,
            "already_disputed",
            body={**DISPUTE, "contact": _DISPUTED, "reason": "중복"},
        ),
    ],
    f"GET {_T}/disputes": _CURSORS,
    f"POST {_T}/disputes/{{dispute}}/decide": [
        *_missing(RULING),
        *_wrong(RULING, "uphold", null=None, a_number=1, a_text="true"),
        *_texts(RULING, "reason", 1_000),
        *(
            Bad(f"the dispute id `{shown}`", 404, "not_found", key=key)
            for key, shown in {
                f"{_BILLED}-1": "of none",
                _DISPUTED: "without its episode",
                f"{_DISPUTED}-0": "of episode 0",
                f"{_DISPUTED}-01": "with a leading zero",
                f"{_DISPUTED}-1%0a": "with a line feed",
                f"{_DISPUTED.upper()}-1": "in capitals",
                "verdicts%232026-11": "verdicts%232026-11",
                "%2e%2e": "%2e%2e",
            }.items()
        ),
    ],
    "GET /v1/disputes": [_BODY],
    f"POST {_T}/card-setup": _PAGE,
    f"POST {_T}/payment-portal": _PAGE,
    f"GET {_T}/billing-identity": [Bad("before it was given", 404, "not_found")],
    f"PUT {_T}/billing-identity": [
        *_missing(COMPANY),
        *_wrong(
            COMPANY,
            "registration",
            "invalid_registration",
            whose_digits_do_not_check="1208147522",
            too_short="120814752",
            too_long="12081475210",
            in_other_digits="120814752１",
            empty="",
        ),
        *_wrong(COMPANY, "registration", a_number=1208147521, null=None),
        *_wrong(COMPANY, "mail", "invalid_mail", without_a_host="tax@", beyond_ASCII="세금@danbi.example"),
        *(bad for name, limit in (("name", 70), ("ceo", 70)) for bad in _texts(COMPANY, name, limit)),
        *(
            bad
            for name, limit in (("address", 150), ("business_type", 40))
            for bad in _texts(COMPANY, name, limit)
        ),
        *_texts(COMPANY, "business_class", 40),
        _STALE,
    ],
    "POST /v1/cost-comparison": [
        *_missing(LOAD),
        *(
            bad
            for name in (
                "usual",
                "promotion",
                "handling_minutes",
                "hours_open",
                "days_open",
                "promotion_days",
                "wage",
            )
            for bad in _wrong(LOAD, name, negative=-1, a_text="1", null=None, a_fraction=0.5, huge=10**9)
        ),
        *_wrong(LOAD, "plan", "unknown_plan", that_there_is_not="nosuch/1", of_later="standard/2"),
        Bad(
            "more promotion days than days",
            400,
            "promotion_days",
            body={**LOAD, "days_open": 5, "promotion_days": 6},
        ),
    ],
}
