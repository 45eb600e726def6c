"""A headless Chromium, told what to do in its own protocol over a pipe: no port, no driver, no further package."""

import base64
import fcntl
import json
import os
import select
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from tests.wire.process import end
from tests.wire.tools import chromium

WAIT_SECONDS = 15
# Chromium reads its orders from file 3 and answers on file 4.
LAUNCHER = "import os, sys; _, orders, answers, *command = sys.argv; os.dup2(int(orders), 3); " + (
    "os.dup2(int(answers), 4); os.execv(command[0], command)"
)
FLAGS = [
    "--headless",
    "--remote-debugging-pipe",
    # It opens pages of this machine alone, and as root has no other choice.
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    "--window-size=1280,800",
]


class Page:
    """The one tab of a browser."""

    def __init__(self, orders: int, answers: int) -> None:
        self._orders = orders
        self._answers = answers
        self._count = 0
        self._rest = b""
        self._session = ""
        target = self._call("Target.createTarget", {"url": "about:blank"})["targetId"]
        attached = self._call("Target.attachToTarget", {"targetId": target, "flatten": True})
        self._session = attached["sessionId"]

    def open(self, url: str) -> None:
        """Go to an address and wait until the page is there."""
        failed = self._call("Page.navigate", {"url": url}).get("errorText")
        assert not failed, f"{url}: {failed}"
        self.wait_for("document.readyState === 'complete' && location.href !== 'about:blank'")

    def evaluate(self, expression: str) -> Any:
        """Return what a JavaScript expression is worth in the page."""
        params = {"expression": expression, "returnByValue": True}
        answer = self._call("Runtime.evaluate", params)
        assert "exceptionDetails" not in answer, f"{expression}: {answer['exceptionDetails']}"
        return answer["result"].get("value")

    def wait_for(self, expression: str) -> None:
        """Return as soon as an expression is true of the page, whichever page that is by then."""
        deadline = monotonic() + WAIT_SECONDS
        while not self.evaluate(expression):
            assert monotonic() < deadline, f"{expression} never became true at {self.evaluate('location.href')}"
            sleep(0.05)

    def text(self) -> str:
        """Return what a visitor reads."""
        return str(self.evaluate("document.body.innerText"))

    def click(self, selector: str) -> None:
        """Press and let go of the mouse over the middle of an element, wherever that is."""
        corner = f"document.querySelector({json.dumps(selector)}).getBoundingClientRect()"
        x, y = self.evaluate(f"(box => [box.x + box.width / 2, box.y + box.height / 2])({corner})")
        for kind in ("mousePressed", "mouseReleased"):
            params = {"type": kind, "x": x, "y": y, "button": "left", "clickCount": 1}
            self._call("Input.dispatchMouseEvent", params)

    def type(self, text: str) -> None:
        """Type into whatever has the focus."""
        self._call("Input.insertText", {"text": text})

    def screenshot(self, path: Path) -> None:
        """Keep what the page looks like as a PNG."""
        path.write_bytes(base64.b64decode(self._call("Page.captureScreenshot", {})["data"]))

    def _call(self, method: str, params: dict[str, Any]) -> dict[str, Any]:
        self._count += 1
        order: dict[str, Any] = {"id": self._count, "method": method, "params": params}
        if self._session:
            order["sessionId"] = self._session
        os.write(self._orders, json.dumps(order).encode() + b"\0")
        while True:
            answer = self._read()
            if answer.get("id") == self._count:
                assert "error" not in answer, f"{method}: {answer['error']}"
                result: dict[str, Any] = answer["result"]
                return result

    def _read(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            ready, _, _ = select.select([self._answers], [], [], WAIT_SECONDS)
            more = os.read(self._answers, 1 << 16) if ready else b""
            assert more, "the browser has gone silent"
            self._rest += more
        first, _, self._rest = self._rest.partition(b"\0")
        answer: dict[str, Any] = json.loads(first)
        return answer


@contextmanager
def browsing(home: Path) -> Iterator[Page]:
    """Yield a browser's page; its profile and its words are kept under `home`."""
    binary, variables = chromium()
    theirs, ours = _pipe()
    answers, said = _pipe()
    command = [sys.executable, "-c", LAUNCHER, str(theirs), str(said), str(binary), *FLAGS]
    command.append(f"--user-data-dir={home / 'profile'}")
    with (home / "chromium.log").open("wb") as log:
        process = subprocess.Popen(
            command, pass_fds=(theirs, said), env=os.environ | variables, stdout=log, stderr=subprocess.STDOUT
        )
    os.close(theirs)
    os.close(said)
    try:
        yield Page(ours, answers)
    finally:
        end(process)
        os.close(ours)
        os.close(answers)


def _pipe() -> tuple[int, int]:
    """Return both ends of a pipe, numbered high enough not to be overwritten by 3 and 4 in the launcher."""
    low = os.pipe()
    reading, writing = (fcntl.fcntl(number, fcntl.F_DUPFD_CLOEXEC, 10) for number in low)
    for number in low:
        os.close(number)
    return reading, writing
