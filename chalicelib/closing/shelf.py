"""One tenant's books with the real stores."""

from functools import partial

from chalicelib.aws.tables import Write, commit
from chalicelib.billing.credits import Credits
from chalicelib.billing.model import Invoice
from chalicelib.closing.history import History
from chalicelib.closing.ports import Books
from chalicelib.closing.store import Breaks
from chalicelib.contacts.store import Contacts
from chalicelib.hooks.model import Event
from chalicelib.hooks.wiring import outbox
from chalicelib.kernel.clock import Millis
from chalicelib.letters.model import Letter, Name, To
from chalicelib.letters.store import Letters
from chalicelib.metering.periods import Periods
from chalicelib.metering.store import Ledger


def books(tenant: str) -> Books:
    """Return the books of `tenant`."""
    return Books(
        ledger=Ledger(tenant),
        contacts=Contacts(tenant, sealed=True),
        credits=Credits(tenant),
        periods=Periods(tenant),
        history=History(tenant),
        breaks=Breaks(tenant),
        commit=commit,
        tell=partial(_invoiced, tenant),
    )


def _invoiced(tenant: str, invoice: Invoice, at: Millis) -> list[Write]:
    """Return the writes that tell a shop of its invoice; none if it was told before the month was reopened."""
    letters, name = Letters(tenant), f"{Name.INVOICE}-{invoice.id}"
    if letters.find(name) is not None:
        return []
    said: dict[str, str | int] = {"month": invoice.month, "total_won": invoice.total}
    letter = Letter(tenant, name, Name.INVOICE, To.BILLING, at, said)
    return [letters.add(letter), *outbox(tenant, Event.INVOICE_FINALIZED, {**said, "invoice": invoice.id}, at)]
