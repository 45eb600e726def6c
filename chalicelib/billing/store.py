"""Which Stripe customer stands for which tenant."""

from pynamodb.attributes import UnicodeAttribute

from chalicelib.aws.keys import tenant_key
from chalicelib.aws.tables import Put, Row, Write
from chalicelib.kernel.errors import Conflict


class _CustomerRow(Row, discriminator="stripe_customer"):
    customer = UnicodeAttribute()


class StripeCustomers:
    """The Stripe customer of one tenant."""

    def __init__(self, tenant: str) -> None:
        self._pk = tenant_key(tenant, "billing")

    def find(self) -> str | None:
        """Return the customer's id, or None before the first usage is sent."""
        row = _CustomerRow.find(self._pk, "stripe")
        return row.customer if row else None

    def bind(self, customer: str) -> Write:
        """Return the write that names the customer, once for ever."""
        row = _CustomerRow(pk=self._pk, sk="stripe", customer=customer)
        bound = Conflict("customer_bound", "this tenant has a Stripe customer")
        return Put(row, _CustomerRow.pk.does_not_exist(), lambda _: bound)
