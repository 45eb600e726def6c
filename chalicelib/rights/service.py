"""Erase, step by step and again after a crash; keep for a dispute; let go what has expired."""

from collections.abc import Iterator
from itertools import islice

from chalicelib.contacts.erasure import Hold
from chalicelib.contacts.model import Status
from chalicelib.customers.model import Tombstone
from chalicelib.kernel.clock import DAY, Millis
from chalicelib.kernel.errors import Conflict, NotFound, not_found
from chalicelib.rights import rules
from chalicelib.rights.model import SETTLING, WHOLE_TENANT, Erasure, Ground, Kept, Progress
from chalicelib.rights.ports import Registry
from chalicelib.rights.steps import erase_contact, forget
from chalicelib.tenants.rules import expires_at

STEP = 100
"""Contacts or customers that one step erases at most: those of nearly everybody, before the first answer."""


def erase_customer(registry: Registry, customer: str, erasure: Erasure) -> Erasure:
    """Make a customer unreadable at once and erase what is held; a repeat returns the first erasure.

    `erasure` needs no handle. Raises NotFound for a customer of whom nothing is known.
    """
    handle, customers = registry.customers.handle(customer), registry.customers
    known = customers.tombstone(handle) or customers.read(handle) or customers.contacts(handle)
    if not known:
        raise not_found()
    return _begin(registry, _of(erasure, handle))


def erase_tenant(registry: Registry, erasure: Erasure) -> Erasure:
    """Erase all customers and contacts of the tenant, and at last its key; a repeat returns the first erasure."""
    return _begin(registry, _of(erasure, WHOLE_TENANT))


def replay(registry: Registry, stone: Tombstone, now: Millis) -> Erasure:
    """Erase again what a restore brought back; `stone` was read from the table as it was before the restore."""
    try:
        ground = registry.erasures.get(stone.certificate).ground
    except NotFound:
        ground = Ground.RESTORED
    erasure = Erasure(registry.tenant.id, stone.certificate, stone.handle, ground, stone.by, stone.at)
    buried = registry.customers.tombstone(stone.handle) is not None
    bury = [] if buried else [registry.customers.bury(stone)]
    registry.commit(*bury, registry.erasures.start(erasure, now))
    return erasure


def step(registry: Registry, erasure_id: str, now: Millis, limit: int = STEP) -> Erasure:
    """Erase up to `limit` things more and return how far the erasure is; with nothing left, settle it."""
    erasure = registry.erasures.get(erasure_id)
    if erasure.progress is Progress.DONE:
        return erasure
    if erasure.handle == WHOLE_TENANT:
        for close in registry.doors:
            close(now)
    kept, left = _erase_contacts(registry, erasure, now, limit=limit)
    for handle in islice(_customers(registry, erasure), left):
        forget(registry, handle, erasure)
        left -= 1
    if left:
        _settle(registry, erasure, kept, now)
    else:
        # Behind the others that are due: one long erasure holds up no other.
        registry.commit(registry.erasures.wait(erasure_id, now))
    return registry.erasures.get(erasure_id)


def expire(registry: Registry, now: Millis, limit: int = STEP) -> int:
    """Erase up to `limit` contacts whose time is over and that nothing holds; return how many."""
    erased = 0
    for status in (Status.RESOLVED, Status.SPAM, Status.MERGED):
        lasting = expires_at(status, 0, registry.tenant.retention)
        if lasting is None:
            raise AssertionError(f"{status} ends a contact")
        for contact in registry.eraser.listed(status, before=now - lasting):
            if erased == limit:
                return erased
            if not _has_expired(registry, contact, now) or contact in registry.eraser.held(now):
                continue
            erase_contact(registry, contact, now)
            erased += 1
    return erased


def hold(registry: Registry, wanted: Hold) -> Hold:
    """Keep a contact for a dispute: until then nothing erases it, and the owner can still read it."""
    _require(registry, wanted.contact)
    registry.commit(registry.eraser.hold(wanted))
    return wanted


def release(registry: Registry, contact: str) -> None:
    """End a hold; an erasure that waited for it goes on within a day."""
    _require(registry, contact)
    registry.commit(registry.eraser.release(contact))


def _of(erasure: Erasure, handle: str) -> Erasure:
    return Erasure(erasure.tenant, erasure.id, handle, erasure.ground, erasure.by, erasure.at)


def _begin(registry: Registry, erasure: Erasure) -> Erasure:
    stone = Tombstone(erasure.handle, erasure.at, erasure.by, erasure.id)
    try:
        registry.commit(registry.customers.bury(stone), registry.erasures.start(erasure, erasure.at))
    except Conflict:
        first = registry.customers.tombstone(erasure.handle)
        if first is None:
            raise
        done = registry.erasures.get(first.certificate)
        again = done.progress is Progress.DONE and done.id != erasure.id
        if not again or not registry.customers.contacts(erasure.handle):
            return done
        # The shop went on to use the id of an erased customer: what came since is erased like the rest.
        registry.commit(registry.erasures.start(erasure, erasure.at))
    return step(registry, erasure.id, erasure.at)


def _contacts(registry: Registry, erasure: Erasure) -> Iterator[str]:
    if erasure.handle != WHOLE_TENANT:
        yield from registry.customers.contacts(erasure.handle)
        return
    for status in Status:
        yield from registry.eraser.listed(status)


def _customers(registry: Registry, erasure: Erasure) -> Iterator[str]:
    return registry.customers.handles() if erasure.handle == WHOLE_TENANT else iter([erasure.handle])


def _erase_contacts(registry: Registry, erasure: Erasure, now: Millis, *, limit: int) -> tuple[list[Hold], int]:
    """Return the holds met on the way, and what is left of `limit`: 0 if there may be more contacts."""
    kept = []
    for contact in _contacts(registry, erasure):
        # Asked for each: a step takes seconds, and a hold may come meanwhile.
        held = registry.eraser.held(now)
        if contact in held:
            kept.append(held[contact])
            continue
        if limit == 0:
            break
        erase_contact(registry, contact, now, erasure)
        limit -= 1
    return kept, limit


def _require(registry: Registry, contact: str) -> None:
    found = registry.eraser.find(contact)
    if found is None or not found.customer:
        raise not_found()


def _has_expired(registry: Registry, contact: str, now: Millis) -> bool:
    # The index may lag behind a contact that was reopened.
    found = registry.eraser.find(contact)
    end = expires_at(found.status, found.changed_at, registry.tenant.retention) if found else None
    return end is not None and end <= now


def _settle(registry: Registry, erasure: Erasure, held: list[Hold], now: Millis) -> None:
    """Certify; what began before the erasure may still add something until it has settled, so look again then."""
    if now < erasure.at + SETTLING:
        registry.commit(registry.erasures.wait(erasure.id, erasure.at + SETTLING))
        return
    if erasure.handle == WHOLE_TENANT and not held:
        registry.cipher.destroy(now)
    kept = [Kept(f"contact {hold.contact}", "legal hold", hold.until) for hold in held]
    erased = registry.erasures.get(erasure.id)
    certificate = rules.certify(erased, kept, now, secret=registry.secret)
    if held:
        registry.commit(registry.erasures.wait(erasure.id, now + DAY, certificate))
    else:
        registry.commit(registry.erasures.finish(erasure.id, certificate))
