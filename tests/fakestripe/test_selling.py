"""Customers with their registration numbers and cards, products, prices and tax rates."""

from typing import Any

import pytest
import stripe

from tests.fakestripe.errors import Doc
from tests.fakestripe.months import DAY, TIERS, Months
from tests.fakestripe.prices import parts
from tests.fakestripe.shape import PRIVATE


def test_a_customer_changes_field_by_field(months: Months) -> None:
    months.sdk.customers.update(months.customer, {"email": "a@example.com", "metadata": {"tenant": "shop1"}})
    found = months.sdk.customers.update(months.customer, {"name": "새 이름", "metadata": {"stage": "test"}})
    assert (found.name, found.email) == ("새 이름", "a@example.com")
    assert found.metadata is not None
    assert found.metadata.to_dict() == {"tenant": "shop1", "stage": "test"}
    with pytest.raises(stripe.InvalidRequestError, match="No such customer"):
        months.sdk.customers.update("cus_none", {"name": "x"})


@pytest.mark.parametrize(
    ("value", "good"),
    [("123-45-67890", True), ("1234567890", False), ("123-45-6789", False), ("12-345-67890", False)],
)
def test_a_registration_number_has_its_form(months: Months, value: str, good: bool) -> None:
    numbers = months.sdk.customers.tax_ids
    if not good:
        with pytest.raises(stripe.InvalidRequestError, match="Invalid value"):
            numbers.create(months.customer, {"type": "kr_brn", "value": value})
        return
    made = numbers.create(months.customer, {"type": "kr_brn", "value": value})
    assert [row.value for row in numbers.list(months.customer)] == [value]
    whole = months.sdk.customers.retrieve(months.customer, {"expand": ["tax_ids"]})
    assert whole.tax_ids is not None
    assert [row.id for row in whole.tax_ids.data] == [made.id]
    numbers.delete(months.customer, made.id)
    assert numbers.list(months.customer).data == []


def test_an_invoice_keeps_the_number_it_was_issued_with(months: Months) -> None:
    months.sdk.customers.tax_ids.create(months.customer, {"type": "kr_brn", "value": "123-45-67890"})
    invoice = months.issued()
    assert [row.value for row in invoice.customer_tax_ids or []] == ["123-45-67890"]


def test_prices_are_found_by_their_lookup_key_and_show_tiers_when_asked(months: Months) -> None:
    [found] = months.sdk.prices.list({"lookup_keys": ["test:standard/1:human", "none"]}).data
    assert (found.id, "tiers" in found.to_dict()) == (months.prices["human"], False)
    [whole] = months.sdk.prices.list({"lookup_keys": ["test:standard/1:human"], "expand": ["data.tiers"]}).data
    assert whole.tiers is not None
    assert [(tier.up_to, tier.unit_amount) for tier in whole.tiers] == [(10, 0), (100, 900), (None, 700)]
    with pytest.raises(stripe.InvalidRequestError, match="up to 10"):
        months.sdk.prices.list({"lookup_keys": [str(number) for number in range(11)]})


def tiers(*bounds: tuple[int | None, int]) -> Doc:
    rows = [{"up_to": upto, "unit_amount": won, "flat_amount": None} for upto, won in bounds]
    return {PRIVATE: {"tiers": rows}}


@pytest.mark.parametrize("quantity", [0, 1, 9, 10, 11, 99, 100, 101, 250])
def test_graduated_prices_count_each_unit_in_its_own_tier(quantity: int) -> None:
    price = tiers((10, 0), (100, 900), (None, 700))
    slow = sum(0 if unit <= 10 else 900 if unit <= 100 else 700 for unit in range(1, quantity + 1))
    cut = parts(price, quantity)
    assert (sum(units for units, _ in cut), sum(won for _, won in cut)) == (quantity, slow)


def price(months: Months, **changes: Any) -> stripe.Price:
    known = months.sdk.prices.retrieve(months.prices["human"])
    assert known.recurring is not None
    recurring = {"interval": "month", "usage_type": "metered", "meter": known.recurring.meter}
    params: Any = {"currency": "krw", "product": known.product, "billing_scheme": "tiered", "tiers": TIERS}
    params |= {"tiers_mode": "graduated", "recurring": recurring} | changes
    wanted: Any = {name: value for name, value in params.items() if value is not None}
    return months.sdk.prices.create(wanted)


@pytest.mark.parametrize(
    "changes",
    [
        {"transform_quantity": {"divide_by": 10, "round": "up"}},
        {"lookup_key": "test:standard/1:human"},
        {"tiers": None},
        {"tiers": TIERS[:2]},
        {"tiers": [TIERS[1], TIERS[0], TIERS[2]]},
        {"tiers_mode": "volume"},
        {"currency": "usd"},
        {"product": "prod_none"},
        {"recurring": {"interval": "month", "usage_type": "metered"}},
        {"recurring": {"interval": "month", "usage_type": "metered", "meter": "mtr_none"}},
    ],
)
def test_malformed_prices_are_refused(months: Months, changes: dict[str, Any]) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        price(months, **changes)
    assert price(months).type == "recurring"


def test_a_lookup_key_moves_only_if_told(months: Months) -> None:
    made = price(months, lookup_key="test:standard/1:human", transfer_lookup_key=True)
    assert [row.id for row in months.sdk.prices.list({"lookup_keys": ["test:standard/1:human"]})] == [made.id]


def test_products_and_tax_rates_are_listed(months: Months) -> None:
    months.sdk.products.create({"name": "Bot", "id": "duredesk_bot", "metadata": {"meter": "bot"}})
    with pytest.raises(stripe.InvalidRequestError, match="already exists"):
        months.sdk.products.create({"name": "Bot", "id": "duredesk_bot"})
    assert [row.name for row in months.sdk.products.list({"active": True})] == ["Bot", "Contacts"]
    assert [row.name for row in months.sdk.products.list({"ids": ["duredesk_bot"]})] == ["Bot"]
    [rate] = months.sdk.tax_rates.list({"active": True, "inclusive": False}).data
    assert (rate.id, rate.percentage, rate.metadata and rate.metadata.to_dict()) == (
        months.vat,
        10,
        {"duredesk": "vat"},
    )
    with pytest.raises(stripe.InvalidRequestError, match="exclusive"):
        months.sdk.tax_rates.create({"display_name": "VAT", "percentage": 10, "inclusive": True})


def session(months: Months, **changes: Any) -> stripe.checkout.Session:
    params: Any = {
        "mode": "setup",
        "customer": months.customer,
        "currency": "krw",
        "success_url": "https://a.example",
    }
    wanted: Any = {name: value for name, value in (params | changes).items() if value is not None}
    return months.sdk.checkout.sessions.create(wanted)


def test_a_card_is_registered_once_and_is_nobodys_default_by_itself(months: Months) -> None:
    made = session(months, metadata={"tenant": "shop1"})
    assert (made.status, (made.url or "").endswith(made.id)) == ("open", True)
    months.fake.complete_checkout(made.id)
    done = months.sdk.checkout.sessions.retrieve(made.id, {"expand": ["setup_intent.payment_method"]})
    assert done.status == "complete"
    assert isinstance(done.setup_intent, stripe.SetupIntent)
    assert isinstance(done.setup_intent.payment_method, stripe.PaymentMethod)
    assert done.setup_intent.payment_method.customer == months.customer
    settings = months.sdk.customers.retrieve(months.customer).invoice_settings
    assert settings is not None
    assert settings.default_payment_method is None
    assert months.told("checkout") == ["checkout.session.completed"]
    assert len(months.sdk.customers.payment_methods.list(months.customer).data) == 1
    with pytest.raises(Exception, match="complete"):
        months.fake.complete_checkout(made.id)


def test_a_session_expires_after_a_day(months: Months) -> None:
    made = session(months)
    months.at(months.clock["now"] + DAY)
    assert months.sdk.checkout.sessions.retrieve(made.id).status == "expired"
    assert months.told("checkout") == ["checkout.session.expired"]


@pytest.mark.parametrize(
    "changes", [{"mode": "subscription"}, {"customer": "cus_none"}, {"currency": None}, {"success_url": None}]
)
def test_malformed_sessions_are_refused(months: Months, changes: dict[str, Any]) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        session(months, **changes)


def test_a_default_card_is_the_customers_own(months: Months) -> None:
    method = months.card()
    other = months.sdk.customers.create({}).id
    with pytest.raises(stripe.InvalidRequestError):
        months.sdk.customers.update(other, {"invoice_settings": {"default_payment_method": method}})


def test_the_portal_is_linked(months: Months) -> None:
    link = months.sdk.billing_portal.sessions.create(
        {"customer": months.customer, "return_url": "https://a.example"}
    )
    assert link.url.startswith("https://")
    with pytest.raises(stripe.InvalidRequestError):
        months.sdk.billing_portal.sessions.create({"customer": "cus_none"})


def test_what_cannot_be_expanded_is_refused(months: Months) -> None:
    for path in ("colour", "name"):
        with pytest.raises(stripe.InvalidRequestError, match="cannot be expanded"):
            months.sdk.customers.retrieve(months.customer, {"expand": [path]})
