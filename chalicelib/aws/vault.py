"""Field encryption: one data key per tenant, wrapped by KMS, in a table whose backups forget within days.

Whoever destroys a tenant's key erases all that was sealed with it, in every copy and backup of the main table.
"""

import hashlib
import hmac
import os
import time
from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import Any

from botocore.exceptions import ClientError
from cachetools import TTLCache, cached

from chalicelib.aws.clients import client
from chalicelib.aws.credentials import guard
from chalicelib.aws.keys import tenant_key
from chalicelib.aws.settings import settings
from chalicelib.aws.tables import Row
from chalicelib.kernel.clock import Millis
from chalicelib.kernel.errors import NotFound

# `cryptography` takes longer to load than most requests to serve, and many open nothing.
# ruff: noqa: PLC0415

_VERSION = 1
_NONCE_BYTES = 12
_HEAD = 1 + _NONCE_BYTES
_BETWEEN = "\x1f"
# A destroyed key works on for so long in processes that have it.
_KEPT_SECONDS = 300
_REFUSED = "ConditionalCheckFailedException"


class KeyDestroyed(NotFound):
    """The tenant's key is gone for good, and with it all that was sealed."""


class Unreadable(Exception):
    """Sealed bytes that were changed, or do not belong to this place and tenant: never a caller's fault."""


class Vault:
    """Seals and opens the texts of one tenant.

    Everything but `destroy` raises KeyDestroyed once the key was destroyed: here at once, in other processes
    within 5 minutes.
    """

    def __init__(self, tenant: str) -> None:
        self._tenant = tenant

    def seal(self, place: str, text: str) -> bytes:
        """Return `text` encrypted for `place` (a row's key and field), where alone it opens: 29 bytes longer."""
        nonce = os.urandom(_NONCE_BYTES)
        version = bytes([_VERSION])
        sealed: bytes = _unlocked(self._tenant).cipher.encrypt(nonce, text.encode(), self._bound(version, place))
        return version + nonce + sealed

    def open(self, place: str, sealed: bytes) -> str:
        """Return the text that was sealed for `place`; raise Unreadable for any other bytes."""
        from cryptography.exceptions import InvalidTag

        version, nonce, body = sealed[:1], sealed[1:_HEAD], sealed[_HEAD:]
        if version != bytes([_VERSION]) or not body:
            raise Unreadable(f"{place}: these bytes were not sealed here")
        try:
            text: bytes = _unlocked(self._tenant).cipher.decrypt(nonce, body, self._bound(version, place))
        except InvalidTag:
            raise Unreadable(f"{place}: these bytes were changed, or belong elsewhere") from None
        return text.decode()

    def fingerprint(self, purpose: str, text: str) -> str:
        """Return 32 hex digits by which equal texts of this tenant are found, and from which nothing is read.

        Normalise `text` first; one purpose's fingerprints say nothing about another's.
        """
        key = derived_key(_unlocked(self._tenant).key, f"fingerprint{_BETWEEN}{purpose}")
        return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:32]

    def destroy(self, at: Millis) -> None:
        """Erase the key for good, at domain time `at`; again changes nothing, and no new key is ever made."""
        try:
            _table().update_item(
                **_place(self._tenant),
                UpdateExpression="SET destroyed_at = :at REMOVE data_key",
                ConditionExpression="attribute_not_exists(destroyed_at)",
                ExpressionAttributeValues={":at": {"N": str(at)}},
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != _REFUSED:
                raise
        finally:
            _forget(self._tenant)

    def _bound(self, version: bytes, place: str) -> bytes:
        return version + _BETWEEN.join([self._tenant, place]).encode()


def derived_key(secret: bytes, purpose: str) -> bytes:
    """Return 32 bytes that follow from `secret` for one `purpose` (HKDF-SHA256): no other follows from them."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), 32, None, purpose.encode()).derive(secret)


@dataclass(frozen=True, slots=True)
class _Unlocked:
    key: bytes
    cipher: Any


_keys: TTLCache[str, _Unlocked] = TTLCache(maxsize=256, ttl=_KEPT_SECONDS, timer=time.time)
_lock = Lock()


@cached(_keys, key=str, lock=_lock)
def _unlocked(tenant: str) -> _Unlocked:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    key = _data_key(tenant)
    return _Unlocked(key, AESGCM(key))


def _data_key(tenant: str) -> bytes:
    """Return the tenant's data key, made on first use; two that make it at once end with one key."""
    row = _row(tenant)
    if row is None:
        made = key_client().generate_data_key(
            KeyId=settings().key_id, KeySpec="AES_256", EncryptionContext=_of(tenant)
        )
        if _stored(tenant, made["CiphertextBlob"]):
            return bytes(made["Plaintext"])
        row = _row(tenant) or {}
    if "data_key" not in row:
        raise KeyDestroyed("erased", "this was erased for good")
    wrapped, context = row["data_key"]["B"], _of(tenant)
    found = key_client().decrypt(CiphertextBlob=wrapped, KeyId=settings().key_id, EncryptionContext=context)
    return bytes(found["Plaintext"])


def _row(tenant: str) -> dict[str, Any] | None:
    found: dict[str, Any] | None = _table().get_item(**_place(tenant), ConsistentRead=True).get("Item")
    return found


def _stored(tenant: str, wrapped: bytes) -> bool:
    place = _place(tenant)
    item = {**place["Key"], "data_key": {"B": wrapped}, "version": {"N": str(_VERSION)}}
    try:
        _table().put_item(TableName=place["TableName"], Item=item, ConditionExpression="attribute_not_exists(pk)")
    except ClientError as error:
        if error.response["Error"]["Code"] != _REFUSED:
            raise
        return False
    return True


def _place(tenant: str) -> dict[str, Any]:
    return {"TableName": settings().keyring_table, "Key": {"pk": {"S": tenant_key(tenant, "key")}}}


def _of(tenant: str) -> dict[str, str]:
    return {"tenant": tenant}


@cache
def key_client() -> Any:
    """Return the client of KMS."""
    made = client("kms", settings().region)
    # A session of one tenant unwraps no other's key.
    guard(made)
    return made


def _table() -> Any:
    # The main table's client: a second one would only cost another connection and 50 ms of a cold start.
    return Row._get_connection().connection.client


def _forget(tenant: str) -> None:
    with _lock:
        _keys.pop(tenant, None)


def forget_keys() -> None:
    """Forget all keys of this process: for tests."""
    with _lock:
        _keys.clear()
