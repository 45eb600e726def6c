"""The pages in a browser, against the deployed stack: a customer in a shop's widget, agents at their consoles."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra import local, web
from infra.stages import LOCAL
from tests.stack.browsers import errands, furnish, warm, world
from tests.stack.conftest import deployed
from tests.stack.inside import inside
from tests.wire.tools import chromium

pytestmark = pytest.mark.stack

SECONDS = 1_500


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """What the specs know: a stack of their own, with shops, agents and pages."""
    home = tmp_path_factory.mktemp("pages")
    web.build()
    with deployed(home) as stack, errands(stack) as address:
        services = local.status(home)
        assert services
        origin = services.pages_url.replace("127.0.0.1", "localhost")
        with inside(stack) as run:
            keys = run(f"{furnish.__module__}:furnish", origin).result()
        warm(stack)
        local.show_pages(stack.api_url, home, keys={"danbi": keys["pages"]})
        yield {**world(stack, services.pages_url, keys), "errands": address, "shots": str(LOCAL / "shots")}


def test_customers_and_agents_meet_in_the_browser(told: dict[str, Any], tmp_path: Path) -> None:
    binary, variables = chromium()
    variables |= {"FONTCONFIG_FILE": str(_fonts(binary.parent, tmp_path))}
    known = tmp_path / "world.json"
    known.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    own = {"DUREDESK_WORLD": str(known), "DUREDESK_CHROMIUM": str(binary), "DUREDESK_OUT": str(LOCAL / "e2e")}
    runner = web.WEB / "node_modules" / "@playwright" / "test" / "cli.js"
    command = [str(web.node()), str(runner), "test", "--config", "e2e/playwright.config.ts"]
    # A spec or two can be named while one works on them.
    command += os.environ.get("DUREDESK_SPECS", "").split()
    environment = web.environment() | own | {"DUREDESK_CHROMIUM_ENV": json.dumps(variables)}
    done = subprocess.run(
        command, cwd=web.WEB, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-4_000:]


def _fonts(home: Path, folder: Path) -> Path:
    """Return a font configuration in which the browser has Hangul too, as every customer's has."""
    config = folder / "fonts.conf"
    hangul = web.WEB / "node_modules" / "pretendard" / "dist" / "public" / "variable"
    folders = "".join(f"<dir>{one}</dir>" for one in (home / "fonts", hangul))
    config.write_text(f"<fontconfig>{folders}<cachedir>{folder}</cachedir></fontconfig>", encoding="utf-8")
    return config
