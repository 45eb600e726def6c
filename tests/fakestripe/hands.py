"""What is done to the account by hand, past its API."""

import functools
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode

from tests.fakestripe.account import Account
from tests.fakestripe.books import Books
from tests.fakestripe.form import Params, decode
from tests.fakestripe.shape import PRIVATE

_P = ParamSpec("_P")


HANDS: set[str] = set()
"""The names of all that `Hands` can do."""


def _by_hand(
    act: "Callable[Concatenate[Hands, _P], None]",
) -> "Callable[Concatenate[Hands, _P], None]":
    def acting(self: "Hands", /, *args: _P.args, **kwargs: _P.kwargs) -> None:
        with self._working():
            act(self, *args, **kwargs)

    HANDS.add(act.__name__)
    return functools.update_wrapper(acting, act)


class Hands:
    """What a shop does on hosted pages, and edits in the Dashboard that no event tells of."""

    _account: Account
    _books: Books

    def _working(self) -> AbstractContextManager[None]:
        """Keep others out, catch up with the time, and let what is done land as one."""
        raise NotImplementedError

    @_by_hand
    def edit_line(self, invoice: str, line: str, *, quantity: int | None = None, won: int | None = None) -> None:
        """Change a line's quantity or its won; tax and sums follow the won."""
        edit = {"quantity": quantity, "won": won}
        given = {name: value for name, value in edit.items() if value is not None}
        self._account.drafts.touch(self._books.find("invoice", invoice), line, given)

    @_by_hand
    def edit_tax(self, invoice: str, line: str, won: int) -> None:
        """Change the tax of a line."""
        self._account.drafts.touch(self._books.find("invoice", invoice), line, {"tax": won})

    @_by_hand
    def edit_price(self, price: str, tier: int, won: int) -> None:
        """Change the unit price of a tier (0 is the first): drafts follow, what is finalized does not."""
        found = self._books.find("price", price)
        found[PRIVATE]["tiers"][tier] |= {"unit_amount": won, "unit_amount_decimal": str(won)}
        self._books.save(found)

    @_by_hand
    def delete_item(self, invoice: str, item: str) -> None:
        """Take an invoice item off an invoice, whatever its status."""
        self._account.drafts.without(self._books.find("invoice", invoice), item)
        self._books.store.remove("invoiceitem", item)

    @_by_hand
    def manual_usage(self, event_name: str, customer: str, when: int, value: int) -> None:
        """Report usage by hand; in the hour's window it overwrites what was there."""
        form = {"event_name": event_name, "timestamp": when, "payload[value]": value}
        form |= {"payload[stripe_customer_id]": customer}
        self._account.events.accept(Params(decode(urlencode(form))), None, self._books.now(), None)

    @_by_hand
    def edit_fee(self, transaction: str, won: int) -> None:
        """Change the fee, and with it the net, of a balance transaction."""
        found = self._books.find("balance_transaction", transaction)
        details = [detail | {"amount": won} for detail in found["fee_details"]]
        self._books.save(found | {"fee": won, "net": found["amount"] - won, "fee_details": details})

    @_by_hand
    def drop_from_payout(self, payout: str, transaction: str) -> None:
        """Have a payout no longer name one of its transactions, whose won stay in it."""
        self._account.balance.forget_in_payout(payout, transaction)

    @_by_hand
    def complete_checkout(self, session: str, *, declines: bool = False) -> None:
        """Register a card on a Checkout page."""
        self._account.checkout.complete(session, declines=declines)

    @_by_hand
    def decline(self, method: str, *, declines: bool = True) -> None:
        """Have a card decline its next charges, or no longer."""
        self._books.save(self._books.find("payment_method", method) | {PRIVATE: {"declines": declines}})

    @_by_hand
    def pay_out(self) -> None:
        """Pay out now, whatever is available or not."""
        self._account.balance.pay_out()
