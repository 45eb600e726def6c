"""The vault: what is sealed opens in its place alone, for its tenant alone, and never once the key is gone."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.aws import vault
from chalicelib.aws.credentials import Scope, acting
from chalicelib.aws.settings import settings
from chalicelib.aws.vault import KeyDestroyed, Unreadable, Vault, derived_key, forget_keys, key_client
from chalicelib.kernel.errors import NotFound
from tests.moto_desk import Desk
from tests.samples import NOON
from tests.wall import behind

PLACE = "contact 1, phone"
DANBI, MUNGMEAL = Vault("danbi"), Vault("mungmeal")


def keyring(desk: Desk) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = desk.dynamodb.scan(TableName=settings().keyring_table)["Items"]
    return found


def test_sealed_text_opens_in_its_place(desk: Desk) -> None:
    for text in ("010-0000-1234", "", "서울 강남구 ***", "한" * 500):
        sealed = DANBI.seal(PLACE, text)
        assert DANBI.open(PLACE, sealed) == text
        assert len(sealed) == len(text.encode()) + 29
        assert text == "" or text.encode() not in sealed


def test_every_text_opens_again(desk: Desk) -> None:
    @given(text=st.text(max_size=50), place=st.text(max_size=20))
    def opens(text: str, place: str) -> None:
        assert DANBI.open(place, DANBI.seal(place, text)) == text

    opens()


def test_equal_texts_look_different(desk: Desk) -> None:
    assert len({DANBI.seal(PLACE, "010-0000-1234") for _ in range(20)}) == 20


def test_it_opens_in_no_other_place_and_for_no_other_tenant(desk: Desk) -> None:
    sealed = DANBI.seal(PLACE, "010-0000-1234")
    for other, place in ((DANBI, "contact 2, phone"), (DANBI, ""), (MUNGMEAL, PLACE)):
        with pytest.raises(Unreadable):
            other.open(place, sealed)


def test_place_cannot_be_moved_over_to_the_tenant(desk: Desk) -> None:
    # Even under one and the same key, whose and where are told apart.
    sealed = DANBI.seal("b\x1fc", "x")
    row = keyring(desk)[0]
    key = key_client().decrypt(CiphertextBlob=row["data_key"]["B"], EncryptionContext={"tenant": "danbi"})[
        "Plaintext"
    ]
    cipher = vault._unlocked("danbi").cipher
    assert key == vault._unlocked("danbi").key
    assert cipher.decrypt(sealed[1:13], sealed[13:], b"\x01danbi\x1fb\x1fc") == b"x"


def test_any_flipped_bit_is_found(desk: Desk) -> None:
    sealed = DANBI.seal(PLACE, "010")
    for bit in range(len(sealed) * 8):
        changed = bytearray(sealed)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(Unreadable):
            DANBI.open(PLACE, bytes(changed))
    for length in range(len(sealed)):
        with pytest.raises(Unreadable):
            DANBI.open(PLACE, sealed[:length])


def test_fingerprint_finds_equal_texts_of_one_tenant_and_purpose(desk: Desk) -> None:
    found = DANBI.fingerprint("phone", "01000001234")
    assert len(found) == 32
    assert int(found, 16)
    forget_keys()
    assert DANBI.fingerprint("phone", "01000001234") == found
    others = [
        DANBI.fingerprint("phone", "01000001235"),
        DANBI.fingerprint("mail", "01000001234"),
        MUNGMEAL.fingerprint("phone", "01000001234"),
    ]
    assert len({found, *others}) == 4


def test_derived_key_is_hkdf(desk: Desk) -> None:
    assert derived_key(b"secret", "a") == HKDF(SHA256(), 32, None, b"a").derive(b"secret")
    assert derived_key(b"secret", "a") != derived_key(b"secret", "b")


def test_key_is_stored_wrapped_and_only_in_its_own_table(desk: Desk) -> None:
    DANBI.seal(PLACE, "x")
    [row] = keyring(desk)
    assert row["pk"] == {"S": "danbi#key"}
    assert row["version"] == {"N": "1"}
    key = vault._unlocked("danbi").key
    assert len(key) == 32
    assert key not in row["data_key"]["B"]
    assert [found for found in desk.rows() if found["pk"]["S"] == "danbi#key"] == []


def test_wrapped_key_opens_for_its_own_tenant_only(desk: Desk) -> None:
    DANBI.seal(PLACE, "x")
    MUNGMEAL.seal(PLACE, "x")
    rows = {row["pk"]["S"]: row for row in keyring(desk)}
    stolen = {**rows["danbi#key"], "pk": {"S": "mungmeal#key"}}
    desk.dynamodb.put_item(TableName=settings().keyring_table, Item=stolen)
    forget_keys()
    with pytest.raises(key_client().exceptions.InvalidCiphertextException):
        MUNGMEAL.seal(PLACE, "x")


def test_key_is_asked_for_once_in_five_minutes(desk: Desk) -> None:
    forget_keys()
    DANBI.seal(PLACE, "x")
    reads = desk.watch("GetItem")
    sealed = DANBI.seal(PLACE, "x")
    DANBI.open(PLACE, sealed)
    DANBI.fingerprint("phone", "x")
    assert reads == []
    vault._keys.expire(time.time() + 299)
    assert DANBI.open(PLACE, sealed) == "x"
    assert reads == []
    vault._keys.expire(time.time() + 301)
    assert DANBI.open(PLACE, sealed) == "x"
    assert len(reads) == 1
    assert vault._keys.maxsize <= 1000


def test_nothing_opens_once_the_key_is_destroyed(desk: Desk) -> None:
    sealed = DANBI.seal(PLACE, "010-0000-1234")
    other = MUNGMEAL.seal(PLACE, "x")
    assert DANBI.open(PLACE, sealed)
    DANBI.destroy(NOON)
    for attempt in (
        lambda: DANBI.open(PLACE, sealed),
        lambda: DANBI.seal(PLACE, "x"),
        lambda: DANBI.fingerprint("phone", "x"),
    ):
        with pytest.raises(KeyDestroyed):
            attempt()
    assert issubclass(KeyDestroyed, NotFound)
    assert MUNGMEAL.open(PLACE, other) == "x"
    [row] = [row for row in keyring(desk) if row["pk"]["S"] == "danbi#key"]
    assert row == {"pk": {"S": "danbi#key"}, "version": {"N": "1"}, "destroyed_at": {"N": str(NOON)}}


def test_destroying_again_keeps_the_first_time_and_no_new_key_is_made(desk: Desk) -> None:
    DANBI.destroy(NOON)
    DANBI.destroy(NOON + 1)
    assert [row["destroyed_at"] for row in keyring(desk)] == [{"N": str(NOON)}]
    for _ in range(2):
        with pytest.raises(KeyDestroyed):
            DANBI.seal(PLACE, "x")
    assert "data_key" not in keyring(desk)[0]


def test_another_process_lets_go_of_a_destroyed_key(desk: Desk) -> None:
    sealed = DANBI.seal(PLACE, "x")
    elsewhere = dict(vault._keys)
    DANBI.destroy(NOON)
    vault._keys.update(elsewhere)
    assert DANBI.open(PLACE, sealed) == "x"
    vault._keys.expire(time.time() + 301)
    with pytest.raises(KeyDestroyed):
        DANBI.open(PLACE, sealed)


def test_destroying_that_fails_is_told_and_this_process_forgets_all_the_same(desk: Desk) -> None:
    DANBI.seal(PLACE, "x")
    desk.fail("UpdateItem", "InternalServerError", status=500)
    with pytest.raises(Exception, match="InternalServerError"):
        DANBI.destroy(NOON)
    assert "danbi" not in vault._keys
    assert DANBI.seal(PLACE, "x")


def test_racers_end_with_one_key(desk: Desk) -> None:
    start = Barrier(8)

    def race(_: int) -> tuple[bytes, bytes]:
        start.wait()
        # Not by way of the cache, as eight processes would.
        return vault._data_key("danbi"), DANBI.seal(PLACE, "x")

    with desk.atomic(), ThreadPoolExecutor(8) as pool:
        found = list(pool.map(race, range(8)))
    assert len({key for key, _ in found}) == 1
    assert len(keyring(desk)) == 1
    forget_keys()
    assert {DANBI.open(PLACE, sealed) for _, sealed in found} == {"x"}


def test_loser_of_a_race_against_destruction_gets_no_key(desk: Desk) -> None:
    puts = desk.watch("PutItem")
    reads = iter([None, {"pk": {"S": "danbi#key"}, "destroyed_at": {"N": "1"}}])
    DANBI.destroy(NOON)
    real = desk.dynamodb.get_item
    desk.dynamodb.get_item = lambda **_: {"Item": next(reads)}
    try:
        with pytest.raises(KeyDestroyed):
            DANBI.seal(PLACE, "x")
    finally:
        desk.dynamodb.get_item = real
    assert len(puts) == 1
    assert "data_key" not in keyring(desk)[0]


def test_storage_that_is_away_seals_nothing(desk: Desk) -> None:
    desk.fail("PutItem", "InternalServerError", status=500)
    with pytest.raises(Exception, match="InternalServerError"):
        DANBI.seal(PLACE, "x")
    assert keyring(desk) == []


def test_session_of_one_tenant_gets_no_other_tenants_key(desk: Desk) -> None:
    with behind("api_handler"), acting(Scope(tenant="danbi")):
        assert DANBI.open(PLACE, DANBI.seal(PLACE, "x")) == "x"
        with pytest.raises(Exception, match="AccessDenied"):
            MUNGMEAL.seal(PLACE, "x")
        with pytest.raises(Exception, match="AccessDenied"):
            key_client().generate_data_key(
                KeyId=settings().key_id, KeySpec="AES_256", EncryptionContext={"tenant": "mungmeal"}
            )
    with behind("api_handler"), pytest.raises(Exception, match="AccessDenied"):
        MUNGMEAL.seal(PLACE, "x")


def test_wrapped_keys_are_no_json_secret(desk: Desk) -> None:
    DANBI.seal(PLACE, "x")
    shown = json.dumps(keyring(desk), default=lambda value: value.hex())
    assert vault._unlocked("danbi").key.hex() not in shown
