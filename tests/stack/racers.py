"""Agents at work, each in a thread of its own, and what each of them did."""

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from chalicelib.contacts import deciding, rules
from chalicelib.contacts.model import Action, Contact, Event
from chalicelib.contacts.wiring import desk
from chalicelib.kernel.errors import Busy, Conflict, DeskError
from chalicelib.kernel.ids import random_id
from chalicelib.queue.service import find, next_contact
from chalicelib.queue.wiring import floor
from infra.operate import now

# The emulator's index is slow over a long queue, so the team is split as a real one would be.
POOLS = 4


@dataclass
class Log:
    """What one process's agents did: (contact, its version afterwards, the agent who had it, who has it)."""

    steps: list[tuple[str, int, str, str]] = field(default_factory=list)
    pulls: int = 0
    claims: int = 0
    refusals: int = 0
    strange: list[str] = field(default_factory=list)


def at_once(act: Callable[..., None], mine: list[str]) -> Log:
    """Let the agents of one process act, each in a thread, and return what they did."""
    log = Log()

    def guarded(name: str) -> None:
        try:
            act(name, log=log)
        except Exception as error:
            log.strange.append(f"{name}: {error!r}")

    together(mine, guarded)
    return log


def together(names: list[str], work: Callable[[str], Any]) -> list[Any]:
    answers: list[Any] = []

    def answer(name: str) -> None:
        answers.append(work(name))

    threads = [threading.Thread(target=answer, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def work(name: str, everyone: list[str], pulls: int, log: Log) -> None:
    for _ in range(pulls):
        _pull(name, log)
        _shuffle(name, everyone, log)


def drain(name: str, log: Log) -> None:
    while _pull(name, log) or find(floor(), name).holding:
        for ref in sorted(find(floor(), name).holding):
            _try(ref, lambda contact: rules.resolve(contact, name, now()), log)


def _pull(name: str, log: Log) -> bool:
    log.pulls += 1
    try:
        story = next_contact(floor(), name, now())
    except Busy:
        log.refusals += 1
        return True
    if story is None:
        return False
    log.claims += 1
    log.steps.append((story.contact.ref, story.contact.version, "", name))
    return True


def _shuffle(name: str, everyone: list[str], log: Log) -> None:
    """Resolve, release or transfer something, or leave all as it is."""
    holding = sorted(find(floor(), name).holding)
    if not holding:
        return
    ref, event = random.choice(holding), Event(random_id(), Action.RELEASE, f"agent:{name}", now(), episode=0)
    lot = random.random()
    if lot < 0.2:
        _try(ref, lambda contact: rules.resolve(contact, name, now()), log)
    elif lot < 0.5:
        _try(ref, lambda contact: rules.release(contact, event), log)
    elif lot < 0.7:
        colleagues = everyone[everyone.index(name) % POOLS :: POOLS]
        to = find(floor(), random.choice(colleagues))
        event = Event(event.id, Action.TRANSFER, event.actor, event.at, episode=0)
        _try(ref, lambda contact: rules.transfer(contact, to, event), log)


def _try(ref: str, decide: Callable[[Contact], Any], log: Log) -> None:
    tenant, _, contact = ref.partition("/")
    held: list[str] = []

    def remember(found: Contact) -> Any:
        held[:] = [found.agent]
        return decide(found)

    try:
        after = deciding.act(desk(tenant), contact, remember)
    except DeskError as refusal:
        log.refusals += 1
        if not isinstance(refusal, Conflict | Busy):
            log.strange.append(repr(refusal))
    else:
        log.steps.append((ref, after.version, held[0], after.agent))
