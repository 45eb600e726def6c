"""Other people's servers, each a process that lives as long as its test."""

import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

START_SECONDS = 30
STOP_SECONDS = 5


@contextmanager
def running(
    command: list[str], url: str, log: Path, environment: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Yield the process once it answers at `url`, whatever it answers; its words go to `log`."""
    with (
        log.open("wb") as words,
        subprocess.Popen(
            command, stdout=words, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, env=environment
        ) as process,
    ):
        try:
            _wait(process, url, log)
            yield process
        finally:
            end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """Stop a process, by force if it will not."""
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _wait(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = monotonic() + START_SECONDS
    while process.poll() is None and monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except urllib.error.HTTPError as answer:
            answer.close()
            return
        except OSError:
            sleep(0.05)
    raise AssertionError(f"{url} does not answer:\n{log.read_text(encoding='utf-8', errors='replace')}")
