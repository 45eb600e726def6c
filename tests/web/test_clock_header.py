"""A request says when it is only where the local stage lets it."""

from collections.abc import Iterator

import pytest

from chalicelib.kernel.clock import HOUR, iso
from tests.moto_desk import SHOP, Desk

OPEN = "POST /v1/tenants/danbi/contacts"
BODY = {"channel": "email", "customer": {"id": "c-1"}, "text": "언제 와요?"}


@pytest.fixture
def virtual(desk: Desk) -> Iterator[Desk]:
    desk.shift(CLOCK_HEADER="1")
    yield desk
    desk.shift(CLOCK_HEADER="0")


def test_a_request_says_when_it_is(virtual: Desk) -> None:
    at = virtual.now + 7 * HOUR
    assert virtual.call(SHOP, OPEN, BODY, headers={"X-Duredesk-Now": str(at)}).body["opened_at"] == iso(at)


def test_without_the_header_it_is_now(virtual: Desk) -> None:
    before = iso(virtual.now)
    assert before <= virtual.call(SHOP, OPEN, BODY).body["opened_at"] <= iso(virtual.now)


def test_the_header_means_nothing_unless_switched_on(desk: Desk) -> None:
    later = str(desk.now + 7 * HOUR)
    assert desk.call(SHOP, OPEN, BODY, headers={"X-Duredesk-Now": later}).body["opened_at"] <= iso(desk.now)


@pytest.mark.parametrize("value", ["", "soon", "1.8e12", "17952300000000", "-179523000000"])
def test_what_is_no_time_is_refused(virtual: Desk, value: str) -> None:
    answer = virtual.call(SHOP, OPEN, BODY, headers={"X-Duredesk-Now": value})
    assert answer.refusal == (400, "invalid_now")
