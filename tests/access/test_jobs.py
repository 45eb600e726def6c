"""The authorizer, called as API Gateway calls it."""

from dataclasses import replace

import pytest

from chalicelib.access.store import Keys
from chalicelib.aws.tables import commit
from chalicelib.kernel.caller import Caller
from tests.moto_desk import MINA, SHOP, Desk, Json


def refused(answer: Json) -> bool:
    """An empty grant, without a context: the template makes API Gateway's denial a 401."""
    [statement] = answer["policyDocument"]["Statement"]
    return (answer["principalId"], statement["Resource"], answer["context"]) == ("nobody", [], {})


@pytest.mark.parametrize("caller", [SHOP, MINA])
def test_good_key_opens_with_its_owner_in_the_context(desk: Desk, caller: Caller) -> None:
    token = desk.token(caller)
    answer = desk.authorize(f"Bearer {token}")
    assert answer["principalId"] == caller.name
    assert answer["context"] == replace(caller, key=token.key).context
    [statement] = answer["policyDocument"]["Statement"]
    assert statement["Effect"] == "Allow"
    assert statement["Resource"]


def test_what_the_authorizer_proved_is_who_the_api_knows(desk: Desk) -> None:
    context = desk.authorize(f"Bearer {desk.token(MINA)}")["context"]
    proven = Caller(**context)
    assert desk.call(proven, "GET /v1/agents/me").body["id"] == "mina"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda token: token[:-1] + ("0" if token[-1] != "0" else "1"),
        lambda token: token.replace("danbi", "mungmeal"),
        lambda token: token.replace("dd.shop.", "dd.agent."),
        lambda token: token.replace(".", ":"),
        lambda token: token + "\n.",
        lambda token: "",
        lambda token: "Basic ZGFuYmk6",
        lambda token: "dd.shop.danbi#tenant.0123456789abcdef." + "0" * 64,
    ],
)
def test_bad_key_opens_no_route(desk: Desk, spoil: object) -> None:
    good = str(desk.token(SHOP))
    assert desk.authorize(f"Bearer {good}")["principalId"] == "shop:danbi"
    assert callable(spoil)
    assert refused(desk.authorize(f"Bearer {spoil(good)}"))


def test_revoked_key_opens_nothing_and_its_sibling_still_does(desk: Desk) -> None:
    gone, kept = desk.token(SHOP), desk.token(SHOP)
    commit(Keys(SHOP.kind, "danbi").revoke(gone.key))
    assert refused(desk.authorize(f"Bearer {gone}"))
    assert desk.authorize(f"Bearer {kept}")["principalId"] == "shop:danbi"


def test_storage_away_is_no_401(desk: Desk) -> None:
    token = desk.token(SHOP)
    desk.fail("GetItem", "InternalServerError", status=500)
    with pytest.raises(Exception, match="InternalServerError"):
        desk.authorize(f"Bearer {token}")
