from dataclasses import dataclass, field, replace

import pytest

from chalicelib.access.model import ApiKey, Issued
from chalicelib.access.rules import Token, parse_token
from chalicelib.access.service import authenticate, issue, prove_key
from chalicelib.aws.tables import Write
from chalicelib.kernel.caller import Caller, Kind
from chalicelib.kernel.errors import Unauthenticated
from tests.fakes import Step, commit


@dataclass
class FakeKeys:
    rows: dict[str, ApiKey] = field(default_factory=dict)

    def find(self, token: Token) -> ApiKey | None:
        return self.rows.get(token.key)

    def add(self, caller: Caller, digest: str, issued: Issued | None = None) -> Write:
        return Step(caller.key, lambda: self.rows.update({caller.key: ApiKey(caller, digest, revoked=False)}))


@pytest.mark.parametrize(
    "caller", [Caller(Kind.SHOP, "", tenant="danbi"), Caller(Kind.AGENT, "", agent="mina", pool="main")]
)
def test_an_issued_key_opens_until_it_is_revoked(caller: Caller) -> None:
    keys, asked = FakeKeys(), []

    def store(kind: Kind, owner: str) -> FakeKeys:
        asked.append((kind, owner))
        return keys

    token = issue(caller, keys, commit)
    key = parse_token(token).key

    assert authenticate(f"Bearer {token}", {"dd.": lambda credential: prove_key(credential, store)}) == replace(
        caller, key=key
    )
    assert asked == [(caller.kind, caller.agent or caller.tenant)]
    assert parse_token(token).secret not in repr(keys.rows)

    keys.rows[key] = replace(keys.rows[key], revoked=True)
    with pytest.raises(Unauthenticated):
        authenticate(f"Bearer {token}", {"dd.": lambda credential: prove_key(credential, store)})


def test_two_keys_of_one_shop_are_two() -> None:
    keys, shop = FakeKeys(), Caller(Kind.SHOP, "", tenant="danbi")
    assert issue(shop, keys, commit) != issue(shop, keys, commit)
    assert len(keys.rows) == 2


def test_garbage_asks_no_store() -> None:
    def store(_kind: Kind, _owner: str) -> FakeKeys:
        raise AssertionError("no store is asked")

    with pytest.raises(Unauthenticated):
        authenticate("Bearer garbage", {"dd.": lambda credential: prove_key(credential, store)})
