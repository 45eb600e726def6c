"""What finance needs of the world: somebody who issues tax invoices, and a record of credit notes."""

from collections.abc import Sequence
from typing import Protocol

from chalicelib.aws.tables import Write
from chalicelib.finance.model import Correction
from chalicelib.finance.tax import TaxInvoice


class TaxInvoices(Protocol):
    """Who issues tax invoices; issuing cannot be undone, and each key is issued once.

    `issue` returns the tax office's numbers by our keys, as far as they are known at once.
    """

    def issue(self, invoices: Sequence[TaxInvoice]) -> dict[str, str]: ...


class CorrectionStore(Protocol):
    """One tenant's credit notes as people ask for them."""

    def find(self, correction: str) -> Correction | None: ...
    def all(self) -> list[Correction]: ...
    def save(self, before: Correction | None, after: Correction) -> Write: ...
