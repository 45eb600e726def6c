"""Owners, leads and finance in a browser, against a deployed stack: from signing up to the books of a month."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.stack.specs import play, staged

pytestmark = pytest.mark.stack

# In the order in which they leave the stack.
SPECS = [
    "door",
    "door_views",
    "diagnosis",
    "usage",
    "card",
    "promotion",
    "roles",
    "shop_views",
    "floor",
    "finance",
    "desk_views",
]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    with staged(tmp_path_factory.mktemp("portal")) as known:
        yield known


def test_shops_leads_and_finance_do_their_work_in_the_browser(told: dict[str, Any], tmp_path: Path) -> None:
    for spec in SPECS:
        play(told, tmp_path, [spec])
