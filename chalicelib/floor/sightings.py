"""What the index shows of a pool, and its agents' rows: nothing of any shop's own is read here."""

from collections.abc import Iterator
from itertools import islice

from chalicelib.agents.model import Agent
from chalicelib.agents.rows import AgentRow, agent_row, present_of, read_agent
from chalicelib.aws.credentials import own
from chalicelib.aws.keys import split
from chalicelib.aws.queries import hints
from chalicelib.contacts import due
from chalicelib.contacts.rows import overflow_of
from chalicelib.contacts.store import queue
from chalicelib.floor.model import Hand, Held, Seen

# Nobody on a floor counts further, and a lead's page asks every few seconds.
_MOST = 3_000
_PAGE = 1_000
_HANDS = 100


def look(pool: str) -> Seen:
    """Return what there is of a pool now: hints of the index, and its agents as they are."""
    waiting = tuple(islice(queue(pool, _PAGE), _MOST))
    held = tuple(islice(_held(pool), _MOST))
    hands = (Hand(one.tenant, one.contact, one.agent, one.since) for one in due.hands(pool))
    more = _MOST in {len(waiting), len(held)}
    return Seen(pool, waiting, held, tuple(_agents(pool)), tuple(islice(hands, _HANDS)), more)


def _held(pool: str) -> Iterator[Held]:
    for shown in hints(overflow_of(pool), ["work_sk"], page=_PAGE):
        tenant, _, since, _ = split(shown["work_sk"])
        yield Held(tenant, int(since))


def _agents(pool: str) -> list[Agent]:
    """Return who of the pool is present, or silent but not yet counted as gone; by name."""
    with own():
        there = [str(row.agent) for row in AgentRow.query(present_of(pool), index_name="work")]
        rows = list(AgentRow.batch_get([(agent_row(one).pk, "agent") for one in there]))
    found = (read_agent(row) for row in rows)
    return sorted((one for one in found if one.pool == pool), key=lambda one: (one.name, one.id))
