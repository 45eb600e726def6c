"""What diagnosing needs of the world."""

from typing import Protocol

from chalicelib.aws.tables import Write
from chalicelib.diagnosis.model import Diagnosis


class DiagnosisStore(Protocol):
    """What this module needs of a store of one shop's diagnoses."""

    def find(self, diagnosis: str) -> Diagnosis | None: ...
    def since(self, start: int, limit: int) -> list[str]: ...
    def announce(self, new: Diagnosis) -> Write: ...
    def save(self, before: Diagnosis, after: Diagnosis) -> Write: ...
    def progress(self, diagnosis: Diagnosis) -> Write: ...


class Uploads(Protocol):
    """Where a shop's files lie until they are read."""

    def read(self, diagnosis: str) -> bytes | None: ...
    def drop(self, diagnosis: str) -> None: ...


class Commit(Protocol):
    """Carries out all writes or none."""

    def __call__(self, *writes: Write) -> None: ...


class Send(Protocol):
    """Has a diagnosis read soon."""

    def __call__(self, diagnosis: Diagnosis) -> None: ...
