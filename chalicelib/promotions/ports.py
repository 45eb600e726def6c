"""What announcing a promotion needs of the world."""

from typing import Protocol

from chalicelib.aws.tables import Write
from chalicelib.kernel.clock import Millis
from chalicelib.promotions.model import Promotion


class PromotionStore(Protocol):
    """What this module needs of a store of one shop's promotions."""

    def find(self, promotion: str) -> Promotion | None: ...
    def version(self) -> int: ...
    def since(self, at: Millis) -> list[Promotion]: ...
    def add(self, promotion: Promotion, pool: str, version: int) -> list[Write]: ...
    def cancel(self, promotion: Promotion) -> Write: ...
