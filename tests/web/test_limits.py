"""Rates: what a caller may send at once and in the long run, and that nobody uses up what is another's."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.caller import Caller, Kind
from chalicelib.kernel.errors import TooMany
from chalicelib.web import limits
from chalicelib.web.limits import Limit, Limiter, take
from tests.moto_desk import MINA, NOBODY, SHOP, Desk, agent, shop

HERE = "192.0.2.1"


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@given(
    rate=st.sampled_from([0.5, 1, 5, 20, 50]),
    burst=st.integers(1, 50),
    gaps=st.lists(st.floats(0, 10), min_size=1, max_size=200),
)
def test_no_more_than_the_burst_and_the_rate_ever_pass(rate: float, burst: int, gaps: list[float]) -> None:
    limit, now, debt, passed = Limit(rate, burst), 0.0, 0.0, 0
    for gap in gaps:
        now += gap
        debt, wait = take(debt, now, limit)
        passed += not wait
        assert passed <= burst + rate * now + 1e-6
        assert wait <= 1 / rate + 1e-6


@given(rate=st.sampled_from([0.5, 1, 5, 50]), burst=st.integers(1, 50), now=st.floats(0, 1e7))
def test_burst_passes_at_once_and_waiting_as_told_is_enough(rate: float, burst: int, now: float) -> None:
    limit, debt = Limit(rate, burst), 0.0
    for _ in range(burst):
        debt, wait = take(debt, now, limit)
        assert wait == 0
    kept, wait = take(debt, now, limit)
    assert (kept, wait > 0) == (debt, True)
    assert take(debt, now + wait + 1e-6, limit)[1] == 0


def admitted(limiter: Limiter, callers: list[Caller]) -> int:
    passed = 0
    for caller in callers:
        with suppress(TooMany):
            limiter.admit(caller, HERE)
            passed += 1
    return passed


def refused(limiter: Limiter, caller: Caller, source: str = HERE) -> int:
    with pytest.raises(TooMany) as over:
        limiter.admit(caller, source)
    return int(over.value.details["retry_after"])


@pytest.mark.parametrize(
    ("caller", "limit"),
    [
        (SHOP, limits.SERVER),
        (MINA, limits.AGENT),
        (Caller(Kind.OWNER, "", tenant="danbi", person="p"), limits.PERSON),
        (Caller(Kind.FINANCE, "", person="p"), limits.PERSON),
        (Caller(Kind.VISITOR, "k", tenant="danbi", contact="c"), limits.VISITOR),
        (Caller(Kind.VISITOR, "k", tenant="danbi"), limits.OPENED_BY_WIDGET),
        (Caller(Kind.NOBODY, ""), limits.ADDRESS),
    ],
    ids=lambda value: value.name if isinstance(value, Caller) else "",
)
def test_every_kind_of_caller_has_a_bound_and_may_go_on_after_the_wait(caller: Caller, limit: Limit) -> None:
    clock = Clock()
    limiter = Limiter(clock)
    for _ in range(int(limit.burst)):
        limiter.admit(caller, HERE)
    wait = refused(limiter, caller)
    assert wait >= 1
    clock.now += wait
    limiter.admit(caller, HERE)


def test_one_caller_uses_up_nothing_of_another() -> None:
    limiter = Limiter(Clock())
    one, other = (Caller(Kind.VISITOR, "k", tenant="danbi", contact=name) for name in "ab")
    for _ in range(limits.VISITOR.burst):
        limiter.admit(one, HERE)
    refused(limiter, one)
    for caller in (other, SHOP, shop("mungmeal"), MINA, agent("juno"), Caller(Kind.NOBODY, "")):
        limiter.admit(caller, HERE)


def test_visitors_of_a_shop_together_are_bounded_and_do_not_shut_the_shop_out() -> None:
    limiter = Limiter(Clock())
    crowd = [Caller(Kind.VISITOR, "k", tenant="danbi", contact=str(number)) for number in range(400)]
    assert admitted(limiter, crowd) == limits.VISITORS_OF_TENANT.burst
    limiter.admit(SHOP, HERE)
    limiter.admit(Caller(Kind.VISITOR, "k", tenant="mungmeal", contact="1"), HERE)


def test_keys_of_a_shop_together_are_bounded() -> None:
    servers = [Caller(Kind.SHOP, f"key{number % 100}", tenant="danbi") for number in range(1_000)]
    assert admitted(Limiter(Clock()), servers) == limits.TENANT.burst


def test_what_is_refused_counts_nowhere() -> None:
    clock = Clock()
    limiter = Limiter(clock)
    visitor = Caller(Kind.VISITOR, "k", tenant="danbi", contact="c")
    for _ in range(limits.VISITOR.burst):
        limiter.admit(visitor, HERE)
    for _ in range(500):
        refused(limiter, visitor)
    limiter.admit(Caller(Kind.VISITOR, "k", tenant="danbi", contact="d"), HERE)
    clock.now += 1
    limiter.admit(visitor, HERE)


def test_memory_is_bounded_and_forgets_only_full_buckets() -> None:
    clock = Clock()
    limiter = Limiter(clock)
    for number in range(limits._MAX_BUCKETS + 100):
        limiter.admit(Caller(Kind.NOBODY, ""), str(number))
    assert len(limiter._debts) <= limits._MAX_BUCKETS
    assert limits.OPENED_BY_WIDGET.burst / limits.OPENED_BY_WIDGET.per_second <= limits._FULL_AFTER


def test_forty_requests_a_second_of_one_shop_never_meet_a_limit() -> None:
    clock = Clock()
    limiter = Limiter(clock)
    for _ in range(4_000):
        clock.now += 1 / 40
        limiter.admit(SHOP, HERE)


def test_over_the_limit_is_429_with_the_wait_and_nothing_is_written(desk: Desk) -> None:
    desk.limited = True
    written = desk.written()
    answers = [desk.call(NOBODY, "GET /v1/health") for _ in range(limits.ADDRESS.burst + 5)]
    assert answers[0].status == 200
    assert answers[-1].refusal == (429, "too_many_requests")
    assert int(answers[-1].headers["Retry-After"]) >= 1
    assert desk.call(SHOP, "GET /v1/tenants/danbi/contacts").status == 200
    assert written == []
