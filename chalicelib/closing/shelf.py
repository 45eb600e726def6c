"""One tenant's books with the real stores."""

from chalicelib.aws.tables import commit
from chalicelib.billing.credits import Credits
from chalicelib.closing.history import History
from chalicelib.closing.ports import Books
from chalicelib.closing.store import Breaks
from chalicelib.contacts.store import Contacts
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
    )
