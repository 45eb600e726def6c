"""What is known of a shop that is set up, and what it still has to do."""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.kernel.clock import Millis
from chalicelib.tenants.aims import Acceptance, Choice, Stage
from chalicelib.tenants.model import Tenant
from chalicelib.tenants.sections import Section


@dataclass(frozen=True, slots=True)
class Facts:
    """What is there of a shop: its last choices by section, what it accepted of what it has to, and counts.

    `answers` are canned answers, `diagnosed_at` is when a diagnosis of past contacts was made (0: never), `keys`
    are widget keys, of which one was last seen in a page at `seen_at`, `people` those who sign in or are invited.
    """

    profile: Tenant
    choices: Mapping[Section, Choice]
    accepted: tuple[Acceptance, ...] = ()
    to_accept: int = 0
    answers: int = 0
    diagnosed_at: Millis = 0
    keys: int = 0
    seen_at: Millis = 0
    people: int = 1


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to do, and who did it when, where that is known; 0 and empty where it is not."""

    id: str
    done: bool
    blocks: bool = False
    version: int = 0
    at: Millis = 0
    by: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a shop is: `live_since` is 0 before it is live, and for shops that were never set up."""

    stage: Stage
    live_since: Millis
    registration: str
    items: tuple[Item, ...]

    @property
    def missing(self) -> list[str]:
        """Return what has to be done before the shop can go live."""
        return [item.id for item in self.items if item.blocks and not item.done]

    @property
    def may_go_live(self) -> bool:
        """Return whether the shop can go live now."""
        return self.stage is Stage.SETUP and not self.missing

    @property
    def next(self) -> str | None:
        """Return what to ask for now: what blocks first, in order."""
        left = [item.id for item in self.items if not item.done]
        return next(iter([*self.missing, *left]), None)
