"""One step of an erasure: one contact, or one customer, each counted by the transaction that erases it."""

from chalicelib.aws.tables import Write
from chalicelib.contacts.model import ContactChanged
from chalicelib.customers.model import CustomerChanged
from chalicelib.kernel.clock import Millis
from chalicelib.kernel.errors import Busy, NotFound
from chalicelib.rights.model import WHOLE_TENANT, Counts, Erasure
from chalicelib.rights.ports import Registry

_TRIES = 8


def erase_contact(registry: Registry, contact: str, now: Millis, erasure: Erasure | None = None) -> None:
    """Take the people out of `contact` and the contact from its customer; again, it changes nothing."""
    for _ in range(_TRIES):
        found = registry.eraser.find(contact)
        owner = found.customer if found else ""
        handle = _known(registry, owner) if owner else _handle(erasure)
        unlink = [registry.customers.unlink(handle, contact)] if handle else []
        batches = registry.eraser.erase(contact, now) or [()]
        # After the contact was read: what is kept beside it from now on changes its version, and is met next time.
        registry.let_go(contact)
        try:
            for batch in batches[:-1]:
                registry.commit(*batch, *_tally(registry, erasure, Counts(messages=len(batch))))
            last = Counts(contacts=1) if owner else Counts()
            writes = [*batches[-1], *unlink, *_tally(registry, erasure, last)]
            if writes:
                registry.commit(*writes)
        except ContactChanged:
            continue
        return
    raise Busy("busy", "this contact is changing too fast; try again")


def _known(registry: Registry, owner: str) -> str:
    try:
        return registry.customers.handle(owner)
    except NotFound:
        # The tenant's key is destroyed, and a restore brought its rows back: no key makes the handle again.
        return ""


def _handle(erasure: Erasure | None) -> str:
    return erasure.handle if erasure and erasure.handle != WHOLE_TENANT else ""


def forget(registry: Registry, handle: str, erasure: Erasure) -> None:
    """Take the details of the customer away, and whatever finds them; again, it changes nothing."""
    for _ in range(_TRIES):
        writes = registry.customers.forget(handle)
        try:
            if writes:
                counts = Counts(customers=1, search_entries=len(writes) - 1)
                registry.commit(*writes, *_tally(registry, erasure, counts))
        except CustomerChanged:
            continue
        return
    raise Busy("busy", "this customer is changing too fast; try again")


def _tally(registry: Registry, erasure: Erasure | None, counts: Counts) -> list[Write]:
    return [registry.erasures.tally(erasure.id, counts)] if erasure and counts != Counts() else []
