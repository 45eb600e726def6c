"""A newcomer founds a shop."""

from dataclasses import replace

from chalicelib.kernel.clock import Millis, kst_month, month_span
from chalicelib.kernel.errors import Conflict, Forbidden
from chalicelib.people.members import line_of
from chalicelib.people.model import Actor, Deed, Person
from chalicelib.people.ports import Desks, Door
from chalicelib.tenants.model import HOUSE, Channel, Contract, Hours, Persona, Tenant, Term, Trade

POOL = "main"
TRIAL_PRICE_WON = 900
TRIAL_CONTRACT = Contract(rate_per_hour=20, burst=5)
TRIAL_PLAN, FIRST_PLAN = "trial/1", "starter/1"
_OPEN = ("10:00-18:00",)


def trial(tenant: str, name: str, name_en: str, *, kind: Trade) -> Tenant:
    """Return the profile with which a shop begins; its people change it later."""
    persona = Persona(
        agent_name=name,
        tone="정중하고 친절하게",
        greeting=f"안녕하세요, {name}입니다.",
        signature=f"{name} 드림",
    )
    return Tenant(
        id=tenant,
        name=name,
        name_en=name_en,
        kind=kind,
        pool=POOL,
        price_won=TRIAL_PRICE_WON,
        channels=(Channel.CHAT, Channel.EMAIL),
        contract=TRIAL_CONTRACT,
        persona=persona,
        hours=Hours(mon=_OPEN, tue=_OPEN, wed=_OPEN, thu=_OPEN, fri=_OPEN),
    )


def first_terms(now: Millis) -> tuple[Term, ...]:
    """Return the plans with which a shop begins: a trial for this month and the next, then the smallest plan."""
    month = kst_month(now)
    following = kst_month(month_span(month)[1])
    return Term(month, TRIAL_PLAN), Term(kst_month(month_span(following)[1]), FIRST_PLAN)


def found(door: Door, desks: Desks, profile: Tenant, actor: Actor) -> Person:
    """Make a shop and its founder the owner, in one transaction; a repeat returns the same person.

    Raises Forbidden for whoever is no newcomer, and Conflict `tenant_taken` or `has_shop`.
    """
    if profile.id == HOUSE:
        raise _taken()
    person = door.people.find(actor.caller.person)
    if person is None or person.kind is not actor.caller.kind:
        raise Forbidden("forbidden", "only who signed up, and has no shop yet, founds one")
    if person.tenant == profile.id:
        return person
    if not person.newcomer:
        raise Conflict("has_shop", "this account belongs to a shop already")
    owner = replace(person, tenant=profile.id)
    with door.acting(profile.id, "", person.id):
        store = desks.tenant(profile.id)
        if store.current() is not None:
            raise _taken()
        door.commit(
            store.save(replace(profile, plans=first_terms(actor.now)), None),
            door.people.save(person, owner),
            door.people.owners(profile.id, +1),
            door.changes(profile.id).add(line_of(actor, Deed.FOUND, person.id, after=owner.kind)),
        )
    return owner


def _taken() -> Conflict:
    return Conflict("tenant_taken", "another shop has this id; choose another one")
