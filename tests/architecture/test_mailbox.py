"""The mails of the local stage are read in the browser, and can do nothing there."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests

from infra.pages import Handler, Place

HOST = "127.0.0.1"
KIM, LEE = "kim@danbi.example", "lee@mungmeal.example"


def mail(to: str, subject: str, at: int, **body: str) -> dict[str, Any]:
    return {"To": [to], "Subject": subject, "Timestamp": at, "BodyText": "", "BodyHtml": None, **body}


MAILS = {
    "000000000000": [
        mail(KIM, "확인 코드", 1, BodyHtml="<p>코드: 135790</p>"),
        mail(LEE, "<b>새 소식</b>", 3, BodyHtml='"></iframe><script>alert(1)</script>'),
    ],
    "111111111111": [mail(KIM, "한도", 2, BodyText="80%를 <썼어요>")],
}


class Store(BaseHTTPRequestHandler):
    """The local AWS, as far as it tells of mails."""

    def do_GET(self) -> None:
        assert self.path == "/_ministack/ses/messages"
        content = json.dumps({"messages": MAILS}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


def served(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    with ThreadingHTTPServer((HOST, 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://{HOST}:{server.server_port}"
        server.shutdown()


@pytest.fixture
def store() -> Iterator[str]:
    yield from served(Store)


@pytest.fixture
def site(tmp_path: Path, store: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    settings = tmp_path / "pages.json"
    Place("http://api.example", store).keep(settings)
    monkeypatch.setattr(Handler, "settings", settings, raising=False)
    yield from served(Handler)


def test_mails_are_listed_the_newest_first(site: str) -> None:
    text = requests.get(f"{site}/mail", timeout=5).text
    assert [text.index(f'href="/mail/{number}"') for number in (3, 2, 1)] == sorted(
        text.index(f'href="/mail/{number}"') for number in (3, 2, 1)
    )
    assert "&lt;b&gt;새 소식&lt;/b&gt;" in text


def test_mails_to_an_address_keep_their_numbers(site: str) -> None:
    text = requests.get(f"{site}/mail", params={"to": KIM}, timeout=5).text
    assert text.index('href="/mail/2"') < text.index('href="/mail/1"')
    assert 'href="/mail/3"' not in text
    assert LEE not in text


def test_a_mail_is_shown_where_it_can_do_nothing(site: str) -> None:
    first, second, third = (requests.get(f"{site}/mail/{number}", timeout=5) for number in (1, 2, 3))
    assert '<iframe sandbox title="확인 코드" srcdoc="&lt;p&gt;코드: 135790&lt;/p&gt;">' in first.text
    assert "<pre>80%를 &lt;썼어요&gt;</pre>" in second.text
    assert "<script" not in third.text
    assert third.text.count("</iframe>") == 1
    for answer in (first, second, third):
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; style-src 'unsafe-inline';")
        assert "script-src" not in policy


@pytest.mark.parametrize("name", ["0", "4", "x", "-1", "1/2", "%2e%2e"])
def test_there_is_no_other_mail(site: str, name: str) -> None:
    assert requests.get(f"{site}/mail/{name}", timeout=5).status_code == 404


def test_a_local_aws_that_is_not_there_is_said(site: str) -> None:
    Place("http://api.example", f"http://{HOST}:9").keep(Handler.settings)
    assert requests.get(f"{site}/mail", timeout=5).status_code == 502
