"""Customers and meters."""

import pytest

from tests.fakestripe.conftest import METER, Shop


def test_a_customer_is_found_by_its_id_only(shop: Shop) -> None:
    form = {"name": "두레", "email": "a@example.com", "metadata[tenant]": "shop1"}
    made = shop.body("POST", "/v1/customers", form)
    assert made["metadata"] == {"tenant": "shop1"}
    assert shop.body("GET", f"/v1/customers/{made['id']}") == made
    reply = shop.call("GET", "/v1/customers/cus_nobody")
    assert (reply.status, reply.body["error"]["code"]) == (404, "resource_missing")


def test_customers_are_listed_newest_first_and_by_email_but_not_by_metadata(shop: Shop) -> None:
    made = shop.body("POST", "/v1/customers", {"email": "a@example.com"})
    assert [row["id"] for row in shop.body("GET", "/v1/customers")["data"]] == [made["id"], shop.customer]
    assert len(shop.body("GET", "/v1/customers", {"email": "a@example.com"})["data"]) == 1
    assert shop.call("GET", "/v1/customers", {"metadata[tenant]": "shop1"}).status == 400


def test_lists_are_paged(shop: Shop) -> None:
    for _ in range(10):
        shop.body("POST", "/v1/customers")
    first = shop.body("GET", "/v1/customers")
    assert (len(first["data"]), first["has_more"]) == (10, True)
    rest = shop.body("GET", "/v1/customers", {"limit": 100, "starting_after": first["data"][-1]["id"]})
    assert [row["id"] for row in rest["data"]] == [shop.customer]
    assert not rest["has_more"]


@pytest.mark.parametrize("limit", [0, 101])
def test_page_sizes_beyond_1_to_100_are_refused(shop: Shop, limit: int) -> None:
    assert shop.call("GET", "/v1/customers", {"limit": 100}).status == 200
    assert shop.call("GET", "/v1/customers", {"limit": limit}).status == 400
    assert shop.call("GET", "/v1/customers", {"starting_after": "cus_nobody"}).status == 400


def test_an_event_name_has_one_meter(shop: Shop) -> None:
    assert shop.call("POST", "/v1/billing/meters", METER).status == 400
    assert shop.call("POST", "/v1/billing/meters", METER | {"event_name": "bot"}).status == 200
    names = [row["event_name"] for row in shop.body("GET", "/v1/billing/meters", {"status": "active"})["data"]]
    assert names == ["bot", "contacts"]
    assert shop.body("GET", "/v1/billing/meters", {"status": "inactive"})["data"] == []


def test_a_meter_is_found_by_its_id(shop: Shop) -> None:
    meter = shop.body("GET", f"/v1/billing/meters/{shop.meter}")
    assert (meter["event_time_window"], meter["default_aggregation"]) == ("hour", {"formula": "sum"})
    assert meter["customer_mapping"] == {"type": "by_id", "event_payload_key": "stripe_customer_id"}
    assert shop.call("GET", "/v1/billing/meters/mtr_none").status == 404


@pytest.mark.parametrize(
    "changes",
    [
        {"event_time_window": "minute"},
        {"default_aggregation[formula]": "median"},
        {"display_name": ""},
        {"unit": "contact"},
        {"customer_mapping[type]": "by_id"},
    ],
)
def test_malformed_meters_are_refused(shop: Shop, changes: dict[str, str]) -> None:
    assert shop.call("POST", "/v1/billing/meters", METER | {"event_name": "bot"} | changes).status == 400
