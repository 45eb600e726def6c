"""Remember what a shop tells of its customers."""

from collections.abc import Callable
from dataclasses import replace

from chalicelib.customers.model import Customer, CustomerChanged
from chalicelib.customers.ports import CustomerStore
from chalicelib.kernel.errors import Busy

_TRIES = 8


def tell(store: CustomerStore, told: Customer, commit: Callable[..., None]) -> None:
    """Add what is `told` to what is known of a customer.

    Raises Conflict `customer_erased` for one who was erased, and Busy when others keep changing the same customer.
    """
    store.require_not_erased(told.id)
    for _ in range(_TRIES):
        before = store.known(told.id)
        after = replace(before, details=before.details.told(told.details)) if before else told
        if before == after:
            return
        try:
            commit(*store.save(before, after))
        except CustomerChanged:
            continue
        return
    raise Busy("busy", "others are changing the same customer; try again")
