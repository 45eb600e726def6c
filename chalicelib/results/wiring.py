"""Days with the real stores."""

from functools import partial

from chalicelib.aws.tables import commit
from chalicelib.contacts.store import Contacts
from chalicelib.panel.store import Ratings
from chalicelib.results.service import Books
from chalicelib.results.store import Days
from chalicelib.tenants.model import Tenant
from chalicelib.tenants.rules import open_millis


def books_of(profile: Tenant) -> Books:
    """Return a shop's days, counted in its opening hours of today.

    Contacts are read sealed: nothing of anybody is opened. Those of an erased customer are listed nowhere, so that
    they count in days alone that were stored before.
    """
    spent = partial(open_millis, profile.hours, profile.holidays)
    tenant = profile.id
    return Books(Days(tenant), Contacts(tenant, sealed=True), Ratings(tenant), commit, spent)
