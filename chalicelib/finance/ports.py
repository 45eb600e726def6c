"""What finance needs of the world: somebody who issues tax invoices."""

from collections.abc import Sequence
from typing import Protocol

from chalicelib.finance.tax import TaxInvoice


class TaxInvoices(Protocol):
    """Who issues tax invoices; issuing cannot be undone, and each key is issued once.

    `issue` returns the tax office's numbers by our keys, as far as they are known at once.
    """

    def issue(self, invoices: Sequence[TaxInvoice]) -> dict[str, str]: ...
