"""Runs the product's own code from the operator's machine against a deployed stage."""

import importlib
import os
import sys
from types import ModuleType
from typing import Any

from infra.cloud import client
from infra.stages import REGION, STAGES, outputs


def operate(stage: str) -> ModuleType:
    """Take on the environment of the stage's functions, and return `infra.operate` working on that stage.

    Settings are read once, so the product is imported only after this.
    """
    found = deployed(stage)
    enter(found["APIHandlerFunction"], found.get("Endpoint"))
    return importlib.import_module("infra.operate")


def deployed(stage: str) -> dict[str, Any]:
    """Return the outputs of the stage's last deployment; exit if it was never deployed from here."""
    if not STAGES[stage].state_file.exists():
        raise SystemExit(f"stage {stage} was not deployed from here: run make deploy STAGE={stage}")
    return outputs(stage)


def enter(function: str, endpoint: str | None) -> None:
    """Take on the environment of one deployed function; `endpoint` is the emulator's, None on AWS."""
    if "chalicelib.aws.settings" in sys.modules:
        raise RuntimeError("the product was imported before its stage was entered: it has other settings")
    deployed = client("lambda", endpoint).get_function_configuration(FunctionName=function)
    os.environ.update(deployed["Environment"]["Variables"])
    os.environ["AWS_DEFAULT_REGION"] = REGION
    # An operator works with credentials of their own, which no function's role is asked for.
    os.environ["DATA_ROLE"] = ""
    os.environ["POWERTOOLS_LOG_LEVEL"] = "WARNING"
    if endpoint:
        credentials = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
        os.environ.update({"AWS_ENDPOINT_URL": endpoint, **credentials})
