"""What the API shows of a shop's choices and of how far it is set up; times are ISO 8601 UTC."""

from typing import Any, Self

from msgspec import Struct

from chalicelib.kernel.clock import iso
from chalicelib.setup.model import Item, Progress
from chalicelib.tenants.aims import Choice, Stage


class ChoiceView(Struct):
    """What was chosen in a section; `version` is what `If-Match` takes, 0 before anybody chose."""

    section: str
    version: int
    by: str
    at: str
    body: dict[str, Any]

    @classmethod
    def of(cls, choice: Choice) -> Self:
        """Return what the API shows of `choice`."""
        return cls(choice.section, choice.version, choice.by.name, iso(choice.by.at), choice.body)

    @classmethod
    def now(cls, section: str, body: dict[str, Any], last: Choice | None) -> Self:
        """Return what holds in a section now, and who chose it `last`."""
        if last is None:
            return cls(section, 0, "", "", body)
        return cls(section, last.version, last.by.name, iso(last.by.at), body)


class ChoicesView(Struct):
    """All sections, in the order in which a shop is set up."""

    sections: list[ChoiceView]


class VersionsView(Struct):
    """The choices of one section, newest first; `cursor` leads to the next ones."""

    versions: list[ChoiceView]
    cursor: str | None = None


class ItemView(Struct):
    """One thing to do; what `blocks` is done before the shop can go live."""

    id: str
    done: bool
    blocks: bool
    version: int
    at: str
    by: str

    @classmethod
    def of(cls, item: Item) -> Self:
        """Return what the API shows of `item`."""
        return cls(item.id, item.done, item.blocks, item.version, iso(item.at) if item.at else "", item.by)


class SetupView(Struct):
    """How far a shop is set up; `next` is what it is best asked for now, null for nothing."""

    stage: Stage
    live_since: str
    registration: str
    may_go_live: bool
    next: str | None
    items: list[ItemView]

    @classmethod
    def of(cls, found: Progress) -> Self:
        """Return what the API shows of `found`."""
        return cls(
            stage=found.stage,
            live_since=iso(found.live_since) if found.live_since else "",
            registration=found.registration,
            may_go_live=found.may_go_live,
            next=found.next,
            items=[ItemView.of(item) for item in found.items],
        )
