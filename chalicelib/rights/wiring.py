"""One tenant's records under law with the real stores."""

from contextlib import suppress
from functools import partial

from chalicelib.access.store import Keys
from chalicelib.aws.settings import settings
from chalicelib.aws.tables import commit
from chalicelib.aws.vault import Vault
from chalicelib.contacts.erasure import ContactErasure
from chalicelib.contacts.store import Contacts
from chalicelib.customers.store import Customers
from chalicelib.hooks.store import Hooks
from chalicelib.hooks.wiring import forget_hooks
from chalicelib.kernel.caller import Kind
from chalicelib.kernel.clock import Millis, iso, months_between
from chalicelib.kernel.errors import Conflict
from chalicelib.letters.model import Post
from chalicelib.letters.store import Letters
from chalicelib.panel.wiring import let_go
from chalicelib.privacy.store import KEPT, AccessRecords
from chalicelib.rights.model import WHOLE_TENANT
from chalicelib.rights.ports import Registry
from chalicelib.rights.store import Erasures
from chalicelib.tenants.store import Tenants
from chalicelib.visitors.store import WidgetKeys

_FOR_EVER: Millis = 1 << 62


def registry(tenant: str) -> Registry:
    """Return the registry of `tenant`; raise NotFound for an unknown tenant."""
    vault = Vault(tenant)
    return Registry(
        tenant=Tenants(tenant).profile(),
        customers=Customers(tenant, vault),
        # What expired is left out by each use case, which knows the holds.
        contacts=Contacts(tenant, held_until=_FOR_EVER),
        eraser=ContactErasure(tenant),
        erasures=Erasures(tenant),
        cipher=vault,
        accesses=partial(_accesses, tenant),
        doors=tuple(partial(close, tenant) for close in (_close_api, _close_widgets, _close_hooks, _end_letters)),
        let_go=partial(let_go, tenant),
        commit=commit,
        secret=settings().id_secret,
    )


def has_left(tenant: str) -> bool:
    """Return whether the shop had all erased that is held of its customers: it is with us no more."""
    return Customers(tenant, Vault(tenant)).tombstone(WHOLE_TENANT) is not None


def _accesses(tenant: str, handle: str, now: Millis) -> list[dict[str, str]]:
    found = AccessRecords(tenant).about(handle, months_between(now - KEPT, now), now=now)
    return [
        {"at": iso(access.at), "who": access.actor, "from": access.source, "what": access.what, "why": access.why}
        for access in found
    ]


def _close_api(tenant: str, now: Millis) -> None:
    for write in Keys(Kind.SHOP, tenant).revoke_all():
        commit(write)


def _close_widgets(tenant: str, now: Millis) -> None:
    keys = WidgetKeys(tenant)
    for key in keys.all():
        if not key.revoked:
            commit(keys.revoke(key.id))


def _close_hooks(tenant: str, now: Millis) -> None:
    # What is on its way to a hook that was removed is given up when its turn comes.
    hooks = Hooks(tenant, Vault(tenant))
    for hook in hooks.all():
        commit(hooks.remove(hook.id, now))
    forget_hooks(tenant)


def _end_letters(tenant: str, now: Millis) -> None:
    letters = Letters(tenant)
    for letter in letters.unsent():
        # Sent meanwhile: then it was before the shop left.
        with suppress(Conflict):
            commit(letters.end(letter, Post.FAILED, now))
