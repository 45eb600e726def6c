"""One tenant's records under law with the real stores."""

from functools import partial

from chalicelib.access.store import Keys
from chalicelib.aws.settings import settings
from chalicelib.aws.tables import commit
from chalicelib.aws.vault import Vault
from chalicelib.contacts.erasure import ContactErasure
from chalicelib.contacts.store import Contacts
from chalicelib.customers.store import Customers
from chalicelib.kernel.caller import Kind
from chalicelib.kernel.clock import Millis, iso, months_between
from chalicelib.panel.wiring import let_go
from chalicelib.privacy.store import KEPT, AccessRecords
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
        doors=(lambda: _close_api(tenant), lambda: _close_widgets(tenant)),
        let_go=partial(let_go, tenant),
        commit=commit,
        secret=settings().id_secret,
    )


def _accesses(tenant: str, handle: str, now: Millis) -> list[dict[str, str]]:
    found = AccessRecords(tenant).about(handle, months_between(now - KEPT, now), now=now)
    return [
        {"at": iso(access.at), "who": access.actor, "from": access.source, "what": access.what, "why": access.why}
        for access in found
    ]


def _close_api(tenant: str) -> None:
    for write in Keys(Kind.SHOP, tenant).revoke_all():
        commit(write)


def _close_widgets(tenant: str) -> None:
    keys = WidgetKeys(tenant)
    for key in keys.all():
        if not key.revoked:
            commit(keys.revoke(key.id))
