"""The pages in a browser, against the deployed stack: a customer in a shop's widget, agents at their consoles."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.stack.specs import play, staged

pytestmark = pytest.mark.stack


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    with staged(tmp_path_factory.mktemp("pages")) as known:
        yield known


def test_customers_and_agents_meet_in_the_browser(told: dict[str, Any], tmp_path: Path) -> None:
    play(told, tmp_path, ["day", "desk", "views"])
