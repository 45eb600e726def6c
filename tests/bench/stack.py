"""A stack of its own: started, deployed, given tenants and agents, and stopped in the end."""

import contextlib
import importlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any

from infra import local
from infra.cloud import client
from infra.deploy import deploy_local
from infra.session import enter
from infra.stages import ROOT, STAGES
from tests.bench.meter import Meter, Sample

PORT, STRIPE_PORT = 27566, 35111
# Above what the bench sends, so that an opened contact ranks by its arrival, as in an ordinary hour.
GENEROUS = 100_000


@dataclass(frozen=True)
class Stack:
    """The deployed stack and the product's modules, working on it from this process."""

    endpoint: str
    packaged: Path
    app: ModuleType
    operate: ModuleType
    stream: str
    reconcile_all: Callable[..., Any]
    table: str
    database: Any

    def bare_call(self, meter: Meter) -> Sample:
        """Read an absent row with the AWS client alone: the least that any call costs on this machine."""
        with meter.measure() as sample:
            self.database.get_item(TableName=self.table, Key={"pk": {"S": "none"}, "sk": {"S": "none"}})
        return sample


@contextlib.contextmanager
def running(meter: Meter) -> Iterator[Stack]:
    """Start everything on free ports with temporary state; the product is imported only now, under `meter`."""
    with tempfile.TemporaryDirectory(prefix="duredesk-bench-") as scratch:
        home = Path(scratch)
        services = local.up(home, port=PORT, stripe_port=STRIPE_PORT)
        try:
            packaged = _package(home / "package")
            found = deploy_local(packaged, services)
            _silence(services.endpoint)
            enter(found["APIHandlerFunction"], services.endpoint)
            os.environ["DATA_ROLE"] = _data_role(services.endpoint, found["APIHandlerFunction"])
            # As deployed: each request writes its line, and that costs CPU and log storage.
            os.environ["POWERTOOLS_LOG_LEVEL"] = "INFO"
            meter.install()
            yield _stack(services.endpoint, packaged, meter, table=found["TableName"])
        finally:
            local.down(home)


def _stack(endpoint: str, packaged: Path, meter: Meter, *, table: str) -> Stack:
    observe = importlib.import_module("chalicelib.aws.observe")
    with contextlib.redirect_stderr(meter.log):
        observe.log()
    app, operate = importlib.import_module("app"), importlib.import_module("infra.operate")
    operate.apply_tenants([contracted(profile, GENEROUS) for profile in operate.declared_tenants()])
    jobs = importlib.import_module("chalicelib.closing.jobs")
    database = client("dynamodb", endpoint)
    stream = database.describe_table(TableName=table)["Table"]["LatestStreamArn"]
    return Stack(endpoint, packaged, app, operate, stream, jobs.reconcile_all, table, database)


def _data_role(endpoint: str, function: str) -> str:
    """Return the role whose sessions the deployed function takes; an operator works without one."""
    deployed = client("lambda", endpoint).get_function_configuration(FunctionName=function)
    return str(deployed["Environment"]["Variables"]["DATA_ROLE"])


def _package(copy: Path) -> Path:
    """Package in another process, since this one must not import the product yet, and keep what is measured."""
    stage = STAGES["local"]
    command = [sys.executable, "-m", "infra.package", "--stage", stage.name]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    shutil.copytree(stage.package_dir, copy)
    return copy / "sam.json"


def contracted(profile: Any, rate: int) -> Any:
    """Return the tenant with another contract: so many contacts an hour, and as many at once."""
    return replace(profile, contract=replace(profile.contract, rate_per_hour=rate, burst=rate))


def _silence(endpoint: str) -> None:
    """Keep the deployed functions from doing in parallel what the bench does itself."""
    functions = client("lambda", endpoint)
    for mapping in functions.list_event_source_mappings()["EventSourceMappings"]:
        functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)
    events = client("events", endpoint)
    for rule in events.list_rules()["Rules"]:
        events.disable_rule(Name=rule["Name"])
