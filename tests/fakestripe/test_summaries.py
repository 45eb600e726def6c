"""Summaries: spans, groups, pages and lag."""

import pytest

from tests.fakestripe.conftest import HOUR, THIS_HOUR, Shop


def test_the_end_is_exclusive_and_the_start_is_not(shop: Shop) -> None:
    shop.event("5", timestamp=THIS_HOUR - HOUR)
    shop.event("7", timestamp=THIS_HOUR)
    for start, end, total in ((-1, 0, 5), (0, 1, 7), (-1, 1, 12), (-2, -1, 0)):
        reply = shop.summaries(start_time=THIS_HOUR + start * HOUR, end_time=THIS_HOUR + end * HOUR)
        assert [row["aggregated_value"] for row in reply.body["data"]] == [total]


def test_hours_and_days_are_grouped_in_utc(shop: Shop) -> None:
    midnight = THIS_HOUR - THIS_HOUR % (24 * HOUR)
    for offset in (-1, 0, 1):
        shop.event("2", timestamp=midnight + offset * HOUR)
    span = {"start_time": midnight - 24 * HOUR, "end_time": midnight + 24 * HOUR}
    hours = shop.summaries(**span, value_grouping_window="hour").body["data"]
    days = shop.summaries(**span, value_grouping_window="day").body["data"]
    assert [row["start_time"] for row in hours] == [midnight + HOUR, midnight, midnight - HOUR]
    assert [(row["end_time"] - midnight, row["aggregated_value"]) for row in days] == [(86400, 4), (0, 2)]


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"start_time": THIS_HOUR + 60}, 200),
        ({"start_time": THIS_HOUR + 59}, 400),
        ({"end_time": THIS_HOUR}, 400),
        ({"start_time": THIS_HOUR + 60, "value_grouping_window": "hour"}, 400),
        ({"value_grouping_window": "hour"}, 200),
        ({"value_grouping_window": "day"}, 400),
        ({"value_grouping_window": "month"}, 400),
        ({"customer": "cus_nobody"}, 400),
        ({"tenant": "shop1"}, 400),
    ],
)
def test_spans_are_aligned_and_not_empty(shop: Shop, changes: dict[str, object], status: int) -> None:
    assert shop.summaries(**changes).status == status


def test_the_summaries_of_an_unknown_meter_are_not_found(shop: Shop) -> None:
    params = {"customer": shop.customer, "start_time": THIS_HOUR, "end_time": THIS_HOUR + HOUR}
    assert shop.call("GET", "/v1/billing/meters/mtr_none/event_summaries", params).status == 404


def test_pages_go_on_behind_the_last_summary(shop: Shop) -> None:
    for hours in range(5):
        shop.event("1", timestamp=THIS_HOUR - hours * HOUR)
    span = {"start_time": THIS_HOUR - 9 * HOUR, "value_grouping_window": "hour", "limit": 3}
    first = shop.summaries(**span).body
    second = shop.summaries(**span, starting_after=first["data"][-1]["id"]).body
    assert (len(first["data"]), first["has_more"]) == (3, True)
    assert (len(second["data"]), second["has_more"]) == (2, False)


def test_summaries_lag_as_set_and_the_dump_does_not(shop: Shop) -> None:
    shop.fake.set(lag_seconds=600)
    shop.event("5")
    assert shop.summaries().body["data"][0]["aggregated_value"] == 0
    assert shop.total() == 5
    shop.clock.seconds += 600
    assert shop.summaries().body["data"][0]["aggregated_value"] == 5
