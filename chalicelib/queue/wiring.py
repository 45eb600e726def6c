"""The floor with the real stores."""

from contextlib import AbstractContextManager

from chalicelib.agents.store import Agents
from chalicelib.aws.credentials import Scope, acting
from chalicelib.aws.tables import commit
from chalicelib.contacts.store import queue
from chalicelib.contacts.wiring import desk
from chalicelib.queue.ports import Floor


def floor() -> Floor:
    """Return the floor."""
    return Floor(agents=Agents(), queue=queue, desk=desk, commit=commit, acting=_acting)


def _acting(tenant: str, agent: str) -> AbstractContextManager[None]:
    return acting(Scope(tenant=tenant, agent=agent))
