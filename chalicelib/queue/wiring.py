"""The floor with the real stores."""

from contextlib import AbstractContextManager
from itertools import islice

from cachetools import LRUCache

from chalicelib.agents import roster, timeline
from chalicelib.agents.model import Agent
from chalicelib.agents.store import Agents
from chalicelib.aws.credentials import Scope, acting, beside, own
from chalicelib.aws.observe import log
from chalicelib.aws.settings import settings
from chalicelib.aws.tables import Write, commit
from chalicelib.aws.vault import Vault
from chalicelib.contacts import due
from chalicelib.contacts.model import Contact
from chalicelib.contacts.store import Contacts, queue
from chalicelib.contacts.wiring import desk
from chalicelib.drafts.store import Drafts
from chalicelib.kernel.clock import SECOND, Millis
from chalicelib.overflow.service import admit
from chalicelib.overflow.wiring import gate
from chalicelib.queue.ports import Console, Floor
from chalicelib.routing.rules import GUARD_SHARE

# An agent waits for them.
_AT_A_PULL = 3
# Nobody counts a longer queue to its end, and all agents of a pool ask every few seconds.
MOST_SHOWN = 200
_PAGE = 50
_FRESH: Millis = 2 * SECOND
_seen: LRUCache[str, tuple[Millis, int]] = LRUCache(maxsize=256)


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


def console() -> Console:
    """Return what an agent's screen shows."""
    return Console(floor(), _contact, timeline.day, _onlooker, _waiting, _hands, roster.present, _colleague)


def forget_waiting() -> None:
    """Forget what this process has seen: for tests."""
    _seen.clear()


def _waiting(pool: str, now: Millis) -> int:
    at, known = _seen.get(pool, (now - _FRESH, 0))
    if not 0 <= now - at < _FRESH:
        known = sum(1 for _ in islice(queue(pool, _PAGE), MOST_SHOWN))
        _seen[pool] = now, known
    return known


def _hands(pool: str) -> int:
    return sum(1 for _ in due.hands(pool))


def _colleague(agent: str) -> Agent | None:
    with beside(agent):
        return Agents().find(agent)


def _contact(tenant: str, contact: str) -> Contact:
    return Contacts(tenant).get(contact)


def _onlooker(tenant: str, contact: str, agent: Agent, now: Millis) -> Write:
    return Drafts(tenant, Vault(tenant)).onlooker(contact, agent, now)


def _admit(pool: str, now: Millis) -> None:
    try:
        with own():
            admit(gate(at_pull=True), pool, now, most=_AT_A_PULL)
    except Exception:
        # The sweeper lets them in; with the overflow queue down, agents still work off what waits.
        log().exception("overflow not polled", pool=pool)


def _acting(tenant: str, agent: str) -> AbstractContextManager[None]:
    return acting(Scope(tenant=tenant, agent=agent))
