"""Issue, prove and revoke API keys."""

import secrets
from collections.abc import Callable
from dataclasses import replace

from chalicelib.access.ports import KeyStore
from chalicelib.access.rules import Token, digest, parse_token, prove
from chalicelib.aws.tables import Write
from chalicelib.kernel.caller import Caller, Kind


def authenticate(authorization: str, keys: Callable[[Kind, str], KeyStore]) -> Caller:
    """Return who sent `authorization`; raise Unauthenticated for everyone else."""
    return prove(parse_token(authorization), lambda token: keys(token.kind, token.owner).find(token))


def issue(caller: Caller, store: KeyStore, commit: Callable[[Write], None]) -> str:
    """Store a new key of `caller` and return it whole: this is the only time that anyone sees it."""
    key = secrets.token_hex(8)
    token = Token(caller.kind, caller.agent or caller.tenant, key, secrets.token_hex(32))
    commit(store.add(replace(caller, key=key), digest(token)))
    return str(token)
