"""Forked children: they share the parent's imports and nothing else, and may die at any point."""

import gc
import os
import pickle
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from urllib3 import PoolManager

KILLED = 137


class Killed(Exception):
    """The child died before it could answer."""


@dataclass(frozen=True)
class Fork:
    """A running child."""

    pid: int
    reader: int

    def result(self) -> Any:
        """Wait for the child and return what its work returned; raise Killed if it was killed on the way."""
        with os.fdopen(self.reader, "rb") as pipe:
            answer = pipe.read()
        _, status = os.waitpid(self.pid, 0)
        code = os.waitstatus_to_exitcode(status)
        if code == KILLED:
            raise Killed
        if code:
            raise AssertionError(answer.decode() or f"the child ended with {code}")
        return pickle.loads(answer)


def fork(work: Callable[[], Any]) -> Fork:
    """Start `work` in a child; it must open its own connections."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writer)
        return Fork(pid, reader)
    code = 1
    try:
        os.close(reader)
        try:
            answer, code = pickle.dumps(work()), 0
        except BaseException:
            answer = traceback.format_exc().encode()
        with os.fdopen(writer, "wb") as pipe:
            pipe.write(answer)
    finally:
        os._exit(code)


def ready() -> None:
    """Let children start from what is warm by now, without this process's open connections."""
    managers = [found for found in gc.get_objects() if isinstance(found, PoolManager)]

    def forget() -> None:
        for manager in managers:
            manager.clear()

    os.register_at_fork(after_in_child=forget)
    # Children that never move what they inherited need not copy it.
    gc.collect()
    gc.freeze()
