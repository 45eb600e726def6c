from dataclasses import replace

import pytest

from chalicelib.access.model import ApiKey
from chalicelib.access.rules import AGENT, PUBLIC, SHOP, SHOP_OR_AGENT, Policy, Token, digest, parse_token, prove
from chalicelib.kernel.caller import Caller, Kind
from chalicelib.kernel.errors import Forbidden, NotFound, Unauthenticated

KEY, SECRET = "0123456789abcdef", "ab" * 32
TOKEN = Token(Kind.SHOP, "danbi", KEY, SECRET)
DANBI = Caller(Kind.SHOP, KEY, tenant="danbi")
MINA = Caller(Kind.AGENT, KEY, agent="mina", pool="main")
NOBODY = Caller(Kind.NOBODY, "")


@pytest.mark.parametrize("token", [TOKEN, Token(Kind.AGENT, "mina", KEY, SECRET)])
def test_a_token_is_read_as_it_was_written(token: Token) -> None:
    assert parse_token(str(token)) == token


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer ",
        "nonsense",
        f"Basic {TOKEN}",
        f"Bearer {TOKEN}",
        f"{TOKEN}0",
        str(TOKEN).upper(),
        f"dd.nobody.danbi.{KEY}.{SECRET}",
        f"dd.shop.d#nbi.{KEY}.{SECRET}",
        f"dd.shop.da.{KEY}.{SECRET}",
        f"dd.shop.dan.{KEY}.{SECRET}",
        f"dd.shop.danbi.{KEY}.{SECRET[:-1]}",
        f"dd.shop.danbi..{SECRET}",
    ],
)
def test_anything_else_is_unauthenticated(header: str) -> None:
    with pytest.raises(Unauthenticated):
        parse_token(header)


def test_the_digest_covers_owner_key_and_secret_and_hides_the_secret() -> None:
    others = [replace(TOKEN, owner="mung"), replace(TOKEN, key="f" * 16), replace(TOKEN, secret="cd" * 32)]
    assert len({digest(token) for token in [TOKEN, *others]}) == 4
    assert SECRET not in digest(TOKEN)


def test_the_right_secret_proves_the_caller() -> None:
    assert prove(TOKEN, lambda _: ApiKey(DANBI, digest(TOKEN), revoked=False)) == DANBI


def test_wrong_unknown_and_revoked_keys_get_the_same_refusal() -> None:
    wrong = ApiKey(DANBI, digest(replace(TOKEN, secret="cd" * 32)), revoked=False)
    revoked = ApiKey(DANBI, digest(TOKEN), revoked=True)
    refusals = []
    for stored in ({TOKEN: wrong}, {TOKEN: revoked}, dict[Token, ApiKey]()):
        with pytest.raises(Unauthenticated) as refused:
            prove(TOKEN, stored.get)
        refusals.append((refused.value.code, refused.value.message, refused.value.details))
    assert refusals == [("unauthenticated", "this API key opens nothing", {})] * 3


@pytest.mark.parametrize(
    ("policy", "welcome"),
    [(PUBLIC, {NOBODY, DANBI, MINA}), (SHOP, {DANBI}), (AGENT, {MINA}), (SHOP_OR_AGENT, {DANBI, MINA})],
)
def test_a_policy_admits_its_kinds_only(policy: Policy, welcome: set[Caller]) -> None:
    for caller in (NOBODY, DANBI, MINA):
        if caller in welcome:
            policy.check(caller, {"tenant": "danbi"})
            continue
        with pytest.raises(Forbidden) as refused:
            policy.check(caller, {"tenant": "danbi"})
        assert refused.value.message == f"this is for {policy.name}"


@pytest.mark.parametrize("policy", [SHOP, SHOP_OR_AGENT])
def test_a_shop_finds_nothing_behind_another_shops_door(policy: Policy) -> None:
    policy.check(DANBI, {"tenant": "danbi"})
    policy.check(DANBI, {})
    with pytest.raises(NotFound) as refused:
        policy.check(DANBI, {"tenant": "mungmeal"})
    assert refused.value.code == "not_found"


def test_only_the_public_policy_needs_no_credential() -> None:
    assert [policy.public for policy in (PUBLIC, SHOP, AGENT, SHOP_OR_AGENT)] == [True, False, False, False]
