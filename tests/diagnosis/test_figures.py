"""What past contacts tell, and what a shop should begin with."""

from collections.abc import Sequence
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.diagnosis.figures import MINUTES, by_hour, by_intent, by_name, counted, peaks, percentile
from chalicelib.diagnosis.findings import Peak, Share
from chalicelib.diagnosis.model import Past
from chalicelib.diagnosis.outlook import LEAST_RATE, proposal, report
from chalicelib.intents.model import Intent
from chalicelib.kernel.clock import HOUR
from chalicelib.metering.model import Meter
from chalicelib.pricing.plans import plan
from chalicelib.pricing.rules import price_month
from chalicelib.tenants.model import Channel, Hours
from chalicelib.tenants.rules import is_open
from tests.diagnosis.samples import MIDNIGHT, at

DECEMBER = "2026-12"
PAST = st.lists(
    st.builds(
        at,
        st.integers(0, 400),
        st.integers(0, 23),
        timed=st.booleans(),
        intent=st.sampled_from(Intent),
        channel=st.sampled_from(["", "chat", "other", "phone"]),
    ),
    min_size=1,
    max_size=60,
)


def test_days_and_hours_are_those_of_seoul() -> None:
    late = [Past(MIDNIGHT - 1, True, Intent.OTHER), Past(MIDNIGHT, True, Intent.OTHER)]
    counts = counted(late, None)
    assert [day.isoformat() for day in counts.span] == ["2026-11-20", "2026-11-21"]
    hours = by_hour(counts)
    assert (hours.counts[4][23], hours.counts[5][0], hours.max, hours.known) == (1, 1, 1, 2)


def test_contacts_without_an_hour_are_in_no_hour() -> None:
    counts = counted([at(1), at(1), at(2, timed=False)], None)
    assert (by_hour(counts).known, by_hour(counts).max, counts.total) == (2, 2, 3)


@pytest.mark.parametrize(
    ("days", "per_month"), [((0,), 30), ((0, 29), 2), ((0, 0, 0, 14), 8), ((0, 1, 2), 30), ((0, 59), 1)]
)
def test_a_month_is_thirty_days_at_the_same_pace(days: tuple[int, ...], per_month: int) -> None:
    assert counted([at(day) for day in days], None).per_month == per_month


def test_intents_come_by_number_with_their_share_and_minutes() -> None:
    found = [at(1)] * 2 + [at(1, intent=Intent.RETURN)] * 5 + [at(1, intent=Intent.DEFECT)] * 1
    shown = [(one.intent, one.count, one.percent, one.minutes) for one in by_intent(counted(found, None))]
    assert shown == [
        (Intent.RETURN, 5, 62.5, MINUTES[Intent.RETURN]),
        (Intent.DELIVERY, 2, 25.0, MINUTES[Intent.DELIVERY]),
        (Intent.DEFECT, 1, 12.5, MINUTES[Intent.DEFECT]),
    ]
    assert set(MINUTES) == set(Intent)


def test_channels_are_shared_among_those_that_have_one() -> None:
    found = [at(1, channel="chat")] * 3 + [at(1, channel="other"), at(1), at(2)]
    assert by_name(counted(found, None).channels) == (Share("chat", 3, 75.0), Share("other", 1, 25.0))


def test_a_peak_lies_far_over_the_mean_of_all_days_those_without_contacts_too() -> None:
    calm = [at(day) for day in range(40)]
    # 39 days of 1 and one of 21: mean 1.5, deviation 3.12, so the bound is 10.9.
    assert peaks(counted([*calm, *[at(7)] * 20], None)) == (Peak("2026-11-14", 21, 14.0),)
    assert peaks(counted(calm, None)) == ()
    # Twelve contacts on one day of a year are far over nothing.
    assert [one.date for one in peaks(counted([at(0), at(364), *[at(100)] * 12], None))] == ["2026-08-13"]


def test_the_ten_greatest_peaks_are_shown_by_date() -> None:
    days = [day for number in range(11) for day in [number * 40] * (50 + number)]
    found = peaks(counted([at(day) for day in [*days, 439]], None))
    assert len(found) == 10
    assert [one.count for one in found] == [60, 59, 58, 57, 56, 55, 54, 53, 52, 51]


HOURS = Hours(*[("10:00-18:00",)] * 5)


def test_the_share_out_of_hours_is_of_the_contacts_that_have_an_hour() -> None:
    # Saturday is shut; Friday is one day ago.
    found = [at(0, 12), at(1, 12), at(1, 9), at(1, 17), at(1, timed=False)]
    counts = counted(found, lambda when: is_open(HOURS, when))
    assert report(counts, DECEMBER).closed_hours_percent == 50.0
    assert report(counted(found, None), DECEMBER).closed_hours_percent is None
    untimed = counted([at(1, timed=False)], lambda when: is_open(HOURS, when))
    assert report(untimed, DECEMBER).closed_hours_percent is None


@pytest.mark.parametrize(
    ("counts", "share", "found"),
    [
        ((), 95, 0),
        ((7,), 95, 7),
        ((1, 2), 50, 1),
        (range(1, 21), 95, 19),
        (range(1, 101), 95, 95),
        ((3, 1, 2), 100, 3),
    ],
)
def test_percentile(counts: Sequence[int], share: int, found: int) -> None:
    assert percentile(counts, Fraction(share, 100)) == found


@pytest.mark.parametrize(
    ("contacts", "cheapest"), [(5, "starter/1"), (90, "starter/1"), (400, "standard/2"), (10_000, "volume/1")]
)
def test_the_cheapest_plan_comes_first_and_each_has_its_price(contacts: int, cheapest: str) -> None:
    found = proposal(counted([at(0), at(29), *[at(day % 30) for day in range(contacts - 2)]], None), DECEMBER)
    assert found.plans[0].plan == cheapest
    for offer in found.plans:
        assert offer.won == sum(line.won for line in price_month(plan(offer.plan), {Meter.HUMAN: contacts}))
    assert [offer.won for offer in found.plans] == sorted(offer.won for offer in found.plans)
    assert found.cap_won % 1_000 == 0
    assert 0 <= found.cap_won - found.plans[0].won * 3 / 2 < 1_000


def test_the_contract_is_twice_a_busy_hour() -> None:
    # Ninety-five hours with three contacts and five with fifty.
    found = [at(hour // 24, hour % 24) for hour in range(95) for _ in range(3)]
    found += [at(10, hour) for hour in range(5) for _ in range(50)]
    made = proposal(counted(found, None), DECEMBER)
    assert (made.rate_per_hour, made.burst) == (6, 3)
    assert made.agents_peak > made.agents_usual >= 1


def test_a_small_shop_gets_the_least_contract() -> None:
    made = proposal(counted([at(1)], None), DECEMBER)
    assert (made.rate_per_hour, made.burst, made.agents_usual) == (LEAST_RATE, 3, 1)


def test_a_file_of_days_alone_still_has_a_contract() -> None:
    made = proposal(counted([at(day, timed=False) for day in range(10) for _ in range(100)], None), DECEMBER)
    assert made.rate_per_hour == 20


def test_what_takes_most_time_is_automated_first_and_never_what_has_no_name() -> None:
    found = [at(1)] * 30 + [at(2, intent=Intent.COMPLAINT)] * 15 + [at(2, intent=Intent.OTHER)] * 90
    made = proposal(counted(found, None), DECEMBER).automation
    # 135 contacts in two days are 2,025 a month: fifteen times as many.
    assert [(one.intent, one.hours) for one in made] == [(Intent.COMPLAINT, 37.5), (Intent.DELIVERY, 30.0)]


def test_channels_are_those_that_matter_and_chat() -> None:
    found = [at(1, channel="phone")] * 90 + [at(1, channel="sms")] * 4 + [at(1, channel="other")] * 6
    advised = proposal(counted(found, None), DECEMBER).channels
    assert [one.channel for one in advised] == [Channel.CHAT, Channel.PHONE]
    assert "90.0" in advised[1].why
    pictured = [*found, *[at(1, intent=Intent.DEFECT, channel="phone")] * 20]
    assert Channel.EMAIL in [one.channel for one in proposal(counted(pictured, None), DECEMBER).channels]


@given(PAST)
def test_counts_add_up_whatever_came(past: list[Past]) -> None:
    made = report(counted(past, lambda when: when % (2 * HOUR) < HOUR), DECEMBER)
    assert made.contacts == len(past) == sum(one.count for one in made.intents)
    timed = sum(one.timed for one in past)
    assert made.hours.known == timed == sum(map(sum, made.hours.counts))
    assert made.hours.max == max(map(max, made.hours.counts))
    assert sum(one.count for one in made.channels) == sum(bool(one.channel) for one in past)
    assert 0 <= (made.closed_hours_percent or 0) <= 100
    assert made.proposal.rate_per_hour >= LEAST_RATE
    assert all(peak.count > made.per_day for peak in made.peaks)


@given(PAST, st.randoms())
def test_the_order_of_the_rows_changes_nothing(past: list[Past], chance: object) -> None:
    shuffled = sorted(past, key=lambda one: hash((one.at, str(chance))))
    assert report(counted(past, None), DECEMBER) == report(counted(shuffled, None), DECEMBER)
