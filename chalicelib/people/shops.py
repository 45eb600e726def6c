"""A newcomer founds a shop, and its owners accept what it agrees to."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from chalicelib.kernel.clock import Millis, kst_month, month_span
from chalicelib.kernel.errors import BadInput, Conflict, Forbidden
from chalicelib.people.attempts import try_once
from chalicelib.people.members import line_of
from chalicelib.people.model import Actor, Claim, Deed, Person
from chalicelib.people.ports import Desks, Door
from chalicelib.people.rules import book_founding, registration_taken, stands
from chalicelib.tenants.aims import Acceptance, Stage
from chalicelib.tenants.digits import is_registration
from chalicelib.tenants.model import HOUSE, Channel, Contract, Hours, Persona, Tenant, Term, Trade

POOL = "main"
TRIAL_PRICE_WON = 900
TRIAL_CONTRACT = Contract(rate_per_hour=20, burst=5)
TRIAL_PLAN, FIRST_PLAN = "trial/1", "starter/1"
_OPEN = ("10:00-18:00",)


def trial(
    tenant: str,
    name: str,
    name_en: str,
    *,
    kind: Trade,
    registration: str = "",
    language: Literal["ko", "en"] = "ko",
) -> Tenant:
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
        stage=Stage.SETUP,
        registration=registration,
        language=language,
    )


def first_terms(now: Millis) -> tuple[Term, ...]:
    """Return the plans with which a shop begins: a trial for this month and the next, then the smallest plan."""
    month = kst_month(now)
    following = kst_month(month_span(month)[1])
    return Term(month, TRIAL_PLAN), Term(kst_month(month_span(following)[1]), FIRST_PLAN)


def found(door: Door, desks: Desks, profile: Tenant, actor: Actor, accepted: Sequence[Acceptance]) -> Person:
    """Make a shop and its founder the owner, in one transaction; a repeat returns the same person.

    Raises Forbidden for whoever is no newcomer, Conflict `tenant_taken`, `has_shop` or `registration_taken`, and
    TooMany `too_many_shops`.
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
    if _current(door, desks, profile.id, person) is not None:
        raise _taken()
    _claim(door, desks, profile, person, actor)
    owner = replace(person, tenant=profile.id)
    with door.acting(profile.id, "", person.id):
        door.commit(
            desks.tenant(profile.id).save(replace(profile, plans=first_terms(actor.now)), None),
            door.people.save(person, owner),
            door.people.owners(profile.id, +1),
            door.changes(profile.id).add(line_of(actor, Deed.FOUND, person.id, after=owner.kind)),
            *(desks.acceptances(profile.id).add(one) for one in accepted),
        )
    return owner


def accept(door: Door, desks: Desks, tenant: str, wanted: Sequence[Acceptance]) -> list[Acceptance]:
    """Record what the shop has not accepted yet, and return all that it has; again, it changes nothing."""
    store = desks.acceptances(tenant)
    known = store.all()
    missing = [one for one in wanted if not any(_same(one, other) for other in known)]
    if not missing:
        return known
    door.commit(*map(store.add, missing))
    return store.all()


def checked_registration(number: str, *, example: bool) -> str:
    """Return the number; raise BadInput `invalid_registration` for one that is no 사업자등록번호."""
    if not is_registration(number, example=example):
        raise BadInput("invalid_registration", "registration is no 사업자등록번호")
    return number


def _claim(door: Door, desks: Desks, profile: Tenant, person: Person, actor: Actor) -> None:
    # Before the shop: dying in between, the same person goes on, and anybody else waits for a day.
    before = desks.registrations.find(profile.registration)
    if before is not None and before.person != person.id:
        theirs = _current(door, desks, before.tenant, person)
        founded = theirs is not None and theirs.registration == before.number
        if stands(before, actor.now, founded=founded):
            raise registration_taken()
    try_once(door, "found", actor.source, actor.now, booked=book_founding)
    with door.acting("", "", ""):
        door.commit(
            desks.registrations.claim(Claim(profile.registration, person.id, profile.id, actor.now), before)
        )


def _current(door: Door, desks: Desks, tenant: str, person: Person) -> Tenant | None:
    with door.acting(tenant, "", person.id):
        return desks.tenant(tenant).current()


def _same(one: Acceptance, other: Acceptance) -> bool:
    return (one.document, one.version) == (other.document, other.version)


def _taken() -> Conflict:
    return Conflict("tenant_taken", "another shop has this id; choose another one")
