"""Routes: each declares its policy and its types; `web.edge` does the rest alike for all."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Generic, Protocol, TypedDict, TypeVar, Unpack

import msgspec

from chalicelib.aws.settings import settings
from chalicelib.kernel.caller import Caller
from chalicelib.kernel.clock import Millis, is_month, kst_month
from chalicelib.kernel.errors import BadInput
from chalicelib.kernel.ids import derived_id, fingerprint, random_id
from chalicelib.web.pressure import Shed

B = TypeVar("B")
Proof = Callable[[Mapping[str, str]], Caller]


class Policy(Protocol):
    """What a route says of its callers; `access` has the ones there are."""

    @property
    def name(self) -> str:
        """Who that is, in words."""
        ...

    @property
    def public(self) -> bool:
        """Whether anybody may call it."""
        ...

    def check(self, caller: Caller, params: Mapping[str, str]) -> None:
        """Raise a refusal unless `caller` may call it with `params`."""
        ...


class Empty(msgspec.Struct, forbid_unknown_fields=True):
    """A body without fields."""


@dataclass(frozen=True, slots=True)
class Call(Generic[B]):
    """One parsed request: who, where, what, and when (milliseconds UTC).

    `scripted` tells that a script of our own pages sent it (`X-Duredesk`): no form or link of another site can.
    `signature` is what the sender of a raw body says proves it (`Stripe-Signature`). `known` is the `ETag` of the
    answer that the caller has (`If-None-Match`), empty for none.
    """

    caller: Caller
    params: Mapping[str, str]
    query: Mapping[str, str]
    body: B
    route: str
    key: str | None
    expected: int | None
    now: Millis
    source: str = ""
    origin: str = ""
    cookie: str = ""
    scripted: bool = False
    signature: str = ""
    known: str = ""

    @property
    def digest(self) -> str:
        """Return what tells this body from another one under the same key."""
        return fingerprint(settings().id_secret, msgspec.json.encode(self.body))

    @property
    def month(self) -> str:
        """Return the `month` that was asked for (`yyyy-mm` in Asia/Seoul; by default the current one).

        Raises BadInput `invalid_month`.
        """
        month = self.query.get("month", kst_month(self.now))
        if not is_month(month):
            raise BadInput("invalid_month", "month is yyyy-mm")
        return month

    def new_id(self) -> str:
        """Return the id of what this request creates: a repeat under the same key gets the same id."""
        if self.key is None:
            return random_id()
        place = (f"{name}={value}" for name, value in sorted(self.params.items()))
        return derived_id(settings().id_secret, self.caller.name, self.route, *place, self.key)


@dataclass(frozen=True, slots=True)
class Reply:
    """What a view answers when it sets headers too; a `content` of None is an empty answer.

    With the `ETag` that the caller knows already the answer is 304, whatever the content.
    """

    content: Any
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Route:
    """A way in, as registered and as documented.

    `query` names the parameters that it takes; a `body` of `bytes` is handed on as it came; `proof` reads the
    caller of a route for visitors without a token yet from the request's headers, and raises Unauthenticated;
    `shed` says when it is refused under pressure.
    """

    method: str
    path: str
    policy: Policy
    view: Callable[[Call[Any]], Any]
    returns: Any
    body: type = Empty
    status: HTTPStatus = HTTPStatus.OK
    query: tuple[str, ...] = ()
    proof: Proof | None = None
    shed: Shed = Shed.NOTHING

    @property
    def name(self) -> str:
        """Return the route as logs and derived ids name it."""
        return f"{self.method} {self.path}"


class Options(TypedDict, total=False):
    """What a route may say of itself besides; `Route` has the defaults."""

    body: type
    status: HTTPStatus
    query: tuple[str, ...]
    proof: Proof | None
    shed: Shed


class Api:
    """The routes of one capability, mounted on the app by `app.py`."""

    def __init__(self) -> None:
        self.routes: list[Route] = []

    def route(
        self, method: str, path: str, *, policy: Policy, returns: Any, **options: Unpack[Options]
    ) -> Callable[[Callable[[Call[Any]], Any]], Callable[[Call[Any]], Any]]:
        """Declare a route. `policy` has no default: a route without one cannot be written.

        Without `shed` it is served whatever the pressure, as intake always is.
        """

        def declare(view: Callable[[Call[Any]], Any]) -> Callable[[Call[Any]], Any]:
            self.routes.append(Route(method, path, policy, view, returns, **options))
            return view

        return declare
