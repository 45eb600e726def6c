"""Every wrong request that the API knows how to refuse, route by route, with the status and code that it gets."""

import base64
from dataclasses import replace
from typing import Any

import msgspec

import app
from chalicelib.access.rules import Policy
from chalicelib.agents.model import Agent
from chalicelib.agents.store import Agents
from chalicelib.aws.tables import commit
from chalicelib.contacts.model import Action, Status
from chalicelib.contacts.transitions import TRANSITIONS
from chalicelib.kernel.caller import Caller, Kind
from chalicelib.tenants.model import Contract
from chalicelib.tenants.service import apply
from chalicelib.tenants.store import Tenants
from chalicelib.web.api import Empty, Route
from tests.billing import bad_input as billing
from tests.bills import bad_input as bills
from tests.closing import bad_input as closing
from tests.contacts import bad_input as contacts
from tests.diagnosis import bad_input as diagnosis
from tests.finance import bad_input as finance
from tests.floor import bad_input as floor
from tests.handbook import bad_input as handbook
from tests.hooks import bad_input as hooks
from tests.incidents import bad_input as incidents
from tests.letters import bad_input as letters
from tests.moto_desk import DANBI, MINA, NOBODY, SHOP, Desk, agent
from tests.overflow import bad_input as overflow
from tests.panel import bad_input as panel
from tests.people import bad_input as people
from tests.promotions import bad_input as promotions
from tests.results import bad_input as results
from tests.rights import bad_input as rights
from tests.setup import bad_input as setup
from tests.visitors import bad_input as visitors
from tests.web.bad import USED, Bad, Good

_CONTACTS = "POST /v1/tenants/{tenant}/contacts"
_ONE = _CONTACTS + "/{contact}"

TEXT = {"text": "안녕하세요"}
OPEN = {"channel": "chat", "customer": {"id": "c1", "name": "김단비"}, "text": "언제 와요?", "subject": "배송"}
LEAD = Caller(Kind.LEAD, MINA.key, agent="zoe", pool="main")
UNMASK = {"field": "name", "reason": "택배사에 전화"}

GOOD: dict[str, Good] = {
    _CONTACTS: Good(body=OPEN),
    f"{_ONE}/messages": Good(body=TEXT),
    f"{_ONE}/replies": Good("claimed", TEXT),
    f"{_ONE}/notes": Good(body=TEXT),
    f"{_ONE}/transfer": Good("claimed", {"to": "juno"}),
    f"{_ONE}/merge": Good("claimed", {"into": "waiting"}),
    f"{_ONE}/resolve": Good("claimed"),
    f"{_ONE}/release": Good("claimed"),
    f"{_ONE}/reopen": Good("resolved"),
    f"{_ONE}/undo-spam": Good("spam"),
    f"{_ONE}/unmask": Good("claimed", UNMASK),
    "GET /v1/tenants/{tenant}/contacts/{contact}/drafts": Good("claimed"),
    "PUT /v1/tenants/{tenant}/contacts/{contact}/drafts/reply": Good("claimed", TEXT),
    "PUT /v1/tenants/{tenant}/contacts/{contact}/drafts/note": Good("claimed", TEXT),
    "POST /v1/agents/me/break": Good(body={"kind": "meal"}),
    "PUT /v1/floor/agents/{agent}/certified": Good(body={"tenants": ["danbi"]}, key="mina"),
    **contacts.GOOD,
    **rights.GOOD,
    **visitors.GOOD,
    **panel.GOOD,
    **diagnosis.GOOD,
    **promotions.GOOD,
    **overflow.GOOD,
    **people.GOOD,
    **finance.GOOD,
    **closing.GOOD,
    **bills.GOOD,
    **handbook.GOOD,
    **setup.GOOD,
    **hooks.GOOD,
    **incidents.GOOD,
    **letters.GOOD,
}


def prepare(desk: Desk) -> dict[str, str]:
    """Put a contact into each state and return their ids by name; the shop's contract has room for more."""
    apply(replace(DANBI, contract=Contract(1_000, 100)), Tenants("danbi"), commit)
    team = Agents()
    commit(team.add(Agent("dana", "Dana", "main", 6)))
    commit(team.add(Agent("hana", "Hana", "main", 1)))
    commit(team.add(Agent("rosa", "Rosa", "main", 6)))
    commit(team.add(Agent("paul", "Paul", "main", 6)))
    for name in ("juno", "hana"):
        assert desk.call(agent(name), "POST /v1/agents/me/heartbeat").status == 200
    assert desk.call(agent("paul"), "POST /v1/agents/me/break", {"kind": "rest"}).status == 200
    found = {name: desk.open() for name in ("waiting", "resolved", "spam")}
    found |= {"merged": desk.open(), "claimed": desk.claimed(), "theirs": desk.claimed(agent("juno"))}
    found |= {"foreign": desk.open("mungmeal"), "absent": "f" * 32}
    desk.act(MINA, found["resolved"], "claim")
    desk.act(MINA, found["resolved"], "resolve")
    desk.act(SHOP, found["spam"], "spam")
    desk.act(MINA, found["merged"], "merge", {"into": found["waiting"]})
    for who, action, state in (
        (SHOP, "messages", "waiting"),
        (MINA, "replies", "claimed"),
        (MINA, "notes", "waiting"),
    ):
        path = f"POST /v1/tenants/danbi/contacts/{found[state]}/{action}"
        assert desk.call(who, path, {"text": "처음"}, headers=USED).status == 201
    assert desk.call(SHOP, "POST /v1/tenants/danbi/contacts", {**OPEN, "text": "처음"}, headers=USED).status == 201
    contacts.prepare(desk, found)
    rights.prepare(desk, found)
    finance.prepare(desk, found)
    closing.prepare()
    visitors.prepare(desk)
    panel.prepare(desk, found)
    diagnosis.prepare(desk)
    promotions.prepare(desk)
    people.prepare(desk)
    overflow.prepare(desk, found)
    bills.prepare(desk)
    handbook.prepare(desk)
    setup.prepare(desk)
    hooks.prepare(desk)
    incidents.prepare(desk)
    return found


EVERY = [
    Bad("a body that is not JSON", 400, "invalid_json", raw="{'text': 1}"),
    Bad("a body cut off half-way", 400, "invalid_json", raw='{"text": "ab'),
    Bad("`NaN`", 400, "invalid_json", raw='{"text": NaN}'),
    Bad("`-Infinity`", 400, "invalid_json", raw='{"text": -Infinity}'),
    Bad("a number of 5,000 digits", 400, "invalid_json", raw='{"text": ' + "1" * 5000 + "}"),
    Bad("two JSON values", 400, "invalid_json", raw="{}{}"),
    Bad("a byte-order mark", 400, "invalid_json", raw="\ufeff{}"),
    Bad(
        "a body that is not UTF-8",
        400,
        "invalid_json",
        parts={"body": base64.b64encode(b'{"text": "\xed\xa0\x80"}').decode(), "isBase64Encoded": True},
    ),
    Bad(
        "a body in UTF-16",
        400,
        "invalid_json",
        parts={"body": base64.b64encode("{}".encode("utf-16")).decode(), "isBase64Encoded": True},
    ),
    Bad("a field twice in one object", 400, "duplicate_field", raw='{"text": "a", "text": "b"}'),
    Bad("a field twice, deep inside", 400, "duplicate_field", raw='{"a": [{"b": 1, "b": 2}]}'),
    Bad("33 levels of nesting", 400, "too_deep", raw='{"text":' + "[" * 32 + "]" * 32 + "}"),
    Bad("16,000 levels of nesting", 400, "too_deep", raw="[" * 16_000),
    Bad("a body over 256 KB", 413, "body_too_large", raw='{"text": "' + "가" * 90_000 + '"}'),
    Bad("half a surrogate pair", 400, "lone_surrogate", raw=r'{"text": "\ud83d"}'),
    Bad("half a surrogate pair as a field's name", 400, "lone_surrogate", raw=r'{"\udc00": 1}'),
    Bad("an array in place of an object", 400, "invalid_field", raw="[]"),
    Bad("`null` in place of an object", 400, "invalid_field", raw="null"),
    Bad("an empty Idempotency-Key", 400, "invalid_idempotency_key", headers={"Idempotency-Key": ""}),
    Bad("an Idempotency-Key with a blank", 400, "invalid_idempotency_key", headers={"Idempotency-Key": "a b"}),
    Bad(
        "an Idempotency-Key of 129 characters",
        400,
        "invalid_idempotency_key",
        headers={"Idempotency-Key": "k" * 129},
    ),
    Bad("an Idempotency-Key beyond ASCII", 400, "invalid_idempotency_key", headers={"Idempotency-Key": "주문-1"}),
    Bad("an empty If-Match", 400, "invalid_if_match", headers={"If-Match": ""}),
    Bad("If-Match: *", 400, "invalid_if_match", headers={"If-Match": "*"}),
    Bad("a weak If-Match", 400, "invalid_if_match", headers={"If-Match": 'W/"7"'}),
    Bad("an If-Match that is no version", 400, "invalid_if_match", headers={"If-Match": '"-1"'}),
    Bad("an If-Match in other digits", 400, "invalid_if_match", headers={"If-Match": "1٣"}),
    Bad("an If-Match of ten digits", 400, "invalid_if_match", headers={"If-Match": "1234567890"}),
    Bad("a header of 1,025 characters", 400, "header_too_large", headers={"If-Match": "1" * 1025}),
    Bad("a parameter that the route does not take", 400, "unknown_parameter", query={"nope": "1"}),
    Bad("a parameter with a blank name", 400, "unknown_parameter", query={"": ""}),
]

# Fields that only the server may set; `text` and other fields that a route has are sent along in their place.
OWNED = ["tenant", "id", "status", "price_won", "episode", "agent", "author", "version", "billable", "opened_at"]
FIELDS = [Bad(f"the server's own field `{name}`", 400, "unknown_field", body={name: "danbi"}) for name in OWNED]

GUARDED = [
    Bad("nobody's request (API Gateway itself answers 401)", 403, "forbidden", who=NOBODY, usual=False),
]
KINDS = {
    Kind.SHOP: Bad("a shop's key where only agents may call", 403, "forbidden", who=SHOP, usual=False),
    Kind.AGENT: Bad("an agent's key where only shops may call", 403, "forbidden", who=MINA, usual=False),
}

TENANTS = [
    Bad(f"the tenant id `{shown or tenant}`", 404, "not_found", tenant=tenant)
    for tenant, shown in {
        "absent00": "",
        "DANBI": "",
        "abc": "",
        "a" * 33: "",
        "..": "",
        "%2e%2e%2fdanbi": "",
        "danbi%23tenant": "",
        "danbi%0a": "",
        "danbi%00": "",
        "~agent%23mina": "",
        "%EB%8B%A8%EB%B9%84": "",
        "d%D0%B0nbi": "d%D0%B0nbi (a Cyrillic а)",
        "%ff%fe": "",
    }.items()
]
CONTACTS = [
    Bad("a contact that there is not", 404, "not_found", contact="absent"),
    Bad("another shop's contact", 404, "not_found", contact="foreign"),
    *(
        Bad(f"the contact id `{shown}`", 404, "not_found", contact=contact)
        for contact, shown in {
            "..": "..",
            "%2e%2e": "%2e%2e",
            "A" * 32: "A × 32",
            "a" * 31: "a × 31",
            "a" * 33: "a × 33",
            "a" * 32 + "%0a": "a × 32 and a line feed",
            "a" * 31 + "%23": "a × 31 and #",
            "%EF%BC%91" * 32: "full-width digits",
            "%D9%A1" * 32: "Arabic digits",
            "profile": "profile",
            "%00": "%00",
        }.items()
    ),
]


def _texts(good: dict[str, Any], name: str = "text", *, limit: int = 10_000) -> list[Bad]:
    """Return what is wrong with a text; `name` may be `customer.name`."""

    def put(value: Any) -> Any:
        outer, _, inner = name.rpartition(".")
        return {**good, outer: {**good[outer], inner: value}} if outer else {**good, name: value}

    said = {
        "blanks only": (" \n\t ", "text_empty"),
        f"of {limit + 1:,} characters": ("가" * (limit + 1), "text_too_long"),
        "with a control character": ("a\x00b", "control_character"),
        "with an escape sequence": ("a\x1b[31mb", "control_character"),
        "with a line separator": ("a\u2028b", "control_character"),
    }
    found = [Bad(f"`{name}` {what}", 400, code, body=put(value)) for what, (value, code) in said.items()]
    wrong = [("a number", 7), ("null", None), ("an array", ["a"]), ("an object", {"a": "b"}), ("true", True)]
    return found + [Bad(f"`{name}` {what}", 400, "invalid_field", body=put(value)) for what, value in wrong]


def _missing(good: dict[str, Any], *names: str) -> list[Bad]:
    return [
        Bad(f"no `{name}`", 400, "missing_field", body={key: good[key] for key in good if key != name})
        for name in names
    ]


def _not_a_text(name: str, good: dict[str, Any], **values: Any) -> list[Bad]:
    return [
        Bad(f"`{name}` {what.replace('_', ' ')}", 400, "invalid_field", body={**good, name: value})
        for what, value in values.items()
    ]


def _states(action: Action, *, body: Any = None) -> list[Bad]:
    """Return the states in which the table of transitions has no row for `action`."""
    named = {
        Status.WAITING: "waiting",
        Status.SHOP: "shop",
        Status.CLAIMED: "claimed",
        Status.LATER: "later",
        Status.RESOLVED: "resolved",
        Status.SPAM: "spam",
    }
    found = [
        Bad(f"while the contact is {status}", 409, "wrong_state", contact=name, body=body)
        for status, name in named.items()
        if status not in TRANSITIONS[action]
    ]
    return [*found, Bad("when the contact was merged", 409, "contact_merged", contact="merged", body=body)]


STALE = Bad("an If-Match of another version", 412, "version_mismatch", headers={"If-Match": "999"})
THEIRS = Bad("while a colleague holds the contact", 409, "not_yours", contact="theirs")
REUSED = Bad("an Idempotency-Key that came with another body", 409, "idempotency_mismatch", headers=USED)
ALREADY_TEXT = Bad("`text` of 20,001 characters", 400, "invalid_field", body={"text": "a" * 20_001})


def _open() -> list[Bad]:
    customer = OPEN["customer"]
    wrong_ids = {
        "empty": "",
        "of 65 characters": "c" * 65,
        "with a blank": "c 1",
        "beyond ASCII": "김단비",
        "with a line feed at its end": "c1\n",
        "a number": 7,
    }
    return [
        *_missing(OPEN, "channel", "customer", "text"),
        Bad("no `customer.id`", 400, "missing_field", body={**OPEN, "customer": {"name": "김"}}),
        Bad(
            "an unknown field inside `customer`",
            400,
            "unknown_field",
            body={**OPEN, "customer": {"id": "c", "a": 1}},
        ),
        *(
            Bad(f"`customer.id` {what}", 400, "invalid_field", body={**OPEN, "customer": {"id": value}})
            for what, value in wrong_ids.items()
        ),
        *_not_a_text("customer", OPEN, null=None, a_text="c1", an_array=[customer]),
        *_not_a_text("channel", OPEN, unknown="pigeon", in_capitals="CHAT", null=None, a_number=1),
        Bad("a channel that the shop does not take", 400, "channel_closed", body={**OPEN, "channel": "phone"}),
        *_texts(OPEN),
        *_texts(OPEN, "subject", limit=200),
        *_texts(OPEN, "customer.name", limit=50),
        *(
            Bad(f"`customer.{name}` {what}", 400, code, body={**OPEN, "customer": {"id": "c1", name: value}})
            for name, what, value, code in (
                ("phone", "that is no number", "빨리요", "invalid_phone"),
                ("phone", "too short", "010-1234", "invalid_phone"),
                ("mail", "without a domain", "danbi@", "invalid_mail"),
                ("address", "too long", "서" * 301, "text_too_long"),
                ("order_number", "with a control character", "20\x0726", "control_character"),
                ("account", "a number", 1234567890, "invalid_field"),
            )
        ),
        REUSED,
    ]


OWN: dict[str, list[Bad]] = {
    _CONTACTS: _open(),
    "GET /v1/tenants/{tenant}/contacts": [
        *(
            Bad(f"`status={value}`", 400, "invalid_status", query={"status": value})
            for value in ("done", "WAITING", "waiting ", "danbi#waiting")
        ),
        *(
            Bad(f"`{name}={value}`", 400, "invalid_filter", query={name: value})
            for name, value in (("intent", "weather"), ("channel", "CHAT"), ("customer", "김단비"))
        ),
        *(
            Bad(f"the cursor `{value}`", 400, "invalid_cursor", query={"cursor": value})
            for value in ("x", "e30.x", "가", "../..", ".eJw.x")
        ),
    ],
    "GET /v1/tenants/{tenant}/contacts/{contact}": [
        Bad("a body with a field", 400, "unknown_field", body={"a": 1}),
    ],
    f"{_ONE}/messages": [
        *_missing(TEXT, "text"),
        *_texts(TEXT),
        ALREADY_TEXT,
        *_states(Action.MESSAGE),
        REUSED,
    ],
    f"{_ONE}/replies": [
        *_missing(TEXT, "text"),
        *_texts(TEXT),
        ALREADY_TEXT,
        *_states(Action.REPLY),
        *handbook.SAID,
        THEIRS,
        STALE,
        REUSED,
    ],
    f"{_ONE}/notes": [
        *_missing(TEXT, "text"),
        *_texts(TEXT),
        ALREADY_TEXT,
        Bad("`whisper` a text", 400, "invalid_field", body={**TEXT, "whisper": "yes"}),
        Bad("a whisper of who is no lead", 403, "forbidden", body={**TEXT, "whisper": True}),
        *_states(Action.NOTE),
        REUSED,
    ],
    f"{_ONE}/unmask": [
        *_missing(UNMASK, "field", "reason"),
        *_texts(UNMASK, "reason", limit=200),
        *_not_a_text("field", UNMASK, unknown="shoe_size", null=None, a_number=1),
        Bad("a detail that nobody knows", 404, "not_found", body={**UNMASK, "field": "account"}),
        Bad("a contact that waits", 409, "not_yours", contact="waiting", body=UNMASK),
        THEIRS,
    ],
    f"{_ONE}/claim": [
        *_states(Action.CLAIM),
        Bad("more than the agent has room for", 409, "capacity_exceeded", who=agent("hana"), usual=False),
        Bad("during a break", 409, "on_break", who=agent("paul"), usual=False),
        Bad("of a customer whom the agent had to stop", 409, "barred", contact="barred"),
        STALE,
    ],
    f"{_ONE}/resolve": [
        Bad("`steps` a text", 400, "invalid_field", body={"steps": "size"}),
        Bad("`sure` a text", 400, "invalid_field", body={"sure": "yes"}),
        *_states(Action.RESOLVE),
        THEIRS,
        STALE,
    ],
    f"{_ONE}/reopen": [*_states(Action.REOPEN), STALE],
    f"{_ONE}/transfer": [
        *_missing({"to": "juno"}, "to"),
        *_not_a_text(
            "to",
            {},
            empty="",
            null=None,
            a_number=1,
            in_capitals="JUNO",
            with_a_line_feed="juno\n",
            too_long="j" * 33,
        ),
        Bad("to nobody of the pool", 404, "not_found", body={"to": "nobody"}),
        Bad("to an agent of another pool", 404, "not_found", body={"to": "solbi"}),
        Bad("to oneself", 409, "same_agent", body={"to": "mina"}),
        Bad("to a colleague who is away", 409, "agent_unavailable", body={"to": "dana"}),
        Bad("to a colleague without room", 409, "capacity_exceeded", body={"to": "hana"}),
        Bad("`note` a number", 400, "invalid_field", body={"to": "juno", "note": 7}),
        Bad("`note` blanks only", 400, "text_empty", body={"to": "juno", "note": " "}),
        Bad("to a colleague on a break", 409, "on_break", body={"to": "paul"}),
        *_states(Action.TRANSFER),
        THEIRS,
        STALE,
    ],
    f"{_ONE}/release": [*_states(Action.RELEASE), THEIRS, STALE],
    f"{_ONE}/spam": [
        *_states(Action.SPAM),
        Bad("by a shop that it is billed to", 409, "already_billed", contact="claimed", who=SHOP, usual=False),
        Bad("one that the shop was credited for", 409, "credited", contact="credited"),
        STALE,
    ],
    f"{_ONE}/undo-spam": [*_states(Action.UNDO_SPAM), STALE],
    f"{_ONE}/merge": [
        *_missing({"into": "a"}, "into"),
        *_not_a_text("into", {}, empty="", null=None, in_capitals="A" * 32, with_a_line_feed="a" * 32 + "\n"),
        Bad("into a contact that there is not", 404, "not_found", body={"into": "absent"}),
        Bad("into another shop's contact", 404, "not_found", body={"into": "foreign"}),
        Bad("into itself", 409, "same_contact", body={"into": "claimed"}),
        Bad("one that the shop was credited for", 409, "credited", contact="credited", body={"into": "claimed"}),
        Bad("into one that is spam", 409, "wrong_state", body={"into": "spam"}),
        Bad("into one that was merged", 409, "contact_merged", body={"into": "merged"}),
        Bad("into one of an agent who is barred", 409, "barred", contact="barred", body={"into": "claimed"}),
        *_states(Action.MERGE),
    ],
    "GET /v1/tenants/{tenant}/contacts/{contact}/drafts": [
        Bad("a contact that nobody holds", 409, "not_yours", contact="waiting"),
        THEIRS,
    ],
    **{
        f"PUT /v1/tenants/{{tenant}}/contacts/{{contact}}/drafts/{mode}": [
            *_missing(TEXT, "text"),
            *[bad for bad in _texts(TEXT) if bad.code != "text_empty"],
            *_not_a_text("steps", TEXT, a_text="greet", null=None, of_numbers=[1], too_many=["a"] * 51),
            *_not_a_text("answer", TEXT, null=None, a_number=1, too_long="a" * 65),
            Bad("a contact that nobody holds", 409, "not_yours", contact="waiting"),
            THEIRS,
            STALE,
        ]
        for mode in ("reply", "note")
    },
    "POST /v1/queue/next": [
        replace(STALE, what="an If-Match of another version of what the agent holds"),
        Bad("during a break", 409, "on_break", who=agent("paul"), usual=False),
    ],
    "GET /v1/agents/me": [
        Bad("an agent who is no longer a member", 404, "not_found", who=agent("gone"), usual=False),
    ],
    "GET /v1/agents/me/desk": [
        Bad("an agent who is no longer a member", 404, "not_found", who=agent("gone"), usual=False),
    ],
    "GET /v1/agents/me/colleagues": [
        Bad("an agent who is no longer a member", 404, "not_found", who=agent("gone"), usual=False),
    ],
    "GET /v1/agents/me/figures": [
        Bad("an agent who is no longer a member", 404, "not_found", who=agent("gone"), usual=False),
    ],
    "POST /v1/agents/me/heartbeat": [
        Bad("an agent who is no longer a member", 404, "not_found", who=agent("gone"), usual=False),
        *_not_a_text(
            "looking",
            {},
            a_text="danbi",
            null=None,
            of_ids_without_a_tenant=["a" * 32],
            of_more_than_three=[f"danbi/{'a' * 32}"] * 4,
            with_a_line_feed=[f"danbi/{'a' * 32}\n"],
        ),
    ],
    "POST /v1/agents/me/break": [
        *_missing({"kind": "meal"}, "kind"),
        *_not_a_text("kind", {}, unknown="holiday", empty="", null=None, a_number=1),
        Bad("an agent who is no longer a member", 404, "not_found", who=agent("gone"), usual=False),
        Bad("during a break of another kind", 409, "on_break", who=agent("paul"), usual=False),
    ],
    "POST /v1/agents/me/back": [
        Bad("an agent who is no longer a member", 404, "not_found", who=agent("gone"), usual=False),
    ],
    "POST /v1/agents/me/leave": [
        Bad("an agent who is no longer a member", 404, "not_found", who=agent("gone"), usual=False),
        Bad("while the agent holds contacts", 409, "agent_holds_contacts"),
    ],
    "PUT /v1/floor/agents/{agent}/certified": [
        *_missing({"tenants": ["danbi"]}, "tenants"),
        *_not_a_text("tenants", {}, a_text="danbi", empty=[], of_short_ids=["abc"], of_too_many=["danbi"] * 101),
        Bad("an agent that there is not", 404, "not_found", key="nobody"),
        Bad("an agent of another pool", 404, "not_found", key="solbi", who=LEAD, usual=False),
    ],
    **contacts.OWN,
    **rights.OWN,
    **visitors.OWN,
    **panel.OWN,
    **diagnosis.OWN,
    **results.OWN,
    **promotions.OWN,
    **overflow.OWN,
    **people.OWN,
    **finance.OWN,
    **floor.OWN,
    **closing.OWN,
    **bills.OWN,
    **handbook.OWN,
    **setup.OWN,
    **hooks.OWN,
    **incidents.OWN,
    **letters.OWN,
    **billing.OWN,
    "GET /v1/health": [Bad("a body with a field", 400, "unknown_field", body={"a": 1})],
    "GET /v1/openapi.json": [Bad("a body with a field", 400, "unknown_field", body={"a": 1})],
}


def _repeated(route: Route) -> Bad:
    parts = {"multiValueQueryStringParameters": {route.query[0]: ["a", "b"]}}
    return Bad("a parameter that stands twice", 400, "repeated_parameter", parts=parts)


def groups(route: Route) -> list[tuple[str, list[Bad]]]:
    """Return what many routes refuse alike, and what `route` alone refuses, each under its heading."""
    policy = route.policy
    assert isinstance(policy, Policy)
    if route.body is bytes:  # handed on as it came: the view alone says what is wrong with it
        alike = [bad for bad in EVERY if bad.headers or bad.query]
        return [("every route", alike), (route.name, OWN[route.name])]
    found = [("every route", EVERY)]
    if route.body is not Empty:
        taken = {field.name for field in msgspec.structs.fields(route.body)}
        found.append(("every route with a body", [bad for bad in FIELDS if not taken & set(bad.body)]))
    if not policy.public:
        kinds = [KINDS[kind] for kind in KINDS if kind not in policy.kinds]
        found.append(("every route with a policy", [*GUARDED, *kinds]))
    if route.query:
        found.append(("every route with parameters", [_repeated(route)]))
    if "{tenant}" in route.path:
        found.append(("every route of a tenant", TENANTS))
    if "{contact}" in route.path:
        found.append(("every route of a contact", CONTACTS))
    return [*found, (route.name, OWN[route.name])]


def cases() -> list[tuple[Route, Bad]]:
    """Return every wrong request there is."""
    return [(route, bad) for route in app.routes() for _, listed in groups(route) for bad in listed]
