"""Slots of canned answers: `{{customer.name}}`, `{{?운송장 번호}}`, `{{?도착일:date}}`, `{{환불|교환}}`.

A Korean particle that follows a slot is written in both forms, `(은/는)`, and chosen by how the value ends.
"""

import re
from collections.abc import Callable, Mapping

from chalicelib.handbook.model import Slot
from chalicelib.kernel.errors import BadInput

OPENS, CLOSES = "{{", "}}"
DATA = ("customer.name", "customer.order_number", "shop.name", "agent.name")
KINDS = ("text", "date", "number", "won")
"""What an agent may be asked for."""

_LABEL_LIMIT = 40
_SLOT = re.compile(r"(?<!\{)\{\{([^{}]*)\}\}(?!\})")
_PARTICLE = re.compile(r"\((은/는|이/가|을/를|과/와|으로/로)\)")
_PIECE = re.compile(rf"{_SLOT.pattern}(?:{_PARTICLE.pattern})?")
_FIRST_SYLLABLE, _LAST_SYLLABLE = 0xAC00, 0xD7A3
_FINALS = 28
_BRACES = dict.fromkeys(map(ord, "{}"))
_RIEUL = 8
# How digits are read aloud: 영 일 이 삼 사 오 육 칠 팔 구.
_DIGITS = {"0": 21, "1": _RIEUL, "3": 16, "6": 1, "7": _RIEUL, "8": _RIEUL, **dict.fromkeys("2459", 0)}


def slots(text: str) -> tuple[Slot, ...]:
    """Return the slots of a canned answer, each once, in order.

    Raises BadInput `invalid_slot` for braces that are no slot, an unknown name or kind, and an empty choice.
    """
    found = dict.fromkeys(_slot(match[1].strip()) for match in _SLOT.finditer(text))
    if OPENS in (rest := _SLOT.sub(" ", text)) or CLOSES in rest:
        raise BadInput("invalid_slot", "a slot is written {{name}}, without braces inside")
    return tuple(found)


def fill(text: str, data: Mapping[str, str]) -> tuple[str, tuple[Slot, ...]]:
    """Return `text` with all slots filled that `data` has a value for, and the slots that are still open.

    An open slot stays as it is written, its particle too: what is missing is never an empty text.
    """
    still_open: dict[Slot, None] = {}

    def filled(match: re.Match[str]) -> str:
        slot = _slot(match[1].strip())
        # Braces in a value would pass for a slot that is still open.
        value = data.get(slot.name, "").translate(_BRACES).strip()
        if not value:
            still_open[slot] = None
            return match[0]
        return value + (particle(value, match[2]) if match[2] else "")

    return _PIECE.sub(filled, text), tuple(still_open)


def literal(text: str) -> list[str]:
    """Return what a canned answer says whatever its slots are filled with: the runs of text between them."""
    return _PIECE.sub("\x00", text).split("\x00")


def particle(value: str, pair: str) -> str:
    """Return the one of two forms (`은/는`) that follows `value`; where nobody can tell, both: `은(는)`.

    After a final consonant the first one stands; but `로` follows ㄹ, as it follows a vowel.
    """
    closed, open_ = pair.split("/")
    final = _final(value)
    if final is None:
        return "(으)로" if pair == "으로/로" else f"{closed}({open_})"
    light = (0, _RIEUL) if pair == "으로/로" else (0,)
    return open_ if final in light else closed


def _final(value: str) -> int | None:
    """Return the number of the last syllable's final consonant, 0 for none; None when it cannot be told."""
    last = next((sign for sign in reversed(value) if sign.isalnum()), "")
    if last and _FIRST_SYLLABLE <= ord(last) <= _LAST_SYLLABLE:
        return (ord(last) - _FIRST_SYLLABLE) % _FINALS
    return _DIGITS.get(last)


def _slot(inner: str) -> Slot:
    for fits, made in _FORMS:
        if fits(inner):
            return made(inner)
    raise BadInput("invalid_slot", f"a slot is one of {', '.join(DATA)}, ?label, ?label:kind or a|b")


def _asked(inner: str) -> Slot:
    label, _, kind = inner.removeprefix("?").partition(":")
    kind = kind.strip() or "text"
    if not label.strip() or len(label) > _LABEL_LIMIT or kind not in KINDS:
        raise BadInput("invalid_slot", f"{{{{?label}}}} asks for one of {', '.join(KINDS)}")
    return Slot(label.strip(), kind)


def _choice(inner: str) -> Slot:
    choices = tuple(choice.strip() for choice in inner.split("|"))
    if not all(choices) or len(set(choices)) < len(choices):
        raise BadInput("invalid_slot", "a choice is written {{one|another}}, none of them empty or twice")
    return Slot("|".join(choices), "choice", choices)


_FORMS: tuple[tuple[Callable[[str], bool], Callable[[str], Slot]], ...] = (
    (lambda inner: inner in DATA, lambda inner: Slot(inner, "data")),
    (lambda inner: inner.startswith("?"), _asked),
    (lambda inner: "|" in inner, _choice),
)
