"""MiniStack, the laptop's AWS: how it is started, and what of its state is not taken over."""

import json
import os
import sys
import sysconfig
from pathlib import Path

from infra.processes import HOST, spawn
from infra.stages import REGION

# MiniStack runs Lambdas with its own interpreter. Started by the bare one, with the environment's packages
# added to its path alone, its Lambdas see the packaged zip and layer and nothing else.
LAUNCHER = (
    "import runpy, site, sys; site.addsitedir(sys.argv.pop(1)); "
    "runpy.run_module('ministack', run_name='__main__', alter_sys=True)"
)


def rewind_streams(state: Path) -> None:
    """Let stream mappings begin anew, as their streams do.

    MiniStack restores how far a mapping had read, but not the stream: the relay would wait for ever.
    """
    if state.exists():
        kept = json.loads(state.read_text(encoding="utf-8"))
        kept["payload"]["dynamodb_stream_positions"]["data"] = {}
        state.write_text(json.dumps(kept), encoding="utf-8")


def start(home: Path, endpoint: str) -> int:
    """Start MiniStack with its state under `home`, and return its process."""
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
