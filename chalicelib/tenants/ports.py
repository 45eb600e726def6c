"""What applying a declared tenant needs of the world."""

from typing import Protocol

from chalicelib.aws.tables import Write
from chalicelib.tenants.model import Tenant


class TenantStore(Protocol):
    """What this module needs of a store of one tenant."""

    def current(self) -> Tenant | None: ...
    def save(self, profile: Tenant, before: Tenant | None) -> Write: ...
