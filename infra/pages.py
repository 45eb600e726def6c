"""Serves the built pages and the API as one origin, as CloudFront does: `python -m infra.pages --port 8600`.

Pages have the headers of the distribution. The demo's shops are another origin, as real ones are: the same server
under another name of this machine. Mails of the local stage are read under `/mail`.
"""

import argparse
import http.client
import json
import mimetypes
from dataclasses import asdict, dataclass, field
from functools import cache
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from infra import clock, mailbox, shopfront
from infra.processes import HOST
from infra.stages import resource
from infra.web import BUILT

TIMEOUT_SECONDS = 60
# What belongs to one connection, or is this server's own to say.
_HOP = {"connection", "host", "keep-alive", "transfer-encoding", "content-length", "accept-encoding"}
_OWN = {"date", "server"}
_STORE = "https://${Files.DomainName} https://${Files.RegionalDomainName}"
_BODILESS = {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}
_NOT_THERE = b'{"error": {"code": "unavailable", "message": "the API does not answer"}}'


@dataclass(frozen=True)
class Place:
    """Where the API is and where files are uploaded to, once it is deployed, and the demo shops' widget keys."""

    api: str = ""
    files: str = ""
    keys: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> "Place":
        """Return what is kept in a file; nothing before there is one."""
        return cls(**json.loads(path.read_text(encoding="utf-8"))) if path.exists() else cls()

    def keep(self, path: Path) -> None:
        """Write it where a running server looks."""
        path.write_text(json.dumps(asdict(self)), encoding="utf-8")


@cache
def security(files: str = "") -> dict[str, str]:
    """Return the headers that the distribution puts on every page; `files` is where files are uploaded to."""
    config = resource("pages")["PagesHeaders"]["Properties"]["ResponseHeadersPolicyConfig"]
    said = config["SecurityHeadersConfig"]
    policy = said["ContentSecurityPolicy"]["ContentSecurityPolicy"]["Fn::Sub"].replace(_STORE, files)
    return {item["Header"]: item["Value"] for item in config["CustomHeadersConfig"]["Items"]} | {
        "Content-Security-Policy": policy,
        "Referrer-Policy": said["ReferrerPolicy"]["ReferrerPolicy"],
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": said["FrameOptions"]["FrameOption"],
    }


def caching(path: str) -> str:
    """Return how long a built file may be kept: for ever if it is named after its content."""
    if path.startswith("assets/"):
        return "public, max-age=31536000, immutable"
    return "public, max-age=300" if path == "w.js" else "no-cache"


def content_type(path: str) -> str:
    """Return the content type of a built file."""
    kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith("text/") or kind == "application/json" else kind


def publish(storage: Any, bucket: str, built: Path) -> None:
    """Upload the built pages; last what names the others, so that no page asks for what is not there yet."""
    names = [path.relative_to(built).as_posix() for path in built.rglob("*") if path.is_file()]
    for name in sorted(names, key=lambda name: (name.endswith(".html"), name)):
        if name.startswith("."):
            continue
        about = {"ContentType": content_type(name), "CacheControl": caching(name)}
        storage.put_object(Bucket=bucket, Key=name, Body=(built / name).read_bytes(), **about)


class Handler(BaseHTTPRequestHandler):
    """One browser's connection."""

    protocol_version = "HTTP/1.1"
    server_version, sys_version = "pages", ""
    settings: Path

    def do_GET(self) -> None:
        """Answer with a page, a file of it, or what the API says."""
        address = urlsplit(self.path)
        if address.path.startswith("/v1/"):
            self._pass_on()
        elif address.path.startswith("/demo/"):
            self._demo(address.path.removeprefix("/demo/"), parse_qs(address.query))
        elif address.path == "/mail" or address.path.startswith("/mail/"):
            self._mail(address.path.removeprefix("/mail").strip("/"), parse_qs(address.query))
        else:
            self._file(address.path.lstrip("/") if "." in address.path.rpartition("/")[2] else "index.html")

    def do_POST(self) -> None:
        """Pass on to the API."""
        self._pass_on()

    def do_OPTIONS(self) -> None:
        """Answer a preflight as the gateway would: the emulator's mock integrations answer without headers."""
        # The product may only be imported where its stage is entered, or never will be: this process serves.
        from infra.gateway import PREFLIGHT  # noqa: PLC0415

        self._say(HTTPStatus.OK, b"", {**PREFLIGHT, "Access-Control-Allow-Methods": "GET,POST,PUT,OPTIONS"})

    do_HEAD = do_GET
    do_PUT = do_DELETE = do_PATCH = do_POST

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Tell the time of the stage's clock, as what answers there does: pages go by it."""
        return super().date_time_string(timestamp or clock.now(self.settings.parent / "state" / "clock.json"))

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def _file(self, name: str) -> None:
        path, headers = (BUILT / name).resolve(), security(Place.read(self.settings).files)
        if not path.is_relative_to(BUILT.resolve()) or not path.is_file():
            self._say(HTTPStatus.NOT_FOUND, b"", headers)
            return
        about = {"Content-Type": content_type(name), "Cache-Control": caching(name)}
        self._say(HTTPStatus.OK, path.read_bytes(), about | headers)

    def _demo(self, name: str, query: dict[str, list[str]]) -> None:
        place, port = Place.read(self.settings), self.server.server_port  # type: ignore[attr-defined]
        front = shopfront.Front(f"http://{HOST}:{port}", place.files, place.keys)
        content, headers = shopfront.show(front, name, query)
        self._say(HTTPStatus.OK if content else HTTPStatus.NOT_FOUND, content, headers)

    def _mail(self, name: str, query: dict[str, list[str]]) -> None:
        try:
            content = mailbox.show(Place.read(self.settings).files, name, query.get("to", [""])[0])
        except OSError:
            self._say(HTTPStatus.BAD_GATEWAY, b"", mailbox.HEADERS)
            return
        self._say(HTTPStatus.OK if content else HTTPStatus.NOT_FOUND, content.encode(), mailbox.HEADERS)

    def _pass_on(self) -> None:
        """Send the request to the API, and its answer back."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name: value for name, value in self.headers.items() if name.lower() not in _HOP}
        address = urlsplit(Place.read(self.settings).api)
        upstream = http.client.HTTPConnection(address.netloc, timeout=TIMEOUT_SECONDS)
        try:
            upstream.request(self.command, address.path + self.path, body=body or None, headers=headers)
            answer = upstream.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException):
            self._say(HTTPStatus.BAD_GATEWAY, _NOT_THERE)
            return
        finally:
            upstream.close()
        kept = [pair for pair in answer.getheaders() if pair[0].lower() not in _HOP | _OWN]
        self._send(answer.status, content, kept)

    def _say(self, status: HTTPStatus, content: bytes, headers: dict[str, str] | None = None) -> None:
        self._send(status, content, list((headers or {}).items()))

    def _send(self, status: int, content: bytes, headers: list[tuple[str, str]]) -> None:
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        if status not in _BODILESS:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD" and status not in _BODILESS:
            self.wfile.write(content)


class Server(ThreadingHTTPServer):
    """Takes as many connections at once as several browsers open; one that is not taken hangs for seconds."""

    daemon_threads = True
    request_queue_size = 128


def main() -> None:
    """Serve until stopped."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--settings", type=Path, required=True)
    options = parser.parse_args()
    Handler.settings = options.settings
    Server((HOST, options.port), Handler).serve_forever()


if __name__ == "__main__":
    main()
