"""Calls to addresses that shops named: made by a function without rights, to public addresses only."""

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

from chalicelib.hooks.rules import check_url
from chalicelib.kernel.errors import BadInput

_CONNECT_SECONDS = 3.0
_MAX_BYTES = 64 * 1024
_PORT = 443


def _resolved(host: str) -> list[str]:
    found = socket.getaddrinfo(host, _PORT, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _connected(address: str, port: int) -> socket.socket:
    return socket.create_connection((address, port), timeout=_CONNECT_SECONDS)


def _secured(raw: socket.socket, host: str) -> socket.socket:
    context = ssl.create_default_context()
    return context.wrap_socket(raw, server_hostname=host, do_handshake_on_connect=False)


@dataclass(frozen=True, slots=True)
class Wire:
    """How a name becomes addresses, an address a connection, and that a private one to who proves the name.

    A call that is connected is over within `seconds`.
    """

    resolve: Callable[[str], list[str]] = _resolved
    connect: Callable[[str, int], socket.socket] = _connected
    secure: Callable[[socket.socket, str], socket.socket] = _secured
    seconds: float = 5.0


class Refused(Exception):
    """The address was not called; says why in one word."""


def call_out(event: Mapping[str, Any], *, is_local: bool, wire: Wire | None = None) -> dict[str, str | int]:
    """POST `body` with `headers` to `url`; answer the `status` (0: none came), the `ms` it took and an `error`.

    Redirects are not followed. Errors: `hook_url`, `no_address`, `private_address`, `unreachable`, `untrusted`,
    `timeout` and `no_answer`.
    """
    began, over = time.monotonic(), wire or Wire()
    status, error = 0, ""
    try:
        status = _posted(event, is_local, over)
    except Refused as refused:
        error = str(refused)
    except ssl.SSLCertVerificationError:
        error = "untrusted"
    except (OSError, http.client.HTTPException):
        error = "timeout" if time.monotonic() - began >= over.seconds else "no_answer"
    return {"status": status, "ms": round((time.monotonic() - began) * 1000), "error": error}


def _posted(event: Mapping[str, Any], is_local: bool, wire: Wire) -> int:
    url = urlsplit(str(event["url"]))
    host = url.hostname or ""
    try:
        check_url(str(event["url"]), is_local=is_local)
    except BadInput as bad:
        raise Refused(bad.code) from None
    ready = _open(url, host, wire)
    # A socket's own timeout begins anew with each byte: what drips would be waited for without end.
    watchdog = threading.Timer(wire.seconds, _cut, [ready])
    watchdog.start()
    try:
        return _answered(ready, event, url)
    finally:
        watchdog.cancel()
        ready.close()


def _open(url: SplitResult, host: str, wire: Wire) -> socket.socket:
    """Connect to one of the addresses that were looked at, so that a second look cannot find another one."""
    if url.scheme == "http":
        return wire.connect(host, url.port or 80)
    try:
        addresses = wire.resolve(host)
    except (OSError, UnicodeError):
        addresses = []
    if not addresses:
        raise Refused("no_address")
    if not all(is_public(address) for address in addresses):
        raise Refused("private_address")
    try:
        raw = wire.connect(addresses[0], _PORT)
    except OSError:
        raise Refused("unreachable") from None
    raw.settimeout(wire.seconds)
    return wire.secure(raw, host)


def is_public(address: str) -> bool:
    """Return whether anybody's machine may stand at `address`, not only one of our own or of its neighbours."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if inner is not None:
            return is_public(str(inner))
        if found in _NAT64:
            return is_public(str(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)))
        if found not in _GLOBAL_UNICAST:
            return False
    return found.is_global and not found.is_multicast


_NAT64 = ipaddress.ip_network("64:ff9b::/96")
# All that was ever given out of IPv6; the library also calls global what only this network's routers know.
_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")


def _answered(ready: socket.socket, event: Mapping[str, Any], url: SplitResult) -> int:
    if isinstance(ready, ssl.SSLSocket):
        ready.do_handshake()
    connection = http.client.HTTPConnection(url.hostname or "", url.port if url.scheme == "http" else None)
    # It may speak over this connection alone, and open none of its own.
    connection.sock, connection.auto_open = ready, 0
    target = (url.path or "/") + (f"?{url.query}" if url.query else "")
    connection.request("POST", target, str(event["body"]).encode(), dict(event["headers"]))
    answer = connection.getresponse()
    answer.read(_MAX_BYTES)
    return answer.status


def _cut(raw: socket.socket) -> None:
    try:
        raw.shutdown(socket.SHUT_RDWR)
    except OSError:
        # It is closed already.
        return
