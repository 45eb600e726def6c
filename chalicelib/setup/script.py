"""What is said in a rehearsal: the shop's own voice and its own canned answer, put together by rule."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chalicelib.handbook.model import Answer
from chalicelib.handbook.slots import fill
from chalicelib.intents.model import Intent
from chalicelib.kernel.clock import DAY, SECOND, Millis
from chalicelib.kernel.errors import TooMany
from chalicelib.tenants.aims import Choice
from chalicelib.tenants.model import Persona

A_DAY = 20
"""So many rehearsals a shop may have within 24 hours."""

_HONEST = {
    "ko": "남겨 주신 내용을 확인하고 있어요. 확인되는 대로 정확하게 답변드릴게요.",
    "en": "We are looking into what you wrote, and will answer as soon as we know for sure.",
}


@dataclass(frozen=True, slots=True)
class Line:
    """What is answered, made from the canned answer `answer`, or from none."""

    text: str
    answer: str | None = None


def lines(persona: Persona, answers: Sequence[Answer], intent: Intent, known: Mapping[str, str]) -> list[Line]:
    """Return what may be answered to a message about `intent`, best first; the last is from no canned answer.

    An answer that asks an agent for something is left out: there is nobody to ask.
    """
    found: list[Line] = []
    for one in answers:
        text, left = fill(one.wording.text, known)
        if one.wording.intent.replace("-", "_") == intent and not left:
            found.append(Line(_spoken(persona, text), one.id))
    honest = _HONEST.get(persona.language, _HONEST["en"])
    return [*found, Line(_spoken(persona, honest))]


def require_room(held: Sequence[Choice], contact: str, now: Millis) -> None:
    """Raise TooMany `too_many_rehearsals` after `A_DAY` within 24 hours, the newest first; a repeat is none."""
    lately = [one for one in held if one.by.at > now - DAY]
    if len(lately) < A_DAY or is_recorded(held, contact):
        return
    wait = lately[A_DAY - 1].by.at + DAY - now
    raise TooMany("too_many_rehearsals", f"{A_DAY} rehearsals a day are enough", retry_after=-(-wait // SECOND))


def is_recorded(held: Sequence[Choice], contact: str) -> bool:
    """Return whether the rehearsal with this contact is among those that were held."""
    return any(one.body.get("contact") == contact for one in held)


def _spoken(persona: Persona, text: str) -> str:
    return "\n\n".join([persona.greeting, text, persona.signature])
