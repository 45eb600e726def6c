"""What hooks need of the world."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from chalicelib.aws.tables import Write
from chalicelib.hooks.model import Answer, Delivery, Hook
from chalicelib.kernel.clock import Millis


class Cipher(Protocol):
    """What this module needs of a cipher of one shop."""

    def seal(self, place: str, text: str) -> bytes: ...
    def open(self, place: str, sealed: bytes) -> str: ...


class HookStore(Protocol):
    """What this module needs of a store of one shop's hooks."""

    def find(self, hook: str) -> Hook | None: ...
    def all(self) -> list[Hook]: ...
    def secret(self, hook: str) -> str: ...
    def add(self, hook: Hook, secret: str) -> Write: ...
    def remove(self, hook: str, at: Millis) -> Write: ...
    def heard(self, hook: str) -> Write: ...
    def failed(self, hook: str, paused_at: Millis) -> Write: ...


class DeliveryStore(Protocol):
    """What this module needs of a store of what one hook was told."""

    def find(self, delivery: str, now: Millis) -> Delivery | None: ...
    def add(self, delivery: Delivery) -> Write: ...
    def save(self, before: Delivery, after: Delivery) -> Write: ...


@dataclass(frozen=True, slots=True)
class Desk:
    """One shop's hooks and what each was told; `warn` makes the letter about one that fails."""

    tenant: str
    hooks: HookStore
    deliveries: Callable[[str], DeliveryStore]
    warn: Callable[[Hook, Delivery, Millis], Write]
    post: Callable[[str, str, Mapping[str, str]], Answer]
    commit: Callable[..., None]
