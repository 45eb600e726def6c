"""What the API shows of handbooks and canned answers, and of what is wrong with a text; times are ISO 8601 UTC."""

from typing import Self

import msgspec
from msgspec import Struct

from chalicelib.handbook.model import Answer, Fault, Finding, Handbook, Kept, Slot, Trace, Wording
from chalicelib.handbook.slots import slots
from chalicelib.kernel.clock import iso


class HandbookIn(Handbook, frozen=True):
    """A shop's rules for agents, whole: what is left out is empty."""


class HandbookView(Handbook, frozen=True):
    """A shop's rules for agents; `version` is what `If-Match` takes, 0 before there are any."""

    version: int = 0
    updated_at: str = ""
    updated_by: str = ""

    @classmethod
    def of(cls, kept: Kept) -> Self:
        """Return what the API shows of `kept`."""
        return cls(
            **msgspec.structs.asdict(kept.handbook),
            version=kept.version,
            updated_at=iso(kept.updated_at) if kept.version else "",
            updated_by=kept.updated_by,
        )


class CannedIn(Wording, frozen=True):
    """A canned answer; `text` may hold slots: `{{customer.name}}`, `{{?label}}`, `{{?label:date}}`, `{{a|b}}`."""


class SlotView(Struct, omit_defaults=True):
    """A gap in a canned answer: `data` is filled by us, `choice` is one of `choices`, the rest is typed."""

    name: str
    kind: str
    choices: tuple[str, ...] = ()

    @classmethod
    def of(cls, slot: Slot) -> Self:
        """Return what the API shows of `slot`."""
        return cls(slot.name, slot.kind, slot.choices)


class CannedView(Wording, frozen=True, kw_only=True):
    """A canned answer as it is offered; `version` is what `If-Match` takes."""

    id: str
    version: int
    slots: tuple[SlotView, ...]
    updated_at: str
    updated_by: str
    retired: bool

    @classmethod
    def of(cls, answer: Answer) -> Self:
        """Return what the API shows of `answer`."""
        wording = answer.wording
        return cls(
            **msgspec.structs.asdict(wording),
            id=answer.id,
            version=answer.version,
            slots=tuple(map(SlotView.of, slots(wording.text))),
            updated_at=iso(answer.updated_at),
            updated_by=answer.updated_by,
            retired=answer.retired,
        )


class CannedAnswersView(Struct):
    """All canned answers that a shop offers, by title."""

    answers: list[CannedView]


class FindingView(Struct, omit_defaults=True):
    """Something wrong with a text: the `code` of the refusal, the words, and whether `sure` lets it pass."""

    code: Fault
    what: str
    instead: str = ""
    kind: Trace | None = None
    sure: bool = False

    @classmethod
    def of(cls, found: Finding) -> Self:
        """Return what the API shows of `found`."""
        return cls(found.fault, found.what, found.instead, found.kind, found.sure)


class FindingsView(Struct):
    """All that is wrong with a text, in the order of the rules."""

    findings: list[FindingView]
