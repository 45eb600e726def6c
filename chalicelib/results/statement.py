"""A shop's goals beside what became of them."""

from fractions import Fraction

from chalicelib.results.model import Figure, Goal, Histogram, Tally, Unit
from chalicelib.results.rules import percent, quantile
from chalicelib.tenants.aims import Goals

_TEXTS = {
    Goal.FIRST_REPLY: (
        "절반은 영업시간으로 이 시간 안에 첫 답변을 받았어요. 다시 시작된 상담은 셈에 넣지 않아요.",
        "Half of the contacts had a first reply within so much opening time; those that began anew are left out.",
    ),
    Goal.WAIT: (
        "절반은 영업시간으로 이 시간 안에 상담원이 맡았어요. 다시 시작된 상담은 셈에 넣지 않아요.",
        "An agent took half of the contacts within so much opening time; those that began anew are left out.",
    ),
    Goal.RESOLVED: (
        "저희가 끝낸 상담 가운데 72시간 안에 다시 열린 적 없이 끝난 비율이에요.",
        "Of the contacts that the desk resolved, the share that had not come back within 72 hours.",
    ),
    Goal.SATISFIED: ("평가 가운데 4점과 5점의 비율이에요.", "The share of the ratings that were 4 or 5."),
    Goal.SELF_SERVICE: ("봇이 아직 없어요.", "There is no bot yet."),
}


def figures(goals: Goals, total: Tally) -> list[Figure]:
    """Return every goal with what became of it, always in the same order."""
    half = Fraction(1, 2)
    resolved = percent(total.desks - total.returned, total.desks)
    return [
        _at_most(Goal.FIRST_REPLY, goals.first_reply_seconds, quantile(total.replies, half), _size(total.replies)),
        _at_most(Goal.WAIT, goals.wait_seconds, quantile(total.waits, half), _size(total.waits)),
        _at_least(Goal.RESOLVED, goals.resolved_percent, resolved, total.desks),
        _at_least(Goal.SATISFIED, goals.satisfied_percent, percent(total.satisfied, total.ratings), total.ratings),
        _at_least(Goal.SELF_SERVICE, goals.self_service_percent, None, 0),
    ]


def _size(times: Histogram) -> int:
    return sum(times.values())


def _at_most(goal: Goal, wanted: int, value: int | None, n: int) -> Figure:
    met = None if value is None else value <= wanted
    return Figure(goal, wanted, value, Unit.SECONDS, met, n, *_TEXTS[goal])


def _at_least(goal: Goal, wanted: int, value: float | None, n: int) -> Figure:
    met = None if value is None else value >= wanted
    return Figure(goal, wanted, value, Unit.PERCENT, met, n, *_TEXTS[goal])
