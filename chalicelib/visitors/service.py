"""Issue, prove and revoke widget keys, and prove visitors."""

from collections.abc import Callable

from chalicelib.aws.tables import Write
from chalicelib.kernel.caller import Caller
from chalicelib.kernel.errors import not_found, same_body
from chalicelib.visitors.model import WidgetKey, WidgetKeyExists
from chalicelib.visitors.ports import WidgetKeyStore
from chalicelib.visitors.rules import admit, parse_widget_key, read_token

Stores = Callable[[str], WidgetKeyStore]
Commit = Callable[[Write], None]


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


def _found(store: WidgetKeyStore, key: str) -> WidgetKey:
    found = store.find(key)
    if found is None:
        raise not_found()
    return found
