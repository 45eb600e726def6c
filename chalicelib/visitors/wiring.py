"""Proofs of visitors with the real stores."""

from collections.abc import Mapping

from cachetools import TTLCache

from chalicelib.aws.credentials import Scope, acting
from chalicelib.aws.observe import log
from chalicelib.aws.settings import settings
from chalicelib.aws.tables import commit
from chalicelib.kernel.caller import Caller
from chalicelib.kernel.clock import Millis
from chalicelib.tenants.service import in_good_standing
from chalicelib.tenants.standing import Standing
from chalicelib.visitors import service
from chalicelib.visitors.model import WidgetKey
from chalicelib.visitors.store import WidgetKeys

# Pages ask at every visit; that one showed the key is worth a write now and then.
_SEEN_SECONDS = 600
_seen: TTLCache[tuple[str, str], str] = TTLCache(maxsize=4096, ttl=_SEEN_SECONDS)


def note_page(visitor: Caller, origin: str, now: Millis) -> None:
    """Remember that a page of `origin` shows the visitor's widget key; a failure is nobody's concern but ours."""
    key = (visitor.tenant, visitor.key)
    if _seen.get(key) == origin:
        return
    _seen[key] = origin
    try:
        commit(WidgetKeys(visitor.tenant).seen(visitor.key, origin, now))
    except Exception:
        log().exception("a widget was seen and not noted", tenant=visitor.tenant)


def forget_pages() -> None:
    """Forget which pages this process has seen: for tests."""
    _seen.clear()


class _ScopedKeys(WidgetKeys):
    """A shop's widget keys, read before anybody is proven: with that shop's session and no other."""

    def __init__(self, tenant: str) -> None:
        super().__init__(tenant)
        self._scope = Scope(tenant=tenant)

    def find(self, key: str) -> WidgetKey | None:
        """Return the key, or None."""
        with acting(self._scope):
            return super().find(key)


def prove_visitor(credential: str) -> Caller:
    """Return the visitor whose token `credential` is; raise Unauthenticated."""
    return service.prove_visitor(credential, WidgetKeys, lambda: settings().id_secret)


def prove_widget(headers: Mapping[str, str]) -> Caller:
    """Return the visitor who came with `X-Widget-Key`; raise Unauthenticated."""
    visitor = service.prove_widget(headers.get("x-widget-key", ""), _ScopedKeys)
    # No authorizer stands before this route, so a suspended shop is found here.
    with acting(Scope(tenant=visitor.tenant)):
        return in_good_standing(visitor, Standing)
