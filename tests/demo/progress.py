"""How far the desk is: a bar on a terminal, plain lines anywhere else."""

import threading
import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

LINE_EVERY = 50


class Progress:
    """Counts conversations that ended; may be advanced from any thread."""

    def __init__(self, console: Console, total: int) -> None:
        self._console = console
        self._total = total
        self._done = 0
        self._begin = time.monotonic()
        self._lock = threading.Lock()
        columns = (TextColumn("{task.description:<34}"), BarColumn(40), MofNCompleteColumn(), TimeElapsedColumn())
        self._bar = Bar(*columns, console=console, disable=not console.is_terminal)
        self._task = self._bar.add_task("", total=total)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def phase(self, what: str) -> None:
        """Say what begins."""
        self._bar.update(self._task, description=what)
        if not self._console.is_terminal:
            self._console.print(f"- {time.monotonic() - self._begin:3.0f} s  {what}", highlight=False)

    def advance(self) -> None:
        """Count one more conversation that ended."""
        with self._lock:
            self._done += 1
            done = self._done
        self._bar.advance(self._task)
        if not self._console.is_terminal and (done % LINE_EVERY == 0 or done == self._total):
            self._console.print(f"          {done}/{self._total} conversations ended", highlight=False)
