"""Products, prices and the tax rate at Stripe: a published plan has the same prices there for ever."""

from collections.abc import Callable

import stripe
from stripe.params import (
    PriceCreateParams,
    PriceListParams,
    ProductCreateParams,
    ProductListParams,
    TaxRateCreateParams,
    TaxRateListParams,
)

from chalicelib.billing.model import EVENT_NAMES, GatewayRefused
from chalicelib.billing.stripe_client import PAGE, Account, fit, is_ours
from chalicelib.metering.model import Meter
from chalicelib.pricing.model import Plan, Rate

_NAMES = {Meter.HUMAN: "상담원 상담 (human contacts)", Meter.BOT: "챗봇 상담 (bot contacts)"}
_VAT_PERCENT = 10.0


class StripePrices:
    """What we sell; ids are kept for the life of the process, since none of it ever changes."""

    def __init__(self, account: Account, ensure_meter: Callable[[str], str]) -> None:
        self._account = account
        self._api = account.api
        self._ensure_meter = ensure_meter
        self._prices: dict[tuple[str, Meter], str] = {}
        self._meters: dict[str, Meter | None] = {}
        self._vat = ""

    def price(self, plan: Plan, rate: Rate) -> str:
        """Return the id of the plan's price of one meter; refuse one whose tiers are not the plan's."""
        known = (plan.version, rate.meter)
        if known not in self._prices:
            look_up, tiers = f"{self._account.stage}:{plan.version}:{rate.meter}", _tiers(plan, rate)
            self._prices[known] = self._account.once(
                f"price:{plan.version}:{rate.meter}",
                lambda: self._find_price(look_up, tiers),
                lambda options: self._make_price(plan, rate.meter, look_up, tiers, options=options),
            ).id
        return self._prices[known]

    def meter_of(self, price: str) -> Meter | None:
        """Return the meter that one of our prices counts by; None for a price that is not ours."""
        if price not in self._meters:
            params = fit(PriceListParams)({"limit": PAGE})
            for row in self._api.prices.list(params).auto_paging_iter():
                ours = is_ours(row.metadata, self._account.owned()) and "meter" in row.metadata
                self._meters[row.id] = Meter(row.metadata["meter"]) if ours else None
            self._meters.setdefault(price, None)
        return self._meters[price]

    def vat(self) -> str:
        """Return the id of the exclusive rate of 10 %."""
        if not self._vat:
            self._vat = self._account.once("tax_rate:vat", self._find_vat, self._make_vat).id
        return self._vat

    def _find_price(self, look_up: str, tiers: list[tuple[int | None, int]]) -> stripe.Price | None:
        params = fit(PriceListParams)({"lookup_keys": [look_up], "expand": ["data.tiers"], "limit": PAGE})
        for price in self._api.prices.list(params).data:
            if [(tier.up_to, tier.unit_amount) for tier in price.tiers or ()] != tiers:
                raise GatewayRefused("price_mismatch", f"{look_up} has other tiers than its plan")
            return price
        return None

    def _make_price(
        self,
        plan: Plan,
        meter: Meter,
        look_up: str,
        tiers: list[tuple[int | None, int]],
        *,
        options: stripe.RequestOptions,
    ) -> stripe.Price:
        params: PriceCreateParams = {
            "currency": "krw",
            "product": self._product(meter),
            "lookup_key": look_up,
            "billing_scheme": "tiered",
            "tiers_mode": "graduated",
            "tiers": [{"up_to": "inf" if up_to is None else up_to, "unit_amount": won} for up_to, won in tiers],
            "recurring": {
                "interval": "month",
                "usage_type": "metered",
                "meter": self._ensure_meter(EVENT_NAMES[meter]),
            },
            "tax_behavior": "exclusive",
            "metadata": self._account.owned(plan=plan.version, meter=meter),
        }
        return self._api.prices.create(fit(PriceCreateParams)(params), options)

    def _product(self, meter: Meter) -> str:
        owned = self._account.owned(key=f"product:{meter}")
        params: ProductCreateParams = {"name": _NAMES[meter], "metadata": owned}

        def find() -> stripe.Product | None:
            rows = self._api.products.list(fit(ProductListParams)({"limit": PAGE})).auto_paging_iter()
            return next((row for row in rows if is_ours(row.metadata, owned)), None)

        return self._account.once(
            f"product:{meter}",
            find,
            lambda options: self._api.products.create(fit(ProductCreateParams)(params), options),
        ).id

    def _find_vat(self) -> stripe.TaxRate | None:
        params = fit(TaxRateListParams)({"active": True, "limit": PAGE})
        for rate in self._api.tax_rates.list(params).auto_paging_iter():
            if is_ours(rate.metadata, self._account.owned(duredesk="vat")):
                if rate.inclusive or rate.percentage != _VAT_PERCENT:
                    raise GatewayRefused("tax_rate_mismatch", f"{rate.id} is not an exclusive 10 %")
                return rate
        return None

    def _make_vat(self, options: stripe.RequestOptions) -> stripe.TaxRate:
        params: TaxRateCreateParams = {
            "display_name": "VAT",
            "description": "부가가치세",
            "country": "KR",
            "inclusive": False,
            "percentage": _VAT_PERCENT,
            "metadata": self._account.owned(duredesk="vat"),
        }
        return self._api.tax_rates.create(fit(TaxRateCreateParams)(params), options)


def _tiers(plan: Plan, rate: Rate) -> list[tuple[int | None, int]]:
    """Return up to which unit each tier reaches and what a unit of it costs; in a trial, nothing."""
    return [(tier.up_to, 0 if plan.trial else tier.won) for tier in rate.tiers]
