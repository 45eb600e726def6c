"""Starts and stops the laptop's AWS and its Stripe: `python -m infra.local up|down|status`."""

import argparse
import json
import os
import shutil
import signal
import sys
import time
import urllib.request
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from infra import emulator
from infra.pages import Place
from infra.processes import HOST, alive, free_port, spawn, wait
from infra.stages import LOCAL, LOCAL_WEBHOOK_SECRET, ROOT, STAGES, outputs

STOP_SECONDS = 30
PLACE = "pages.json"


@dataclass(frozen=True)
class Services:
    """Where the local services listen, the processes that run them, and where webhooks go."""

    endpoint: str
    stripe_base: str
    ministack_pid: int
    stripe_pid: int
    pages_url: str
    pages_pid: int
    webhooks: str = ""

    @property
    def pids(self) -> list[int]:
        """The processes, in the order in which they are stopped."""
        return [self.pages_pid, self.ministack_pid, self.stripe_pid]


def up(home: Path = LOCAL, *, port: int = 4566, stripe_port: int = 12111, pages_port: int = 8600) -> Services:
    """Start what is not running, wait until it answers, and return where it is."""
    found = status(home)
    if found:
        return found
    shutil.rmtree(home / "tmp", ignore_errors=True)
    for name in ("state", "log", "tmp"):
        (home / name).mkdir(parents=True, exist_ok=True)
    emulator.rewind_streams(home / "state" / "lambda.json")
    endpoint = f"http://{HOST}:{free_port(port)}"
    stripe_base = f"http://{HOST}:{free_port(stripe_port)}"
    pages = f"http://{HOST}:{free_port(pages_port)}"
    pids = (emulator.start(home, endpoint), _stripe(home, stripe_base))
    services = Services(endpoint, stripe_base, *pids, pages, _pages(home, pages))
    _keep(home, services)
    wait(f"{endpoint}/_ministack/health", services.ministack_pid)
    wait(f"{stripe_base}/_fake/health", services.stripe_pid)
    wait(f"{pages}/", services.pages_pid)
    return services


def down(home: Path = LOCAL) -> None:
    """Stop the services; MiniStack writes its state only as it ends, so it is waited for."""
    record = _record(home)
    if not record.exists():
        return
    services = Services(**json.loads(record.read_text(encoding="utf-8")))
    pids = [pid for pid in services.pids if alive(pid)]
    for pid in pids:
        os.killpg(pid, signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    while any(alive(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.1)
    for pid in pids:
        if alive(pid):
            os.killpg(pid, signal.SIGKILL)
    record.unlink()


def status(home: Path = LOCAL) -> Services | None:
    """Return the running services, or nothing when one of them is gone."""
    if not _record(home).exists():
        return None
    services = Services(**json.loads(_record(home).read_text(encoding="utf-8")))
    if all(alive(pid) for pid in services.pids):
        return services
    down(home)
    return None


def send_webhooks(api_url: str, home: Path = LOCAL) -> None:
    """Have the Stripe stand-in send its events to the deployed API, once: it knows receivers until it stops."""
    services, url = status(home), f"{api_url}/v1/webhooks/stripe"
    if services is None or services.webhooks == url:
        return
    receiver = {"url": url, "secret": LOCAL_WEBHOOK_SECRET, "background": True}
    request = urllib.request.Request(f"{services.stripe_base}/_fake/webhooks", json.dumps(receiver).encode())
    with urllib.request.urlopen(request, timeout=10):
        _keep(home, replace(services, webhooks=url))


def show_pages(api_url: str, home: Path = LOCAL, *, keys: dict[str, str] | None = None) -> None:
    """Have the pages speak to the deployed API, and give the demo's shops their widget `keys`, by tenant."""
    services, path = status(home), home / PLACE
    if services:
        place = replace(Place.read(path), api=api_url, files=services.endpoint)
        (replace(place, keys=keys) if keys else place).keep(path)


def _stripe(home: Path, base: str) -> int:
    port = base.rpartition(":")[2]
    command = [sys.executable, "-m", "tests.fakestripe", "--port", port, "--hosts"]
    command += ["--state", str(home / "state" / "fakestripe.sqlite")]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    return spawn(command, environment, log=home / "log" / "fakestripe.log")


def _pages(home: Path, base: str) -> int:
    port = base.rpartition(":")[2]
    command = [sys.executable, "-m", "infra.pages", "--port", port, "--settings", str(home / PLACE)]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    return spawn(command, environment, log=home / "log" / "pages.log")


def _keep(home: Path, services: Services) -> None:
    _record(home).write_text(json.dumps(asdict(services)), encoding="utf-8")


def _record(home: Path) -> Path:
    return home / "services.json"


def main() -> None:
    """Do what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", choices=("up", "down", "status"))
    command = parser.parse_args().command
    if command == "down":
        down()
        return
    services = up() if command == "up" else status()
    if command == "up" and STAGES["local"].state_file.exists():
        send_webhooks(outputs("local")["ApiUrl"])
        show_pages(outputs("local")["ApiUrl"])
    if services is None:
        print("not running")
    else:
        print(f"AWS {services.endpoint}, Stripe {services.stripe_base}, pages {services.pages_url}")


if __name__ == "__main__":
    main()
