"""Sending usage through the SDK to the running stand-in: keys, retries, and what is held then."""

import json
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import timedelta

import pytest

from chalicelib.billing.model import GatewayRefused, GatewayUnavailable
from chalicelib.billing.stripe_gateway import StripeGateway
from tests.fakestripe import API_KEY
from tests.fakestripe.world import HOUR, Quick, Scripted, World, connected


@pytest.fixture
def world() -> Iterator[World]:
    with connected() as connected_world:
        yield connected_world


def test_a_total_arrives_and_a_later_one_overwrites_it(world: World) -> None:
    world.put(3)
    world.put(5, identifier="test:shop1:contacts:r2:g0")
    assert world.total() == 5
    span = {"start": HOUR, "end": HOUR + timedelta(hours=1)}
    assert world.gateway.period_total(event_name="contacts", customer=world.customer, **span) == 5
    assert world.gateway.hour_totals(event_name="contacts", customer=world.customer, **span) == {HOUR: 5}
    first = world.fake.dump()["events"][0]
    assert first["payload"] == {"stripe_customer_id": world.customer, "value": "3"}
    assert first["timestamp"] == HOUR.timestamp()


def test_totals_may_fall_to_zero_and_below(world: World) -> None:
    for number, total in enumerate((4, 0, -2)):
        world.put(total, identifier=f"r{number}")
        assert world.total() == total


def test_a_duplicate_identifier_counts_as_delivered(world: World) -> None:
    world.put(3)
    world.put(3, attempt=2)
    assert [status for _, status in world.sent()] == [200, 400]
    assert world.total() == 3


@pytest.mark.parametrize(
    ("error", "delivered"),
    [
        ({"message": "An event already exists with identifier r1."}, True),
        ({"message": "An event already exists with identifier r1"}, True),
        ({"message": "Seen before", "code": "duplicate_meter_event"}, True),
        ({"message": "An event already exists with identifier r11."}, False),
        ({"message": "Invalid identifier r1", "code": "parameter_invalid_string"}, False),
    ],
)
def test_only_the_refusal_of_this_identifier_counts_as_delivered(
    world: World, error: dict[str, str], delivered: bool
) -> None:
    body = json.dumps({"error": {"type": "invalid_request_error", **error}}).encode()
    gateway = world.another(http=Scripted(lambda *_: (body, 400, {})))
    expected = nullcontext() if delivered else pytest.raises(GatewayRefused, match=error["message"])
    with expected:
        world.put(3, gateway=gateway, identifier="r1")


def test_retries_repeat_the_key_and_a_new_attempt_has_its_own(world: World) -> None:
    world.fake.fault("rate_limit", times=2, should_retry=True)
    world.put(3, attempt=1)
    world.put(3, attempt=2)
    name = "test:shop1:contacts:r1:g0"
    assert world.sent() == [
        (f"{name}:a1", 429),
        (f"{name}:a1", 429),
        (f"{name}:a1", 200),
        (f"{name}:a2", 400),
    ]


def test_a_stored_500_is_replayed_until_a_new_attempt(world: World) -> None:
    world.fake.fault("server_error")
    for _ in range(2):
        with pytest.raises(GatewayUnavailable):
            world.put(3, attempt=1)
    assert [status for _, status in world.sent()] == [500] * 6
    assert world.total() == 0
    world.put(3, attempt=2)
    assert world.total() == 3


def test_a_500_after_the_work_was_done_ends_in_the_same_total(world: World) -> None:
    world.fake.fault("server_error", accepted=True)
    with pytest.raises(GatewayUnavailable):
        world.put(3, attempt=1)
    world.put(3, attempt=2)
    assert world.total() == 3


def test_a_timeout_after_the_work_was_done_ends_in_the_same_total(world: World) -> None:
    hasty = world.another(http=Quick(0.05))
    world.fake.fault("timeout", times=3, seconds=0.3)
    with pytest.raises(GatewayUnavailable, match="no answer"):
        world.put(3, gateway=hasty)
    assert [status for _, status in world.sent()] == [200, 200, 200]
    world.put(3, gateway=hasty, attempt=2)
    assert world.total() == 3


@pytest.mark.parametrize("kind", ["timeout", "lost"])
def test_one_dropped_answer_is_repeated_within_the_call(world: World, kind: str) -> None:
    world.fake.fault(kind)
    world.put(3)
    assert world.total() == 3
    assert len({key for key, _ in world.sent()}) == 1


@pytest.mark.parametrize(
    ("kind", "times"), [("rate_limit", 1), ("conflict", 3), ("lost", 3), ("timeout", 3), ("server_error", 1)]
)
def test_what_may_pass_is_unavailable_and_passes(world: World, kind: str, times: int) -> None:
    world.fake.fault(kind, times=times)
    with pytest.raises(GatewayUnavailable):
        world.put(3)
    world.put(3, attempt=2)
    assert world.total() == 3


def test_nothing_listening_is_unavailable(world: World) -> None:
    closed = StripeGateway(
        API_KEY, api_base="http://127.0.0.1:9", meter_events_base=None, stage="test", http_client=Quick()
    )
    with pytest.raises(GatewayUnavailable):
        closed.create_customer("shop2", "다른 상점")


def test_a_forgotten_identifier_overwrites_instead_of_adding(world: World) -> None:
    world.put(3)
    world.pass_time(hours=25)
    world.put(3, attempt=2)
    assert [status for _, status in world.sent()] == [200, 200]
    assert world.total() == 3


@pytest.mark.parametrize(("days", "refused"), [(34.9, False), (36, True)])
def test_what_is_too_old_is_refused(world: World, days: float, refused: bool) -> None:
    world.pass_time(days=days)
    if refused:
        with pytest.raises(GatewayRefused, match="35 days in past") as caught:
            world.put(3)
        assert caught.value.code == "invalid_request_error"
    else:
        world.put(3)
    assert world.total() == (0 if refused else 3)


def test_a_wrong_key_and_an_unknown_customer_are_refused(world: World) -> None:
    with pytest.raises(GatewayRefused, match="Invalid API Key"):
        world.put(3, gateway=world.another("sk_test_wrong"))
    hour = {"start": HOUR, "end": HOUR + timedelta(hours=1)}
    with pytest.raises(GatewayRefused) as caught:
        world.gateway.period_total(event_name="contacts", customer="cus_nobody", **hour)
    assert caught.value.code == "resource_missing"


def test_an_asynchronous_refusal_names_the_identifier(world: World) -> None:
    world.put(3, customer="cus_nobody", identifier="r7")
    [report] = world.fake.error_reports()
    assert report["sample_errors"][0]["request"]["identifier"] == "r7:a1"


def test_a_rate_limit_of_the_old_kind_is_unavailable(world: World) -> None:
    body = b'{"error": {"type": "invalid_request_error", "code": "rate_limit", "message": "slow down"}}'
    with pytest.raises(GatewayUnavailable):
        world.put(3, gateway=world.another(http=Scripted(lambda *_: (body, 400, {}))))
