"""How origins are written, and how widget keys and visitors' tokens are written and read."""

import ipaddress
import re
from typing import Any
from urllib.parse import urlsplit

from chalicelib.kernel.caller import Caller, Kind
from chalicelib.kernel.clock import MINUTE, SECOND, Millis, iso
from chalicelib.kernel.errors import BadInput, Conflict, Unauthenticated
from chalicelib.visitors.model import Visit, WidgetKey

TOKEN_START = "ddv."
TOKEN_SECONDS = 24 * 3600
MAX_ORIGINS = 10

_ALGORITHM = "HS256"
_ISSUER, _AUDIENCE = "duredesk", "duredesk-visitor"
_CLAIMS = ["iss", "aud", "iat", "exp", "tenant", "contact", "key"]
_KEY = re.compile(r"ddw\.([a-z0-9]{4,32})\.([0-9a-f]{16})")
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
_LOCAL_HOSTS = {"localhost", "127.0.0.1"}
_HTTPS_PORT, _HTTP_PORT = 443, 80
# Whoever repeats an opening gets a token, so the repeat is answered only while it is plainly a repeat.
_REPEAT: Millis = 10 * MINUTE
# A key that someone else can guess would open the conversation that was opened with it.
_RANDOM_KEY = re.compile(r"[A-Za-z0-9_-]{22,128}")


def normal_origin(given: str, *, local: bool) -> str:
    """Return `given` as browsers write it in `Origin`; `local` allows plain http to this machine.

    Raises BadInput `invalid_origin` for all but https://host[:port]: no path, user, wildcard or address as host.
    """
    try:
        parts = urlsplit(given)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise _invalid_origin() from None
    here = local and parts.scheme == "http" and host in _LOCAL_HOSTS
    if not here and (parts.scheme != "https" or not _is_public(host)):
        raise _invalid_origin()
    bare = f"{parts.scheme}://{host}"
    shown = bare if port is None else f"{bare}:{port}"
    # What the parser dropped or changed (paths, users, blanks, empty ports) would not match as it reads.
    if given.lower().removesuffix("/") != shown:
        raise _invalid_origin()
    return bare if port == (_HTTP_PORT if here else _HTTPS_PORT) else shown


def _is_public(host: str) -> bool:
    """Return whether `host` is a name of at least two labels in ASCII, and no address."""
    labels = host.split(".")
    try:
        ipaddress.ip_address(host)
    except ValueError:
        named = all(_LABEL.fullmatch(label) for label in labels) and not labels[-1].isdigit()
        return named and len(labels) > 1 and len(host) <= 253  # noqa: PLR2004 - the length that DNS allows
    return False


def _invalid_origin() -> BadInput:
    return BadInput("invalid_origin", "an origin is https://host or https://host:port")


def parse_widget_key(text: str) -> tuple[str, str]:
    """Return tenant and id of a widget key; raise Unauthenticated."""
    match = _KEY.fullmatch(text)
    if match is None:
        raise Unauthenticated("unauthenticated", "X-Widget-Key is ddw.<shop>.<key id>")
    return match[1], match[2]


def admit(key: WidgetKey | None, contact: str = "") -> Caller:
    """Return the visitor who came with `key`; absent and revoked keys get one and the same refusal."""
    if key is None or key.revoked:
        raise Unauthenticated("unauthenticated", "this widget key opens nothing")
    return Caller(Kind.VISITOR, key.id, tenant=key.tenant, contact=contact, origins=" ".join(key.origins))


def must_be_random(key: str | None) -> None:
    """Raise BadInput unless the Idempotency-Key of an opening can have been drawn at random."""
    if key is None or not _RANDOM_KEY.fullmatch(key):
        message = "send a random Idempotency-Key of 22 to 128 letters, digits, - and _, such as a UUID"
        raise BadInput("invalid_idempotency_key", message)


def may_repeat(opened_at: str, now: Millis) -> None:
    """Raise Conflict `too_late_to_repeat` for the repeat of an opening of long ago; `opened_at` is ISO 8601."""
    if opened_at < iso(now - _REPEAT):
        raise Conflict("too_late_to_repeat", "this conversation was opened over ten minutes ago")


def write_token(secret: str, visit: Visit, now: int) -> str:
    """Return a token for `visit` that is good for 24 hours from `now`, in seconds of the real clock."""
    import jwt  # noqa: PLC0415 - a cold start shall not wait for it

    own = {"tenant": visit.tenant, "contact": visit.contact, "key": visit.key}
    claims = {"iss": _ISSUER, "aud": _AUDIENCE, "iat": now, "exp": now + TOKEN_SECONDS, **own}
    return TOKEN_START + jwt.encode(claims, _signing_key(secret), algorithm=_ALGORITHM)


def read_token(secret: str, credential: str) -> Visit:
    """Return the visit that `credential` opens; raise Unauthenticated."""
    import jwt  # noqa: PLC0415

    try:
        claims: dict[str, Any] = jwt.decode(
            credential.removeprefix(TOKEN_START),
            _signing_key(secret),
            algorithms=[_ALGORITHM],
            audience=_AUDIENCE,
            issuer=_ISSUER,
            options={"require": _CLAIMS},
        )
    except jwt.InvalidTokenError:
        raise Unauthenticated("unauthenticated", "this token opens nothing") from None
    return Visit(claims["tenant"], claims["contact"], claims["key"])


def expires_at(now: int) -> Millis:
    """Return when a token written `now` (seconds) ends, in milliseconds UTC."""
    return (now + TOKEN_SECONDS) * SECOND


def _signing_key(secret: str) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF  # noqa: PLC0415

    return HKDF(SHA256(), length=64, salt=None, info=b"duredesk visitor token").derive(secret.encode())
