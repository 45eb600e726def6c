"""The second wall: whose rows a call to the database may touch, held by AWS and not by our own checks.

A function's own role opens the queue's index and a few rows of the desk itself. Everything of a tenant, and every
agent's row, opens only to a session of the data role that is tagged with them; the role's policy compares the tags
with the keys of each request. The tags come from the caller's proven credentials, never from a key.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, fields, replace
from functools import cache
from typing import Any

from botocore.credentials import Credentials
from cachetools import TTLCache

from chalicelib.aws.clients import client
from chalicelib.aws.settings import settings
from chalicelib.kernel.caller import OFFICE, TEAM, Caller, Kind

# A role that assumes another one gets an hour at most; nothing is begun in its last five minutes. The wall clock
# counts, since a frozen function's own clock may stand still.
_SECONDS = 3600
_sessions: TTLCache["Scope", Credentials] = TTLCache(maxsize=4096, ttl=_SECONDS - 300, timer=time.time)


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose rows may be touched: a tenant's, those of at most two agents, a person's. Empty ids open nothing."""

    tenant: str = ""
    agent: str = ""
    colleague: str = ""
    person: str = ""

    @property
    def tags(self) -> dict[str, str]:
        """Return the session tags by which the data role knows them."""
        pairs = ((field.name, getattr(self, field.name)) for field in fields(self))
        return {name: value for name, value in pairs if value}

    def beside(self, agent: str) -> "Scope":
        """Return this scope with one more agent, as a transfer needs it; raise ValueError for a third one."""
        if agent in {"", self.agent, self.colleague}:
            return self
        if not self.agent:
            return replace(self, agent=agent)
        if not self.colleague:
            return replace(self, colleague=agent)
        raise ValueError("one change touches two agents at most")


_current: ContextVar[Scope | None] = ContextVar("scope", default=None)


def scope_of(caller: Caller, tenant: str) -> Scope | None:
    """Return whose rows `caller` may touch with a request that names `tenant`; None for nobody.

    A shop's caller and a visitor have the tenant of their credentials, whatever the request names.
    """
    if caller.kind is Kind.NOBODY:
        return None
    if caller.kind in TEAM | OFFICE:
        return Scope(tenant=tenant, agent=caller.agent)
    return Scope(tenant=caller.tenant)


def current() -> Scope | None:
    """Return the scope in force; None means the function's own role."""
    return _current.get()


@contextmanager
def acting(scope: Scope | None) -> Iterator[None]:
    """Make the database calls within with a session of `scope`; None returns to the function's own role."""
    token = _current.set(scope)
    try:
        yield
    finally:
        _current.reset(token)


@contextmanager
def beside(agent: str) -> Iterator[None]:
    """Let the calls within touch one more agent's row."""
    scope = _current.get()
    with acting((scope or Scope()).beside(agent)):
        yield


@contextmanager
def own() -> Iterator[None]:
    """Make the calls within with the function's own role: for the queue's index and the desk's own lists."""
    with acting(None):
        yield


def guard(client: Any) -> None:
    """Let `client` sign each call with the session of the scope in force."""
    # One client serves all sessions: making one for each would take 110 ms a tenant.
    client.meta.events.register("before-sign", _sign, unique_id="second-wall")


def forget_sessions() -> None:
    """Forget the sessions of this process: for tests."""
    _sessions.clear()


def _sign(request: Any, **_: Any) -> None:
    scope = _current.get()
    if scope is not None and settings().data_role:
        request.context.setdefault("signing", {})["request_credentials"] = _session(scope)


def _session(scope: Scope) -> Credentials:
    known = _sessions.get(scope)
    if known is None:
        known = _sessions[scope] = _assume(scope)
    return known


def _assume(scope: Scope) -> Credentials:
    given = _sts().assume_role(
        RoleArn=settings().data_role,
        RoleSessionName="-".join(scope.tags.values())[:64] or "nobody",
        DurationSeconds=_SECONDS,
        Tags=[{"Key": name, "Value": value} for name, value in scope.tags.items()],
    )["Credentials"]
    return Credentials(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])


@cache
def _sts() -> Any:
    return client("sts", settings().region)
