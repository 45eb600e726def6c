"""Customers: who pays, and under which registration number."""

import re
from typing import Any

from tests.fakestripe.books import Books
from tests.fakestripe.errors import ApiError, Doc
from tests.fakestripe.form import Params
from tests.fakestripe.pages import page, wanted

# [doc] billing/customer/tax-ids: kr_brn "123-45-67890".
_KR_BRN = re.compile(r"[0-9]{3}-[0-9]{2}-[0-9]{5}", re.ASCII)
_TEXTS = ("name", "email", "description", "phone")


class Customers:
    """The account's customers."""

    def __init__(self, books: Books) -> None:
        self._books = books

    def create(self, form: Params) -> Doc:
        """POST /v1/customers."""
        customer = self._books.make("customer", "cus", balance=0, delinquent=False, currency=None, address=None)
        customer |= dict.fromkeys(_TEXTS)
        customer["invoice_settings"] = {"default_payment_method": None, "custom_fields": None, "footer": None}
        customer |= {"preferred_locales": [], "tax_exempt": "none"}
        customer["invoice_prefix"] = customer["id"][-8:].upper()
        self._change(customer, form)
        self._books.save(customer)
        self._books.tell("customer.created", customer)
        return customer

    def update(self, form: Params, ident: str) -> Doc:
        """POST /v1/customers/{id}."""
        customer = self.get(Params({}), ident)
        self._change(customer, form)
        self._books.save(customer)
        self._books.tell("customer.updated", customer)
        return customer

    def get(self, query: Params, ident: str) -> Doc:
        """GET /v1/customers/{id}."""
        query.finish()
        return self._books.find("customer", ident)

    def listing(self, query: Params) -> Doc:
        """GET /v1/customers; metadata is no filter of it."""
        created = query.span("created")
        rows = [row for row in wanted(self._books.newest("customer"), query, "email") if created(row["created"])]
        return page(rows, query, "/v1/customers")

    def create_tax_id(self, form: Params, ident: str) -> Doc:
        """POST /v1/customers/{id}/tax_ids; the stand-in knows kr_brn only."""
        self._books.find("customer", ident)
        kind, value = form.text("type"), form.text("value")
        form.finish()
        if kind != "kr_brn" or not _KR_BRN.fullmatch(value):
            raise ApiError(400, f"Invalid value for {kind}.", code="tax_id_invalid", param="value")
        tax_id = self._books.make("tax_id", "txi", customer=ident, type=kind, value=value, country="KR")
        del tax_id["metadata"]
        tax_id["owner"] = {"type": "customer", "customer": ident}
        # [doc] TaxId.verification: unavailable where Stripe does not verify the type.
        tax_id["verification"] = {"status": "unavailable", "verified_address": None, "verified_name": None}
        self._books.save(tax_id)
        self._books.tell("customer.tax_id.created", tax_id)
        return tax_id

    def list_tax_ids(self, query: Params, ident: str) -> Doc:
        """GET /v1/customers/{id}/tax_ids."""
        self._books.find("customer", ident)
        rows = [row for row in self._books.newest("tax_id") if row["customer"] == ident]
        return page(rows, query, f"/v1/customers/{ident}/tax_ids")

    def delete_tax_id(self, form: Params, ident: str, tax_id: str) -> Doc:
        """DELETE /v1/customers/{id}/tax_ids/{id}."""
        form.finish()
        found = self._books.find("tax_id", tax_id)
        self._books.find("customer", ident)
        self._books.store.remove("tax_id", tax_id)
        self._books.tell("customer.tax_id.deleted", found)
        return {"id": tax_id, "object": "tax_id", "deleted": True}

    def _change(self, customer: Doc, form: Params) -> None:
        changes: Doc = {name: form.text(name) for name in _TEXTS if name in form}
        changes["metadata"] = form.merged("metadata", customer["metadata"])
        if "address" in form:
            changes["address"] = form.mapping("address")
        if "preferred_locales" in form:
            changes["preferred_locales"] = form.strings("preferred_locales")
        settings = self._settings(form.nested("invoice_settings"), customer)
        form.finish()
        customer |= changes | {"invoice_settings": settings}

    def _settings(self, form: Params, customer: Doc) -> Any:
        method = form.optional("default_payment_method")
        if method is None:
            return customer["invoice_settings"]
        # [doc] CustomerUpdateParamsInvoiceSettings: the "ID of a payment method that's attached to the customer".
        if self._books.find("payment_method", method, status=400)["customer"] != customer["id"]:
            raise ApiError(400, f"The customer does not have a payment method with the ID {method}.")
        return customer["invoice_settings"] | {"default_payment_method": method}
