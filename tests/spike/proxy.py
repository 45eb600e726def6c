"""A bad day between the product's functions and their storage: `python -m tests.spike.proxy`.

It stands before the local AWS as one more server: the functions call it in place of DynamoDB and SQS. Some calls
it refuses as a throttled or failing service does, and of some it keeps the answer to itself. It counts; a call is
a repeat if the SDK says so, or if it is a transaction that was just cancelled by a throttle.
"""

import argparse
import hashlib
import http.client
import json
import random
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from infra.processes import HOST
from tests.stack.trouble import FAILED, LOST, THROTTLED

COUNTS = "/_counts"
_DYNAMODB = "com.amazonaws.dynamodb.v20120810#"
_SQS = "com.amazonaws.sqs#"
_TIMEOUT_SECONDS = 30
_HOP_BY_HOP = {"connection", "transfer-encoding", "keep-alive"}


@dataclass
class Trouble:
    """Draws what becomes of each call, and counts: `calls` in all, of which `repeats`, and each outcome."""

    upstream: str
    lots: random.Random
    counts: Counter[str] = field(default_factory=Counter)
    cancelled: set[str] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def draw(self, headers: Mapping[str, str], body: bytes) -> str:
        """Return the outcome of a call: throttled, cancelled, failed, lost or passed."""
        with self.lock:
            lot = self.lots.random()
            outcome = "passed" if lot >= THROTTLED + FAILED + LOST else "lost"
            if lot < THROTTLED + FAILED:
                outcome = "failed"
            if lot < THROTTLED:
                transaction = headers.get("X-Amz-Target", "").endswith("TransactWriteItems")
                outcome = "cancelled" if transaction and self.lots.random() < 0.5 else "throttled"
            self._count(headers, body, outcome)
            return outcome

    def _count(self, headers: Mapping[str, str], body: bytes, outcome: str) -> None:
        content = _content(body)
        again = (
            not headers.get("amz-sdk-request", "attempt=1").startswith("attempt=1") or content in self.cancelled
        )
        self.cancelled.discard(content)
        if outcome == "cancelled":
            self.cancelled.add(content)
        self.counts.update({"calls": 1, outcome: 1, "repeats": int(again)})


def _content(body: bytes) -> str:
    """Return what tells one transaction from another: all of it but its token."""
    try:
        sent = json.loads(body or b"{}")
    except ValueError:
        return ""
    sent.pop("ClientRequestToken", None)
    return hashlib.sha256(json.dumps(sent, sort_keys=True).encode()).hexdigest()


def answer(outcome: str, target: str) -> tuple[int, dict[str, Any]]:
    """Return the status and the content of a refusal, as the service that `target` names words it."""
    if outcome == "failed":
        return 500, {"__type": f"{_DYNAMODB}InternalServerError", "message": "injected"}
    if "DynamoDB" not in target:
        return 400, {"__type": f"{_SQS}RequestThrottled", "message": "injected"}
    if outcome == "cancelled":
        reasons = [{"Code": "ThrottlingError", "Message": "injected"}, {"Code": "None"}]
        kind = f"{_DYNAMODB}TransactionCanceledException"
        return 400, {"__type": kind, "message": "injected", "CancellationReasons": reasons}
    return 400, {"__type": f"{_DYNAMODB}ProvisionedThroughputExceededException", "message": "injected"}


class Handler(BaseHTTPRequestHandler):
    """One connection of a function; it has one of its own to what is behind."""

    protocol_version = "HTTP/1.1"
    # A small answer in two packets would wait for the other side's acknowledgement: 40 ms.
    wbufsize = -1
    disable_nagle_algorithm = True
    trouble: Trouble

    def setup(self) -> None:
        """Open the connection to what is behind."""
        super().setup()
        self._behind = http.client.HTTPConnection(self.trouble.upstream, timeout=_TIMEOUT_SECONDS)

    def finish(self) -> None:
        """Close it too."""
        self._behind.close()
        super().finish()

    def do_GET(self) -> None:
        """Tell the counts."""
        self._send(200, {}, json.dumps(self.trouble.counts).encode())

    def do_POST(self) -> None:
        """Let a call pass, or not."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        outcome = self.trouble.draw(dict(self.headers), body)
        if outcome in {"throttled", "cancelled", "failed"}:
            status, content = answer(outcome, self.headers.get("X-Amz-Target", ""))
            self._send(status, {"Content-Type": "application/x-amz-json-1.0"}, json.dumps(content).encode())
            return
        found = self._pass_on(body)
        content_back = found.read()
        if outcome == "lost":
            self.close_connection = True
            return
        kept = {name: value for name, value in found.getheaders() if name.lower() not in _HOP_BY_HOP}
        self._send(found.status, kept, content_back)

    def _pass_on(self, body: bytes) -> http.client.HTTPResponse:
        try:
            self._behind.request("POST", self.path, body, dict(self.headers))
            return self._behind.getresponse()
        except ConnectionError:
            # What is behind closes a connection that nobody used for some seconds.
            self._behind.close()
            self._behind.request("POST", self.path, body, dict(self.headers))
            return self._behind.getresponse()

    def _send(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers.items():
            if name.lower() != "content-length":
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


def serve(port: int, upstream: str, seed: int) -> ThreadingHTTPServer:
    """Return a server of this port before `upstream` (host:port); it serves when told to."""
    trouble = Trouble(upstream, random.Random(seed))
    server = ThreadingHTTPServer((HOST, port), type("_Handler", (Handler,), {"trouble": trouble}))
    server.daemon_threads = True
    return server


def main() -> None:
    """Serve until killed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--upstream", required=True, help="host:port of the local AWS")
    parser.add_argument("--seed", type=int, required=True)
    options = parser.parse_args()
    serve(options.port, options.upstream, options.seed).serve_forever()


if __name__ == "__main__":
    main()
