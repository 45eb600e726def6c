"""A look at personal data, with the real stores behind it."""

from collections.abc import Sequence

from chalicelib.aws.observe import log
from chalicelib.kernel.caller import Caller
from chalicelib.kernel.clock import Millis
from chalicelib.privacy.breadth import Breadth
from chalicelib.privacy.model import MAX_WHOSE, Access
from chalicelib.privacy.service import look
from chalicelib.privacy.store import AccessRecords


def looked(
    caller: Caller,
    source: str,
    *,
    tenant: str,
    whose: Sequence[str],
    what: str,
    at: Millis,
    why: str = "",
    chosen: bool = True,
) -> None:
    """Put on record that `caller`, at the IP address `source`, looks at `what` of these customers of `tenant`.

    What an agent was handed by the queue was not `chosen`, and does not count against the agent's budget.
    Call it before anything is returned, and return nothing when it raises: Forbidden `breadth_exceeded` for an
    agent over the budget, Busy, or the storage's errors.
    """
    breadth = Breadth(caller.agent) if caller.agent and chosen else None
    distinct = list(dict.fromkeys(whose))
    for first in range(0, len(distinct), MAX_WHOSE):
        some = tuple(distinct[first : first + MAX_WHOSE])
        access = Access.by(caller, source, whose=some, what=what, at=at, why=why)
        look(access, AccessRecords(tenant), tenant=tenant, breadth=breadth, alert=_tell)


def _tell(access: Access) -> None:
    # An alarm watches the log for this line: the lead is told without our having to know where leads are.
    log().error("breadth exceeded", actor=access.actor, source=access.source)
