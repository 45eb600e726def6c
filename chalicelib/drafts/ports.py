"""What drafts need of the world."""

from typing import Protocol

from chalicelib.aws.tables import Write
from chalicelib.contacts.model import Contact
from chalicelib.drafts.model import Draft, Onlooker


class DraftStore(Protocol):
    """What this module needs of a store of what lies beside one tenant's contacts."""

    def save(self, contact: Contact, draft: Draft) -> list[Write]: ...
    def beside(self, contact: str) -> tuple[list[Draft], list[Onlooker]]: ...
