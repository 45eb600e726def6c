"""What a meter event is refused for, when it counts, and what it overwrites."""

from typing import Any

import pytest

from tests.fakestripe.conftest import HOUR, METER, NOW, THIS_HOUR, Shop

DAY = 24 * HOUR


def test_an_identifier_is_refused_for_a_day_after_receipt_and_then_forgotten(shop: Shop) -> None:
    assert shop.event("1", identifier="a").status == 200
    shop.clock.seconds = NOW + DAY - 1
    refusal = shop.event("2", identifier="a", timestamp=int(NOW))
    assert refusal.status == 400
    assert refusal.body["error"]["type"] == "invalid_request_error"
    assert refusal.body["error"]["message"] == "An event already exists with identifier a."
    assert "code" not in refusal.body["error"]
    assert refusal.headers["Stripe-Should-Retry"] == "false"
    assert shop.total() == 1
    shop.clock.seconds = NOW + DAY
    assert shop.event("2", identifier="a", timestamp=int(NOW)).status == 200
    assert shop.total() == 2


def test_an_identifier_is_made_up_when_none_is_given(shop: Shop) -> None:
    first, second = shop.event("1").body["identifier"], shop.event("2").body["identifier"]
    assert first != second


@pytest.mark.parametrize(
    ("age", "status", "words"),
    [
        (35 * DAY, 200, ""),
        (
            35 * DAY + 1,
            400,
            "cannot be more than 35 days in past. Expected a timestamp greater than or equal to",
        ),
        (-300, 200, ""),
        (-301, 400, "cannot be more than 5 minutes in the future"),
    ],
)
def test_time_is_accepted_from_35_days_ago_until_5_minutes_ahead(
    shop: Shop, age: int, status: int, words: str
) -> None:
    reply = shop.event("1", timestamp=int(NOW) - age)
    assert reply.status == status
    assert words in str(reply.body)
    assert shop.total() == (status == 200)


def test_the_newest_received_event_of_an_hour_overwrites(shop: Shop) -> None:
    shop.event("5", timestamp=THIS_HOUR + 59)
    shop.event("7", timestamp=THIS_HOUR)
    shop.event("3", timestamp=THIS_HOUR - 1)
    hours = [(row["hour"], row["total"]) for row in shop.fake.dump()["totals"]]
    assert hours == [(THIS_HOUR - HOUR, 3), (THIS_HOUR, 7)]


def test_events_of_a_meter_without_a_window_add_up(shop: Shop) -> None:
    raw = {name: value for name, value in METER.items() if name != "event_time_window"}
    shop.body("POST", "/v1/billing/meters", raw | {"event_name": "raw"})
    shop.event("5", event_name="raw")
    shop.event("-2", event_name="raw")
    assert shop.fake.total("raw", shop.customer) == 3


@pytest.mark.parametrize(("value", "counted"), [("12", 12), ("-12", -12), ("0", 0)])
def test_whole_numbers_count(shop: Shop, value: str, counted: int) -> None:
    assert shop.event(value).status == 200
    assert shop.total() == counted
    assert shop.fake.error_reports() == []


@pytest.mark.parametrize("value", ["1.5", "", "many", "1e3", "٣", " 1"])
def test_any_other_value_is_accepted_and_refused_later(shop: Shop, value: str) -> None:
    assert shop.event(value, key="id:a1").status == 200
    assert shop.total() == 0
    [report] = shop.fake.error_reports()
    assert (report["code"], report["meter"]) == ("meter_event_invalid_value", shop.meter)
    assert report["sample_errors"][0]["request"]["identifier"] == "id:a1"


def test_an_unknown_customer_is_refused_later(shop: Shop) -> None:
    assert shop.event("1", **{"payload[stripe_customer_id]": "cus_nobody"}).status == 200
    assert [report["code"] for report in shop.fake.error_reports()] == ["meter_event_customer_not_found"]
    assert shop.fake.total("contacts", "cus_nobody") == 0


def test_an_event_without_a_customer_is_refused_later(shop: Shop) -> None:
    shop.call("POST", "/v1/billing/meter_events", {"event_name": "contacts", "payload[value]": "1"})
    assert [report["code"] for report in shop.fake.error_reports()] == ["meter_event_no_customer_defined"]


def test_an_unknown_event_name_is_refused_at_once(shop: Shop) -> None:
    reply = shop.event("1", event_name="other")
    assert (reply.status, reply.body["error"]["code"]) == (400, "no_meter")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"identifier": "x" * 101}, "at most 100 characters"),
        ({"timestamp": "soon"}, "Invalid integer: soon"),
        ({"event_name": ""}, "Missing required param: event_name."),
        ({"quantity": "1"}, "Received unknown parameter: quantity"),
        ({"payload": "1"}, "Invalid hash"),
    ],
)
def test_malformed_events_are_refused(shop: Shop, changes: dict[str, Any], words: str) -> None:
    assert shop.event("1", identifier="x" * 100).status == 200
    reply = shop.event("1", **changes)
    assert reply.status == 400
    assert words in reply.body["error"]["message"]


def cancel(shop: Shop, identifier: str) -> int:
    form = {"event_name": "contacts", "type": "cancel", "cancel[identifier]": identifier}
    return shop.call("POST", "/v1/billing/meter_event_adjustments", form).status


def test_an_event_is_cancelled_within_a_day_of_receipt(shop: Shop) -> None:
    shop.event("5", identifier="a")
    shop.event("9", identifier="b")
    shop.clock.seconds += DAY
    assert cancel(shop, "b") == 200
    assert shop.total() == 5
    shop.clock.seconds += 1
    assert cancel(shop, "a") == 400
    assert cancel(shop, "unknown") == 400
    assert shop.total() == 5
