"""Products, graduated prices and tax rates, and what a quantity costs by them."""

from decimal import ROUND_HALF_UP, Decimal

from tests.fakestripe.books import Books
from tests.fakestripe.errors import ApiError, Doc, invalid, missing
from tests.fakestripe.form import Params
from tests.fakestripe.pages import page, wanted
from tests.fakestripe.shape import PRIVATE

# [doc] PriceListParams.lookup_keys: "You can specify up to 10 lookup_keys".
MOST_LOOKUP_KEYS = 10


def rounded(amount: Decimal) -> int:
    """Round to whole won, halves away from zero."""
    return int(amount.quantize(Decimal(1), ROUND_HALF_UP))


def parts(price: Doc, quantity: int) -> list[tuple[int, int]]:
    """Cut a quantity into (units, won) of each graduated tier that it reaches; the first is always there."""
    # [doc] tiers_mode graduated: "pricing can change as the quantity grows", each unit at its own tier's price.
    cut: list[tuple[int, int]] = []
    below = 0
    for tier in price[PRIVATE]["tiers"]:
        upto = quantity if tier["up_to"] is None else min(quantity, tier["up_to"])
        units = max(upto - below, 0)
        if not cut or units:
            cut.append((units, units * tier["unit_amount"] + (tier["flat_amount"] or 0) * bool(units)))
        below = max(upto, below)
    return cut


class Prices:
    """The account's price list."""

    def __init__(self, books: Books) -> None:
        self._books = books

    def create_product(self, form: Params) -> Doc:
        """POST /v1/products."""
        ident = form.optional("id")
        if ident in self._books.store.kind("product"):
            raise ApiError(400, "Product already exists.", code="resource_already_exists", param="id")
        product = self._books.make("product", "prod", name=form.text("name"), updated=self._books.time)
        product |= {"id": ident or product["id"], "metadata": form.mapping("metadata"), "images": []}
        product |= {name: form.optional(name) for name in ("description", "unit_label", "tax_code")}
        product |= {"active": form.flag("active", default=True), "type": "service", "marketing_features": []}
        form.finish()
        self._books.tell("product.created", product)
        return self._books.save(product)

    def list_products(self, query: Params) -> Doc:
        """GET /v1/products."""
        idents = query.strings("ids")
        rows = [row for row in self._books.newest("product") if not idents or row["id"] in idents]
        return page(_active(rows, query), query, "/v1/products")

    def create(self, form: Params) -> Doc:
        """POST /v1/prices, of metered prices with graduated tiers only."""
        price = self._books.make("price", "price", billing_scheme=form.text("billing_scheme"), type="recurring")
        price |= {"currency": form.text("currency"), "product": form.text("product"), "nickname": None}
        price |= {"tiers_mode": form.text("tiers_mode"), "lookup_key": form.optional("lookup_key", longest=200)}
        price |= {"metadata": form.mapping("metadata"), "active": form.flag("active", default=True)}
        price |= {"tax_behavior": form.optional("tax_behavior") or "unspecified", "custom_unit_amount": None}
        price |= {"unit_amount": None, "unit_amount_decimal": None, "transform_quantity": None}
        price |= {"nickname": form.optional("nickname"), "recurring": self._recurring(form.nested("recurring"))}
        price[PRIVATE] = {"tiers": _tiers(form.rows("tiers"))}
        if "transform_quantity" in form:
            # [doc] PriceCreateParams.transform_quantity: "Cannot be combined with `tiers`".
            raise invalid("transform_quantity", "`transform_quantity` cannot be combined with `tiers`.")
        takes_over = form.flag("transfer_lookup_key", default=False)
        form.finish()
        self._check(price, takes_over=takes_over)
        self._books.tell("price.created", price)
        return self._books.save(price)

    def listing(self, query: Params) -> Doc:
        """GET /v1/prices."""
        keys = query.strings("lookup_keys")
        if len(keys) > MOST_LOOKUP_KEYS:
            raise invalid("lookup_keys", f"You may only specify up to {MOST_LOOKUP_KEYS} of these.")
        rows = wanted(self._books.newest("price"), query, "product", "currency", "type")
        rows = [row for row in rows if not keys or row["lookup_key"] in keys]
        return page(_active(rows, query), query, "/v1/prices")

    def create_tax_rate(self, form: Params) -> Doc:
        """POST /v1/tax_rates, of exclusive rates only."""
        rate = self._books.make("tax_rate", "txr", display_name=form.text("display_name"))
        rate |= {"inclusive": form.flag("inclusive", default=True), "active": form.flag("active", default=True)}
        rate |= {"percentage": float(form.decimal("percentage")), "metadata": form.mapping("metadata")}
        rate |= {"effective_percentage": rate["percentage"], "rate_type": "percentage", "flat_amount": None}
        texts = ("country", "description", "jurisdiction", "state", "tax_type")
        rate |= {name: form.optional(name) for name in texts}
        form.finish()
        if rate["inclusive"]:
            raise invalid("inclusive", "the stand-in knows exclusive tax rates only")
        return self._books.save(rate)

    def list_tax_rates(self, query: Params) -> Doc:
        """GET /v1/tax_rates."""
        rows = _active(self._books.newest("tax_rate"), query)
        if "inclusive" in query:
            inclusive = query.flag("inclusive", default=False)
            rows = [row for row in rows if row["inclusive"] == inclusive]
        return page(rows, query, "/v1/tax_rates")

    def _recurring(self, form: Params) -> Doc:
        # [doc] changelog 2025-03-31: a metered price needs a meter, `aggregate_usage` is gone.
        if form.text("usage_type") != "metered" or form.text("interval") != "month":
            raise invalid("recurring", "the stand-in knows metered monthly prices only")
        meter = form.text("meter")
        self._books.find("meter", meter, status=400)
        if form.integer("interval_count", 1) != 1:
            raise invalid("recurring[interval_count]", "the stand-in knows single months only")
        recurring: Doc = {"interval": "month", "interval_count": 1, "meter": meter, "usage_type": "metered"}
        return recurring | {"trial_period_days": None}

    def _check(self, price: Doc, *, takes_over: bool) -> None:
        self._books.find("product", price["product"], status=400)
        if price["billing_scheme"] != "tiered" or price["tiers_mode"] != "graduated":
            raise invalid("tiers_mode", "the stand-in knows graduated tiers only")
        if price["currency"] != "krw":
            raise invalid("currency", "the stand-in knows won only")
        for other in self._books.newest("price"):
            if price["lookup_key"] is None or other["lookup_key"] != price["lookup_key"]:
                continue
            # [doc] api/prices/create: `transfer_lookup_key` "will atomically remove the lookup key from the
            # existing price"; without it a key that is taken is refused.
            if not takes_over:
                raise invalid("lookup_key", f"A price (`{other['id']}`) already uses that lookup key.")
            self._books.save(other | {"lookup_key": None})


def _active(rows: list[Doc], query: Params) -> list[Doc]:
    if "active" not in query:
        return rows
    active = query.flag("active", default=True)
    return [row for row in rows if row["active"] == active]


def _tiers(forms: list[Params]) -> list[Doc]:
    if not forms:
        raise missing("tiers")
    tiers: list[Doc] = []
    for form in forms:
        upto = form.text("up_to")
        tier: Doc = {"up_to": None if upto == "inf" else int(upto), "flat_amount": form.moment("flat_amount")}
        # [doc] currencies: won is zero-decimal, 300 is ₩300. Fractions of a won are legal and not modelled.
        tier |= {"unit_amount": form.integer("unit_amount", 0)}
        tier["unit_amount_decimal"] = str(tier["unit_amount"])
        tiers.append(tier)
    bounds = [tier["up_to"] for tier in tiers]
    # [doc] PriceCreateParamsTier.up_to: the upper bound "is also the lower bound of the next tier"; "inf" is last.
    if bounds[-1] is not None or None in bounds[:-1] or bounds[:-1] != sorted(set(bounds[:-1])):
        raise invalid("tiers", "tiers must ascend, and the last must have `up_to` set to `inf`.")
    return tiers
