"""Wrong requests of people who sign up and in, and of those who let others in and out."""

from typing import Any

from chalicelib.access.rules import ADMIN, FINANCE, LEAD, OWNER, OWNER_OR_ADMIN, PERSON, SHOP_PEOPLE, Policy
from chalicelib.aws.tables import commit
from chalicelib.kernel.caller import Caller, Kind
from chalicelib.people.model import Claim, Person
from chalicelib.people.registrations import Registrations
from chalicelib.people.store import People
from chalicelib.tenants.entrustment import SUBPROCESSORS, TERMS
from tests.moto_desk import MINA, Desk
from tests.web.bad import Bad, Good


def _person(number: int, kind: Kind, **fields: Any) -> Person:
    return Person(f"{number:08d}-0000-4000-8000-000000000000", kind, totp_since=1, **fields)


BOSS = _person(1, Kind.OWNER, tenant="danbi")
CLERK = _person(2, Kind.STAFF, tenant="danbi")
STRANGER = _person(3, Kind.STAFF, tenant="mungmeal")
CHIEF = _person(4, Kind.ADMIN)
LEADER = _person(5, Kind.LEAD, agent="boss", pool="main")
FLOOR = _person(6, Kind.AGENT, agent="sora", pool="other")
NEWCOMER = _person(7, Kind.OWNER)
TILL = _person(8, Kind.FINANCE)
_TAKEN = "1248100998"
ABSENT = "ffffffff-ffff-4fff-8fff-ffffffffffff"

_SHOPS = dict.fromkeys((OWNER, OWNER_OR_ADMIN, SHOP_PEOPLE, PERSON), BOSS)
_USUAL = {**_SHOPS, LEAD: CHIEF, ADMIN: CHIEF, FINANCE: TILL}


def usual(policy: Policy) -> Caller | None:
    """Return who calls routes of a policy for people on a normal day; None for policies for others."""
    found = _USUAL.get(policy)
    return found.caller if found else None


def prepare(desk: Desk) -> None:
    """Store people; danbi has one owner."""
    store = People()
    for person in (BOSS, CLERK, STRANGER, CHIEF, LEADER, FLOOR, NEWCOMER):
        commit(store.add(person))
    commit(store.owners("danbi", +1))
    commit(Registrations().claim(Claim(_TAKEN, STRANGER.id, "mungmeal", desk.now), None))


_MAIL = "kim@danbi.example"
_IN = {"mail": _MAIL, "password": "correct horse battery"}
_CODE = {"mail": _MAIL, "code": "123456", "password": "correct horse battery"}
_RESET = {"mail": _MAIL, "code": "123456", "new_password": "correct horse battery"}
_ACCEPTS = {"terms": TERMS[-1].version, "subprocessors": SUBPROCESSORS[-1].version}
_SHOP = {
    "id": "haneul",
    "name": "하늘가게",
    "name_en": "Haneul",
    "kind": "fashion",
    "registration": "120-81-47521",
    "accepts": _ACCEPTS,
}
_TERMS = "/v1/tenants/{tenant}/terms"
_SERVER_KEYS = "/v1/tenants/{tenant}/server-keys"
_INVITED = {"mail": _MAIL, "kind": "staff"}
_AGENT = {"mail": _MAIL, "kind": "agent", "agent": "nari", "pool": "main", "capacity": 4}
_PEOPLE = "/v1/tenants/{tenant}/people"
_SCRIPT = {"X-Duredesk": "1"}

GOOD = {
    "POST /v1/sign-up": Good(body=_IN),
    "POST /v1/sign-up/confirm": Good(body=_CODE),
    "POST /v1/sign-up/resend": Good(body={"mail": _MAIL}),
    "POST /v1/session/start": Good(body=_IN),
    "POST /v1/session/answer": Good(body={"ticket": "x", "code": "123456"}),
    "POST /v1/session/totp": Good(body={"ticket": "x", "code": "123456"}),
    "POST /v1/password/forgot": Good(body={"mail": _MAIL}),
    "POST /v1/password/reset": Good(body=_RESET),
    "POST /v1/me/password": Good(body={"old": "correct horse battery", "new": "another battery"}),
    "POST /v1/me/totp": Good(body={"password": "correct horse battery"}),
    "POST /v1/tenants": Good(body=_SHOP),
    f"POST {_TERMS}": Good(body=_ACCEPTS),
    f"POST {_SERVER_KEYS}": Good(body={"label": "서버"}),
    f"POST {_SERVER_KEYS}/{{key}}/revoke": Good(key="f" * 16),
    f"POST {_PEOPLE}": Good(body=_INVITED),
    f"POST {_PEOPLE}/{{person}}/role": Good(body={"kind": "viewer"}, person=CLERK.id),
    f"POST {_PEOPLE}/{{person}}/remove": Good(person=CLERK.id),
    "POST /v1/team": Good(body=_AGENT),
    "POST /v1/team/{person}/role": Good(body={"kind": "agent"}, person=LEADER.id),
    "POST /v1/team/{person}/off-board": Good(person=LEADER.id),
    f"POST {_PEOPLE}/{{person}}/reset-authenticator": Good(body={"reason": "분실"}, person=CLERK.id),
    "POST /v1/team/{person}/reset-authenticator": Good(body={"reason": "분실"}, person=LEADER.id),
    "POST /v1/tenants/{tenant}/suspend": Good(body={"reason": "미납"}),
    "POST /v1/tenants/{tenant}/resume": Good(body={"reason": "납부"}),
}


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


def _mails(good: dict[str, Any]) -> list[Bad]:
    return [
        *_wrong(
            good,
            "mail",
            "invalid_mail",
            without_an_at="kim.danbi.example",
            without_a_host="kim@",
            beyond_ASCII="김@danbi.example",
            with_a_dotted_capital_I="K\u0130M@danbi.example",
            with_the_Kelvin_sign="\u212aIM@danbi.example",
            with_a_line_feed=f"{_MAIL}\n",
            with_a_null=f"{_MAIL}\x00",
            of_260_characters=f"{'a' * 250}@d.example",
        ),
        *_wrong(good, "mail", empty="", a_number=1, null=None, an_array=[_MAIL]),
    ]


def _passwords(good: dict[str, Any], name: str = "password") -> list[Bad]:
    return _wrong(good, name, empty="", of_257_characters="a" * 257, a_number=1, null=None)


def _codes(good: dict[str, Any]) -> list[Bad]:
    wrong = {"of_five_digits": "12345", "in_other_digits": "12345٣", "with_a_line_feed": "123456\n"}
    return _wrong(good, "code", empty="", a_number=123456, **wrong)


def _kinds(good: dict[str, Any]) -> list[Bad]:
    return _wrong(good, "kind", unknown="boss", in_capitals="STAFF", visitor="visitor", a_number=1, null=None)


_TICKETS = [
    Bad("a ticket that nobody sealed", 400, "invalid_ticket", body={"ticket": "x", "code": "123456"}),
    Bad("a ticket beyond ASCII", 400, "invalid_ticket", body={"ticket": "가", "code": "123456"}),
    Bad("an empty ticket", 400, "invalid_field", body={"ticket": "", "code": "123456"}),
]
_IDS = [
    Bad(f"the person id `{person}`", 404, "not_found", person=person)
    for person in (ABSENT, "x", "..", ABSENT.upper(), ABSENT + "%0a", "%7Eperson%23" + ABSENT)
]
_COOKIES = [
    Bad("without the header X-Duredesk", 403, "not_scripted", headers={"Cookie": "duredesk_session=x"}),
    Bad("without the cookie", 401, "sign_in_failed", headers=_SCRIPT),
    Bad(
        "another cookie",
        401,
        "sign_in_failed",
        headers={**_SCRIPT, "Cookie": "xduredesk_session=x; duredesk=x"},
    ),
]
_KEY = Bad("an agent's key: it is nobody who signed in", 403, "forbidden", who=MINA, usual=False)
_EXTRA = Bad("a body with a field", 400, "unknown_field", body={"a": 1})
_OLD = {name: {**_ACCEPTS, name: "2020-01"} for name in _ACCEPTS}
_REASON = [
    *_missing({"reason": "x"}),
    *_wrong({}, "reason", a_number=1, null=None, of_1001_characters="a" * 1001),
    Bad("`reason` blanks only", 400, "text_empty", body={"reason": "  "}),
]
_REASONS = [
    *_REASON,
    Bad("a lead", 403, "forbidden", who=LEADER.caller, usual=False),
    Bad("the shop's owner", 403, "forbidden", who=BOSS.caller, usual=False),
]
_PAGES = [
    _EXTRA,
    *(
        Bad(f"the cursor `{value}`", 400, "invalid_cursor", query={"cursor": value})
        for value in ("x", "e30.x", "가", ".eJw.x")
    ),
    Bad("a lead", 403, "forbidden", who=LEADER.caller, usual=False),
    Bad("someone of a shop who owns none", 403, "forbidden", who=CLERK.caller, usual=False),
]

OWN: dict[str, list[Bad]] = {
    "POST /v1/sign-up": [*_missing(_IN), *_mails(_IN), *_passwords(_IN)],
    "POST /v1/sign-up/confirm": [*_missing(_CODE), *_mails(_CODE), *_codes(_CODE), *_passwords(_CODE)],
    "POST /v1/sign-up/resend": _mails({"mail": _MAIL}),
    "POST /v1/session/start": [*_missing(_IN), *_mails(_IN), *_passwords(_IN)],
    "POST /v1/session/answer": [
        *_TICKETS,
        Bad("neither code nor new password", 400, "one_answer", body={"ticket": "x"}),
        Bad("both", 400, "one_answer", body={"ticket": "x", "code": "123456", "new_password": "a password"}),
    ],
    "POST /v1/session/totp": [*_TICKETS, *_codes({"ticket": "x"})],
    "POST /v1/session/refresh": [
        *_COOKIES,
        Bad(
            "a cookie that nobody sealed",
            401,
            "sign_in_failed",
            headers={**_SCRIPT, "Cookie": "duredesk_session=x"},
        ),
    ],
    "POST /v1/session/end": _COOKIES,
    "POST /v1/password/forgot": _mails({"mail": _MAIL}),
    "POST /v1/password/reset": [*_missing(_RESET), *_mails(_RESET), *_passwords(_RESET, "new_password")],
    "GET /v1/me": [_EXTRA, _KEY],
    "POST /v1/me/password": [_KEY, *_passwords({"old": "a password"}, "new")],
    "POST /v1/me/totp": [_KEY, *_passwords({})],
    "POST /v1/tenants": [
        *_missing(_SHOP),
        *_wrong(
            _SHOP, "id", in_capitals="HANEUL", too_short="abc", with_a_line_feed="haneul\n", beyond_ASCII="하늘"
        ),
        *_wrong(_SHOP, "kind", unknown="cars"),
        Bad("`name` blanks only", 400, "text_empty", body={**_SHOP, "name": " "}),
        Bad("`name` with a control character", 400, "control_character", body={**_SHOP, "name": "a\x00"}),
        *_wrong(
            _SHOP,
            "registration",
            "invalid_registration",
            of_nine_digits="120-81-4752",
            with_a_wrong_check_digit="120-81-47522",
            of_zeroes="000-00-00000",
            in_other_digits="120814752١",
        ),
        *_wrong(_SHOP, "registration", a_number=1208147521, of_21_characters="1" * 21),
        *_wrong(_SHOP, "language", unknown="fr", null=None),
        *_wrong(_SHOP, "accepts", null=None, a_text="2026-11"),
        *(
            Bad(f"another version of `accepts.{name}`", 409, "terms_changed", body={**_SHOP, "accepts": old})
            for name, old in _OLD.items()
        ),
        Bad(
            "a number that another shop has",
            409,
            "registration_taken",
            body={**_SHOP, "registration": _TAKEN},
            who=NEWCOMER.caller,
            usual=False,
        ),
        Bad("who has a shop already", 409, "has_shop"),
        Bad(
            "an id that is taken",
            409,
            "tenant_taken",
            body={**_SHOP, "id": "danbi"},
            who=NEWCOMER.caller,
            usual=False,
        ),
    ],
    f"GET {_SERVER_KEYS}": [_EXTRA],
    f"POST {_SERVER_KEYS}": [
        *_missing({"label": "x"}),
        *_wrong({}, "label", a_number=1, null=None, of_401_characters="a" * 401),
        *_wrong({}, "label", "text_empty", blanks_only=" "),
        *_wrong({}, "label", "text_too_long", of_101_characters="a" * 101),
    ],
    f"POST {_SERVER_KEYS}/{{key}}/revoke": [
        _EXTRA,
        *(
            Bad(f"the key id `{key}`", 404, "not_found", key=key)
            for key in ("f" * 16, "x", "..", "F" * 16, "f" * 16 + "%0a", "f" * 15 + "%23")
        ),
    ],
    "GET /v1/terms": [_EXTRA],
    f"GET {_TERMS}": [_EXTRA],
    f"POST {_TERMS}": [
        *_missing(_ACCEPTS),
        *_wrong(_ACCEPTS, "terms", empty="", a_number=2026, with_a_line_feed="2026-11\n"),
        *(Bad(f"another version of `{name}`", 409, "terms_changed", body=old) for name, old in _OLD.items()),
    ],
    f"POST {_PEOPLE}": [
        *_missing(_INVITED),
        *_mails(_INVITED),
        *_kinds(_INVITED),
        Bad("an owner, by an owner", 403, "forbidden", body={**_INVITED, "kind": "owner"}),
        Bad("staff, by an admin", 403, "forbidden", who=CHIEF.caller, usual=False),
    ],
    f"GET {_PEOPLE}": [_EXTRA],
    f"POST {_PEOPLE}/{{person}}/role": [
        *_missing({"kind": "viewer"}),
        *_kinds({}),
        *_IDS,
        Bad("someone of another shop", 404, "not_found", person=STRANGER.id),
        Bad("someone of the team", 404, "not_found", person=LEADER.id),
        Bad("the last owner", 409, "last_owner", person=BOSS.id),
    ],
    f"POST {_PEOPLE}/{{person}}/remove": [
        *_IDS,
        Bad("someone of another shop", 404, "not_found", person=STRANGER.id),
        Bad("the last owner", 409, "last_owner", person=BOSS.id),
    ],
    f"POST {_PEOPLE}/{{person}}/reset-authenticator": [
        *_REASON,
        *_IDS,
        Bad("someone of another shop", 404, "not_found", person=STRANGER.id),
        Bad("someone of the team", 404, "not_found", person=LEADER.id),
        Bad("oneself", 409, "own_authenticator", person=BOSS.id),
    ],
    "GET /v1/tenants/{tenant}/permission-changes": _PAGES,
    "POST /v1/team": [
        *_missing({"mail": _MAIL, "kind": "finance"}),
        *_mails(_AGENT),
        *_kinds(_AGENT),
        *_wrong(_AGENT, "agent", in_capitals="NARI", too_short="n", with_a_line_feed="nari\n"),
        *_wrong(_AGENT, "pool", in_capitals="MAIN", beyond_ASCII="메인"),
        *_wrong(_AGENT, "capacity", zero=0, over_100=101, a_text="4"),
        Bad(
            "an agent without a pool", 400, "missing_field", body={"mail": _MAIL, "kind": "agent", "agent": "nari"}
        ),
        Bad("finance with a pool", 400, "no_place_on_the_floor", body={**_AGENT, "kind": "finance"}),
        Bad(
            "an admin, by a lead",
            403,
            "forbidden",
            body={"mail": _MAIL, "kind": "admin"},
            who=LEADER.caller,
            usual=False,
        ),
        Bad(
            "an agent of another pool, by a lead",
            403,
            "forbidden",
            body={**_AGENT, "pool": "other"},
            who=LEADER.caller,
            usual=False,
        ),
    ],
    "GET /v1/team": [_EXTRA],
    "POST /v1/team/{person}/role": [
        *_missing({"kind": "lead"}),
        *_kinds({}),
        *_IDS,
        Bad("someone of a shop", 404, "not_found", person=CLERK.id),
        Bad("a lead to the office", 403, "forbidden", body={"kind": "finance"}),
        Bad("oneself", 409, "own_role", body={"kind": "finance"}, person=CHIEF.id),
        Bad("a lead instead of an admin", 403, "forbidden", who=LEADER.caller, usual=False),
    ],
    "POST /v1/team/{person}/off-board": [
        *_IDS,
        Bad("someone of a shop", 404, "not_found", person=CLERK.id),
        Bad("oneself", 409, "own_role", person=CHIEF.id),
        Bad(
            "an agent of another pool, by a lead",
            404,
            "not_found",
            person=FLOOR.id,
            who=LEADER.caller,
            usual=False,
        ),
    ],
    "POST /v1/team/{person}/reset-authenticator": [
        *_REASON,
        *_IDS,
        Bad("someone of a shop", 404, "not_found", person=CLERK.id),
        Bad("oneself", 409, "own_authenticator", person=CHIEF.id),
        Bad("a lead, by a lead", 403, "forbidden", who=LEADER.caller, usual=False),
        Bad(
            "an agent of another pool, by a lead",
            404,
            "not_found",
            person=FLOOR.id,
            who=LEADER.caller,
            usual=False,
        ),
    ],
    "GET /v1/permission-changes": [
        *_PAGES,
        Bad("a shop's owner", 403, "forbidden", who=BOSS.caller, usual=False),
    ],
    "POST /v1/tenants/{tenant}/suspend": _REASONS,
    "POST /v1/tenants/{tenant}/resume": _REASONS,
}
