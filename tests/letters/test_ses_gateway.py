"""What SES answers tells whether a mail was certainly not sent; where it does not, none is sent at once again."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError

from chalicelib.letters import ses_gateway
from chalicelib.letters.model import Mail, MailRefused, MailUnavailable
from chalicelib.letters.ses_gateway import SesMailer
from tests.moto_desk import moto_desk

MAIL = Mail("제목", "글", "<p>글</p>")


@dataclass
class Provider:
    """Stands in for SES: how it answers, if it does, and how often it was asked."""

    status: int = 200
    code: str = ""
    silent: bool = False
    asked: int = 0


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    found = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            found.asked += 1
            if found.silent:
                return
            body = json.dumps({"MessageId": "m1", "message": "no"}).encode()
            self.send_response(found.status)
            self.send_header("x-amzn-ErrorType", found.code)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server, moto_desk():
        server.daemon_threads, server.block_on_close = True, False
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        monkeypatch.setenv("AWS_ENDPOINT_URL_SESV2", f"http://127.0.0.1:{server.server_port}")
        ses_gateway._client.cache_clear()
        yield found
        ses_gateway._client.cache_clear()
        server.shutdown()


def send() -> None:
    SesMailer().send(("owner@danbi.example",), MAIL, "welcome")


def test_a_mail_is_given_to_the_provider_once(provider: Provider) -> None:
    send()
    assert provider.asked == 1


@pytest.mark.parametrize("code", ["MessageRejected", "BadRequestException", "NotFoundException"])
def test_what_is_refused_for_good_is_told_apart(provider: Provider, code: str) -> None:
    provider.status, provider.code = 400, code
    with pytest.raises(MailRefused):
        send()


@pytest.mark.parametrize(
    ("status", "code"),
    [(429, "TooManyRequestsException"), (400, "SendingPausedException"), (400, "LimitExceeded")],
)
def test_what_was_certainly_not_sent_may_be_later(provider: Provider, status: int, code: str) -> None:
    provider.status, provider.code = status, code
    with pytest.raises(MailUnavailable):
        send()
    assert provider.asked == 1


def test_after_a_fault_of_the_provider_nobody_knows_and_nobody_sends_it_at_once_again(provider: Provider) -> None:
    provider.status, provider.code = 500, "InternalServiceErrorException"
    with pytest.raises(ClientError):
        send()
    assert provider.asked == 1


def test_after_an_answer_that_never_came_it_is_the_same(provider: Provider) -> None:
    provider.silent = True
    with pytest.raises(ConnectionClosedError):
        send()
    assert provider.asked == 1
