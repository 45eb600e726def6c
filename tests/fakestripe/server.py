"""Ways to reach the stand-in: a threaded HTTP/1.1 server and a WSGI application."""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.fakestripe.fake import FakeStripe
from tests.fakestripe.wire import Reply, Request


class Server(ThreadingHTTPServer):
    """Serves one stand-in; `stopping` cuts short whoever holds a line open."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, address: tuple[str, int], fake: FakeStripe) -> None:
        self.fake = fake
        self.stopping = threading.Event()
        super().__init__(address, _Handler)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    # A reply longer than the buffer takes two writes, and the second would wait 40 ms for an acknowledgement.
    disable_nagle_algorithm = True
    server: Server

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length).decode()
        path, _, query = self.path.partition("?")
        headers = {name.lower(): value for name, value in self.headers.items()}
        text = body if self.command == "POST" else query
        reply = self.server.fake.handle(Request(self.command, path, text, headers))
        if reply.dropped:
            self.server.stopping.wait(reply.hold_seconds)
            self.close_connection = True
        else:
            self._send(reply)

    do_GET = do_POST = do_DELETE = _serve

    def _send(self, reply: Reply) -> None:
        content = reply.content
        self.send_response(reply.status)
        for name, value in _headers(reply, content):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)
        self.wfile.flush()

    def log_message(self, format: str, *args: Any) -> None:
        """Stay silent: `/_fake/requests` tells more."""


def _headers(reply: Reply, content: bytes) -> list[tuple[str, str]]:
    fixed = {"Content-Type": "application/json", "Content-Length": str(len(content))}
    return list((fixed | reply.headers).items())


@contextmanager
def running(fake: FakeStripe) -> Iterator[str]:
    """Serve the stand-in on a free loopback port and yield its base URL."""
    server = Server(("127.0.0.1", 0), fake)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.stopping.set()
        server.shutdown()
        thread.join()
        server.server_close()


def wsgi(fake: FakeStripe) -> Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]:
    """Make a WSGI application; a dropped reply is a ConnectionAbortedError in it."""

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        reply = fake.handle(_request(environ))
        if reply.dropped:
            raise ConnectionAbortedError("the stand-in was told not to answer")
        content = reply.content
        start_response(f"{reply.status} {HTTPStatus(reply.status).phrase}", _headers(reply, content))
        return [content]

    return application


def _request(environ: dict[str, Any]) -> Request:
    method = environ["REQUEST_METHOD"]
    length = int(environ.get("CONTENT_LENGTH") or 0)
    body = environ["wsgi.input"].read(length).decode()
    headers = {name[5:].lower().replace("_", "-"): environ[name] for name in environ if name[:5] == "HTTP_"}
    if environ.get("CONTENT_TYPE"):
        headers["content-type"] = environ["CONTENT_TYPE"]
    return Request(method, environ["PATH_INFO"], body if method == "POST" else environ["QUERY_STRING"], headers)
