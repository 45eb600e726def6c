"""Wrong requests of contacts that are put off or stopped, and of hands."""

from typing import Any

from chalicelib.aws.tables import commit
from chalicelib.contacts.model import Action, Status
from chalicelib.contacts.transitions import TRANSITIONS
from chalicelib.metering.store import Ledger
from tests.moto_desk import MINA, Desk, agent
from tests.web.bad import Bad, Good

_ONE = "POST /v1/tenants/{tenant}/contacts/{contact}"
LATER = {"until": "2026-11-22T03:00:00Z", "kind": "snooze"}
SEND = {**LATER, "kind": "send", "text": "재입고되었어요."}
HAND = {"reason": "환불 한도를 넘어요"}
PASS = {"note": "재고는 가게만 알아요"}
INTENT = {"intent": "return"}
REASSIGN = {"to": "juno"}
STOP = {"reason": "insult", "text": "욕설을 세 번 함"}

GOOD = {
    f"{_ONE}/later": Good("claimed", LATER),
    f"{_ONE}/wake": Good("later"),
    f"{_ONE}/hand": Good("claimed", HAND),
    f"{_ONE}/lower-hand": Good("raised"),
    f"{_ONE}/stop": Good("claimed", STOP),
    f"{_ONE}/pass": Good("claimed", PASS),
    f"{_ONE}/give": Good("shop"),
    f"{_ONE}/intent": Good(body=INTENT),
    f"{_ONE}/reassign": Good("claimed", REASSIGN),
}


def prepare(desk: Desk, found: dict[str, str]) -> None:
    """Put a contact off, raise a hand, let mina stop a customer who comes back, and credit the shop for one."""
    held, rude = agent("rosa"), {"id": "c9"}
    found["later"] = desk.claimed(held)
    desk.act(held, found["later"], "later", LATER)
    found["raised"] = desk.claimed()
    desk.act(MINA, found["raised"], "hand", HAND)
    stopped = desk.claimed(customer=rude)
    desk.act(MINA, stopped, "stop", STOP)
    found["barred"] = desk.open(customer=rude)
    found["shop"] = desk.claimed(held)
    desk.act(held, found["shop"], "pass")
    found["barred, later"] = desk.claimed(held, customer=rude)
    desk.act(held, found["barred, later"], "later", LATER)
    found["credited"] = desk.answered(held)
    commit(*Ledger("danbi").credit(found["credited"], 1, 1))


def _states(action: Action, body: Any = None) -> list[Bad]:
    named = {
        Status.WAITING: "waiting",
        Status.SHOP: "shop",
        Status.CLAIMED: "claimed",
        Status.LATER: "later",
        Status.RESOLVED: "resolved",
    }
    wrong = [
        Bad(f"while the contact is {status}", 409, "wrong_state", contact=name, body=body)
        for status, name in named.items()
        if status not in TRANSITIONS[action]
    ]
    return [*wrong, Bad("when the contact was merged", 409, "contact_merged", contact="merged", body=body)]


def _text(name: str, good: dict[str, Any], limit: int) -> list[Bad]:
    said = {
        "blanks only": (" \n", "text_empty"),
        f"of {limit + 1:,} characters": ("가" * (limit + 1), "text_too_long"),
        "with a control character": ("a\x00b", "control_character"),
        "a number": (7, "invalid_field"),
    }
    return [Bad(f"`{name}` {what}", 400, code, body={**good, name: value}) for what, (value, code) in said.items()]


STALE = Bad("an If-Match of another version", 412, "version_mismatch", headers={"If-Match": "999"})
THEIRS = Bad("while a colleague holds the contact", 409, "not_yours", contact="theirs")

OWN = {
    f"{_ONE}/later": [
        Bad("no `until`", 400, "missing_field", body={"kind": "snooze"}),
        Bad("no `kind`", 400, "missing_field", body={"until": LATER["until"]}),
        Bad("`kind` unknown", 400, "invalid_field", body={**LATER, "kind": "nap"}),
        Bad("`until` without an offset", 400, "invalid_time", body={**LATER, "until": "2026-11-22T03:00"}),
        Bad("`until` no time", 400, "invalid_time", body={**LATER, "until": "tomorrow"}),
        Bad("`until` in the past", 400, "invalid_until", body={**LATER, "until": "2026-11-20T03:00Z"}),
        Bad("`until` in more than 30 days", 400, "invalid_until", body={**LATER, "until": "2026-12-25T03:00Z"}),
        Bad("`send` without a `text`", 400, "text_not_due", body={**LATER, "kind": "send"}),
        Bad("a `text` that is not to be sent", 400, "text_not_due", body={**LATER, "text": "네"}),
        *_text("text", SEND, 10_000),
        Bad("an `answer` that is no id", 400, "invalid_field", body={**SEND, "answer": "a#b"}),
        *_states(Action.LATER),
        THEIRS,
        STALE,
    ],
    f"{_ONE}/wake": [
        *_states(Action.WAKE),
        Bad("more than the agent has room for", 409, "capacity_exceeded", who=agent("hana"), usual=False),
        Bad("of a customer whom the agent had to stop", 409, "barred", contact="barred, later"),
        STALE,
    ],
    f"{_ONE}/hand": [
        Bad("no `reason`", 400, "missing_field", body={}),
        *_text("reason", HAND, 200),
        *_states(Action.HAND),
        Bad("while the hand is up", 409, "hand_up", contact="raised"),
        THEIRS,
        STALE,
    ],
    f"{_ONE}/lower-hand": [
        *_states(Action.LOWER),
        Bad("while no hand is up", 409, "hand_down", contact="claimed"),
        THEIRS,
        STALE,
    ],
    f"{_ONE}/stop": [
        Bad("no `reason`", 400, "missing_field", body={}),
        Bad("`reason` unknown", 400, "invalid_field", body={"reason": "boring"}),
        *_text("text", STOP, 10_000),
        *_states(Action.STOP),
        THEIRS,
        STALE,
    ],
    f"{_ONE}/pass": [
        *_text("note", PASS, 10_000),
        *_states(Action.PASS),
        THEIRS,
        STALE,
    ],
    f"{_ONE}/give": [
        *_states(Action.GIVE),
        STALE,
    ],
    f"{_ONE}/intent": [
        Bad("no `intent`", 400, "missing_field", body={}),
        Bad("`intent` unknown", 400, "invalid_field", body={"intent": "weather"}),
        Bad("the intent that it has", 409, "same_intent", body={"intent": "delivery"}),
        *_states(Action.INTENT, INTENT),
        STALE,
    ],
    f"{_ONE}/reassign": [
        Bad("no `to`", 400, "missing_field", body={}),
        Bad("`to` that is no agent's id", 400, "invalid_field", body={"to": "Juno#1"}),
        Bad("an agent that there is not", 404, "not_found", body={"to": "nobody"}),
        Bad("an agent of another pool", 404, "not_found", body={"to": "solbi"}),
        Bad("who holds it already", 409, "same_agent", contact="theirs"),
        Bad("a colleague who is not present", 409, "agent_unavailable", body={"to": "dana"}),
        Bad("a colleague without room", 409, "capacity_exceeded", body={"to": "hana"}),
        Bad("a colleague on a break", 409, "on_break", body={"to": "paul"}),
        Bad("of a customer whom the agent had to stop", 409, "barred", contact="barred", body={"to": "mina"}),
        *_states(Action.REASSIGN, REASSIGN),
        STALE,
    ],
    "GET /v1/floor/hands": [Bad("a body with a field", 400, "unknown_field", body={"a": 1})],
}
