"""What keeping handbooks and guarding texts need of the world."""

from collections.abc import Mapping
from typing import Protocol

from chalicelib.aws.tables import Write
from chalicelib.handbook.model import Answer, Kept, Marks, Shelf


class HandbookStore(Protocol):
    """What this module needs of a store of one shop's handbook."""

    def shelf(self) -> Shelf: ...
    def glance(self) -> Shelf: ...
    def find(self, answer: str) -> Answer | None: ...
    def save(self, kept: Kept) -> Write: ...
    def put(self, answer: Answer) -> Write: ...
    def mark(self, marks: Marks, before: int) -> Write: ...


class Voices(Protocol):
    """Tells the marks of the shops of a pool, by shop."""

    def __call__(self, pool: str) -> Mapping[str, Marks]: ...


class Commit(Protocol):
    """Carries out all writes or none."""

    def __call__(self, *writes: Write) -> None: ...
