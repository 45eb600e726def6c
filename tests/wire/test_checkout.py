"""A shop registers its card on a hosted page that we did not write, in a real browser.

emulate 0.12.2 takes Checkout's `mode=setup`, but shows and books it like a payment of nothing: its card fields
are disabled, the session ends as `paid` and has no SetupIntent, so what `use_card` does afterwards is not
proven here. Its events carry neither an id nor a time. It writes all money as dollars and cents: no amount is
read off its page.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
import stripe

from chalicelib.billing.webhooks import check_signature, read_event
from chalicelib.kernel.errors import BadInput
from tests.wire.browser import Page, browsing
from tests.wire.conftest import StandIn
from tests.wire.inbox import SECRET

pytestmark = pytest.mark.wire

COMPLETED = "checkout.session.completed"


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    with browsing(tmp_path) as opened:
        yield opened


@pytest.fixture
def link(emulate: StandIn) -> str:
    """The page on which the shop registers its card, as our gateway makes it."""
    customer = emulate.gateway.create_customer("danbi", "단비 상점")
    made = [emulate.gateway.setup_link(customer, f"{emulate.inbox.url}/billing", "card") for _ in range(2)]
    assert made[0] == made[1]
    return made[0]


def session(emulate: StandIn) -> stripe.checkout.Session:
    [only] = emulate.sdk.v1.checkout.sessions.list().data
    return only


def test_a_shop_completes_the_page_and_we_are_told(
    emulate: StandIn, link: str, page: Page, tmp_path: Path
) -> None:
    page.open(link)
    assert page.evaluate("location.href") == link
    assert "Card information" in page.text()
    page.click("input[type=email]")
    page.type("owner@example.com")
    assert page.evaluate("document.querySelector('input[type=email]').value") == "owner@example.com"
    page.screenshot(tmp_path / "checkout.png")
    page.click("button[type=submit]")
    page.wait_for(f"location.href.startsWith('{emulate.inbox.url}/billing') && document.title === '두레데스크'")
    assert [visit.partition("?")[0] for visit in emulate.inbox.visits if "favicon" not in visit] == ["/billing"]

    [told] = [one for one in emulate.inbox.wait_for(COMPLETED) if one.event().type == COMPLETED]
    done = session(emulate)
    assert told.event().data.object.to_dict()["id"] == done.id
    assert (done.mode, done.status) == ("setup", "complete")
    assert done.customer == emulate.gateway.create_customer("danbi", "단비 상점")
    with pytest.raises(stripe.SignatureVerificationError):
        told.event("whsec_of_somebody_else")
    check_signature(told.body, told.signature, [SECRET])
    # An event without an id could not be told from a replay of itself.
    with pytest.raises(BadInput):
        read_event(told.body, live=False)


def test_a_shop_that_turns_back_has_registered_nothing(emulate: StandIn, link: str, page: Page) -> None:
    page.open(link)
    page.click(".checkout-cancel a")
    page.wait_for("document.title === '두레데스크'")
    assert session(emulate).status == "open"
    assert COMPLETED not in emulate.inbox.types()


def test_a_page_that_was_completed_cannot_be_completed_again(emulate: StandIn, link: str, page: Page) -> None:
    page.open(link)
    page.click("button[type=submit]")
    page.wait_for("document.title === '두레데스크'")
    page.open(link)
    assert "no longer available" in page.text()
    requests.post(f"{link}/complete", timeout=5).raise_for_status()
    assert emulate.inbox.types().count(COMPLETED) == 1
