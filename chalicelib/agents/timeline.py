"""What an agent did each day, in the agent's own partition: counted by the transactions that do it."""

from pynamodb.attributes import NumberAttribute
from pynamodb.expressions.update import Action

from chalicelib.agents.model import Break, BreakKind, Day, Work
from chalicelib.agents.rules import break_time, date_of
from chalicelib.aws.keys import desk_key, sort_key
from chalicelib.aws.tables import Row, Update, Write
from chalicelib.kernel.clock import Millis

_SATISFIED = 4


class _DayRow(Row, discriminator="agent_day"):
    finished = NumberAttribute(default=0)
    handled = NumberAttribute(default=0)
    meal = NumberAttribute(default=0)
    rest = NumberAttribute(default=0)
    training = NumberAttribute(default=0)
    care = NumberAttribute(default=0)
    ratings = NumberAttribute(default=0)
    satisfied = NumberAttribute(default=0)


def day(agent: str, date: str) -> Day:
    """Return an agent's day of Asia/Seoul, strongly consistent; one without any work is empty."""
    row = _DayRow.find(desk_key("agent", agent), sort_key("day", date))
    if row is None:
        return Day(date)
    breaks = {kind: int(getattr(row, kind)) for kind in BreakKind if getattr(row, kind)}
    return Day(date, int(row.finished), int(row.handled), breaks, int(row.ratings), int(row.satisfied))


def worked(agent: str, work: Work) -> Write:
    """Return the write that counts one contact, which is what `work` is on."""
    return _count(agent, work.at, _DayRow.finished.add(1), _DayRow.handled.add(work.worked // work.finished))


def rested(agent: str, ended: Break, now: Millis) -> Write:
    """Return the write that counts a break that is over at `now`."""
    return _count(agent, ended.since, getattr(_DayRow, ended.kind).add(break_time(ended.since, now)))


def rated(agent: str, score: int, at: Millis) -> Write:
    """Return the write that counts a customer's rating, 1 to 5."""
    return _count(agent, at, _DayRow.ratings.add(1), _DayRow.satisfied.add(int(score >= _SATISFIED)))


def _count(agent: str, at: Millis, *actions: Action) -> Write:
    row = _DayRow(pk=desk_key("agent", agent), sk=sort_key("day", date_of(at)))
    return Update(row, [*actions, _DayRow.kind.set(_DayRow)])
