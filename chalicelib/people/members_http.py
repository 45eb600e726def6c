"""Let people in and out, over HTTP."""

from http import HTTPStatus

from chalicelib.access.rules import ADMIN, LEAD, OWNER, OWNER_OR_ADMIN
from chalicelib.agents.model import DEFAULT_CAPACITY
from chalicelib.kernel.caller import Kind
from chalicelib.kernel.errors import BadInput
from chalicelib.kernel.text import clean
from chalicelib.people import invitations, members
from chalicelib.people.invitations import Seat
from chalicelib.people.model import FLOOR_KINDS, Actor, Person
from chalicelib.people.ports import Door
from chalicelib.people.rules import normal_mail
from chalicelib.people.views import (
    OffBoardView,
    PeopleView,
    PersonView,
    ReasonIn,
    ShopPersonIn,
    ShopRoleIn,
    TeamPersonIn,
    TeamRoleIn,
)
from chalicelib.people.wiring import desks, door
from chalicelib.privacy.wiring import looked
from chalicelib.web.api import Api, B, Call, Empty
from chalicelib.web.pressure import Shed

api = Api()

_PEOPLE = "/v1/tenants/{tenant}/people"


@api.route(
    "POST",
    _PEOPLE,
    policy=OWNER_OR_ADMIN,
    body=ShopPersonIn,
    returns=PersonView,
    status=HTTPStatus.CREATED,
)
def invite_to_shop(call: Call[ShopPersonIn]) -> PersonView:
    """Invite someone to the shop by mail; an admin invites the first owner of a declared one."""
    seat = Seat(Kind(call.body.kind), tenant=call.params["tenant"])
    return PersonView.of(invitations.invite(door(), desks(), normal_mail(call.body.mail), seat, _actor(call)))


@api.route("GET", _PEOPLE, policy=OWNER, returns=PeopleView, shed=Shed.SEARCH)
def people_of_shop(call: Call[Empty]) -> PeopleView:
    """List the shop's people, with their mail addresses."""
    here, tenant = door(), call.params["tenant"]
    people = here.people.of_tenant(tenant)
    ids = [person.id for person in people]
    looked(call.caller, call.source, tenant=tenant, whose=ids, what="list people mail", at=call.now)
    return _shown(here, people)


@api.route("POST", _PEOPLE + "/{person}/role", policy=OWNER, body=ShopRoleIn, returns=PersonView)
def change_role_in_shop(call: Call[ShopRoleIn]) -> PersonView:
    """Give one of the shop's people another role; one owner stays."""
    tenant, person = call.params["tenant"], call.params["person"]
    return PersonView.of(members.change_role(door(), person, Kind(call.body.kind), _actor(call), tenant=tenant))


@api.route("POST", _PEOPLE + "/{person}/remove", policy=OWNER, returns=None)
def remove_from_shop(call: Call[Empty]) -> None:
    """Let one of the shop's people out at once, and delete the account; one owner stays."""
    members.remove(door(), call.params["person"], _actor(call), tenant=call.params["tenant"])


@api.route("POST", _PEOPLE + "/{person}/reset-authenticator", policy=OWNER_OR_ADMIN, body=ReasonIn, returns=None)
def reset_in_shop(call: Call[ReasonIn]) -> None:
    """Void the lost authenticator of one of the shop's people, and every sign-in."""
    _reset(call, call.params["tenant"])


@api.route("POST", "/v1/team", policy=LEAD, body=TeamPersonIn, returns=PersonView, status=HTTPStatus.CREATED)
def invite_to_team(call: Call[TeamPersonIn]) -> PersonView:
    """Invite a colleague by mail; leads invite agents of their own pool."""
    mail, seat = normal_mail(call.body.mail), _seat(call.body)
    return PersonView.of(invitations.invite(door(), desks(), mail, seat, _actor(call)))


@api.route("GET", "/v1/team", policy=LEAD, returns=PeopleView, shed=Shed.SEARCH)
def team(call: Call[Empty]) -> PeopleView:
    """List the team, with mail addresses; leads see their own pool."""
    here, caller = door(), call.caller
    everyone = here.people.team()
    return _shown(here, [one for one in everyone if caller.kind is Kind.ADMIN or one.pool == caller.pool])


@api.route("POST", "/v1/team/{person}/role", policy=ADMIN, body=TeamRoleIn, returns=PersonView)
def change_role_in_team(call: Call[TeamRoleIn]) -> PersonView:
    """Make an agent a lead or a finance person an admin, or the other way round."""
    person, to = call.params["person"], Kind(call.body.kind)
    return PersonView.of(members.change_role(door(), person, to, _actor(call)))


@api.route("POST", "/v1/team/{person}/off-board", policy=LEAD, returns=OffBoardView)
def off_board(call: Call[Empty]) -> OffBoardView:
    """Let a colleague out at once: keys and sign-ins end, and what is held goes back to the queue."""
    return OffBoardView(members.off_board(door(), desks(), call.params["person"], _actor(call)))


@api.route("POST", "/v1/team/{person}/reset-authenticator", policy=LEAD, body=ReasonIn, returns=None)
def reset_in_team(call: Call[ReasonIn]) -> None:
    """Void a colleague's lost authenticator, and every sign-in; the next one sets up another."""
    _reset(call, "")


@api.route("POST", "/v1/tenants/{tenant}/suspend", policy=ADMIN, body=ReasonIn, returns=None)
def suspend(call: Call[ReasonIn]) -> None:
    """Shut a shop's people, servers and visitors out; its contacts stay."""
    _suspend(call, resume=False)


@api.route("POST", "/v1/tenants/{tenant}/resume", policy=ADMIN, body=ReasonIn, returns=None)
def resume(call: Call[ReasonIn]) -> None:
    """Let a suspended shop in again."""
    _suspend(call, resume=True)


def _reset(call: Call[ReasonIn], tenant: str) -> None:
    reason = clean(call.body.reason, limit=1000, field="reason")
    members.reset_authenticator(door(), call.params["person"], _actor(call), tenant=tenant, reason=reason)


def _suspend(call: Call[ReasonIn], *, resume: bool) -> None:
    reason = clean(call.body.reason, limit=1000, field="reason")
    members.suspend(door(), desks(), call.params["tenant"], _actor(call), resume=resume, reason=reason)


def _actor(call: Call[B]) -> Actor:
    return Actor(call.caller, call.source, call.now)


def _seat(body: TeamPersonIn) -> Seat:
    kind = Kind(body.kind)
    if kind not in FLOOR_KINDS:
        if (body.agent, body.pool, body.capacity) != (None, None, None):
            raise BadInput("no_place_on_the_floor", "finance and admins have no agent, pool and capacity")
        return Seat(kind)
    if body.agent is None or body.pool is None:
        raise BadInput("missing_field", "agents and leads need agent and pool")
    return Seat(kind, agent=body.agent, pool=body.pool, capacity=body.capacity or DEFAULT_CAPACITY)


def _shown(here: Door, people: list[Person]) -> PeopleView:
    return PeopleView([PersonView.of(person, here.directory.find(person.id)) for person in people])
