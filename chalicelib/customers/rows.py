"""How a customer looks in the table: every detail sealed by itself, and no key tells whose it is."""

from typing import Any

from pynamodb.attributes import BinaryAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.aws.keys import sort_key, tenant_key
from chalicelib.aws.tables import Row
from chalicelib.customers.model import FINDABLE, Customer, Details, Tombstone
from chalicelib.customers.ports import Cipher
from chalicelib.privacy.model import Field


class DetailsRow(Row, discriminator="customer"):
    """What is known of a customer."""

    tenant = UnicodeAttribute()
    version = NumberAttribute()
    customer = BinaryAttribute(legacy_encoding=False)
    name = BinaryAttribute(legacy_encoding=False, null=True)
    phone = BinaryAttribute(legacy_encoding=False, null=True)
    mail = BinaryAttribute(legacy_encoding=False, null=True)
    address = BinaryAttribute(legacy_encoding=False, null=True)
    order_number = BinaryAttribute(legacy_encoding=False, null=True)
    account = BinaryAttribute(legacy_encoding=False, null=True)


class LinkRow(Row, discriminator="customer_contact"):
    """That a contact is a customer's."""

    tenant = UnicodeAttribute()


class FindRow(Row, discriminator="customer_find"):
    """That a value is a customer's."""

    tenant = UnicodeAttribute()


class TombstoneRow(Row, discriminator="customer_erased"):
    """That a customer was erased."""

    tenant = UnicodeAttribute()
    at = NumberAttribute()
    by = UnicodeAttribute()
    certificate = UnicodeAttribute()


def customer_key(tenant: str, handle: str) -> str:
    """Return the partition of a customer."""
    return tenant_key(tenant, "customer", handle)


def tombs_key(tenant: str) -> str:
    """Return the partition of a tenant's tombstones."""
    return tenant_key(tenant, "erased")


def details_row(customer: Customer, handle: str, cipher: Cipher) -> DetailsRow:
    """Return the row of `customer` at its version."""
    sealed: dict[str, Any] = {
        field.value: cipher.seal(_place(handle, field), value) for field, value in customer.details.known().items()
    }
    return DetailsRow(
        pk=customer_key(customer.tenant, handle),
        sk="details",
        tenant=customer.tenant,
        version=customer.version,
        customer=cipher.seal(_place(handle, "customer"), customer.id),
        lists_pk=tenant_key(customer.tenant, "customers"),
        lists_sk=handle,
        **sealed,
    )


def read_customer(row: DetailsRow, handle: str, cipher: Cipher) -> Customer:
    """Return the customer in `row`."""
    sealed = {field: getattr(row, field) for field in Field}
    known = {field.value: cipher.open(_place(handle, field), value) for field, value in sealed.items() if value}
    customer = cipher.open(_place(handle, "customer"), row.customer)
    return Customer(row.tenant, customer, Details(**known), int(row.version))


def find_rows(tenant: str, handle: str, details: Details, cipher: Cipher) -> dict[str, FindRow]:
    """Return the rows by which the customer is found, by their partition."""
    known = details.known()
    keys = (find_key(tenant, field, known[field], cipher) for field in FINDABLE if field in known)
    return {key: FindRow(pk=key, sk=handle, tenant=tenant) for key in keys}


def find_key(tenant: str, field: Field, value: str, cipher: Cipher) -> str:
    """Return the partition of everybody whose `field` is `value`, which is in its one form."""
    return tenant_key(tenant, "find", field, cipher.fingerprint(field, value))


def read_tombstone(row: TombstoneRow) -> Tombstone:
    """Return the tombstone in `row`."""
    return Tombstone(row.sk, int(row.at), row.by, row.certificate)


def _place(handle: str, name: str) -> str:
    return sort_key("customer", handle, name)
