"""The overflow queue."""

from chalicelib.aws import queues
from chalicelib.aws.settings import settings
from chalicelib.overflow.model import Ticket


class OverflowQueue:
    """SQS, which keeps no order: each message is a ticket for whoever's turn it is."""

    def send(self, tenant: str, contact: str) -> None:
        """Send the ticket of a contact that was held back; one that comes twice lets nobody in twice."""
        # By the group a fair queue of AWS keeps the messages of one tenant from delaying those of others.
        queues.send(settings().overflow_queue_url, {"tenant": tenant, "contact": contact}, group=tenant)

    def receive(self, most: int) -> list[Ticket]:
        """Return up to `most` tickets that are there now."""
        if not most:
            return []
        return [Ticket(*found) for found in queues.receive(settings().overflow_queue_url, most)]

    def done(self, ticket: Ticket) -> None:
        """Take a used ticket off the queue."""
        queues.delete(settings().overflow_queue_url, ticket.receipt)
