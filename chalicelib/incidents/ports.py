"""What incidents need of the world."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from chalicelib.aws.tables import Write
from chalicelib.incidents.model import Incident
from chalicelib.kernel.clock import Millis


class IncidentStore(Protocol):
    """What this module needs of a store of incidents."""

    def all(self) -> list[Incident]: ...
    def find(self, incident: str) -> Incident | None: ...
    def add(self, incident: Incident) -> Write: ...
    def end(self, incident: str, at: Millis) -> Write: ...
    def told(self, incident: str) -> Write: ...


@dataclass(frozen=True, slots=True)
class Board:
    """The incidents, and whom they are told to.

    `tenants` returns all shops, `pool` that of one of them (empty for none), `letter` the write that tells its
    owners; `acting` lets the calls within touch a shop's rows, or for no shop the desk's own.
    """

    incidents: IncidentStore
    tenants: Callable[[], list[str]]
    pool: Callable[[str], str]
    letter: Callable[[str, Incident], Write]
    acting: Callable[[str], AbstractContextManager[None]]
    commit: Callable[..., None]
