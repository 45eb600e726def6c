"""Drafts, and colleagues who look on."""

from dataclasses import dataclass
from enum import StrEnum

from chalicelib.kernel.clock import SECOND, Millis

ONLOOKING: Millis = 45 * SECOND
"""How long one counts who does not say so again: a heartbeat and a half."""


class Mode(StrEnum):
    """What is being written."""

    REPLY = "reply"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Draft:
    """What `agent` was writing at `at` (milliseconds UTC); without a text there is nothing.

    `steps` are the script's that were ticked, `answer` is the canned answer that it began with.
    """

    agent: str
    mode: Mode
    text: str
    at: Millis
    steps: tuple[str, ...] = ()
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Onlooker:
    """An agent who has a contact on the screen that another one holds, until then unless it is said again."""

    agent: str
    name: str
    until: Millis
