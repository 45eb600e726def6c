"""What stands beside one tenant's conversations, with the real stores."""

from chalicelib.aws import objects
from chalicelib.aws.tables import commit
from chalicelib.aws.vault import Vault
from chalicelib.contacts.model import Contact
from chalicelib.contacts.store import Contacts
from chalicelib.customers.store import Customers
from chalicelib.drafts.store import Drafts
from chalicelib.files.store import Files
from chalicelib.kernel.clock import Millis
from chalicelib.panel.rules import others
from chalicelib.panel.store import Ratings


def erased_at(contact: Contact) -> Millis:
    """Return since when the customer of `contact` is erased; 0: never."""
    customers = Customers(contact.tenant, Vault(contact.tenant))
    stone = customers.tombstone(customers.handle(contact.customer))
    return stone.at if stone else 0


def others_of(contact: Contact) -> list[Contact]:
    """Return the other contacts of the same customer at the same shop, newest first."""
    customers = Customers(contact.tenant, Vault(contact.tenant))
    ids = customers.contacts(customers.handle(contact.customer))
    return others(Contacts(contact.tenant).many(ids), contact, erased_at(contact))


def let_go(tenant: str, contact: str) -> None:
    """Take away an erased contact's files, drafts, and what was said with its ratings; again, it changes nothing.

    Objects go before the rows that name them: after a crash the rows are still there, and lead back here.
    """
    files = Files(tenant).blank(contact)
    if files:
        objects.drop_all(objects.upload_key(tenant, contact), objects.file_key(tenant, contact))
    for write in [*files, *Ratings(tenant).blank(contact), *Drafts(tenant, Vault(tenant)).erase(contact)]:
        commit(write)
