"""How a shop pays: pages of the payment provider, and who its invoices are made out to."""

from collections.abc import Iterator
from contextlib import contextmanager

from chalicelib.billing.accounts import ensure
from chalicelib.billing.model import GatewayRefused, GatewayUnavailable
from chalicelib.billing.ports import Till
from chalicelib.kernel.clock import Millis
from chalicelib.kernel.errors import Busy, Conflict


def card_page(till: Till, back: str, key: str, now: Millis) -> str:
    """Return the address of a page on which the shop registers a card; a repeat with the same `key` has the same.

    It leads to our page `back` afterwards. Raises Busy `provider_unavailable`, and Conflict `provider_refused`:
    what was made by then is found again. A page on which a card was registered is a Conflict `page_used`.
    """
    with _reached():
        page = till.gateway.setup_link(ensure(till, now), back, key)
    if not page:
        raise Conflict("page_used", "a card was registered on this page; ask for another one under a new key")
    return page


def portal_page(till: Till, back: str, now: Millis) -> str:
    """Return the address of the page of the shop's invoices and cards; raises like `card_page`."""
    with _reached():
        return till.gateway.portal_link(ensure(till, now), back)


@contextmanager
def _reached() -> Iterator[None]:
    try:
        yield
    except GatewayUnavailable as error:
        raise Busy("provider_unavailable", "the payment provider does not answer; try again") from error
    except GatewayRefused as error:
        raise Conflict("provider_refused", "the payment provider refuses this shop for now") from error
