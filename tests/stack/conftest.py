"""A deployed stack of its own for the tests: own ports, own state, gone afterwards."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from infra import local
from infra.deploy import deploy_local
from infra.package import package
from infra.stages import STAGES


@dataclass(frozen=True)
class Stack:
    """Where the deployed stack is reached."""

    api_url: str
    table_name: str
    endpoint: str
    usage_queue_url: str
    dead_letter_url: str
    stripe_base: str
    functions: dict[str, str]


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Start MiniStack and the Stripe stand-in, deploy, and stop them in the end."""
    with deployed(tmp_path_factory.mktemp("stack")) as found:
        yield found


@pytest.fixture(scope="module")
def later(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Give a module a stack of its own, in which it may be any time and which Stripe's webhooks reach."""
    home = tmp_path_factory.mktemp("later")
    with deployed(home) as found:
        local.send_webhooks(found.api_url, home)
        yield found


@contextmanager
def deployed(home: Path) -> Iterator[Stack]:
    """Yield a running stack, which is gone afterwards."""
    # Each parallel worker looks for free ports in a range of its own.
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    ports = {"port": 24566, "stripe_port": 32111, "pages_port": 28600}
    services = local.up(home, **{name: first + 100 * worker for name, first in ports.items()})
    try:
        found = deploy_local(package(STAGES["local"]), services)
        yield Stack(
            api_url=found["ApiUrl"],
            table_name=found["TableName"],
            endpoint=services.endpoint,
            usage_queue_url=found["UsageQueueUrl"],
            dead_letter_url=found["DlqUrls"].partition(",")[0],
            stripe_base=services.stripe_base,
            functions={key: value for key, value in found.items() if key.endswith("Function")},
        )
    finally:
        local.down(home)
