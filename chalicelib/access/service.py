"""Issue, prove and revoke API keys."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace

from chalicelib.access.model import Issued
from chalicelib.access.ports import KeyStore
from chalicelib.access.rules import Token, digest, parse_token, prove
from chalicelib.aws.tables import Write
from chalicelib.kernel.caller import Caller, Kind
from chalicelib.kernel.errors import Unauthenticated

Proof = Callable[[str], Caller]


def authenticate(authorization: str, proofs: Mapping[str, Proof]) -> Caller:
    """Return who sent `authorization`; raise Unauthenticated for everyone else.

    `proofs` says by the first letters of a credential who proves it: each kind has one form and one algorithm.
    """
    credential = authorization.removeprefix("Bearer ")
    if credential != authorization:
        for start, proof in proofs.items():
            if credential.startswith(start):
                return proof(credential)
    raise Unauthenticated("unauthenticated", "send Authorization: Bearer <API key or token>")


def prove_key(credential: str, keys: Callable[[Kind, str], KeyStore]) -> Caller:
    """Return the owner of the API key `credential`; raise Unauthenticated."""
    return prove(parse_token(credential), lambda token: keys(token.kind, token.owner).find(token))


def issue(caller: Caller, store: KeyStore, commit: Callable[[Write], None]) -> str:
    """Store a new key of `caller` and return it whole: this is the only time that anyone sees it."""
    token, write = new_key(replace(caller, key=secrets.token_hex(8)), store, Issued())
    commit(write)
    return token


def new_key(caller: Caller, store: KeyStore, issued: Issued) -> tuple[str, Write]:
    """Return a new key of `caller`, under the id that it names, whole, and the write that stores it."""
    token = Token(caller.kind, caller.agent or caller.tenant, caller.key, secrets.token_hex(32))
    return str(token), store.add(caller, digest(token), issued)
