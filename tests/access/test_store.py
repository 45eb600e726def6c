"""API keys in the table."""

import pytest

from chalicelib.access.rules import digest
from chalicelib.access.store import Keys
from chalicelib.aws.tables import commit
from chalicelib.kernel.caller import Kind
from chalicelib.kernel.errors import Conflict, NotFound
from tests.moto_desk import KEY, MINA, SHOP, Desk


def test_key_comes_back_with_its_owner_and_without_its_secret(desk: Desk) -> None:
    token = desk.token(MINA)
    found = Keys(Kind.AGENT, "mina").find(token)
    assert found is not None
    assert (found.caller.agent, found.caller.pool, found.caller.key) == ("mina", "main", token.key)
    assert (found.digest, found.revoked) == (digest(token), False)
    assert token.secret not in repr(desk.rows())


def test_key_of_another_owner_is_not_found(desk: Desk) -> None:
    token = desk.token(SHOP)
    assert Keys(Kind.SHOP, "danbi").find(token)
    assert Keys(Kind.SHOP, "mungmeal").find(token) is None
    assert Keys(Kind.AGENT, "danbi").find(token) is None


def test_key_id_is_taken_once(desk: Desk) -> None:
    keys = Keys(Kind.SHOP, "danbi")
    commit(keys.add(SHOP, "first"))
    with pytest.raises(Conflict, match="key_exists"):
        commit(keys.add(SHOP, "second"))
    row = desk.raw("danbi#tenant", f"key#{KEY}")
    assert row is not None
    assert row["digest"] == {"S": "first"}


def test_revoking_twice_is_once_and_an_absent_key_is_refused(desk: Desk) -> None:
    token, keys = desk.token(SHOP), Keys(Kind.SHOP, "danbi")
    for _ in range(2):
        commit(keys.revoke(token.key))
        found = keys.find(token)
        assert found is not None
        assert found.revoked
    with pytest.raises(NotFound):
        commit(keys.revoke("f" * 16))
    assert desk.raw("danbi#tenant", "key#" + "f" * 16) is None
