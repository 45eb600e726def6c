"""Specs of web/e2e against a deployed stack of their own, with shops, people and pages."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from infra import local, web
from infra.stages import LOCAL
from tests.stack.browsers import errands, furnish, world
from tests.stack.conftest import deployed
from tests.stack.deployed import warm
from tests.stack.inside import inside
from tests.wire.tools import chromium

SECONDS = 1_500


@contextmanager
def staged(home: Path) -> Iterator[dict[str, Any]]:
    """Yield what the specs know of a stack that was deployed for them."""
    web.build()
    with deployed(home) as stack, errands(stack) as address:
        services = local.status(home)
        assert services
        origin = services.pages_url.replace("127.0.0.1", "localhost")
        with inside(stack) as run:
            keys = run(f"{furnish.__module__}:furnish", origin).result()
        warm(stack.api_url)
        local.send_webhooks(stack.api_url, home)
        local.show_pages(stack.api_url, home, keys={"danbi": keys["pages"]})
        yield {**world(stack, services.pages_url, keys), "errands": address, "shots": str(LOCAL / "shots")}


def play(told: dict[str, Any], folder: Path, specs: list[str]) -> None:
    """Run the named specs one after the other, and fail with what they printed."""
    known = folder / "world.json"
    known.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    runner = web.WEB / "node_modules" / "@playwright" / "test" / "cli.js"
    # A spec or two can be named while one works on them.
    named = os.environ.get("DUREDESK_SPECS", "").split() or specs
    # A run empties its folder of traces, and others go on beside it.
    traces = LOCAL / "e2e" / "traces" / "-".join(named)
    command = [str(web.node()), str(runner), "test", "--config", "e2e/playwright.config.ts"]
    command += ["--output", str(traces), *(f"e2e/{one}.spec" for one in named)]
    done = subprocess.run(
        command,
        cwd=web.WEB,
        env=surroundings(known, folder),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-4_000:]


def surroundings(known: Path, folder: Path) -> dict[str, str]:
    """Return the environment in which specs find the stack that is told of in `known`, and a browser."""
    binary, variables = chromium()
    variables |= {"FONTCONFIG_FILE": str(_fonts(binary.parent, folder))}
    return web.environment() | {
        "DUREDESK_WORLD": str(known),
        "DUREDESK_CHROMIUM": str(binary),
        "DUREDESK_OUT": str(LOCAL / "e2e"),
        "DUREDESK_CHROMIUM_ENV": json.dumps(variables),
    }


def _fonts(home: Path, folder: Path) -> Path:
    """Return a font configuration in which the browser has Hangul too, as every customer's has."""
    config = folder / "fonts.conf"
    hangul = web.WEB / "node_modules" / "pretendard" / "dist" / "public" / "variable"
    folders = "".join(f"<dir>{one}</dir>" for one in (home / "fonts", hangul))
    config.write_text(f"<fontconfig>{folders}<cachedir>{folder}</cachedir></fontconfig>", encoding="utf-8")
    return config
