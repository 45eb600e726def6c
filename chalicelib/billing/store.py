"""Which Stripe customer stands for which tenant."""

from pynamodb.attributes import UnicodeAttribute

from chalicelib.aws.credentials import own
from chalicelib.aws.keys import desk_key, tenant_key
from chalicelib.aws.queries import partition
from chalicelib.aws.tables import Put, Row, Write
from chalicelib.billing.identities import IdentityRow
from chalicelib.billing.ports import Account
from chalicelib.kernel.errors import Conflict


class _CustomerRow(Row, discriminator="stripe_customer"):
    customer = UnicodeAttribute()


class _ArrangedRow(Row, discriminator="stripe_arranged"):
    what = UnicodeAttribute()


class StripeCustomers:
    """The Stripe customer of one tenant, and what the provider was last told of it."""

    def __init__(self, tenant: str) -> None:
        self._tenant = tenant
        self._pk = tenant_key(tenant, "billing")

    def find(self) -> str | None:
        """Return the customer's id, or None before the first usage is sent."""
        row = _CustomerRow.find(self._pk, "stripe")
        return row.customer if row else None

    def bind(self, customer: str) -> Write:
        """Return the write that names the customer, once for ever, and lists the tenant as the customer's."""
        row = _CustomerRow(pk=self._pk, sk="stripe", customer=customer)
        row.lists_pk, row.lists_sk = _owner_key(customer), self._tenant
        bound = Conflict("customer_bound", "this tenant has a Stripe customer")
        return Put(row, _CustomerRow.pk.does_not_exist(), lambda _: bound)

    def account(self) -> Account:
        """Return all that is known of the tenant as a customer, in one strongly consistent read."""
        customer, identity, told = None, None, ""
        for row in partition(self._pk):
            if isinstance(row, _CustomerRow):
                customer = row.customer
            elif isinstance(row, IdentityRow):
                identity = row.identity
            elif isinstance(row, _ArrangedRow):
                told = row.what
        return Account(customer, identity, told)

    def arrange(self, what: str) -> Write:
        """Return the write that keeps what the provider was told."""
        return Put(_ArrangedRow(pk=self._pk, sk="arranged", what=what))


def owner_of(customer: str) -> str | None:
    """Return whose customer this is, by the list: a hint, which the tenant's own row must confirm."""
    with own():
        found = [str(row.lists_sk) for row in _CustomerRow.query(_owner_key(customer), index_name="lists")]
    return found[0] if len(found) == 1 else None


def _owner_key(customer: str) -> str:
    return desk_key("stripe-customer", customer)
