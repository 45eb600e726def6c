"""Copies of what is held, in pages that an answer can carry."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from chalicelib.contacts.erasure import Hold
from chalicelib.contacts.model import Contact, Status, Story
from chalicelib.kernel.clock import Millis
from chalicelib.kernel.errors import NotFound, not_found
from chalicelib.rights.model import Export, Part
from chalicelib.rights.ports import Registry
from chalicelib.rights.rules import details_of, part, story_of
from chalicelib.tenants.rules import expires_at, is_readable

PAGE_BYTES = 2_000_000
"""Text that a page holds about: Lambda ends answers at 6 MB, and one contact says 1 MB at most."""

_MANY = 100
_CUSTOMERS, _CONTACTS = "customers", "contacts"


def export_customer(
    registry: Registry, customer: str, now: Millis, *, is_owner: bool = False, after: str = ""
) -> Export:
    """Return a page of all that is held of a customer; the first one has the details and the records of access.

    `after` is the contact that `next` of the page before names. Contacts on hold whose time is over are for the
    owner alone. Raises NotFound for absent and erased customers alike.
    """
    handle = registry.customers.handle(customer)
    contacts = sorted(registry.customers.contacts(handle))
    details = registry.customers.read(handle)
    if registry.customers.tombstone(handle) or not (details or contacts):
        raise not_found()
    parts: list[Part] = []
    if not after:
        parts = [
            part("details", [details_of(details)] if details else []),
            part("accesses", registry.accesses(handle, now)),
        ]
    held = registry.eraser.held(now) if is_owner else {}
    stories, following = _stories(registry, [contact for contact in contacts if contact > after], held, now)
    return Export(registry.tenant.id, now, [*parts, part("contacts", stories)], following)


def export_tenant(registry: Registry, now: Millis) -> Iterator[Export]:
    """Yield all that is held of the tenant's customers and contacts, page by page, each read when asked for."""
    known = (registry.customers.read(handle) for handle in registry.customers.handles())
    shown = (details_of(customer) for customer in known if customer)
    while page := list(islice(shown, _MANY)):
        yield Export(registry.tenant.id, now, [part("details", page)])
    held = registry.eraser.held(now)
    listed = (contact for status in Status for contact in registry.eraser.listed(status))
    while batch := list(islice(listed, _MANY)):
        while batch:
            stories, last = _stories(registry, batch, held, now)
            batch = batch[batch.index(last) + 1 :] if last else []
            yield Export(registry.tenant.id, now, [part("contacts", stories)])


def export_shop(registry: Registry, now: Millis, *, after: str = "") -> Export:
    """Return a page of all that is held of the tenant's customers, and after them of its contacts.

    `after` is what `next` of the page before names; a page leaves out who was erased and what expired meanwhile.
    """
    what, _, last = after.partition("/")
    if what != _CONTACTS:
        handles = sorted(handle for handle in registry.customers.handles() if handle > last)
        known = map(registry.customers.read, handles[:_MANY])
        following = f"{_CUSTOMERS}/{handles[_MANY - 1]}" if len(handles) > _MANY else f"{_CONTACTS}/"
        found = [details_of(customer) for customer in known if customer]
        return Export(registry.tenant.id, now, [part("details", found)], following)
    listed = (contact for status in Status for contact in registry.eraser.listed(status))
    contacts = sorted({contact for contact in listed if contact > last})
    stories, full = _stories(registry, contacts[:_MANY], registry.eraser.held(now), now)
    shown = full or (contacts[_MANY - 1] if len(contacts) > _MANY else "")
    return Export(registry.tenant.id, now, [part("contacts", stories)], f"{_CONTACTS}/{shown}" if shown else "")


def _stories(
    registry: Registry, contacts: Iterable[str], held: Mapping[str, Hold], now: Millis
) -> tuple[list[dict[str, Any]], str]:
    """Return the contacts that fill a page, and the last of them if there are more."""
    found: list[dict[str, Any]] = []
    size, last = 0, ""
    for contact in contacts:
        if size >= PAGE_BYTES:
            return found, last
        story, last = _story(registry, contact), contact
        if story and _is_open(registry, story.contact, held, now):
            found.append(story_of(story))
            size += story.contact.size
    return found, ""


def _story(registry: Registry, contact: str) -> Story | None:
    try:
        return registry.contacts.story(contact)
    except NotFound:
        return None


def _is_open(registry: Registry, contact: Contact, held: Mapping[str, Hold], now: Millis) -> bool:
    expires = expires_at(contact.status, contact.changed_at, registry.tenant.retention)
    held_until = held[contact.id].until if contact.id in held else 0
    return bool(contact.customer) and is_readable(expires, held_until, now)
