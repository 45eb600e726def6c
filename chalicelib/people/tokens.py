"""Verify the directory's tokens, and seal what a browser carries of a sign-in without being able to read it."""

import base64
import json
import time
import urllib.request
from collections.abc import Callable
from typing import Any

import msgspec

from chalicelib.kernel.clock import HOUR, MINUTE, SECOND, Millis
from chalicelib.kernel.errors import BadInput
from chalicelib.people.model import Claims, Renewal, Ticket
from chalicelib.people.rules import refused, sign_in_failed

# PyJWT and cryptography take 60 ms to import, and most calls carry an API key.
# ruff: noqa: PLC0415

Seconds = float
Jwks = dict[str, Any]

TICKET: Millis = 10 * MINUTE
RENEWAL: Millis = 12 * HOUR
# Two clocks of AWS may be this far apart.
_LEEWAY: Seconds = 5
_REFETCH: Seconds = 60
_REQUIRED = ["exp", "iat", "iss", "aud", "sub", "token_use", "auth_time"]


class KeySet:
    """The directory's public keys, kept in the process; an unknown one is looked for once a minute at most."""

    def __init__(self, fetch: Callable[[], Jwks], clock: Callable[[], Seconds] = time.monotonic) -> None:
        self._fetch = fetch
        self._clock = clock
        self._keys: dict[str, Any] = {}
        self._fetched_at: Seconds | None = None

    def find(self, kid: str) -> Any:
        """Return the public key `kid`; raise Unauthenticated when there is none."""
        now = self._clock()
        if kid not in self._keys and (self._fetched_at is None or now - self._fetched_at >= _REFETCH):
            self._keys = self._read()
            self._fetched_at = now
        if kid not in self._keys:
            raise refused()
        return self._keys[kid]

    def _read(self) -> dict[str, Any]:
        from jwt import PyJWK

        usable = (key for key in self._fetch()["keys"] if key.get("kty") == "RSA" and "kid" in key)
        return {key["kid"]: PyJWK(key, algorithm="RS256") for key in usable}


def fetch(url: str) -> Jwks:
    """Return the key set at `url`, which comes from our own settings."""
    with urllib.request.urlopen(url, timeout=3) as answer:
        found: Jwks = json.load(answer)
    return found


class Verifier:
    """Reads ID tokens of one issuer for one app; nothing else about a token is believed."""

    def __init__(self, issuer: str, audience: str, keys: KeySet) -> None:
        self._issuer = issuer
        self._audience = audience
        self._keys = keys

    def __call__(self, token: str) -> Claims:
        """Return what `token` proves; raise Unauthenticated, always the same."""
        import jwt

        try:
            header = jwt.get_unverified_header(token)
            if header.get("alg") != "RS256" or not isinstance(header.get("kid"), str):
                raise refused()
            claims = jwt.decode(
                token,
                self._keys.find(header["kid"]),
                algorithms=["RS256"],
                issuer=self._issuer,
                audience=self._audience,
                leeway=_LEEWAY,
                options={"require": _REQUIRED, "strict_aud": True},
            )
        except jwt.PyJWTError:
            raise refused() from None
        signed_in_at = claims["auth_time"]
        if claims["token_use"] != "id" or type(signed_in_at) is not int:
            raise refused()
        return Claims(claims["sub"], signed_in_at * SECOND)


class Seal:
    """Seals with a key of its own, made of the stage's secret."""

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def ticket(self, ticket: Ticket, now: Millis) -> str:
        """Return `ticket` sealed, good for ten minutes."""
        return self._shut("ticket", msgspec.json.encode(ticket), now)

    def open_ticket(self, sealed: str, now: Millis) -> Ticket:
        """Return the ticket; raise BadInput `invalid_ticket` for a forged or an old one."""
        content = self._open("ticket", sealed, now=now, life=TICKET)
        if content is None:
            raise BadInput("invalid_ticket", "this ticket is no longer good; sign in again")
        return msgspec.json.decode(content, type=Ticket)

    def renewal(self, renewal: Renewal, now: Millis) -> str:
        """Return `renewal` sealed, good for twelve hours."""
        return self._shut("renewal", msgspec.json.encode(renewal), now)

    def open_renewal(self, sealed: str, now: Millis) -> Renewal:
        """Return the renewal; raise Unauthenticated `sign_in_failed` for a forged or an old one."""
        content = self._open("renewal", sealed, now=now, life=RENEWAL)
        if content is None:
            raise sign_in_failed()
        return msgspec.json.decode(content, type=Renewal)

    def _shut(self, purpose: str, content: bytes, now: Millis) -> str:
        return str(self._fernet(purpose).encrypt_at_time(content, now // SECOND).decode())

    def _open(self, purpose: str, sealed: str, *, now: Millis, life: Millis) -> bytes | None:
        from cryptography.fernet import InvalidToken

        try:
            found: bytes = self._fernet(purpose).decrypt_at_time(sealed.encode(), life // SECOND, now // SECOND)
        except InvalidToken:
            return None
        return found

    def _fernet(self, purpose: str) -> Any:
        from cryptography.fernet import Fernet
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        derived = HKDF(SHA256(), 32, salt=None, info=f"people/{purpose}".encode()).derive(self._secret.encode())
        return Fernet(base64.urlsafe_b64encode(derived))
