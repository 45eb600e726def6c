"""What the operator does during the demo, each errand in a process of its own.

The product reads its settings once, the clock's offset among them, so a process knows one time only.
"""

import contextlib
import io
import multiprocessing
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import ParamSpec, TypeVar

from infra.session import operate

P = ParamSpec("P")
T = TypeVar("T")

OUTBOX_SECONDS = 60
POOL = "main"
PAST_CONTACTS = 3_000


@dataclass(frozen=True)
class Reconciled:
    """What the reconciliation of all shops found, over all runs, and what it printed."""

    difference_won: int
    breaks: tuple[str, ...]
    printed: str


def run(errand: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run an errand in a fresh process, with the clock as it stands now."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as process:
        return process.submit(errand, *args, **kwargs).result()


def issue_keys(shops: Iterable[str], agents: Iterable[str], capacity: int) -> dict[str, str]:
    """Return a fresh key for each shop and agent, by name."""
    desk = operate("local")
    keys = {shop: desk.issue_for_shop(shop) for shop in shops}
    return keys | {agent: desk.issue_for_agent(agent, POOL, capacity) for agent in agents}


def revoke_keys(keys: Iterable[str]) -> None:
    """Make keys open nothing any more."""
    desk = operate("local")
    from chalicelib.kernel.caller import Kind  # noqa: PLC0415

    for key in keys:
        _, kind, owner, ident, _ = key.split(".")
        desk.revoke(Kind(kind), owner, ident)


def issue_page_keys(shops: Iterable[str], origin: str) -> dict[str, str]:
    """Return a widget key of each shop for pages at `origin`."""
    desk = operate("local")
    return {shop: desk.issue_for_pages(shop, [origin]) for shop in shops}


def invite_admin(mail: str) -> None:
    """Invite an admin by mail."""
    operate("local").invite_admin(mail)


def write_past(path: Path) -> None:
    """Write a shop's past contacts as a spreadsheet does, of the last months."""
    desk = operate("local")
    from tests.data.past import past, written  # noqa: PLC0415

    path.write_bytes(written(past(PAST_CONTACTS, desk.now()), encoding="utf-8-sig"))


def verify_records() -> tuple[str, list[str]]:
    """Verify the chains of who looked at personal data; return what was printed, and the flaws."""
    operate("local")
    from infra.chains import verify_records as verify  # noqa: PLC0415
    from infra.cloud import client  # noqa: PLC0415
    from infra.stages import outputs  # noqa: PLC0415

    with contextlib.redirect_stdout(io.StringIO()) as printed:
        flaws = verify(client("dynamodb", outputs("local")["Endpoint"]))
    return printed.getvalue().strip(), [str(flaw) for flaw in flaws]


def sweep() -> None:
    """Return what silent agents hold, as the schedule does every minute."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        operate("local").sweep()


def empty_outbox() -> bool:
    """Wait until all usage was sent by itself; return whether the operator had to help in the end."""
    desk = operate("local")
    from chalicelib.metering.windows import dirty_windows  # noqa: PLC0415

    deadline = time.monotonic() + OUTBOX_SECONDS
    while time.monotonic() < deadline:
        if not dirty_windows(before=desk.now() + 1):
            return False
        time.sleep(0.5)
    left = desk.send_usage()
    if left:
        raise RuntimeError(f"{left} windows stay dirty although the operator sent them")
    return True


def reconcile() -> Reconciled:
    """Reconcile every shop."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        reports = operate("local").reconcile()
    difference = sum(report.difference_won for report in reports)
    breaks = tuple(str(found) for report in reports for found in report.breaks)
    return Reconciled(difference, breaks, printed.getvalue())
