"""What issuing and proving keys need of the world."""

from typing import Protocol

from chalicelib.access.model import ApiKey, Issued
from chalicelib.access.rules import Token
from chalicelib.aws.tables import Write
from chalicelib.kernel.caller import Caller


class KeyStore(Protocol):
    """What this module needs of a store of keys."""

    def find(self, token: Token) -> ApiKey | None: ...
    def add(self, caller: Caller, digest: str, issued: Issued = ...) -> Write: ...
