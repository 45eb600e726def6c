"""Erasures that are not done, contacts whose time is over, and what a restore brought back."""

import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from typing import TypeVar

from chalicelib.aws.batches import each_of
from chalicelib.aws.credentials import Scope, acting
from chalicelib.aws.vault import Vault
from chalicelib.customers.model import Tombstone
from chalicelib.customers.store import Customers
from chalicelib.kernel.clock import MINUTE, Millis
from chalicelib.rights import service
from chalicelib.rights.store import open_erasures
from chalicelib.rights.wiring import registry
from chalicelib.tenants.store import all_tenants

T = TypeVar("T")

_ERASURES = 20
_AT_ONCE = 200
_MINUTES = 60


def sweep_erasures(now: Millis) -> int:
    """Take each erasure that is due a step further; answer how many there were."""
    due = open_erasures(now, _ERASURES)
    _each(due, lambda tenant, erasure: service.step(registry(tenant), erasure, now, _AT_ONCE))
    return len(due)


def sweep_retention(now: Millis) -> int:
    """Erase contacts whose time is over, of those shops whose minute of the hour it is; answer how many."""
    minute = now // MINUTE % _MINUTES
    turn = [tenant for tenant in all_tenants() if zlib.crc32(tenant.encode()) % _MINUTES == minute]
    erased: list[int] = []
    _each(
        [(tenant, "") for tenant in turn],
        lambda tenant, _: erased.append(service.expire(registry(tenant), now, _AT_ONCE)),
    )
    return sum(erased)


def tombstones() -> Iterator[dict[str, str | int]]:
    """Yield who was erased, of all shops: what `replay_erasures` takes after a restore. No personal data."""
    for tenant in all_tenants():
        with acting(Scope(tenant=tenant)):
            stones = list(Customers(tenant, Vault(tenant)).tombstones())
        yield from ({"tenant": tenant, **asdict(stone)} for stone in stones)


def replay_erasures(records: Iterable[dict[str, str | int]], now: Millis) -> int:
    """Begin each erasure of `records` anew in a restored table, where the sweeper ends it; answer how many.

    `records` are the tombstones of the table as it was before the restore: the restored one lacks the latest.
    """
    known = [(str(record["tenant"]), _stone(record)) for record in records]
    _each(known, lambda tenant, stone: service.replay(registry(tenant), stone, now))
    return len(known)


def _stone(record: dict[str, str | int]) -> Tombstone:
    certificate = str(record["certificate"])
    return Tombstone(str(record["handle"]), int(record["at"]), str(record["by"]), certificate)


def _each(found: Iterable[tuple[str, T]], work: Callable[[str, T], object]) -> None:
    """Do each tenant's `work` within its own scope whatever becomes of the others; raise all that went wrong."""

    def one(pair: tuple[str, T]) -> object:
        with acting(Scope(tenant=pair[0])):
            return work(*pair)

    each_of("rights", found, one)
