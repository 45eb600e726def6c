"""Events and webhooks: signed, listed, late, twice, out of order, never."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import stripe

from tests.fakestripe.months import DAY, JANUARY, Months

SECRET = "whsec_test"


def test_an_event_is_signed_over_its_bytes(months: Months) -> None:
    months.clock["now"] = time.time()
    months.fake.webhooks(None, SECRET)
    months.sdk.customers.create({"name": "두레"})
    [(headers, body)] = months.fake.pending()
    event = stripe.Webhook.construct_event(body, headers["Stripe-Signature"], SECRET)
    assert (event.type, event.data.object.to_dict()["name"]) == ("customer.created", "두레")
    assert "두레".encode() in body
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(body, headers["Stripe-Signature"], "whsec_other")
    assert months.fake.pending() == []


def test_events_say_what_became_of_an_invoice_and_when(months: Months) -> None:
    months.fake.webhooks(None, SECRET, types=("invoice.created", "invoice.finalized"))
    months.issued()
    taken = [json.loads(body) for _, body in months.fake.pending()]
    assert [event["type"] for event in taken] == ["invoice.created", "invoice.finalized"]
    assert [event["created"] for event in taken] == [JANUARY, JANUARY + 60]
    assert taken[0]["request"]["id"] is None
    assert taken[1]["request"]["id"] is not None
    assert [event["data"]["object"]["status"] for event in taken] == ["draft", "open"]
    assert taken[0]["api_version"] == stripe.api_version
    assert "~" not in json.dumps(taken)


def test_deliveries_are_shuffled_repeated_and_dropped_as_told(months: Months) -> None:
    months.fake.webhooks(None, SECRET)
    names = [f"c{number}" for number in range(40)]

    def seen() -> list[str]:
        for name in names:
            months.sdk.customers.create({"name": name})
        return [json.loads(body)["data"]["object"]["name"] for _, body in months.fake.pending()]

    assert seen() == names
    months.fake.disorder(shuffled=True)
    shuffled = seen()
    assert shuffled != names
    assert sorted(shuffled) == sorted(names)
    months.fake.disorder(duplicated=0.5)
    assert (len(seen()) > 40, set(seen())) == (True, set(names))
    months.fake.disorder(dropped=0.5)
    assert 0 < len(seen()) < 40
    months.fake.disorder()
    assert seen() == names


def test_events_can_be_listed_for_thirty_days(months: Months) -> None:
    months.sdk.customers.create({})
    started = int(months.clock["now"])
    events = months.sdk.events
    found = events.list({"types": ["customer.created", "price.created"], "created": {"gte": started}}).data
    assert {event.type for event in found} == {"customer.created", "price.created"}
    assert events.retrieve(found[0].id).type == "customer.created"
    assert events.list({"created": {"gt": started}}).data == []
    assert len(events.list({"type": "customer.*"}).data) == 2
    with pytest.raises(stripe.InvalidRequestError, match="one of these"):
        events.list({"type": "a", "types": ["b"]})
    months.at(started + 30 * DAY + 1)
    assert events.list({"type": "price.created"}).data == []
    with pytest.raises(stripe.InvalidRequestError, match="No such event"):
        events.retrieve(found[0].id)


@contextmanager
def receiving(replies: list[int]) -> Iterator[tuple[str, list[str]]]:
    """Answer deliveries with the given statuses, then with 200."""
    received: list[str] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = replies.pop(0) if replies else 200
            if status == 200:
                stripe.WebhookSignature.verify_header(body, self.headers["Stripe-Signature"], SECRET)
                received.append(json.loads(body)["type"])
            self.send_response(status)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Receiver) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}", received
        server.shutdown()
        thread.join()


def test_what_was_not_taken_is_sent_again(months: Months) -> None:
    with receiving([500]) as (url, received):
        months.fake.webhooks(url, SECRET)
        months.sdk.customers.create({})
        assert (months.fake.deliver(), received) == (0, [])
        assert (months.fake.deliver(), received) == (1, ["customer.created"])
        assert months.fake.deliver() == 0


def test_a_thread_delivers_in_the_background(months: Months) -> None:
    with receiving([500]) as (url, received):
        months.fake.webhooks(url, SECRET, background=True)
        months.sdk.customers.create({})
        until = time.monotonic() + 10
        while not received and time.monotonic() < until:
            time.sleep(0.01)
        assert received == ["customer.created"]
        months.fake.reset()
