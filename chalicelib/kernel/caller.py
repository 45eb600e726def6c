"""Who is calling: one value for shops' servers and for agents, whatever proved it."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What sort of caller a credential stands for."""

    NOBODY = "nobody"
    SHOP = "shop"
    AGENT = "agent"


@dataclass(frozen=True, slots=True)
class Caller:
    """A proven caller: a shop of one tenant, or an agent of one pool; the other ids are empty."""

    kind: Kind
    key: str
    tenant: str = ""
    agent: str = ""
    pool: str = ""

    @property
    def name(self) -> str:
        """Return who acts, as the record of an event names it: `shop:danbi`, `agent:mina`."""
        return f"{self.kind}:{self.agent or self.tenant}"
