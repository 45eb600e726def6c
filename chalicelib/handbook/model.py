"""A shop's handbook, its canned answers, and the marks of its voice."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from chalicelib.kernel.clock import Millis

LINES_LIMIT = 5
ANSWERS_LIMIT = 200
MARKS_LIMIT = 15_000
"""A row of the table takes 400 KB, a mark 19 bytes of it."""
TEXT_LIMIT = 2_000

Line = Annotated[str, Meta(min_length=1, max_length=200)]
Word = Annotated[str, Meta(min_length=1, max_length=50)]
Name = Annotated[str, Meta(pattern=r"^[a-z0-9-]{1,32}$(?!\n)")]
Lines = Annotated[tuple[Line, ...], Meta(max_length=LINES_LIMIT)]


class Severity(StrEnum):
    """What a forbidden word does: the agent is warned and may insist, or it is not sent."""

    WARN = "warn"
    REFUSE = "refuse"


class Address(StrEnum):
    """How customers are called: `full` is 김민수 고객님, `given` is 민수님."""

    FULL = "full"
    GIVEN = "given"


class Link(Struct, frozen=True, forbid_unknown_fields=True):
    """A page that agents may point customers to."""

    label: Line
    url: Annotated[str, Meta(pattern=r"^https://[^\s]{1,480}$(?!\n)")]


class ScriptStep(Struct, frozen=True, forbid_unknown_fields=True):
    """Something to do in each conversation; without a `needed` one it is not resolved unasked."""

    id: Name
    text: Line
    needed: bool = False


class ForbiddenWord(Struct, frozen=True, forbid_unknown_fields=True):
    """A word that the shop does not say, and what it says `instead`."""

    word: Word
    instead: Annotated[str, Meta(max_length=100)] = ""
    severity: Severity = Severity.WARN


class Handbook(Struct, frozen=True, forbid_unknown_fields=True):
    """A shop's rules for agents: one shape in its declaration, in the table and in the API."""

    colour: Annotated[str, Meta(pattern=r"^#[0-9a-f]{6}$(?!\n)")] = "#495057"
    address_as: Address = Address.FULL
    dos: Lines = ()
    donts: Lines = ()
    links: Annotated[tuple[Link, ...], Meta(max_length=20)] = ()
    steps: Annotated[tuple[ScriptStep, ...], Meta(max_length=10)] = ()
    forbidden: Annotated[tuple[ForbiddenWord, ...], Meta(max_length=100)] = ()
    refund_limit_won: Annotated[int, Meta(ge=0, le=100_000_000)] = 0


NO_RULES = Handbook()
"""What holds for a shop that has said nothing."""


class Wording(Struct, frozen=True, forbid_unknown_fields=True):
    """What a canned answer says: `shortcut` finds it as the agent types, `text` may hold slots."""

    title: Line
    intent: Name
    shortcut: Annotated[str, Meta(pattern=r"^[^\s/]{1,20}$(?!\n)")]
    text: Annotated[str, Meta(min_length=1, max_length=TEXT_LIMIT)]
    language: Annotated[str, Meta(pattern=r"^[a-z]{2}$(?!\n)")] = "ko"


@dataclass(frozen=True, slots=True)
class Kept:
    """The handbook as it is stored; version 0 was never stored. `declared` tells which declaration it follows."""

    handbook: Handbook = NO_RULES
    version: int = 0
    updated_at: Millis = 0
    updated_by: str = ""
    declared: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """A version of a canned answer; a retired one is offered no more. `digest` is the body's that made it."""

    id: str
    wording: Wording
    updated_at: Millis
    updated_by: str
    version: int = 1
    retired: bool = False
    digest: str = ""
    declared: str = ""


@dataclass(frozen=True, slots=True)
class Marks:
    """What tells a shop's voice from the others' of its `pool`: names in the clear, keyed hashes of what it says.

    `names` are the shop's, `personas` those that answer for it, `places` the hosts of its pages. `greetings` and
    `lines` hold the hashes of greeting and signature, and of the lines of its canned answers.
    """

    pool: str = ""
    names: tuple[str, ...] = ()
    personas: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    greetings: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shelf:
    """All of a shop's handbook, and the `marks` that follow from it as they are stored.

    `round` counts its changes, so that two at once do not miss each other.
    """

    kept: Kept = Kept()
    answers: tuple[Answer, ...] = ()
    marks: Marks | None = None
    round: int = 0

    @property
    def offered(self) -> list[Answer]:
        """Return the answers that agents are offered, by title."""
        return sorted((one for one in self.answers if not one.retired), key=lambda one: one.wording.title)


class Fault(StrEnum):
    """What can be wrong with a text: the code of its refusal."""

    OPEN_SLOT = "open_slot"
    WRONG_SHOP = "wrong_shop"
    FORBIDDEN_WORD = "forbidden_word"
    STEP_MISSING = "script_step_missing"


class Trace(StrEnum):
    """By what a text was found to be another shop's."""

    ANSWER = "answer"
    LINK = "link"
    NAME = "name"
    PERSONA = "persona"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong with a text; `what` are the agent's own words as they are read.

    `sure` lets it pass.
    """

    fault: Fault
    what: str
    instead: str = ""
    kind: Trace | None = None
    sure: bool = False


@dataclass(frozen=True, slots=True)
class Slot:
    """A gap in a canned answer. Data are filled by `name`; for the others the agent gives a `kind` of value."""

    name: str
    kind: str
    choices: tuple[str, ...] = field(default=())


class ShelfMoved(Exception):
    """Someone changed this shop's handbook after it was read: read it again, and decide anew."""
