"""Which lines are disputed and what they are worth, when a cap is told of, which plan may be chosen."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.bills import labels, rules
from chalicelib.bills.model import Alert
from chalicelib.kernel.clock import DAY, MINUTE, Millis, kst_month, month_span
from chalicelib.kernel.errors import BadInput, Conflict, DeskError, NotFound
from chalicelib.metering.model import Meter, PeriodState, Reason
from chalicelib.pricing.model import Item, Line
from chalicelib.pricing.plans import PUBLISHED, plan
from chalicelib.pricing.rules import bill, price_month
from chalicelib.tenants.model import Cap, Surge, Tenant, Term
from chalicelib.tenants.rules import version_of, with_term
from tests.bills.samples import MONTH, an_alert, an_entry, taken_back
from tests.samples import NOON, SHOP

START, END = month_span(MONTH)
NEW_YEAR = month_span("2027-01")[0]


def at(text: str) -> Millis:
    return int(datetime.fromisoformat(text).astimezone(UTC).timestamp() * 1000)


def refusal(work: object) -> str:
    assert callable(work)
    with pytest.raises(DeskError) as refused:
        work()
    return refused.value.code


# What may be disputed.


def test_billed_line_is_disputed_and_one_that_is_not_is_refused() -> None:
    entry = an_entry()
    assert rules.disputable([entry], 1, NOON) == (MONTH, Meter.HUMAN)
    bot = replace(entry, meter=Meter.BOT)
    assert rules.disputable([bot], 1, NOON) == (MONTH, Meter.BOT)
    with pytest.raises(NotFound):
        rules.disputable([entry], 2, NOON)
    with pytest.raises(NotFound):
        rules.disputable([], 1, NOON)
    reversed_ = [entry, taken_back(entry)]
    assert refusal(lambda: rules.disputable(reversed_, 1, NOON)) == "not_billed"
    again = replace(entry, n=3, reason=Reason.SPAM_UNDONE)
    assert rules.disputable([*reversed_, again], 1, NOON) == (MONTH, Meter.HUMAN)


@pytest.mark.parametrize(
    ("now", "may"),
    [
        ("2026-11-30T23:59:59.999+09:00", True),
        ("2027-01-31T23:59:59.999+09:00", True),
        ("2027-02-01T00:00:00+09:00", False),
    ],
)
def test_line_is_disputed_until_the_second_month_after_its_own_is_over(now: str, may: bool) -> None:
    if may:
        assert rules.disputable([an_entry()], 1, at(now)) == (MONTH, Meter.HUMAN)
    else:
        assert refusal(lambda: rules.disputable([an_entry()], 1, at(now))) == "dispute_too_late"


def test_line_belongs_to_the_month_that_it_changes_and_not_to_that_it_is_booked_in() -> None:
    late = an_entry(at=END, origin=MONTH)
    assert rules.disputable([late], 1, END) == (MONTH, Meter.HUMAN)
    assert rules.quantities([late, an_entry("d" * 32, at=END)], MONTH) == {Meter.HUMAN: 1, Meter.BOT: 0}
    assert rules.quantities([late, taken_back(late)], MONTH) == {Meter.HUMAN: 0, Meter.BOT: 0}


# What an upheld dispute is worth.

NONE = dict.fromkeys(Meter, 0)


@pytest.mark.parametrize(
    ("version", "billed", "upheld", "won"),
    [
        ("flat/900", 1, 0, 900),
        ("flat/900", 1, 1, 0),
        ("flat/900", 0, 0, 0),
        ("starter/1", 10, 0, 0),
        ("starter/1", 11, 0, 1_200),
        ("starter/1", 11, 1, 0),
        ("starter/1", 101, 0, 1_100),
        ("starter/1", 101, 1, 1_200),
        ("standard/2", 40, 0, 0),  # the month costs its minimum either way
        ("standard/2", 100, 0, 980),
        ("trial/1", 50, 0, 0),
    ],
)
def test_contact_is_worth_what_its_month_costs_less_without_it(
    version: str, billed: int, upheld: int, won: int
) -> None:
    counted, given_back = {**NONE, Meter.HUMAN: billed}, {**NONE, Meter.HUMAN: upheld}
    assert rules.cost(plan(version), counted, given_back, Meter.HUMAN) == won


def test_bot_contact_is_worth_the_price_of_its_own_meter() -> None:
    assert rules.cost(plan("flat/900"), {Meter.HUMAN: 5, Meter.BOT: 31}, NONE, Meter.BOT) == 300


@given(
    version=st.sampled_from([one.version for one in PUBLISHED]),
    human=st.integers(0, 120),
    bot=st.integers(0, 60),
    order=st.randoms(use_true_random=False),
)
def test_all_credits_of_a_month_together_are_what_its_contacts_cost(
    version: str, human: int, bot: int, order: object
) -> None:
    terms, billed = plan(version), {Meter.HUMAN: human, Meter.BOT: bot}
    disputed = [Meter.HUMAN] * human + [Meter.BOT] * bot
    order.shuffle(disputed)  # type: ignore[attr-defined]
    upheld, credited = dict(NONE), 0
    for meter in disputed:
        won = rules.cost(terms, billed, upheld, meter)
        assert won >= 0
        credited += won
        upheld[meter] += 1
    whole, empty = (sum(line.won for line in price_month(terms, some)) for some in (billed, NONE))
    assert credited == whole - empty


# When a shop is told of its cap.


@pytest.mark.parametrize(
    ("spent", "due"),
    [(0, []), (499, []), (500, [50]), (799, [50]), (800, [50, 80]), (999, [50, 80]), (1_000, [50, 80, 100])],
)
def test_each_threshold_is_told_when_it_is_passed(spent: int, due: list[int]) -> None:
    found = rules.due_alerts([], 1_000, spent, month=MONTH, now=NOON)
    assert [alert.threshold for alert in found] == due
    assert {(alert.n, alert.cap_won, alert.spent_won, alert.at, alert.armed) for alert in found} <= {
        (1, 1_000, spent, NOON, False)
    }


def test_shop_without_a_cap_is_told_nothing() -> None:
    assert rules.due_alerts([], 0, 10_000, month=MONTH, now=NOON) == []


def test_level_is_rounded_up_to_whole_won() -> None:
    assert [rules.level(1_001, threshold) for threshold in rules.THRESHOLDS] == [501, 801, 1_001]


def test_threshold_is_told_once_however_the_sum_goes_up_and_down() -> None:
    told = [an_alert(50)]
    assert rules.due_alerts(told, 1_000, 600, month=MONTH, now=NOON) == []
    assert [one.threshold for one in rules.due_alerts(told, 1_000, 900, month=MONTH, now=NOON)] == [80]


def test_raised_cap_arms_what_it_puts_ahead_again_and_nothing_else() -> None:
    told = [an_alert(50), an_alert(80, spent_won=900), an_alert(100, spent_won=1_000)]
    armed = rules.rearmed(told, 1_500, 1_000)
    assert [(one.threshold, one.armed) for one in armed] == [(80, True), (100, True)]
    assert rules.rearmed(told, 1_000, 400) == []
    assert rules.rearmed(told, 900, 400) == []
    assert rules.rearmed([replace(told[2], armed=True)], 1_500, 1_000) == []


def test_what_was_armed_is_told_again_as_its_next_time() -> None:
    told = [an_alert(50), an_alert(80, armed=True)]
    [again] = rules.due_alerts(told, 1_500, 1_200, month=MONTH, now=NOON + DAY)
    assert (again.threshold, again.n, again.cap_won, again.at) == (80, 2, 1_500, NOON + DAY)
    assert rules.due_alerts([*told, again], 1_500, 1_400, month=MONTH, now=NOON) == []


@given(st.lists(st.tuples(st.integers(0, 3_000), st.sampled_from([500, 1_000, 2_000])), max_size=12))
def test_shop_is_told_of_a_threshold_once_for_each_time_that_it_was_ahead(
    steps: list[tuple[int, int]],
) -> None:
    told: list[object] = []
    alerts: list[Alert] = []
    cap = 1_000
    for spent, chosen in steps:
        armed = {(one.threshold, one.n): one for one in rules.rearmed(alerts, chosen, spent)}
        alerts = [armed.get((one.threshold, one.n), one) for one in alerts]
        cap = chosen
        due = rules.due_alerts(alerts, cap, spent, month=MONTH, now=NOON)
        assert all(spent >= rules.level(cap, one.threshold) for one in due)
        alerts += due
        told += [(one.threshold, one.n) for one in due]
        assert rules.due_alerts(alerts, cap, spent, month=MONTH, now=NOON) == []
    assert len(told) == len(set(told))


# Which cap and which plan.


def on(*terms: tuple[str, str]) -> Tenant:
    return replace(SHOP, plans=tuple(Term(since, version) for since, version in terms))


def test_cap_that_fees_alone_reach_is_refused() -> None:
    shop = on(("2026-01", "standard/2"))
    assert refusal(lambda: rules.check_cap(shop, 90_000, NOON)) == "cap_too_low"
    rules.check_cap(shop, 90_001, NOON)
    rules.check_cap(shop, 0, NOON)
    rules.check_cap(SHOP, 1, NOON)


@pytest.mark.parametrize(
    ("since", "version", "code"),
    [
        ("2026-12", "standard/2", ""),
        ("2026-12", "starter/1", ""),
        ("2026-12", "standard/1", "not_offered"),
        ("2026-12", "trial/1", "not_offered"),
        ("2026-12", "flat/1", "not_offered"),
        ("2026-12", "flat/900", ""),  # what the shop has already
        ("2026-12", "nosuch/1", "unknown_plan"),
    ],
)
def test_plan_is_chosen_from_what_is_offered_then(since: str, version: str, code: str) -> None:
    if code:
        assert refusal(lambda: rules.check_choice(SHOP, Term(since, version))) == code
    else:
        rules.check_choice(SHOP, Term(since, version))


def test_shop_may_stay_with_an_older_version_but_not_on_trial() -> None:
    rules.check_choice(on(("2026-10", "standard/1")), Term("2027-03", "standard/1"))
    trial = on(("2026-11", "trial/1"), ("2027-01", "starter/1"))
    assert refusal(lambda: rules.check_choice(trial, Term("2026-12", "trial/1"))) == "not_offered"


def test_term_begins_with_a_coming_month_and_never_changes_one_that_has_begun() -> None:
    shop = on(("2026-10", "standard/1"))
    after = with_term(shop, Term("2027-01", "volume/1"), NOON)
    assert [after.plan_in(month) for month in ("2026-11", "2026-12", "2027-01")] == [
        "standard/1",
        "standard/1",
        "volume/1",
    ]
    for since in ("2026-11", "2026-10", "2020-01"):
        assert refusal(lambda since=since: with_term(shop, Term(since, "volume/1"), NOON)) == "term_begun"


def test_term_is_settled_five_minutes_before_its_month() -> None:
    term = Term("2027-01", "volume/1")
    assert with_term(SHOP, term, NEW_YEAR - 5 * MINUTE - 1).plan_in("2027-01") == "volume/1"
    assert refusal(lambda: with_term(SHOP, term, NEW_YEAR - 5 * MINUTE)) == "term_begun"


def test_later_term_is_replaced_and_an_earlier_one_stays() -> None:
    shop = on(("2026-11", "trial/1"), ("2027-01", "starter/1"), ("2027-03", "volume/1"))
    after = with_term(shop, Term("2027-02", "standard/2"), NOON)
    assert [(term.since, term.plan) for term in after.plans] == [
        ("2026-11", "trial/1"),
        ("2027-01", "starter/1"),
        ("2027-02", "standard/2"),
    ]


def test_choosing_what_one_has_takes_a_change_back() -> None:
    shop = on(("2026-10", "standard/1"), ("2027-01", "volume/1"))
    assert with_term(shop, Term("2027-01", "standard/1"), NOON) == on(("2026-10", "standard/1"))


def test_plan_is_chosen_a_year_ahead_at_most() -> None:
    with_term(SHOP, Term("2027-11", "volume/1"), NOON)
    assert refusal(lambda: with_term(SHOP, Term("2027-12", "volume/1"), NOON)) == "too_far_ahead"


@given(
    st.lists(st.tuples(st.integers(1, 12), st.sampled_from(["starter/1", "standard/2", "volume/1"])), max_size=6),
    st.integers(0, 300),
)
def test_months_before_a_choice_keep_their_plans(choices: list[tuple[int, str]], days: int) -> None:
    shop, now = SHOP, NOON
    for month, version in choices:
        now += days * DAY // 10
        term = Term(f"2027-{month:02d}", version)
        before = shop
        try:
            shop = with_term(shop, term, now)
        except (BadInput, Conflict):
            continue
        assert shop.plan_in(term.since) == version
        begun = [one for one in before.plans if month_span(one.since)[0] <= now]
        assert list(shop.plans[: len(begun)]) == begun
        assert all(shop.plan_in(m) == before.plan_in(m) for m in ("2026-11", kst_month(now)) if m < term.since)


def test_version_tells_profiles_apart() -> None:
    capped = replace(SHOP, surge=Surge(cap_won=1, cap=Cap.HARD))
    assert version_of(SHOP) == version_of(replace(SHOP)) != version_of(capped)
    assert 0 <= version_of(SHOP) < 1_000_000_000


# The bill.


def test_lines_beyond_the_month_are_those_that_stand_whatever_comes() -> None:
    late = Line(Item.ADJUSTMENT, "adjustment:2026-10", -900, -900_000, origin="2026-10")
    carried = Line(Item.CARRIED, "carried:2026-10", 1, -100, origin="2026-10")
    found = bill(MONTH, plan("standard/2"), {Meter.HUMAN: 3}, [late, carried])
    assert [line.item for line in found.lines][-1] is Item.CARRIED
    assert rules.beyond_the_month(found) == [late, carried]


def test_everything_that_a_bill_may_hold_has_words() -> None:
    for item in Item:
        line = Line(item, "k", 1, 1, meter=Meter.HUMAN if item is Item.USAGE else None, origin="2026-10")
        for words in (labels.label(line), labels.unit(line)):
            assert words.ko != words.en
            assert "{}" not in words.ko + words.en
    late = labels.label(Line(Item.DISPUTE, "k", 1, 1, origin="2026-09"))
    assert (late.ko, late.en) == ("2026년 9월 이의 신청 인정", "Upheld dispute of September 2026")
    assert set(labels.REASONS) == set(Reason)
    assert set(labels.STATES) == set(PeriodState)
    assert labels.rule(an_entry().rule).ko != labels.rule(an_entry().rule).en
    assert labels.rule("new/1").ko == "new/1"
