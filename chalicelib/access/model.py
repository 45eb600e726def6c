"""API keys: who owns one, and whether it still opens anything."""

from dataclasses import dataclass

from chalicelib.kernel.caller import Caller


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as it is stored: the digest of its secret, never the secret."""

    caller: Caller
    digest: str
    revoked: bool
