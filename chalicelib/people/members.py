"""Give people another role, reset what they lost, and let them out; each is recorded in the same transaction."""

from dataclasses import replace

from chalicelib.aws.tables import Write
from chalicelib.kernel.caller import Kind
from chalicelib.kernel.clock import Millis
from chalicelib.kernel.errors import not_found
from chalicelib.kernel.ids import random_id
from chalicelib.people.model import Actor, Deed, PermissionChange, Person
from chalicelib.people.ports import Desks, Door
from chalicelib.people.rules import may_dismiss, may_know, may_move, may_reset


def change_role(door: Door, person_id: str, to: Kind, actor: Actor, *, tenant: str = "") -> Person:
    """Give someone another role and return the person; the same role again changes nothing.

    Raises Forbidden, NotFound, or Conflict `own_role`, `last_owner`, `person_changed`.
    """
    person = _member(door, person_id, tenant, actor)
    may_move(actor.caller, person, to)
    if person.gone:
        raise not_found()
    if person.kind is to:
        return person
    after = replace(person, kind=to)
    line = line_of(actor, Deed.ROLE, person.id, before=person.kind, after=to)
    owners = (to is Kind.OWNER) - (person.kind is Kind.OWNER)
    _commit(door, person, after, line, also=[door.people.owners(tenant, owners)] if owners else [])
    return after


def remove(door: Door, person_id: str, actor: Actor, *, tenant: str) -> None:
    """Let someone of a shop out for good, and delete the account; doing it again finishes what was cut off.

    Raises Forbidden, NotFound, or Conflict `last_owner`.
    """
    person = _member(door, person_id, tenant, actor)
    may_dismiss(actor.caller, person)
    if not person.gone:
        line = line_of(actor, Deed.REMOVE, person.id, before=person.kind)
        also = [door.people.owners(tenant, -1)] if person.kind is Kind.OWNER else []
        _commit(door, person, _gone(person, door.clock()), line, also=also)
    door.directory.sign_out(person.id)
    door.directory.forget(person.id)


def off_board(door: Door, desks: Desks, person_id: str, actor: Actor) -> int:
    """Let someone of the team out, at once and for good; return how many contacts went back to the queue.

    Our own table decides first, so a crash on the way leaves nobody in; doing it again finishes the rest.
    """
    person = _member(door, person_id, "", actor)
    may_dismiss(actor.caller, person)
    if not person.gone:
        also = _off_the_floor(door, desks, person.agent) if person.agent else []
        line = line_of(actor, Deed.OFF_BOARD, person.id, before=person.kind)
        _commit(door, person, _gone(person, door.clock()), line, also=also)
    returned = desks.return_held(person.agent, actor.now) if person.agent else 0
    door.directory.disable(person.id)
    door.directory.sign_out(person.id)
    return returned


def reset_authenticator(door: Door, person_id: str, actor: Actor, *, tenant: str = "", reason: str) -> None:
    """Void the authenticator and every sign-in of someone, who sets up another one; a repeat does it all again.

    Raises Forbidden, NotFound, or Conflict `own_authenticator`, `person_changed`.
    """
    person = _member(door, person_id, tenant, actor)
    may_reset(actor.caller, person)
    if person.gone:
        raise not_found()
    line = replace(line_of(actor, Deed.RESET_AUTHENTICATOR, person.id), reason=reason)
    _commit(door, person, replace(person, totp_since=0, valid_from=door.clock()), line, also=[])
    door.directory.unenroll(person.id)
    door.directory.sign_out(person.id)
    # Once more, for who was signing in with the old one while the directory still asked for its codes.
    with door.acting(person.tenant, person.agent, person.id):
        door.commit(door.people.unenrolled(person.id, door.clock()))


def suspend(door: Door, desks: Desks, tenant: str, actor: Actor, *, resume: bool = False, reason: str) -> None:
    """Shut a shop's people, servers and visitors out, or let them in again; raise NotFound for an unknown one."""
    if desks.tenant(tenant).current() is None:
        raise not_found()
    deed = Deed.RESUME if resume else Deed.SUSPEND
    line = replace(line_of(actor, deed, tenant), reason=reason)
    door.commit(desks.suspend(tenant, not resume, actor.now), door.changes(tenant).add(line))


def line_of(actor: Actor, deed: Deed, whom: str, *, before: str = "", after: str = "") -> PermissionChange:
    """Return the line that records what `actor` does."""
    return PermissionChange(random_id(), actor.now, actor.caller.name, actor.source, deed, whom, before, after)


def _member(door: Door, person_id: str, tenant: str, actor: Actor) -> Person:
    person = door.people.find(person_id)
    if person is None or person.tenant != tenant or person.newcomer:
        raise not_found()
    may_know(actor.caller, person)
    return person


def _off_the_floor(door: Door, desks: Desks, agent_id: str) -> list[Write]:
    with door.acting("", agent_id, ""):
        agent = desks.agents.find(agent_id)
        if agent is None:
            return []
        return [*desks.keys(Kind.AGENT, agent_id), desks.agents.retire(agent)]


def _gone(person: Person, at: Millis) -> Person:
    return replace(person, gone=True, valid_from=at)


def _commit(door: Door, before: Person, after: Person, line: PermissionChange, *, also: list[Write]) -> None:
    with door.acting(before.tenant, before.agent, before.id):
        door.commit(door.people.save(before, after), door.changes(before.tenant).add(line), *also)
