"""Issue, prove and revoke widget keys, prove visitors, and say what would become of the next one."""

from collections.abc import Callable

from chalicelib.aws.tables import Write
from chalicelib.contacts.model import Contact, Status
from chalicelib.kernel.caller import Caller
from chalicelib.kernel.clock import SECOND, Millis
from chalicelib.kernel.errors import not_found, same_body
from chalicelib.routing.model import WEIGHTS, Lane
from chalicelib.tenants.model import Channel, Tenant
from chalicelib.visitors.model import WidgetKey, WidgetKeyExists
from chalicelib.visitors.ports import WidgetKeyStore
from chalicelib.visitors.rules import admit, parse_widget_key, read_token

Stores = Callable[[str], WidgetKeyStore]
Commit = Callable[[Write], None]

_JUST: Millis = 2 * SECOND


def issue(key: WidgetKey, store: WidgetKeyStore, commit: Commit) -> WidgetKey:
    """Store a new key and return it; a repeat returns the first one.

    Raises Conflict `idempotency_mismatch` when the same Idempotency-Key came with another body before.
    """
    try:
        commit(store.add(key))
    except WidgetKeyExists:
        stored = _found(store, key.id)
        same_body(stored.digest, key.digest)
        return stored
    return key


def revoke(key: str, store: WidgetKeyStore, commit: Commit) -> WidgetKey:
    """Make a key open nothing, within the 30 seconds that API Gateway remembers a visitor; raise NotFound."""
    commit(store.revoke(key))
    return _found(store, key)


def prove_widget(text: str, stores: Stores) -> Caller:
    """Return the visitor without a conversation yet who came with the widget key `text`; raise Unauthenticated."""
    tenant, key = parse_widget_key(text)
    return admit(stores(tenant).find(key))


def prove_visitor(credential: str, stores: Stores, secret: Callable[[], str]) -> Caller:
    """Return the visitor whose token `credential` is; raise Unauthenticated, also once the key is revoked."""
    visit = read_token(secret(), credential)
    return admit(stores(visit.tenant).find(visit.key), visit.contact)


def coming(shop: Tenant, now: Millis, *, held: bool) -> Contact:
    """Return the chat that a visitor of the shop would open at `now`, to ask how long it would wait.

    `held`: others of its kind are held back, and so would it be.
    """
    return Contact(
        tenant=shop.id,
        id=shop.id,
        pool=shop.pool,
        channel=Channel.CHAT,
        customer="",
        weight=WEIGHTS[Channel.CHAT],
        opened_at=now,
        changed_at=now,
        rank=now,
        digest="",
        status=Status.OVERFLOW if held else Status.WAITING,
        lane=Lane.WIDGET,
        # Behind all that were held back by then; what just came would count as one more of a burst.
        held_at=now - _JUST if held else 0,
    )


def _found(store: WidgetKeyStore, key: str) -> WidgetKey:
    found = store.find(key)
    if found is None:
        raise not_found()
    return found
