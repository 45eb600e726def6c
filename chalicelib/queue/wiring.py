"""The floor with the real stores."""

from contextlib import AbstractContextManager

from chalicelib.agents.store import Agents
from chalicelib.aws.credentials import Scope, acting, own
from chalicelib.aws.observe import log
from chalicelib.aws.settings import settings
from chalicelib.aws.tables import commit
from chalicelib.contacts.store import queue
from chalicelib.contacts.wiring import desk
from chalicelib.kernel.clock import Millis
from chalicelib.overflow.service import admit
from chalicelib.overflow.wiring import gate
from chalicelib.queue.ports import Floor
from chalicelib.routing.rules import GUARD_SHARE

# An agent waits for them.
_AT_A_PULL = 3


def floor() -> Floor:
    """Return the floor."""
    share = settings().guard_share
    return Floor(
        agents=Agents(),
        queue=queue,
        desk=desk,
        commit=commit,
        acting=_acting,
        admit=_admit,
        guard_share=GUARD_SHARE if share is None else share,
    )


def _admit(pool: str, now: Millis) -> None:
    try:
        with own():
            admit(gate(at_pull=True), pool, now, most=_AT_A_PULL)
    except Exception:
        # The sweeper lets them in; with the overflow queue down, agents still work off what waits.
        log().exception("overflow not polled", pool=pool)


def _acting(tenant: str, agent: str) -> AbstractContextManager[None]:
    return acting(Scope(tenant=tenant, agent=agent))
