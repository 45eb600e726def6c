"""Who is calling: one value for servers, people and visitors, whatever proved it."""

from dataclasses import asdict, dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What sort of caller a credential stands for; `SHOP` is a shop's own server, with an API key."""

    NOBODY = "nobody"
    SHOP = "shop"
    OWNER = "owner"
    STAFF = "staff"
    VIEWER = "viewer"
    AGENT = "agent"
    LEAD = "lead"
    FINANCE = "finance"
    ADMIN = "admin"
    VISITOR = "visitor"


SHOP_SIDE = frozenset({Kind.SHOP, Kind.OWNER, Kind.STAFF, Kind.VIEWER})
TEAM = frozenset({Kind.AGENT, Kind.LEAD})
OFFICE = frozenset({Kind.FINANCE, Kind.ADMIN})


@dataclass(frozen=True, slots=True)
class Caller:
    """A proven caller; the ids that its kind has no use for are empty.

    `key` is the id of the API key or widget key, `person` the id of who signed in (Cognito's `sub`). Shops,
    their people and visitors have a `tenant`; agents and leads an `agent` and a `pool`; a visitor has one
    `contact`, none before it is opened, and the web pages (`origins`, parted by blanks) it may write from.
    """

    kind: Kind
    key: str
    tenant: str = ""
    agent: str = ""
    pool: str = ""
    person: str = ""
    contact: str = ""
    origins: str = ""

    @property
    def name(self) -> str:
        """Return who acts, as records name it: `shop:danbi`, `agent:mina`, `owner:<person>`."""
        if self.agent:
            return f"agent:{self.agent}"
        return f"{self.kind}:{self.person or self.contact or self.tenant}"

    @property
    def context(self) -> dict[str, str]:
        """Return the caller as API Gateway carries it from the authorizer to a route."""
        return {name: str(value) for name, value in asdict(self).items()}
