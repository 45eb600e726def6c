"""Mark who is held back, and let contacts in as the pool has room, each tenant in its turn."""

from collections.abc import Iterator
from contextlib import contextmanager
from heapq import heapify

from chalicelib.aws.observe import log
from chalicelib.contacts.model import Contact, Status
from chalicelib.kernel.clock import Millis
from chalicelib.kernel.errors import NotFound
from chalicelib.overflow.model import Ticket
from chalicelib.overflow.ports import Gate
from chalicelib.overflow.rules import BATCH, FORGOTTEN, read_ticket, room, wanted
from chalicelib.overflow.turns import end, hold, let_in
from chalicelib.routing.model import Lane, Turn

_ROUNDS = 20


def mark(gate: Gate, pool: str, tenant: str, lane: Lane, now: Millis) -> None:
    """Give a lane of which something is held back its turn in the pool; doing it again changes nothing."""
    with gate.acting(tenant):
        backlog = gate.backlog(pool, tenant, lane, now)
        hold(gate, backlog, backlog.clock.look(), now)


def admit(gate: Gate, pool: str, now: Millis, *, most: int = BATCH) -> int:
    """Let up to `most` contacts into the queue of `pool`, one for each message of the overflow queue; count them.

    A message is a ticket for one contact of whoever's turn it is, and not of the tenant that it names: the
    queue keeps no order, and a tenant with many messages would be let in as often as it has them.
    """
    turns = gate.turns(pool, now)
    if not turns:
        return 0
    space = room(gate.presence(pool, now), gate.waiting(pool))
    tickets = gate.tickets.receive(_owed(gate, pool, turns, min(most, wanted(turns, space, now)), now=now))
    return len(_use(gate, pool, turns, tickets, space=space, now=now))


def sweep(gate: Gate, pool: str, now: Millis) -> int:
    """Let in as much as there is room for, with those whom the overflow queue forgot, and count them."""
    entered = _all_tickets(gate, pool, now)
    late = {(tenant, lane) for tenant, lane, since in gate.lanes(pool) if since <= now - FORGOTTEN}
    for tenant, lane in sorted(late):
        with _noted(gate, pool, Turn(now, tenant, lane), now):
            mark(gate, pool, tenant, lane, now)
    turns = gate.turns(pool, now)
    for turn in turns:
        if (turn.tenant, turn.lane) not in late:
            _end(gate, pool, turn, now)
    return entered + _let_in_forgotten(
        gate, pool, [turn for turn in turns if (turn.tenant, turn.lane) in late], now
    )


def spend(gate: Gate) -> int:
    """Take messages off the queue whose contacts are held back no more, or whose lane is shut; count them.

    What a shut lane holds back is let in without messages, once it is open again.
    """
    spent = 0
    for ticket in gate.tickets.receive(BATCH):
        try:
            tenant, contact = read_ticket(ticket.body)
            held = _is_held(gate, tenant, contact)
        except Exception:
            log().exception("message not understood")
            continue
        if not held:
            gate.tickets.done(ticket)
            spent += 1
    return spent


def _owed(gate: Gate, pool: str, turns: list[Turn], most: int, *, now: Millis) -> int:
    """Return how many are held back, counted up to `most`: more messages would be received for nothing."""
    owed = 0
    for turn in turns:
        if owed >= most:
            break
        with _noted(gate, pool, turn, now), gate.acting(turn.tenant):
            owed += len(gate.backlog(pool, turn.tenant, turn.lane, now).oldest(most))
    return min(owed, most)


@contextmanager
def _noted(gate: Gate, pool: str, turn: Turn, now: Millis) -> Iterator[None]:
    """Let one shop's failure stop no other's turn; the log has it."""
    try:
        yield
    except Exception:
        log().exception("turn failed", pool=pool, tenant=turn.tenant)
        gate.failed(pool, turn, now)


def _let_in_forgotten(gate: Gate, pool: str, turns: list[Turn], now: Millis) -> int:
    heapify(turns)
    space, forgotten = room(gate.presence(pool, now), gate.waiting(pool)), 0
    while forgotten < BATCH * _ROUNDS and (contact := let_in(gate, pool, turns, space=space, now=now)):
        space, forgotten = space - contact.weight, forgotten + 1
    if forgotten:
        log().warning("let in without a message", pool=pool, contacts=forgotten)
    return forgotten


def _end(gate: Gate, pool: str, turn: Turn, now: Millis) -> None:
    with _noted(gate, pool, turn, now), gate.acting(turn.tenant):
        end(gate, gate.backlog(pool, turn.tenant, turn.lane, now), now)


def _all_tickets(gate: Gate, pool: str, now: Millis) -> int:
    entered = 0
    for _ in range(_ROUNDS):
        more = admit(gate, pool, now)
        entered += more
        if not more:
            break
    return entered


def _use(
    gate: Gate, pool: str, turns: list[Turn], tickets: list[Ticket], *, space: int, now: Millis
) -> list[Contact]:
    entered: list[Contact] = []
    heapify(turns)
    for ticket in tickets:
        left = space - sum(contact.weight for contact in entered)
        try:
            read_ticket(ticket.body)
            contact = let_in(gate, pool, turns, space=left, now=now)
        except Exception:
            # The message comes again, and after five times is among the dead letters, where an alarm waits.
            log().exception("ticket not used", pool=pool)
            continue
        if contact:
            entered.append(contact)
        if contact or not (turns or _is_held(gate, *read_ticket(ticket.body))):
            gate.tickets.done(ticket)
    return entered


def _is_held(gate: Gate, tenant: str, contact: str) -> bool:
    with gate.acting(tenant):
        try:
            found = gate.contacts(tenant).get(contact)
        except NotFound:
            return False
        clock = gate.backlog(found.pool, tenant, found.lane, found.held_at).clock
        return found.status is Status.OVERFLOW and not clock.look().shut
