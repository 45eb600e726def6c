import math
from dataclasses import replace

from chalicelib.kernel.clock import DAY, HOUR, month_span
from chalicelib.metering.model import Meter
from chalicelib.pricing.comparison import Step, Workload, compare
from chalicelib.pricing.model import Credit, Forecast, Item, Rate, Tier
from chalicelib.pricing.outlook import Days, forecast
from chalicelib.pricing.plans import plan
from chalicelib.pricing.rules import bill, carried
from chalicelib.pricing.statement import rated_adjustments
from tests.pricing.slow import a_plan, entry
from tests.samples import NOON

MONTH = "2026-11"
START = month_span(MONTH)[0]
FLAT = a_plan(*(Rate(meter, (Tier(None, 100),)) for meter in Meter))


def a_credit(won: int) -> Credit:
    return Credit("danbi", "d1", Item.DISPUTE, won, MONTH, NOON, "dispute", "finance:x")


def test_a_credit_of_its_own_month_is_carried_on_only_as_far_as_it_is_over() -> None:
    covered = bill(MONTH, FLAT, {Meter.HUMAN: 5}, credits=[a_credit(300)])
    assert (covered.subtotal, carried(covered)) == (200, ())
    over = bill(MONTH, FLAT, {Meter.HUMAN: 2}, credits=[a_credit(300)])
    [line] = carried(over)
    assert (over.subtotal, line.item, line.won, line.origin) == (0, Item.CARRIED, -100, MONTH)


def test_what_is_carried_twice_is_not_lost_and_not_doubled() -> None:
    first = bill(MONTH, FLAT, {}, credits=[a_credit(300)])
    second = bill("2026-12", FLAT, {Meter.HUMAN: 1}, carried(first))
    assert [(line.won, line.origin) for line in carried(second)] == [(-200, "2026-12")]


def test_a_contact_of_the_month_hides_no_adjustment_that_follows_it() -> None:
    late = entry("c2", at=NOON + HOUR, origin="2026-10")
    billed = {("2026-10", meter): 3 for meter in Meter}
    lines = rated_adjustments(lambda _: FLAT, billed, [entry("c1"), late])
    assert [(line.entry, line.won, line.running_won) for line in lines] == [(late, 100, 100)]


def looked(days: Days, at: int) -> Forecast:
    found = forecast(FLAT, {Meter.HUMAN: days}, START + at)
    assert found is not None
    return found


def test_a_day_that_is_not_over_says_nothing_of_how_days_differ() -> None:
    even, at = dict.fromkeys(range(1, 11), 10), 10 * DAY + DAY // 2
    found = looked({**even, 11: 200}, at)
    low, coming, high = (one.lines[0].quantity - 300 for one in (found.low, found.expected, found.high))
    spread = 1.28 * math.sqrt(coming * 30 / 10.5)
    assert high - low <= 2 * spread + 2


def test_a_day_without_contacts_counts_as_none() -> None:
    quiet = dict.fromkeys(range(2, 10), 0)
    assert looked({1: 40, 10: 50}, 10 * DAY) == looked({1: 40, 10: 50, **quiet}, 10 * DAY)


MINUTE_OF_WORK = Workload(1, 0, 1, 8, days_open=1, wage=10_321)


def test_what_own_people_get_is_cut_off_at_each_step() -> None:
    spare = compare(MINUTE_OF_WORK, plan("flat/900")).ways[1]
    # A minute is 172.02 won; a fifth of 172 is 34.4; of 206 it is 22.4 and 17.2.
    assert spare.steps == (
        Step("임금", "Wages", 172, "0.0 h × 10,321"),
        Step("주휴수당", "Paid weekly holiday", 34, "172 × 1/5"),
        Step("사회보험(사업주)", "Social insurance", 22, "206 × 10.8674%"),
        Step("퇴직급여", "Severance", 17, "206 × 1/12"),
    )


def test_our_cost_of_a_thousand_contacts_is_that_figure() -> None:
    load = replace(MINUTE_OF_WORK, usual=100_000, days_open=30)
    assert compare(load, plan("flat/900")).aws.won == 381_000


def test_each_way_and_each_step_has_its_korean_name() -> None:
    found = compare(replace(MINUTE_OF_WORK, usual=2, days_open=30), plan("standard/2"))
    assert [way.name_ko for way in found.ways] == [
        *("두레데스크", "직원이 틈틈이", "전담 직원", "전담 센터(하한)", "전담 센터(상한)"),
    ]
    assert [step.label_ko for step in found.ways[0].steps] == ["상담 응대", "기본료", "최소 요금까지"]
    assert [step.label_ko for step in found.ways[3].steps] == ["전담 좌석"]
