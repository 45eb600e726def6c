"""What a route allows, and how an API key is written, read and proven."""

import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from chalicelib.access.model import ApiKey
from chalicelib.kernel.caller import OFFICE, SHOP_SIDE, TEAM, Caller, Kind
from chalicelib.kernel.errors import Forbidden, Unauthenticated, not_found

_TOKEN = re.compile(r"dd\.(shop(?=\.[a-z0-9]{4})|agent)\.([a-z0-9]{3,32})\.([0-9a-f]{16})\.([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Policy:
    """Who may call a route (`kinds`), and on whose tenant; `public` needs no caller at all."""

    name: str
    kinds: frozenset[Kind]

    @property
    def public(self) -> bool:
        """Return whether the route needs no credential."""
        return not self.kinds

    def check(self, caller: Caller, params: Mapping[str, str]) -> None:
        """Raise Forbidden for the wrong kind, and `not_found` at another shop's door.

        Shops' callers are bound to their tenant and visitors to their conversation; an agent's pool is checked
        where the contact is known, and finance and admins work on one tenant at a time, any of them.
        """
        if self.public:
            return
        if caller.kind not in self.kinds:
            raise Forbidden("forbidden", f"this is for {self.name}")
        bound = {"tenant": caller.tenant} if caller.kind in SHOP_SIDE | {Kind.VISITOR} else {}
        if caller.kind is Kind.VISITOR:
            bound["contact"] = caller.contact
        if any(params.get(name, value) != value for name, value in bound.items()):
            raise not_found()


_SHOP = frozenset({Kind.SHOP, Kind.OWNER, Kind.STAFF})
_VISITOR = frozenset({Kind.VISITOR})

PUBLIC = Policy("everyone", frozenset())
OWNER = Policy("the shop's owner", frozenset({Kind.OWNER}))
OWNER_OR_ADMIN = Policy("the shop's owner and admins", frozenset({Kind.OWNER, Kind.ADMIN}))
OWNER_OR_SERVER = Policy("the shop's owner and its server", frozenset({Kind.OWNER, Kind.SHOP}))
SHOP = Policy("the shop itself", _SHOP)
SHOP_PEOPLE = Policy("the shop's owner and staff", frozenset({Kind.OWNER, Kind.STAFF}))
SHOP_VIEW = Policy("the shop itself, its viewers too", _SHOP | {Kind.VIEWER})
SHOP_VIEW_OR_AGENT = Policy(
    "the shop itself, its viewers too, and agents of its pool", _SHOP | {Kind.VIEWER} | TEAM
)
SHOP_OR_FINANCE = Policy("the shop itself, its viewers too, and finance", _SHOP | {Kind.VIEWER, Kind.FINANCE})
SHOP_OR_VISITOR = Policy("the shop itself and the visitor whose conversation it is", _SHOP | _VISITOR)
VISITOR = Policy("the visitor whose conversation it is", _VISITOR)
AGENT = Policy("agents of the tenant's pool", TEAM)
SHOP_OR_AGENT = Policy("the shop itself and agents of its pool", _SHOP | TEAM)
WRITERS = Policy(
    "the shop itself, agents of its pool, and the visitor whose conversation it is", _SHOP | TEAM | _VISITOR
)
READERS = Policy(
    "the shop itself, its viewers too, agents of its pool, and the visitor whose conversation it is",
    _SHOP | {Kind.VIEWER} | TEAM | _VISITOR,
)
LEAD = Policy("leads and admins", frozenset({Kind.LEAD, Kind.ADMIN}))
ADMIN = Policy("admins", frozenset({Kind.ADMIN}))
FINANCE = Policy("finance", frozenset({Kind.FINANCE}))
PERSON = Policy("everyone who signed in", (SHOP_SIDE | TEAM | OFFICE) - {Kind.SHOP})


@dataclass(frozen=True, slots=True)
class Token:
    """A key as its owner holds it: `dd.<kind>.<owner>.<key id>.<secret>`."""

    kind: Kind
    owner: str
    key: str
    secret: str

    def __str__(self) -> str:
        return f"dd.{self.kind}.{self.owner}.{self.key}.{self.secret}"


def parse_token(credential: str) -> Token:
    """Return the key that `credential` spells; raise Unauthenticated for anything else."""
    match = _TOKEN.fullmatch(credential)
    if match is None:
        raise Unauthenticated("unauthenticated", "this is no API key")
    kind, owner, key, secret = match.groups()
    return Token(Kind(kind), owner, key, secret)


def digest(token: Token) -> str:
    """Return what is stored of a secret: 256 random bits need no slow hash."""
    return hashlib.sha256(f"{token.owner}.{token.key}.{token.secret}".encode()).hexdigest()


def prove(token: Token, find: Callable[[Token], ApiKey | None]) -> Caller:
    """Return the caller behind `token`; unknown, wrong and revoked keys get one and the same refusal."""
    stored = find(token)
    known = stored is not None and hmac.compare_digest(stored.digest, digest(token))
    if stored is None or not known or stored.revoked:
        raise Unauthenticated("unauthenticated", "this API key opens nothing")
    return stored.caller
