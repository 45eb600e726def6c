"""Who of a pool is present, as the index tells: a hint, to be checked by the write."""

from chalicelib.agents.model import Colleague
from chalicelib.agents.rows import AgentRow, present_of
from chalicelib.aws.credentials import own
from chalicelib.aws.keys import up_to
from chalicelib.kernel.clock import Millis


def present(pool: str, now: Millis) -> list[Colleague]:
    """Return the pool's agents whose lease still runs, without their names, which no index carries."""
    after = AgentRow.work_sk > up_to(f"{now:015d}")
    with own():
        rows = AgentRow.query(present_of(pool), after, index_name="work")
        return [Colleague(row.agent, "", int(row.load), int(row.capacity)) for row in rows]
