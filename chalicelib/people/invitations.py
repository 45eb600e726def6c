"""Let people in by mail, once more when they did not come, and back in when they had left."""

from dataclasses import dataclass, replace

from chalicelib.agents.model import REHEARSAL, Agent
from chalicelib.kernel.caller import Kind
from chalicelib.kernel.clock import Millis
from chalicelib.kernel.errors import Conflict, not_found
from chalicelib.people.attempts import try_once
from chalicelib.people.members import line_of
from chalicelib.people.model import Account, Actor, Deed, Person, Standing
from chalicelib.people.ports import Desks, Door
from chalicelib.people.rules import may_invite


@dataclass(frozen=True, slots=True)
class Seat:
    """What someone is invited to be: of a tenant, or of the team; agents and leads have a place on the floor."""

    kind: Kind
    tenant: str = ""
    agent: str = ""
    pool: str = ""
    capacity: int = 0


def invite(door: Door, desks: Desks, mail: str, seat: Seat, actor: Actor) -> Person:
    """Let someone in and return who that is; a repeat returns the same person, and mails who has not come yet.

    The account is made first: without a row it opens nothing, and a repeat finds it.
    Raises Forbidden, Conflict `cannot_invite` for an address that belongs to somebody else, or `agent_exists`,
    and TooMany when one address is mailed too often.
    """
    may_invite(actor.caller, seat.kind, tenant=seat.tenant, pool=seat.pool)
    if seat.tenant and desks.tenant(seat.tenant).current() is None:
        raise not_found()
    if REHEARSAL in {seat.agent, seat.pool}:
        raise Conflict("agent_exists", "this is the name of the agent with whom shops rehearse")
    account = _account(door, mail)
    known = door.people.find(account.id)
    if known is not None and not known.gone:
        return _once_more(door, known, account, seat=seat, now=actor.now)
    if known is not None:
        return _back(door, desks, known, account, seat=seat, actor=actor)
    if account.standing is not Standing.INVITED:
        raise _cannot()
    person = _seated(Person(account.id, seat.kind, created_at=actor.now), seat, actor)
    _commit(door, desks, None, person, seat=seat, actor=actor)
    return person


def _account(door: Door, mail: str) -> Account:
    """Return the account of an address, made if there is none; one that is nobody's makes way.

    That is one whose address nobody has confirmed, and one whose deletion was cut off when a shop's person left.
    """
    account = door.directory.find(mail)
    if account is not None:
        known = door.people.find(account.id)
        left = known is not None and known.gone and known.tenant
        if left or account.standing is Standing.UNCONFIRMED:
            door.directory.forget(account.id)
            account = None
    return account or door.directory.invite(mail)


def _once_more(door: Door, known: Person, account: Account, *, seat: Seat, now: Millis) -> Person:
    if (known.kind, known.tenant, known.agent, known.pool) != (seat.kind, seat.tenant, seat.agent, seat.pool):
        raise _cannot()
    if account.standing is Standing.INVITED:
        try_once(door, "invite", account.mail, now)
        door.directory.invite_again(account.mail)
    return known


def _back(door: Door, desks: Desks, gone: Person, account: Account, *, seat: Seat, actor: Actor) -> Person:
    """Let someone of the team back in, as an admin alone may; nothing of before counts but the record."""
    if actor.caller.kind is not Kind.ADMIN or seat.tenant:
        raise _cannot()
    try_once(door, "invite", account.mail, actor.now)
    door.directory.restore(account.id)
    person = _seated(replace(gone, gone=False, totp_since=0, valid_from=door.clock()), seat, actor)
    _commit(door, desks, gone, person, seat=seat, actor=actor)
    door.directory.invite_again(account.mail)
    return person


def _seated(person: Person, seat: Seat, actor: Actor) -> Person:
    by = actor.caller.person or actor.caller.name
    return replace(person, kind=seat.kind, tenant=seat.tenant, agent=seat.agent, pool=seat.pool, invited_by=by)


def _commit(door: Door, desks: Desks, before: Person | None, person: Person, *, seat: Seat, actor: Actor) -> None:
    line = line_of(actor, Deed.INVITE, person.id, after=seat.kind)
    first = door.people.add(person) if before is None else door.people.save(before, person)
    writes = [first, door.changes(seat.tenant).add(line)]
    if seat.kind is Kind.OWNER:
        writes.append(door.people.owners(seat.tenant, +1))
    if seat.agent:
        writes.append(desks.agents.add(Agent(seat.agent, seat.agent, seat.pool, seat.capacity)))
    with door.acting(seat.tenant, seat.agent, person.id):
        door.commit(*writes)


def _cannot() -> Conflict:
    return Conflict("cannot_invite", "this mail address cannot be invited: it belongs to an account already")
