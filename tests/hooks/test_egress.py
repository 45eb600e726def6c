"""Calls to addresses that shops named reach public machines only, end soon, and follow nobody elsewhere."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from chalicelib.hooks.egress import Wire, call_out, is_public

HOST, URL = "127.0.0.1", "https://hooks.danbi.kr/a?b=c"
PUBLIC = "93.184.216.34"
HEADERS = {"Content-Type": "application/json", "Duredesk-Signature": "t=1,v1=a"}


@dataclass
class Receiver:
    """A shop's server: what it was sent, and what it does then with the connection."""

    got: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    does: Callable[[BaseHTTPRequestHandler], object] = lambda handler: answered(handler, 204)
    port: int = 0

    def wire(self, *resolved: list[str], seconds: float = 5.0) -> tuple[Wire, list[Any]]:
        """Return a wire on which names become `resolved`, one by one, and every address is this server."""
        seen: list[Any] = []
        answers = list(resolved or [[PUBLIC]])

        def connect(address: str, port: int) -> socket.socket:
            seen.append((address, port))
            return socket.create_connection((HOST, self.port), timeout=3)

        def resolve(host: str) -> list[str]:
            seen.append(host)
            return answers.pop(0) if len(answers) > 1 else answers[0]

        return Wire(resolve, connect, lambda raw, host: raw, seconds), seen


def answered(handler: BaseHTTPRequestHandler, status: int, body: bytes = b"", **headers: str) -> None:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    found = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.got.append((self.path, dict(self.headers.items()), body))
            found.does(self)

        do_GET = do_POST

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer((HOST, 0), Handler) as server:
        server.daemon_threads, server.block_on_close = True, False
        found.port = server.server_port
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield found
        server.shutdown()


def call(wire: Wire, url: str = URL, *, is_local: bool = False) -> dict[str, Any]:
    return call_out({"url": url, "body": '{"a":"글"}', "headers": HEADERS}, is_local=is_local, wire=wire)


def test_a_public_receiver_gets_the_body_and_its_proof_and_its_answer_is_told(receiver: Receiver) -> None:
    wire, seen = receiver.wire()
    answer = call(wire)
    assert (answer["status"], answer["error"]) == (204, "")
    assert answer["ms"] >= 0
    [(path, headers, body)] = receiver.got
    assert (path, body.decode()) == ("/a?b=c", '{"a":"글"}')
    assert headers["Host"] == "hooks.danbi.kr"
    assert headers["Duredesk-Signature"] == "t=1,v1=a"
    assert seen == ["hooks.danbi.kr", (PUBLIC, 443)]


@pytest.mark.parametrize("status", [200, 400, 500])
def test_whatever_the_receiver_answers_is_told(receiver: Receiver, status: int) -> None:
    receiver.does = lambda handler: answered(handler, status)
    assert call(receiver.wire()[0])["status"] == status


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["10.0.0.1"],
        ["172.16.0.1"],
        ["192.168.1.1"],
        ["169.254.169.254"],
        ["100.64.0.1"],
        ["0.0.0.0"],
        ["224.0.0.1"],
        ["255.255.255.255"],
        ["192.0.2.1"],
        ["::1"],
        ["::"],
        ["fe80::1"],
        ["fe80::1%eth0"],
        ["fd00:ec2::254"],
        ["::ffff:169.254.169.254"],
        ["2002:a9fe:a9fe::1"],
        ["64:ff9b::a9fe:a9fe"],
        ["64:ff9b:1::1"],
        ["::7f00:1"],
        ["fec0::1"],
        ["ff02::1"],
        [PUBLIC, "10.0.0.1"],
        ["10.0.0.1", PUBLIC],
    ],
)
def test_a_name_that_leads_inside_is_not_called(receiver: Receiver, addresses: list[str]) -> None:
    wire, seen = receiver.wire(addresses)
    answer = call(wire)
    assert (answer["status"], answer["error"]) == (0, "private_address")
    assert seen == ["hooks.danbi.kr"]
    assert receiver.got == []


@pytest.mark.parametrize("address", [PUBLIC, "2606:2800:220:1::1", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_public_addresses_are(address: str) -> None:
    assert is_public(address)


def test_a_name_that_leads_elsewhere_the_second_time_is_called_where_it_led_first(receiver: Receiver) -> None:
    wire, seen = receiver.wire([PUBLIC], ["169.254.169.254"])
    assert call(wire)["status"] == 204
    assert seen == ["hooks.danbi.kr", (PUBLIC, 443)]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_an_answer_and_is_not_followed(receiver: Receiver, status: int) -> None:
    receiver.does = lambda handler: answered(handler, status, Location="http://169.254.169.254/latest/")
    assert call(receiver.wire()[0])["status"] == status
    assert len(receiver.got) == 1


def test_a_name_that_leads_nowhere_is_said() -> None:
    def unknown(host: str) -> list[str]:
        raise socket.gaierror("unknown")

    assert call(Wire(resolve=unknown))["error"] == "no_address"
    assert call(Wire(resolve=lambda _: []))["error"] == "no_address"


def test_a_machine_that_is_not_there_is_said() -> None:
    def refused(address: str, port: int) -> socket.socket:
        raise ConnectionRefusedError

    assert call(Wire(lambda _: [PUBLIC], refused))["error"] == "unreachable"


def test_who_never_answers_is_left_in_time(receiver: Receiver) -> None:
    left = threading.Event()
    receiver.does = lambda handler: left.wait(10)
    answer = call(receiver.wire(seconds=0.3)[0])
    left.set()
    assert (answer["status"], answer["error"]) == (0, "timeout")


def test_who_answers_a_byte_at_a_time_is_left_in_time(receiver: Receiver) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        with suppress(OSError):
            for sign in b"HTTP/1.1 200 OK\r\nX: " + b"a" * 100 + b"\r\nContent-Length: 0\r\n\r\n":
                handler.wfile.write(bytes([sign]))
                time.sleep(0.05)

    receiver.does = drip
    answer = call(receiver.wire(seconds=0.3)[0])
    assert (answer["status"], answer["error"]) == (0, "timeout")


def test_who_sends_a_body_without_end_is_heard_and_left(receiver: Receiver) -> None:
    sent: list[int] = []

    def flood(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        with suppress(OSError):
            while len(sent) < 2000:
                handler.wfile.write(b"a" * 65_536)
                sent.append(1)

    receiver.does = flood
    answer = call(receiver.wire()[0])
    assert (answer["status"], answer["error"]) == (200, "")
    assert len(sent) < 2000


def test_who_hangs_up_or_talks_nonsense_has_not_answered(receiver: Receiver) -> None:
    def nonsense(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"\x00\x01nonsense\r\n\r\n")

    receiver.does = nonsense
    assert call(receiver.wire()[0])["error"] == "no_answer"
    receiver.does = lambda handler: handler.connection.close()
    assert call(receiver.wire()[0])["error"] == "no_answer"


@pytest.mark.parametrize(
    "url", ["http://hooks.danbi.kr/", "https://10.0.0.1/", "https://a:b@danbi.kr/", "file:///a"]
)
def test_an_address_that_no_hook_may_have_is_not_called_either(receiver: Receiver, url: str) -> None:
    wire, seen = receiver.wire()
    assert call(wire, url)["error"] == "hook_url"
    assert seen == []


def test_the_local_stage_calls_its_own_machine_and_others_do_not(receiver: Receiver) -> None:
    url = f"http://{HOST}:{receiver.port}/a"
    assert call(Wire(), url, is_local=True)["status"] == 204
    assert receiver.got[0][1]["Host"] == f"{HOST}:{receiver.port}"
    assert call(Wire(), url)["error"] == "hook_url"
    assert len(receiver.got) == 1


def certificate(folder: Path, name: str) -> ssl.SSLContext:
    """Return what a server needs to show a certificate that it issued to itself for `name`."""
    key, subject = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]),
    )
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now - timedelta(1)).not_valid_after(now + timedelta(1))
    signed = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    told = signed.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "server.pem").write_bytes(secret + told)
    (folder / "trusted.pem").write_bytes(told)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    return context


@pytest.mark.parametrize(
    ("name", "trusted", "outcome"),
    [
        ("hooks.danbi.kr", True, (204, "")),
        ("other.danbi.kr", True, (0, "untrusted")),
        ("hooks.danbi.kr", False, (0, "untrusted")),
    ],
)
def test_a_receiver_must_prove_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, trusted: bool, outcome: tuple[int, str]
) -> None:
    context = certificate(tmp_path, name)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "trusted.pem"))
    got: list[bytes] = []
    with socket.create_server((HOST, 0)) as listening:
        threading.Thread(target=_serve_once, args=(listening, context, got), daemon=True).start()
        port = listening.getsockname()[1]
        wire = Wire(lambda _: [PUBLIC], lambda *_: socket.create_connection((HOST, port), timeout=3))
        answer = call(wire)
    assert (answer["status"], answer["error"]) == outcome
    assert bool(got) is (outcome[0] == 204)


def _serve_once(listening: socket.socket, context: ssl.SSLContext, got: list[bytes]) -> None:
    raw, _ = listening.accept()
    try:
        with context.wrap_socket(raw, server_side=True) as secured:
            said = b""
            # Who hangs up on what was not read yet takes the answer back.
            while not said.endswith(b"}") and (part := secured.recv(65_536)):
                said += part
            if said:
                got.append(said)
            secured.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
    except (ssl.SSLError, OSError):
        raw.close()


def test_who_never_shakes_hands_is_left_in_time() -> None:
    with socket.create_server((HOST, 0)) as listening:
        port = listening.getsockname()[1]
        wire = Wire(lambda _: [PUBLIC], lambda *_: socket.create_connection((HOST, port), timeout=3), seconds=0.3)
        answer = call(wire)
    assert (answer["status"], answer["error"]) == (0, "timeout")
