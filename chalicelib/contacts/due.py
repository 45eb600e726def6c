"""Contacts that somebody must look at though they wait in no queue: hints of the index."""

from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.aws.keys import split, up_to
from chalicelib.aws.queries import hints
from chalicelib.aws.tables import Row
from chalicelib.contacts.rows import PUT_OFF, hands_of
from chalicelib.kernel.clock import Millis

_PAGE = 100


@dataclass(frozen=True, slots=True)
class Hand:
    """A holder who wants a lead since then (milliseconds UTC)."""

    tenant: str
    contact: str
    agent: str
    since: Millis


def due(now: Millis) -> Iterator[tuple[str, str]]:
    """Yield tenant and contact of the contacts of all shops whose time has come, the oldest first."""
    for shown in hints(PUT_OFF, ["work_sk"], page=_PAGE, within=Row.work_sk < up_to(f"{now:015d}")):
        _, tenant, contact = split(shown["work_sk"])
        yield tenant, contact


def hands(pool: str) -> Iterator[Hand]:
    """Yield who of a pool wants a lead, the longest first."""
    for shown in hints(hands_of(pool), ["work_sk"], page=_PAGE):
        since, tenant, contact, agent = split(shown["work_sk"])
        yield Hand(tenant, contact, agent, int(since))
