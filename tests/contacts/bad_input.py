"""Wrong requests of contacts that are put off or stopped, and of hands."""

from typing import Any

from chalicelib.contacts.model import Action, Status
from chalicelib.contacts.transitions import TRANSITIONS
from tests.moto_desk import MINA, Desk, agent
from tests.web.bad import Bad, Good

_ONE = "POST /v1/tenants/{tenant}/contacts/{contact}"
LATER = {"until": "2026-11-22T03:00:00Z", "kind": "snooze"}
SEND = {**LATER, "kind": "send", "text": "재입고되었어요."}
HAND = {"reason": "환불 한도를 넘어요"}
STOP = {"reason": "insult", "text": "욕설을 세 번 함"}

GOOD = {
    f"{_ONE}/later": Good("claimed", LATER),
    f"{_ONE}/wake": Good("later"),
    f"{_ONE}/hand": Good("claimed", HAND),
    f"{_ONE}/lower-hand": Good("raised"),
    f"{_ONE}/stop": Good("claimed", STOP),
}


def prepare(desk: Desk, found: dict[str, str]) -> None:
    """Put a contact off, raise a hand, and let mina stop a customer who comes back."""
    held, rude = agent("rosa"), {"id": "c9"}
    found["later"] = desk.claimed(held)
    desk.act(held, found["later"], "later", LATER)
    found["raised"] = desk.claimed()
    desk.act(MINA, found["raised"], "hand", HAND)
    stopped = desk.claimed(customer=rude)
    desk.act(MINA, stopped, "stop", STOP)
    found["barred"] = desk.open(customer=rude)
    found["barred, later"] = desk.claimed(held, customer=rude)
    desk.act(held, found["barred, later"], "later", LATER)


def _states(action: Action, body: Any = None) -> list[Bad]:
    named = {
        Status.WAITING: "waiting",
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
    "GET /v1/floor/hands": [Bad("a body with a field", 400, "unknown_field", body={"a": 1})],
}
