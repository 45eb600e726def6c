"""A web server of the test's own: it takes webhooks, and is where a checkout page sends its visitor back to."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic, sleep

import stripe

SECRET = "whsec_of_the_wire_tests"
WAIT_SECONDS = 10


@dataclass(frozen=True)
class Delivery:
    """One webhook as it came: the raw body and Stripe's signature header."""

    body: bytes
    signature: str

    def event(self, secret: str = SECRET) -> stripe.Event:
        """Return what it says, if its signature is good and fresh."""
        event: stripe.Event = stripe.Webhook.construct_event(self.body, self.signature, secret)
        return event


@dataclass
class Inbox:
    """What has come in; `url` is where to send it, and any page under it can be opened."""

    url: str
    deliveries: list[Delivery] = field(default_factory=list)
    visits: list[str] = field(default_factory=list)

    def wait_for(self, *types: str) -> list[Delivery]:
        """Return all deliveries once each of the types has come, or fail."""
        deadline = monotonic() + WAIT_SECONDS
        while not set(types) <= set(self.types()):
            assert monotonic() < deadline, f"of {types} there came only {self.types()}"
            sleep(0.05)
        return list(self.deliveries)

    def types(self) -> list[str]:
        """Return the types of the deliveries in the order in which they came."""
        return [delivery.event().type for delivery in list(self.deliveries)]


@contextmanager
def opened() -> Iterator[Inbox]:
    """Yield an inbox that listens on a free port of the loopback."""
    inbox = Inbox("")
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(inbox)) as server:
        inbox.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield inbox
        finally:
            server.shutdown()
            thread.join()


def _handler(inbox: Inbox) -> Callable[..., BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            inbox.deliveries.append(Delivery(body, self.headers["Stripe-Signature"] or ""))
            self._answer(b"")

        def do_GET(self) -> None:
            inbox.visits.append(self.path)
            self._answer("<title>두레데스크</title>돌아왔습니다".encode())

        def _answer(self, body: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    return Handler
