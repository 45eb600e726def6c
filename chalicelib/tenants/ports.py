"""What applying a declared tenant, and asking for its standing, needs of the world."""

from typing import Protocol

from chalicelib.aws.tables import Write
from chalicelib.tenants.model import Tenant


class TenantStore(Protocol):
    """What this module needs of a store of one tenant."""

    def current(self) -> Tenant | None: ...
    def save(self, profile: Tenant, before: Tenant | None) -> Write: ...


class StandingStore(Protocol):
    """What this module needs of a store of one tenant's standing."""

    def suspended(self) -> bool: ...
