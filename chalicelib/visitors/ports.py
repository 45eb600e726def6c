"""What widget keys and visitors need of the world."""

from typing import Protocol

from chalicelib.aws.tables import Write
from chalicelib.visitors.model import WidgetKey


class WidgetKeyStore(Protocol):
    """What this module needs of a store of one shop's widget keys."""

    def find(self, key: str) -> WidgetKey | None: ...
    def all(self) -> list[WidgetKey]: ...
    def add(self, key: WidgetKey) -> Write: ...
    def revoke(self, key: str) -> Write: ...
