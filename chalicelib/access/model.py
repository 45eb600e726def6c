"""API keys: who owns one, and whether it still opens anything."""

from dataclasses import dataclass

from chalicelib.kernel.caller import Caller
from chalicelib.kernel.clock import Millis


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as it is stored: the digest of its secret, never the secret."""

    caller: Caller
    digest: str
    revoked: bool


@dataclass(frozen=True, slots=True)
class Issued:
    """What a key is for, and who issued it when; a key of before this was kept has none of it."""

    label: str = ""
    by: str = ""
    at: Millis = 0


@dataclass(frozen=True, slots=True)
class ListedKey:
    """A key as its owner's list shows it."""

    id: str
    issued: Issued
    revoked: bool
