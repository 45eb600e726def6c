"""Only a token that the pool signed for us, just now, proves anybody; and seals hold."""

import base64
import json
import time
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from chalicelib.kernel.clock import HOUR, MINUTE
from chalicelib.kernel.errors import BadInput, Unauthenticated
from chalicelib.people.model import Claims, Renewal, Step, Ticket
from chalicelib.people.tokens import RENEWAL, KeySet, Seal, Verifier, fetch
from tests.people.fake_directory import APP, ISSUER, KID, id_claims, key_set, keys_url, sign, signing_key

NOW = int(time.time())


def verifier(keys: KeySet | None = None) -> Verifier:
    return Verifier(ISSUER, APP, keys or KeySet(key_set))


def test_good_token_proves_who_signed_in_and_when() -> None:
    assert verifier()(sign(id_claims("p1", NOW))) == Claims("p1", NOW * 1000)


def unsigned(claims: dict[str, Any]) -> str:
    parts = ({"alg": "none", "kid": KID}, claims)
    return (
        ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts) + "."
    )


def hmac_with_public_key(claims: dict[str, Any]) -> str:
    # What a confused verifier would take: the public key as the secret of HS256.
    public = signing_key().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    head, body, _ = sign(claims).split(".")
    head = base64.urlsafe_b64encode(json.dumps({"alg": "HS256", "kid": KID}).encode()).decode().rstrip("=")
    import hashlib  # noqa: PLC0415
    import hmac  # noqa: PLC0415

    mac = hmac.new(public, f"{head}.{body}".encode(), hashlib.sha256).digest()
    return f"{head}.{body}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"


GOOD = id_claims("p1", NOW)
BAD = {
    "not signed": unsigned(GOOD),
    "signed with the public key": hmac_with_public_key(GOOD),
    "another algorithm of the same key": sign(GOOD, algorithm="RS512"),
    "signed by somebody else": sign(GOOD, key=generate_private_key(65537, 2048)),
    "an unknown key": sign(GOOD, kid="another"),
    "no key named": sign(GOOD, kid=None),
    "another issuer": sign(id_claims("p1", NOW, iss=ISSUER + "x")),
    "another app": sign(id_claims("p1", NOW, aud="another")),
    "several apps": sign(id_claims("p1", NOW, aud=[APP, "another"])),
    "expired": sign(id_claims("p1", NOW, exp=NOW - 60)),
    "issued in the future": sign(id_claims("p1", NOW, iat=NOW + 600)),
    "not yet valid": sign(id_claims("p1", NOW, nbf=NOW + 600)),
    "an access token": sign(id_claims("p1", NOW, token_use="access")),
    "signed in at a text": sign(id_claims("p1", NOW, auth_time=str(NOW))),
    "signed in at true": sign(id_claims("p1", NOW, auth_time=True)),
    "cut off": sign(GOOD)[:-10],
    "no token at all": "eyxx",
    "an empty one": "ey..",
    **{
        f"no {name}": sign(id_claims("p1", NOW, **{name: None}))
        for name in ("exp", "iat", "iss", "aud", "sub", "token_use", "auth_time")
    },
}


@pytest.mark.parametrize("token", BAD.values(), ids=BAD)
def test_every_other_token_gets_the_same_refusal(token: str) -> None:
    with pytest.raises(Unauthenticated) as refused:
        verifier()(token)
    assert str(refused.value) == "unauthenticated: this token opens nothing"


def test_two_clocks_may_differ_by_seconds_but_not_more() -> None:
    assert verifier()(sign(id_claims("p1", NOW, iat=int(time.time()) + 3)))


def test_unknown_key_is_looked_for_once_a_minute_at_most() -> None:
    now, fetched = [0.0], []

    def look() -> dict[str, Any]:
        fetched.append(now[0])
        return key_set()

    keys = KeySet(look, lambda: now[0])
    for at in (0, 1, 59, 60, 61):
        now[0] = at
        with pytest.raises(Unauthenticated):
            keys.find("another")
    assert fetched == [0, 60]
    assert keys.find(KID)
    assert fetched == [0, 60]


def test_key_that_appears_is_found() -> None:
    now, published = [0.0], [{"keys": []}, key_set()]
    keys = KeySet(lambda: published.pop(0), lambda: now[0])
    with pytest.raises(Unauthenticated):
        keys.find(KID)
    now[0] = 61
    assert keys.find(KID)


def test_key_set_is_read_from_its_address() -> None:
    assert fetch(keys_url()) == key_set()


SEAL = Seal("a secret")
TICKET = Ticket(Step.TOTP, "owner@danbi.example", "p1", "a session", NOW * 1000)
RENEWED = Renewal("p1", "a token")


def test_ticket_opens_for_ten_minutes_and_shows_nothing() -> None:
    sealed = SEAL.ticket(TICKET, 0)
    assert SEAL.open_ticket(sealed, 10 * MINUTE) == TICKET
    assert b"session" not in base64.urlsafe_b64decode(sealed)
    with pytest.raises(BadInput):
        SEAL.open_ticket(sealed, 10 * MINUTE + 1_000)


def test_renewal_opens_for_twelve_hours() -> None:
    sealed = SEAL.renewal(RENEWED, 0)
    assert SEAL.open_renewal(sealed, 12 * HOUR) == RENEWED
    with pytest.raises(Unauthenticated):
        SEAL.open_renewal(sealed, RENEWAL + 1_000)


def test_seals_of_another_stage_or_purpose_do_not_open() -> None:
    with pytest.raises(BadInput):
        Seal("another secret").open_ticket(SEAL.ticket(TICKET, 0), 0)
    with pytest.raises(BadInput):
        SEAL.open_ticket(SEAL.renewal(RENEWED, 0), 0)
    with pytest.raises(Unauthenticated):
        SEAL.open_renewal(SEAL.ticket(TICKET, 0), 0)
    with pytest.raises(BadInput):
        SEAL.open_ticket("가", 0)
