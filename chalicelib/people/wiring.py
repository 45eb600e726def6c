"""The door with the real directory and the real stores."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial

from chalicelib.access.store import Keys
from chalicelib.agents.store import Agents
from chalicelib.aws.credentials import Scope, acting, current, own
from chalicelib.aws.settings import settings
from chalicelib.aws.tables import Write, commit
from chalicelib.kernel.caller import Caller, Kind
from chalicelib.kernel.clock import Millis, clock
from chalicelib.people import service
from chalicelib.people.app_client import AppClient
from chalicelib.people.changes import Changes
from chalicelib.people.cognito_gateway import CognitoDirectory
from chalicelib.people.ports import Desks, Door
from chalicelib.people.registrations import Registrations
from chalicelib.people.store import People
from chalicelib.people.tokens import KeySet, Seal, Verifier, fetch
from chalicelib.people.tries import Tries
from chalicelib.queue.service import return_held
from chalicelib.queue.wiring import floor
from chalicelib.tenants.acceptance import Acceptances
from chalicelib.tenants.standing import Standing
from chalicelib.tenants.store import Tenants


@cache
def _app_client(pool: str, app: str) -> AppClient:
    return AppClient(pool, app)


@cache
def _verifier(issuer: str, app: str, keys_url: str) -> Verifier:
    return Verifier(issuer, app, KeySet(partial(fetch, keys_url)))


def directory() -> CognitoDirectory:
    """Return where accounts are; unlike the door, it needs no secret."""
    now = settings()
    return CognitoDirectory(now.user_pool, _app_client(now.user_pool, now.user_pool_client))


def door() -> Door:
    """Return the door."""
    now = settings()
    return Door(
        directory=directory(),
        people=People(),
        changes=Changes,
        tries=partial(Tries, now.id_secret),
        verify=_verifier(now.token_issuer, now.user_pool_client, now.token_keys_url),
        seal=Seal(now.id_secret),
        clock=clock(),
        commit=commit,
        acting=_acting,
    )


def desks() -> Desks:
    """Return what else is touched when people are let in and out."""
    return Desks(
        agents=Agents(),
        tenant=Tenants,
        keys=_revoked,
        return_held=partial(return_held, floor()),
        suspend=_suspend,
        registrations=Registrations(),
        acceptances=Acceptances,
    )


def prove_person(credential: str) -> Caller:
    """Return the person whose ID token `credential` is; raise Unauthenticated."""
    return service.prove_person(door(), credential)


@contextmanager
def _acting(tenant: str, agent: str, person: str) -> Iterator[None]:
    # A row that was read says whose it is; whose rows may be touched, only the caller's credentials say.
    given = current()
    theirs = given.tenant if given and tenant else ""
    scope = Scope(tenant=theirs or tenant, agent=agent, person=person)
    with acting(scope) if scope.tags else own():
        yield


def _revoked(kind: Kind, owner: str) -> list[Write]:
    return Keys(kind, owner).revoke_all()


def _suspend(tenant: str, suspended: bool, at: Millis) -> Write:
    return Standing(tenant).save(suspended=suspended, at=at)
