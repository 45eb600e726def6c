"""Stand-ins that we did not write, each started empty for one test, and the gateway and SDK pointed at them."""

import json
import os
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
import stripe

from chalicelib.billing.stripe_client import RETRIES, TIMEOUT_SECONDS
from chalicelib.billing.stripe_gateway import StripeGateway
from tests.wire import inbox as web
from tests.wire import tools
from tests.wire.inbox import Inbox
from tests.wire.process import running

KEY = "sk_test_wire"


@dataclass(frozen=True)
class StandIn:
    """A running stand-in, how our gateway and how the bare SDK sees it, and what it has told us."""

    base: str
    process: subprocess.Popen[bytes]
    gateway: StripeGateway
    sdk: stripe.StripeClient
    inbox: Inbox


def connected(base: str, process: subprocess.Popen[bytes], inbox: Inbox) -> StandIn:
    http = stripe.RequestsClient(timeout=TIMEOUT_SECONDS)
    return StandIn(
        base,
        process,
        StripeGateway(KEY, api_base=base, meter_events_base=base, stage="wire"),
        stripe.StripeClient(KEY, base_addresses={"api": base}, max_network_retries=RETRIES, http_client=http),
        inbox,
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    with web.opened() as opened:
        yield opened


@pytest.fixture(scope="session")
def localstripe_python() -> Path:
    return tools.localstripe()


@pytest.fixture(scope="session")
def emulate_command() -> list[str]:
    return tools.emulate()


@pytest.fixture
def localstripe(localstripe_python: Path, inbox: Inbox, tmp_path: Path) -> Iterator[StandIn]:
    base = f"http://127.0.0.1:{(port := free_port())}"
    command = [str(localstripe_python), "-m", "localstripe", "--port", str(port), "--from-scratch"]
    with running(command, base, tmp_path / "localstripe.log") as process:
        hook = {"url": inbox.url, "secret": web.SECRET}
        requests.post(f"{base}/_config/webhooks/ours", json=hook, timeout=5).raise_for_status()
        yield connected(base, process, inbox)


@pytest.fixture
def emulate(emulate_command: list[str], inbox: Inbox, tmp_path: Path) -> Iterator[StandIn]:
    hook = {"url": inbox.url, "events": ["*"], "secret": web.SECRET}
    seed = tmp_path / "seed.json"
    seed.write_text(json.dumps({"stripe": {"webhooks": [hook]}}), encoding="utf-8")
    base = f"http://127.0.0.1:{(port := free_port())}"
    command = [*emulate_command, "start", "--service", "stripe", "--port", str(port), "--seed", str(seed)]
    command += ["--base-url", base]
    with running(command, base, tmp_path / "emulate.log", os.environ) as process:
        yield connected(base, process, inbox)
