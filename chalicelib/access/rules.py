"""What a route allows, and how an API key is written, read and proven."""

import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from chalicelib.access.model import ApiKey
from chalicelib.kernel.caller import Caller, Kind
from chalicelib.kernel.errors import Forbidden, Unauthenticated, not_found

_TOKEN = re.compile(r"Bearer dd\.(shop|agent)\.([a-z0-9]{3,32})\.([0-9a-f]{16})\.([0-9a-f]{64})")


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
        """Raise Forbidden for the wrong kind, and `not_found` for a shop at another shop's door."""
        if self.public:
            return
        if caller.kind not in self.kinds:
            raise Forbidden("forbidden", f"this is for {self.name}")
        if caller.kind is Kind.SHOP and params.get("tenant", caller.tenant) != caller.tenant:
            raise not_found()


PUBLIC = Policy("everyone", frozenset())
SHOP = Policy("the shop itself", frozenset({Kind.SHOP}))
AGENT = Policy("agents of the tenant's pool", frozenset({Kind.AGENT}))
SHOP_OR_AGENT = Policy("the shop itself and agents of its pool", frozenset({Kind.SHOP, Kind.AGENT}))


@dataclass(frozen=True, slots=True)
class Token:
    """A key as its owner holds it: `dd.<kind>.<owner>.<key id>.<secret>`."""

    kind: Kind
    owner: str
    key: str
    secret: str

    def __str__(self) -> str:
        return f"dd.{self.kind}.{self.owner}.{self.key}.{self.secret}"


def parse_token(authorization: str) -> Token:
    """Return the key in an `Authorization: Bearer …` header; raise Unauthenticated for anything else."""
    match = _TOKEN.fullmatch(authorization)
    if match is None:
        raise Unauthenticated("unauthenticated", "send Authorization: Bearer <API key>")
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
