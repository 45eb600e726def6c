"""Starts and stops the laptop's AWS and its Stripe: `python -m infra.local up|down|status`."""

import argparse
import json
import os
import shutil
import signal
import sys
import sysconfig
import time
import urllib.request
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from infra.processes import HOST, alive, free_port, spawn, wait
from infra.stages import LOCAL, LOCAL_WEBHOOK_SECRET, REGION, ROOT, STAGES, outputs

STOP_SECONDS = 30
# MiniStack runs Lambdas with its own interpreter. Started by the bare one, with the environment's packages
# added to its path alone, its Lambdas see the packaged zip and layer and nothing else.
LAUNCHER = (
    "import runpy, site, sys; site.addsitedir(sys.argv.pop(1)); "
    "runpy.run_module('ministack', run_name='__main__', alter_sys=True)"
)


@dataclass(frozen=True)
class Services:
    """Where the local services listen, the processes that run them, and where webhooks go."""

    endpoint: str
    stripe_base: str
    ministack_pid: int
    stripe_pid: int
    webhooks: str = ""


def up(home: Path = LOCAL, *, port: int = 4566, stripe_port: int = 12111) -> Services:
    """Start what is not running, wait until it answers, and return where it is."""
    found = status(home)
    if found:
        return found
    shutil.rmtree(home / "tmp", ignore_errors=True)
    for name in ("state", "log", "tmp"):
        (home / name).mkdir(parents=True, exist_ok=True)
    _rewind_streams(home / "state" / "lambda.json")
    endpoint = f"http://{HOST}:{free_port(port)}"
    stripe_base = f"http://{HOST}:{free_port(stripe_port)}"
    services = Services(endpoint, stripe_base, _ministack(home, endpoint), _stripe(home, stripe_base))
    _keep(home, services)
    wait(f"{endpoint}/_ministack/health", services.ministack_pid)
    wait(f"{stripe_base}/_fake/health", services.stripe_pid)
    return services


def down(home: Path = LOCAL) -> None:
    """Stop the services; MiniStack writes its state only as it ends, so it is waited for."""
    record = _record(home)
    if not record.exists():
        return
    services = Services(**json.loads(record.read_text(encoding="utf-8")))
    pids = [pid for pid in (services.ministack_pid, services.stripe_pid) if alive(pid)]
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
    if alive(services.ministack_pid) and alive(services.stripe_pid):
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


def _rewind_streams(state: Path) -> None:
    """Let stream mappings begin anew, as their streams do.

    MiniStack restores how far a mapping had read, but not the stream: the relay would wait for ever.
    """
    if state.exists():
        kept = json.loads(state.read_text(encoding="utf-8"))
        kept["payload"]["dynamodb_stream_positions"]["data"] = {}
        state.write_text(json.dumps(kept), encoding="utf-8")


def _ministack(home: Path, endpoint: str) -> int:
    port = endpoint.rpartition(":")[2]
    environment = _aws_environment(home, port)
    bare = getattr(sys, "_base_executable", sys.executable)
    packages = sysconfig.get_path("purelib")
    return spawn([bare, "-c", LAUNCHER, packages], environment, log=home / "log" / "ministack.log")


def _aws_environment(home: Path, port: str) -> dict[str, str]:
    """Return the settings of MiniStack, which its Lambdas inherit: nothing of the caller's but the path."""
    return {
        "PATH": os.environ["PATH"],
        "BIND_HOST": HOST,
        "MINISTACK_HOST": HOST,
        "GATEWAY_PORT": port,
        "MINISTACK_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        # Lambdas are held to their own roles' policies; the key "test" is the account's root.
        "AUTH": "true",
        "PERSIST_STATE": "1",
        "STATE_DIR": str(home / "state"),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(home / "state" / "s3"),
        "TMPDIR": str(home / "tmp"),
        "PYTHONNOUSERSITE": "1",
        "LAMBDA_WARM_TTL_SECONDS": "3600",
        "LOG_LEVEL": "WARNING",
        "SFTP_ENABLED": "0",
        "IOT_MTLS_ENABLED": "0",
    }


def _stripe(home: Path, base: str) -> int:
    port = base.rpartition(":")[2]
    command = [sys.executable, "-m", "tests.fakestripe", "--port", port]
    command += ["--state", str(home / "state" / "fakestripe.sqlite")]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    return spawn(command, environment, log=home / "log" / "fakestripe.log")


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
    print(f"AWS {services.endpoint}, Stripe {services.stripe_base}" if services else "not running")


if __name__ == "__main__":
    main()
