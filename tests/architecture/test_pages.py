"""What the local pages answer is what the distribution answers, and nothing but built files is served."""

import json
import threading
import time
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import requests

from infra import pages, shopfront
from infra.pages import Handler, Place, caching, publish
from infra.stages import resource

HOST = "127.0.0.1"


class Echo(BaseHTTPRequestHandler):
    """An API that says what it was asked."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        if self.headers.get("If-None-Match"):
            self.send_response(304)
            self.send_header("ETag", '"1"')
            self.end_headers()
            return
        said = {
            "method": self.command,
            "path": self.path,
            "body": body,
            "key": self.headers.get("Idempotency-Key"),
        }
        content = json.dumps(said).encode()
        self.send_response(201)
        self.send_header("Set-Cookie", "duredesk_session=1; HttpOnly; Secure; SameSite=Strict")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST

    def log_message(self, *_: object) -> None:
        pass


def served(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    with ThreadingHTTPServer((HOST, 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://{HOST}:{server.server_port}"
        server.shutdown()


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    found = tmp_path / "web"
    (found / "assets").mkdir(parents=True)
    for name in ("index.html", "w.js", "assets/main.1a2b.js", ".vite"):
        (found / name).write_text(name, encoding="utf-8")
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    monkeypatch.setattr(pages, "BUILT", found)
    return found


@pytest.fixture
def api() -> Iterator[str]:
    yield from served(Echo)


@pytest.fixture
def site(tmp_path: Path, built: Path, api: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    settings = tmp_path / "pages.json"
    Place(f"{api}/stage", "http://files.example", {"danbi": "ddw.danbi.0123456789abcdef"}).keep(settings)
    monkeypatch.setattr(Handler, "settings", settings, raising=False)
    yield from served(Handler)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/console", "index.html"),
        ("/console/danbi/0a", "index.html"),
        ("/w.js", "w.js"),
        ("/assets/main.1a2b.js", "assets/main.1a2b.js"),
    ],
)
def test_pages_have_the_headers_of_the_distribution(site: str, path: str, text: str) -> None:
    answer = requests.get(site + path, timeout=5)
    assert (answer.status_code, answer.text) == (200, text)
    config = resource("pages")["PagesHeaders"]["Properties"]["ResponseHeadersPolicyConfig"]
    policy = config["SecurityHeadersConfig"]["ContentSecurityPolicy"]["ContentSecurityPolicy"]["Fn::Sub"]
    shown = answer.headers["Content-Security-Policy"]
    assert "connect-src 'self' http://files.example;" in shown
    rest = [one for one in policy.split("; ") if not one.startswith("connect-src")]
    assert [one for one in shown.split("; ") if not one.startswith("connect-src")] == rest
    assert "unsafe" not in shown
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == caching(path.lstrip("/"))


@pytest.mark.parametrize("path", ["/../secret.txt", "/%2e%2e/secret.txt", "/assets/../../secret.txt", "/gone.js"])
def test_nothing_but_built_files_is_served(site: str, path: str) -> None:
    request = requests.Request("GET", site).prepare()
    request.url = site + path
    with requests.Session() as session:
        answer = session.send(request, timeout=5)
    assert (answer.status_code, answer.text) == (404, "")


def test_every_answer_tells_the_time_of_the_stages_clock(site: str, tmp_path: Path) -> None:
    def told() -> float:
        answers = (requests.get(site + path, timeout=5) for path in ("/v1/x", "/console"))
        late = {round(parsedate_to_datetime(one.headers["Date"]).timestamp() - time.time(), -1) for one in answers}
        assert len(late) == 1
        return late.pop()

    assert told() == 0
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "clock.json").write_text("262800", encoding="utf-8")
    assert told() == 262_800


def test_calls_of_the_api_are_passed_on_whole(site: str) -> None:
    with requests.Session() as session:
        answer = session.post(f"{site}/v1/x?y=1", data="글".encode(), headers={"Idempotency-Key": "k"}, timeout=5)
        said = {"method": "POST", "path": "/stage/v1/x?y=1", "body": "글", "key": "k"}
        assert (answer.status_code, answer.json()) == (201, said)
        assert "duredesk_session=1" in answer.headers["Set-Cookie"]
        known = session.get(f"{site}/v1/x", headers={"If-None-Match": '"1"'}, timeout=5)
        assert (known.status_code, known.text, known.headers["ETag"]) == (304, "", '"1"')


def test_an_api_that_is_not_there_is_said_to_be_unavailable(site: str) -> None:
    Place(f"http://{HOST}:9").keep(Handler.settings)
    answer = requests.get(f"{site}/v1/x", timeout=5)
    assert (answer.status_code, answer.json()["error"]["code"]) == (502, "unavailable")


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("shop", sorted(json.loads((shopfront.DEMO / "shops.json").read_text(encoding="utf-8"))))
def test_a_demo_shop_has_the_widget_and_a_strict_policy(site: str, shop: str, language: str) -> None:
    answer = requests.get(f"{site}/demo/{shop}?lang={language}", timeout=5)
    assert f'<script async src="{site}/w.js" data-key="' in answer.text
    assert f'data-language="{language}"' in answer.text
    assert "$" not in answer.text
    assert f"script-src {site};" in answer.headers["Content-Security-Policy"]
    assert requests.get(f"{site}/demo/{shop}.css", timeout=5).text.startswith(":root { --shop: #")
    own = requests.get(f"{site}/demo/{shop}", params={"key": 'ddw.moon.1"><'}, timeout=5).text
    assert 'data-key="ddw.moon.1&quot;&gt;&lt;"' in own
    assert requests.get(f"{site}/demo/nobody", timeout=5).status_code == 404


class Shelf:
    """A bucket that remembers what was put into it, in order."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def put_object(self, *, Key: str, **_: object) -> None:
        self.names.append(Key)


def test_what_names_the_others_is_published_last(built: Path) -> None:
    shelf = Shelf()
    publish(shelf, "pages", built)
    assert shelf.names == ["assets/main.1a2b.js", "w.js", "index.html"]
