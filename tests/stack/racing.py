"""A whole team that acts at once, and what its history must and must not show."""

import random
import threading
from functools import partial
from typing import Any

from chalicelib.agents.model import Agent
from chalicelib.contacts import opening, service
from chalicelib.contacts.model import Author, Contact, Message
from chalicelib.contacts.wiring import desk
from chalicelib.kernel.errors import Conflict
from chalicelib.kernel.ids import random_id
from chalicelib.queue.service import heartbeat
from chalicelib.queue.wiring import floor
from chalicelib.routing.model import WEIGHTS
from chalicelib.tenants.model import Channel
from infra.operate import now
from tests.stack import world
from tests.stack.forks import fork, ready
from tests.stack.ground import Ground
from tests.stack.invariants import plain, read, violations
from tests.stack.racers import POOLS, Log, at_once, drain, together, work

CHANNELS = (Channel.EMAIL, Channel.CHAT, Channel.CHAT, Channel.BOARD, Channel.PHONE)
PROCESSES = 3
WINDOWS = 2

Json = dict[str, Any]


def race(here: Ground, contacts: int, agents: int, pulls: int) -> Json:
    """Let `agents` pull `pulls` times together, then drain the queue; return history and what is wrong."""
    names = [f"agent{number:02d}" for number in range(agents)]
    tenants = [f"racer{number:02d}" for number in range(20)]
    world.found(
        [world.tenant(name, _pool(number)) for number, name in enumerate(tenants)],
        [Agent(name, name, _pool(number), 6) for number, name in enumerate(names)],
    )
    for name in names:
        heartbeat(floor(), name, now())
    for number in range(contacts):
        _open(tenants[number % len(tenants)], random.choice(CHANNELS))
    ready()
    shares = [names[number::PROCESSES] for number in range(PROCESSES)]
    # Every agent works in two windows of the console at once.
    each = pulls // agents // WINDOWS
    raced = [
        fork(partial(at_once, partial(work, everyone=names, pulls=each), share * WINDOWS)) for share in shares
    ]
    logs: list[Log] = [done.result() for done in raced]
    # Only now does nobody hand anything to an agent who has finished already.
    logs += [each.result() for each in [fork(partial(at_once, drain, share)) for share in shares]]
    rows = read(here.items())
    return {
        "claims": sum(log.claims for log in logs),
        "pulls": sum(log.pulls for log in logs),
        "refusals": sum(log.refusals for log in logs),
        "wrong": [
            *(text for log in logs for text in log.strange),
            *violations(rows),
            *broken_chains([step for log in logs for step in log.steps]),
            *_overloads(here),
            *(f"{ref} is {row['status']}" for ref, row in rows.contacts.items() if row["status"] != "resolved"),
            *(
                f"{name} ends with {row['load']}"
                for name, row in rows.agents.items()
                if row["load"] or "holding" in row
            ),
        ],
        "contacts": len(rows.contacts),
    }


def crowd(here: Ground, claimants: int) -> Json:
    """Let `claimants` agents claim one and the same contact at once; return how it went for each."""
    names = [f"claimant{number:03d}" for number in range(claimants)]
    world.found([world.tenant("crowd", _pool(0))], [Agent(name, name, _pool(0), 6) for name in names])
    contact = _open("crowd", Channel.CHAT)
    ready()
    quarter = len(names) // 4
    forks = [fork(partial(_claimants, contact, names[n * quarter : (n + 1) * quarter])) for n in range(4)]
    answers = [answer for each in forks for answer in each.result()]
    return {"answers": answers, "wrong": violations(read(here.items()))}


def broken_chains(steps: list[tuple[str, int, str, str]]) -> list[str]:
    """Return where a contact's history has a gap, a fork, or a holder who did not have it before."""
    wrong = []
    histories: dict[str, list[tuple[int, str, str]]] = {}
    for ref, version, before, after in steps:
        histories.setdefault(ref, []).append((version, before, after))
    for ref, history in histories.items():
        history.sort()
        holder = ""
        for expected, (version, before, after) in enumerate(history, start=2):
            if version != expected or before != holder:
                wrong.append(
                    f"{ref}: version {version} from {before!r} to {after!r}, expected {expected} from {holder!r}"
                )
            holder = after
    return wrong


def _overloads(here: Ground) -> list[str]:
    """Return every state that an agent was ever in, as the table's stream has it, with a wrong load."""
    weights: dict[str, int] = {}
    wrong, states = [], 0
    for record in here.changes():
        image = plain(record["dynamodb"].get("NewImage", {}))
        if image.get("kind") == "contact":
            weights[f"{image['tenant']}/{image['contact']}"] = image["weight"]
        elif image.get("kind") == "agent":
            states += 1
            load = sum(weights[ref] for ref in image.get("holding", ()))
            if not load == image["load"] <= image["capacity"]:
                wrong.append(f"{image['agent']} had load {image['load']}, holding weighed {load}")
    return wrong if states else ["no state of any agent was recorded"]


def _pool(number: int) -> str:
    return f"racers{number % POOLS}"


def _open(tenant: str, channel: Channel) -> str:
    moment, contact_id = now(), random_id()
    first = Message(contact_id, Author.CUSTOMER, "", "문의합니다", moment, 1, "digest")
    contact = Contact(
        tenant=tenant,
        id=contact_id,
        pool=desk(tenant).tenant.pool,
        channel=channel,
        customer="c",
        weight=WEIGHTS[channel],
        opened_at=moment,
        changed_at=moment,
        rank=moment,
        digest="digest",
    )
    return opening.open_contact(desk(tenant), contact, first).id


def _claimants(contact: str, names: list[str]) -> list[str]:
    barrier = threading.Barrier(len(names))

    def claim(name: str) -> str:
        barrier.wait()
        try:
            return f"claimed by {service.claim(desk('crowd'), contact, name, now()).agent}"
        except Conflict as refusal:
            return refusal.code
        except Exception as error:
            return repr(error)

    return together(names, claim)
