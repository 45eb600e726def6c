"""Processes that outlive the command that started them, and the loopback ports they listen on."""

import contextlib
import os
import socket
import time
import urllib.error
import urllib.request
from pathlib import Path

HOST = "127.0.0.1"
START_SECONDS = 60


def free_port(wanted: int) -> int:
    """Return the wanted port of the loopback, or the next free one."""
    for port in range(wanted, wanted + 100):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port
    raise SystemExit(f"no free port from {wanted} on")


def spawn(command: list[str], environment: dict[str, str], *, log: Path) -> int:
    """Start a process that outlives this one, in a group of its own so that its children end with it."""
    append = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    streams = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, str(log), append, 0o644),
        (os.POSIX_SPAWN_DUP2, 1, 2),
    ]
    return os.posix_spawn(command[0], command, environment, file_actions=streams, setsid=True)


def wait(url: str, pid: int) -> None:
    """Return when the process answers at `url`; exit if it ends or takes too long."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and alive(pid):
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"{url} does not answer; see .local/log")


def alive(pid: int) -> bool:
    """Whether a process runs; one that ended but was not waited for does not."""
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
