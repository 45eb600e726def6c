"""How a customer's other contacts began."""

from collections.abc import Sequence

from chalicelib.aws.keys import sort_key, tenant_key
from chalicelib.aws.vault import Vault
from chalicelib.contacts.story_rows import MessageRow, read_message


def openings(tenant: str, contacts: Sequence[str]) -> dict[str, str]:
    """Return the first message of each of the tenant's `contacts`, by the contact: eventually consistent."""
    cipher = Vault(tenant)
    # A contact has the id of the message that opened it.
    keys = [(tenant_key(tenant, "contact", contact), sort_key("msg", contact)) for contact in contacts]
    return {row.message: read_message(row, cipher).text for row in MessageRow.batch_get(keys)}
