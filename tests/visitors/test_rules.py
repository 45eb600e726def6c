"""Origins, widget keys and visitors' tokens: what is taken, beside what is refused."""

import time
from contextlib import suppress
from typing import Any

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.caller import Kind
from chalicelib.kernel.errors import BadInput, Conflict, Unauthenticated
from chalicelib.visitors import rules
from chalicelib.visitors.model import Visit, WidgetKey
from chalicelib.visitors.rules import TOKEN_SECONDS, normal_origin, parse_widget_key, read_token, write_token
from tests.samples import NOON

SECRET = "s" * 64
VISIT = Visit("danbi", "0" * 32, "a" * 16)
KEY = WidgetKey("danbi", "a" * 16, ("https://danbi.kr", "https://m.danbi.kr"), "쇼핑몰", NOON, "d")


@pytest.mark.parametrize(
    ("given", "normal"),
    [
        ("https://danbi.kr", "https://danbi.kr"),
        ("https://danbi.kr/", "https://danbi.kr"),
        ("HTTPS://Danbi.KR", "https://danbi.kr"),
        ("https://danbi.kr:443", "https://danbi.kr"),
        ("https://shop.danbi.kr:8443", "https://shop.danbi.kr:8443"),
        ("https://xn--2e0bu9hzfr8a.kr", "https://xn--2e0bu9hzfr8a.kr"),
    ],
)
def test_origin_is_written_as_browsers_send_it(given: str, normal: str) -> None:
    assert normal_origin(given, local=False) == normal


@pytest.mark.parametrize(
    "given",
    [
        "http://danbi.kr",
        "https://danbi.kr/path",
        "https://danbi.kr?x",
        "https://danbi.kr#x",
        "https://user@danbi.kr",
        "https://*.danbi.kr",
        "https://*",
        "https://danbi",
        "https://localhost",
        "https://127.0.0.1",
        "https://192.0.2.1",
        "https://[::1]",
        "https://danbi.kr:",
        "https://danbi.kr:0443",
        "https://danbi.kr:99999",
        "https://danbi.kr:x",
        "https://danbi.kr.",
        "https://-danbi.kr",
        "https://단비.kr",
        "https://danbi.kr https://evil.kr",
        " https://danbi.kr",
        "https://danbi.kr\n",
        "https://dan\tbi.kr",
        "https://danbi.kr//",
        "https:danbi.kr",
        "//danbi.kr",
        "danbi.kr",
        "null",
        "*",
        "",
        "javascript:alert(1)",
        "ftp://danbi.kr",
    ],
)
def test_what_is_no_origin_of_a_shop_is_refused(given: str) -> None:
    for local in (False, True):
        with pytest.raises(BadInput, match="invalid_origin"):
            normal_origin(given, local=local)


@pytest.mark.parametrize("given", ["http://localhost:5173", "http://127.0.0.1:8080", "http://localhost"])
def test_plain_http_to_this_machine_is_for_the_local_stage(given: str) -> None:
    assert normal_origin(given, local=True) == given
    with pytest.raises(BadInput, match="invalid_origin"):
        normal_origin(given, local=False)


@given(st.text(max_size=60) | st.text("https:/.*@#[]danbi.kr0123 \n").map("https://".__add__))
def test_any_text_becomes_a_normal_origin_or_is_refused(given: str) -> None:
    with suppress(BadInput):
        normal = normal_origin(given, local=True)
        assert normal_origin(normal, local=True) == normal
        assert " " not in normal


def test_widget_key_is_read_as_it_is_written() -> None:
    assert parse_widget_key(str(KEY)) == ("danbi", "a" * 16)


@pytest.mark.parametrize(
    "text", ["", "ddw.danbi", "ddw.danbi.xyz", f"ddw.DANBI.{'a' * 16}", f"{KEY}\n", f" {KEY}"]
)
def test_other_texts_are_no_widget_keys(text: str) -> None:
    with pytest.raises(Unauthenticated):
        parse_widget_key(text)


def test_admitted_visitor_is_bound_to_tenant_contact_and_origins() -> None:
    caller = rules.admit(KEY, VISIT.contact)
    assert (caller.kind, caller.tenant, caller.contact, caller.key) == (
        Kind.VISITOR,
        "danbi",
        VISIT.contact,
        KEY.id,
    )
    assert caller.origins.split() == list(KEY.origins)


def test_absent_and_revoked_keys_are_refused_alike() -> None:
    revoked = WidgetKey(KEY.tenant, KEY.id, KEY.origins, "", NOON, "d", revoked=True)
    told = []
    for key in (None, revoked):
        with pytest.raises(Unauthenticated) as refused:
            rules.admit(key)
        told.append((refused.value.code, refused.value.message))
    assert told[0] == told[1]


def test_token_brings_back_its_visit_until_it_expires() -> None:
    now = int(time.time())
    assert read_token(SECRET, write_token(SECRET, VISIT, now)) == VISIT
    assert read_token(SECRET, write_token(SECRET, VISIT, now - TOKEN_SECONDS + 60)) == VISIT
    for issued in (now - TOKEN_SECONDS - 1, now + 60):
        with pytest.raises(Unauthenticated):
            read_token(SECRET, write_token(SECRET, VISIT, issued))


def forged(*, secret: bytes | None = None, algorithm: str = "HS256", drop: str = "", **changes: Any) -> str:
    """Write a token as `write_token` does, with something wrong in it."""
    now = int(time.time())
    claims = {"iss": "duredesk", "aud": "duredesk-visitor", "iat": now, "exp": now + 60}
    claims |= {"tenant": "danbi", "contact": "0" * 32, "key": "a" * 16, **changes}
    claims.pop(drop, None)
    key = rules._signing_key(SECRET) if secret is None else secret
    return "ddv." + jwt.encode(claims, None if algorithm == "none" else key, algorithm=algorithm)  # type: ignore[arg-type]


def test_forged_token_differs_in_one_thing_from_a_good_one() -> None:
    assert read_token(SECRET, forged()) == VISIT


@pytest.mark.parametrize(
    "token",
    [
        forged(secret=b"x" * 64),
        forged(secret=SECRET.encode()),
        forged(algorithm="none"),
        forged(algorithm="HS512"),
        forged(aud="other"),
        forged(iss="other"),
        *(forged(drop=claim) for claim in ("iss", "aud", "iat", "exp", "tenant", "contact", "key")),
        forged()[:-2],
        forged() + "\n",
        "ddv.",
        "ddv...",
        "ddv.가.나.다",
    ],
)
def test_forged_tokens_open_nothing(token: str) -> None:
    with pytest.raises(Unauthenticated, match="this token opens nothing"):
        read_token(SECRET, token)


def test_opening_needs_a_key_that_can_be_random() -> None:
    rules.must_be_random("6f1c8f2e-8a4e-4f1d-9b0e-2f6f0c1d7a55")
    for key in (None, "", "1", "order-1", "a" * 21, "a" * 129, "!" * 30):
        with pytest.raises(BadInput, match="invalid_idempotency_key"):
            rules.must_be_random(key)


def test_repeat_is_answered_for_ten_minutes() -> None:
    opened = "2026-11-21T03:00:00.000Z"
    rules.may_repeat(opened, NOON + 600_000)
    with pytest.raises(Conflict, match="too_late_to_repeat"):
        rules.may_repeat(opened, NOON + 600_001)
