"""A cipher without mathematics: what it seals is plainly not the text, and opens in its place alone."""

import hashlib
from dataclasses import dataclass, field

from chalicelib.kernel.clock import Millis
from chalicelib.kernel.errors import NotFound


@dataclass
class FakeCipher:
    tenant: str = "danbi"
    destroyed_at: list[Millis] = field(default_factory=list)

    def seal(self, place: str, text: str) -> bytes:
        self._alive()
        return f"{self.tenant}|{place}|{text.encode().hex()}".encode()

    def open(self, place: str, sealed: bytes) -> str:
        self._alive()
        tenant, where, text = sealed.decode().split("|")
        assert (tenant, where) == (self.tenant, place), "sealed for another place"
        return bytes.fromhex(text).decode()

    def fingerprint(self, purpose: str, text: str) -> str:
        self._alive()
        return hashlib.sha256(f"{self.tenant}|{purpose}|{text}".encode()).hexdigest()[:32]

    def destroy(self, at: Millis) -> None:
        self.destroyed_at.append(at)

    def _alive(self) -> None:
        if self.destroyed_at:
            raise NotFound("erased", "this was erased for good")
