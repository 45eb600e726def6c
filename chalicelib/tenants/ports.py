"""What applying a declared tenant, choosing, and asking for a standing, need of the world."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from chalicelib.aws.tables import Write
from chalicelib.tenants.aims import Choice
from chalicelib.tenants.model import Tenant


class TenantStore(Protocol):
    """What this module needs of a store of one tenant."""

    def current(self) -> Tenant | None: ...
    def save(self, profile: Tenant, before: Tenant | None) -> Write: ...


class StandingStore(Protocol):
    """What this module needs of a store of one tenant's standing."""

    def suspended(self) -> bool: ...


class ChoiceStore(Protocol):
    """What this module needs of a store of one tenant's choices."""

    def current(self, section: str) -> Choice | None: ...
    def record(self, choice: Choice) -> Write: ...


@dataclass(frozen=True, slots=True)
class Choosing:
    """One shop's profile, what was chosen of it, and how to commit."""

    profiles: TenantStore
    choices: ChoiceStore
    commit: Callable[..., None]
