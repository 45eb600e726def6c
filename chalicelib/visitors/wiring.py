"""Proofs of visitors with the real stores."""

from collections.abc import Mapping

from chalicelib.aws.credentials import Scope, acting
from chalicelib.aws.settings import settings
from chalicelib.kernel.caller import Caller
from chalicelib.tenants.service import in_good_standing
from chalicelib.tenants.standing import Standing
from chalicelib.visitors import service
from chalicelib.visitors.model import WidgetKey
from chalicelib.visitors.store import WidgetKeys


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
