"""What a look at personal data needs of the world."""

from collections.abc import Collection
from typing import Protocol

from chalicelib.kernel.clock import Millis
from chalicelib.privacy.model import Access


class RecordStore(Protocol):
    """What this module needs of a tenant's access records."""

    def append(self, access: Access) -> None: ...


class BreadthStore(Protocol):
    """What this module needs of the memory of one agent's customers."""

    def look(self, tenant: str, customers: Collection[str], *, now: Millis) -> None: ...
    def alert(self, now: Millis) -> bool: ...
