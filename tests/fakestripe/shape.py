"""Objects as they go over the wire: without what is private to the stand-in, and in full where asked."""

from typing import TYPE_CHECKING, Any

from tests.fakestripe.errors import Doc, invalid

if TYPE_CHECKING:
    from tests.fakestripe.books import Books

PRIVATE = "~"
# [doc] api/invoices/invoice_lines: the embedded list is the first page of the lines, the rest is at its `url`.
LINES_SHOWN = 10
# [doc] api/expanding_objects; an id tells by its prefix what it is the id of.
KINDS = {
    "cus": "customer",
    "in": "invoice",
    "sub": "subscription",
    "ii": "invoiceitem",
    "pi": "payment_intent",
    "pm": "payment_method",
    "seti": "setup_intent",
    "ch": "charge",
    "txn": "balance_transaction",
    "re": "refund",
    "po": "payout",
    "cn": "credit_note",
    "prod": "product",
    "price": "price",
    "txr": "tax_rate",
}

# [doc] changelog 2026-05-27: amount_paid_off_stripe is only in answers that "include" it, and in no event.
FIELDS = {("price", "tiers"): "tiers", ("invoice", "amount_paid_off_stripe"): "off_stripe"}
LISTS = {
    ("invoice", "payments"): "invoice_payment",
    ("customer", "tax_ids"): "tax_id",
    ("charge", "refunds"): "refund",
}


def present(value: Any) -> Any:
    """Copy what the outside may see of an object, at any depth."""
    if isinstance(value, list):
        return [present(item) for item in value]
    if not isinstance(value, dict):
        return value
    seen: Doc = {name: present(item) for name, item in value.items() if name != PRIVATE}
    if seen.get("object") == "invoice":
        lines = seen["lines"]
        lines["has_more"] = len(lines["data"]) > LINES_SHOWN
        lines["data"] = lines["data"][:LINES_SHOWN]
    return seen


def expand(books: "Books", value: Any, path: list[str]) -> None:
    """Put the object where its id stands, along a path such as `data`, `customer`."""
    if isinstance(value, list):
        for item in value:
            expand(books, item, path)
    elif isinstance(value, dict) and path:
        value |= _included(books, value, path[0])
        if path[0] not in value:
            raise invalid("expand", f"This property cannot be expanded ({path[0]}).")
        inner = value[path[0]]
        if isinstance(inner, str):
            inner = value[path[0]] = _object(books, inner)
        expand(books, inner, path[1:])


def _object(books: "Books", ident: str) -> Doc:
    kind = KINDS.get(ident.split("_", maxsplit=1)[0], "")
    if ident not in books.store.kind(kind):
        raise invalid("expand", f"This property cannot be expanded ({ident}).")
    found: Doc = present(books.store.kind(kind)[ident])
    return found


def _included(books: "Books", doc: Doc, name: str) -> Doc:
    """Compute a field that an object has only where it is asked for."""
    kind = doc.get("object", "")
    if (kind, name) in LISTS:
        return {name: _part(books, LISTS[kind, name], kind, doc)}
    if (kind, name) in FIELDS:
        return {name: present(books.find(kind, doc["id"])[PRIVATE][FIELDS[kind, name]])}
    return {}


def _part(books: "Books", kind: str, owner: str, doc: Doc) -> Doc:
    rows = [present(row) for row in books.newest(kind) if row[owner] == doc["id"]]
    return {"object": "list", "url": f"/v1/{kind}s?{owner}={doc['id']}", "has_more": False, "data": rows}
