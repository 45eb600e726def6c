"""Meters, customers and summaries through the SDK, and the types that requests must fit."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
import stripe
import typeguard
from stripe.params import CustomerCreateParams, billing

from chalicelib.billing.model import GatewayRefused, GatewayUnavailable
from chalicelib.billing.stripe_client import check_params
from chalicelib.billing.stripe_gateway import StripeGateway
from tests.fakestripe import API_KEY
from tests.fakestripe.world import HOUR, METERS, Quick, Scripted, World, connected


@pytest.fixture
def world() -> Iterator[World]:
    with connected() as connected_world:
        yield connected_world


def test_a_late_packet_that_overwrites_is_seen_and_repaired(world: World) -> None:
    world.fake.fault("late")
    world.put(3, identifier="r1")
    world.put(5, identifier="r2")
    hour = {"start": HOUR, "end": HOUR + timedelta(hours=1)}
    assert world.gateway.period_total(event_name="contacts", customer=world.customer, **hour) == 3
    world.put(5, identifier="r2:g1")
    assert world.gateway.period_total(event_name="contacts", customer=world.customer, **hour) == 5


def test_more_than_a_hundred_hours_are_read_page_by_page(world: World) -> None:
    hours = [HOUR - timedelta(hours=back) for back in range(150)]
    for back, hour in enumerate(hours):
        world.put(back % 5, hour=hour, identifier=f"h{back}")
    before = len(world.fake.requests)
    span = {"start": hours[-1], "end": HOUR + timedelta(hours=1)}
    totals = world.gateway.hour_totals(event_name="contacts", customer=world.customer, **span)
    assert len(world.fake.requests) - before == 2
    assert totals == {hour: back % 5 for back, hour in enumerate(hours) if back % 5}
    assert world.gateway.period_total(event_name="contacts", customer=world.customer, **span) == 300
    assert len(world.fake.requests) - before == 3


@pytest.mark.parametrize(
    "hour",
    [
        HOUR.replace(tzinfo=None),
        HOUR.replace(minute=1),
        HOUR.replace(microsecond=1),
        HOUR.astimezone(timezone(timedelta(hours=9))),
    ],
)
def test_only_utc_hours_are_sent(world: World, hour: datetime) -> None:
    with pytest.raises(ValueError, match="not a UTC hour"):
        world.put(3, hour=hour)
    assert world.sent() == []


def test_the_meter_is_found_before_one_is_made(world: World) -> None:
    first = world.gateway.ensure_meter("contacts")
    asked = len(world.fake.requests)
    assert world.gateway.ensure_meter("contacts") == first
    assert len(world.fake.requests) == asked
    assert world.another().ensure_meter("contacts") == first
    assert len(world.sent(METERS)) == 1


def test_a_race_for_the_meter_ends_with_one(world: World) -> None:
    gateways = [world.another() for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda gateway: gateway.ensure_meter("bot"), gateways))
    names = [meter["event_name"] for meter in world.fake.dump()["meters"]]
    assert (len(found), names.count("bot")) == (1, 1)


def test_losing_the_race_for_the_meter_finds_the_winner(world: World) -> None:
    winner = world.another()

    def win_first(method: str, url: str) -> None:
        if method == "post":
            winner.ensure_meter("bot")

    loser = world.another(http=Scripted(win_first))
    assert loser.ensure_meter("bot") == winner.ensure_meter("bot")
    assert [status for _, status in world.sent(METERS)] == [200, 200, 400]


def test_a_meter_that_adds_up_is_refused(world: World) -> None:
    stripe.StripeClient(API_KEY, base_addresses={"api": world.base}, http_client=Quick()).v1.billing.meters.create(
        {"display_name": "raw", "event_name": "raw", "default_aggregation": {"formula": "sum"}}
    )
    with pytest.raises(GatewayRefused) as caught:
        world.gateway.ensure_meter("raw")
    assert caught.value.code == "meter_mismatch"
    assert world.gateway.ensure_meter("contacts")


def test_a_tenant_has_one_customer_even_days_later(world: World) -> None:
    assert world.fake.dump()["customers"][0]["metadata"] == {"tenant": "shop1", "stage": "test"}
    assert world.sent("/v1/customers") == [("test:customer:shop1", 200)]
    for number in range(120):
        world.gateway.create_customer(f"shop{number}x", "다른 상점")
    world.pass_time(days=2)
    assert world.gateway.create_customer("shop1", "새 이름") == world.customer
    assert world.gateway.create_customer("shop2", "두레 상점") != world.customer


def test_another_stage_has_customers_of_its_own(world: World) -> None:
    other = StripeGateway(API_KEY, api_base=world.base, meter_events_base=None, stage="demo", http_client=Quick())
    assert other.create_customer("shop1", "두레 상점") != world.customer


def test_a_customer_made_without_an_answer_is_found_again(world: World) -> None:
    world.fake.fault("timeout", path="/v1/customers", containing="shop9", times=3)
    with pytest.raises(GatewayUnavailable):
        world.gateway.create_customer("shop9", "가게")
    world.pass_time(days=2)
    found = world.gateway.create_customer("shop9", "가게")
    names = [row["metadata"]["tenant"] for row in world.fake.dump()["customers"]]
    assert (names.count("shop9"), found) == (1, world.fake.dump()["customers"][-1]["id"])


EVENT = {"event_name": "contacts", "payload": {"value": "3"}, "identifier": "r1", "timestamp": 1}
METER = {"display_name": "a", "event_name": "a", "default_aggregation": {"formula": "sum"}}


@pytest.mark.parametrize(
    ("kind", "params", "wrong"),
    [
        (billing.MeterEventCreateParams, EVENT, {"payload": {"value": 3}}),
        (billing.MeterEventCreateParams, EVENT, {"quantity": "3"}),
        (billing.MeterEventCreateParams, EVENT, {"timestamp": "1"}),
        (
            billing.MeterCreateParams,
            METER,
            {"customer_mapping": {"type": "by_name", "event_payload_key": "a"}},
        ),
        (billing.MeterCreateParams, METER, {"value_settings": {"key": "value"}}),
        (billing.MeterCreateParams, METER, {"default_aggregation": {}}),
        (CustomerCreateParams, {"name": "a"}, {"metadata": {"tenant": 1}}),
        (CustomerCreateParams, {"name": "a"}, {"address": {"zip": "1"}}),
    ],
)
def test_requests_must_fit_the_types_of_the_sdk(
    kind: object, params: dict[str, Any], wrong: dict[str, Any]
) -> None:
    check_params(kind, params)
    with pytest.raises(typeguard.TypeCheckError):
        check_params(kind, params | wrong)


def test_the_gateway_sends_nothing_that_does_not_fit(world: World) -> None:
    with pytest.raises(typeguard.TypeCheckError):
        world.put(3, identifier=7)
    with pytest.raises(ValueError, match="format code 'd'"):
        world.put("3")  # type: ignore[arg-type]
    assert world.sent() == []
    world.put(3)
    assert world.total() == 3


def test_a_count_that_is_not_whole_is_refused_instead_of_rounded(world: World) -> None:
    def halve(_: str, url: str) -> tuple[bytes, int, dict[str, str]] | None:
        body = b'{"object": "list", "has_more": false, "data": [{"start_time": 0, "aggregated_value": 2.5}]}'
        return (body, 200, {}) if "event_summaries" in url else None

    hour = {"start": HOUR, "end": HOUR + timedelta(hours=1)}
    with pytest.raises(GatewayRefused) as caught:
        world.another(http=Scripted(halve)).period_total(event_name="contacts", customer=world.customer, **hour)
    assert caught.value.code == "summary_not_whole"


def test_a_meter_that_cannot_be_made_is_refused(world: World) -> None:
    with pytest.raises(GatewayRefused):
        world.gateway.ensure_meter("x" * 101)
    assert world.gateway.ensure_meter("x" * 100)
