"""Contacts counted by day, and what the counts tell."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from statistics import quantiles
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.contacts.model import Action, Contact, Status, Story
from chalicelib.kernel.clock import DAY, HOUR, MINUTE, SECOND, Millis
from chalicelib.kernel.errors import BadInput
from chalicelib.metering.model import Episode
from chalicelib.results.model import Goal, Parts, Tally
from chalicelib.results.rules import (
    EDGES,
    bounds,
    by_hour,
    by_name,
    cell,
    counted,
    day_of,
    has_returned,
    is_settled,
    may_have_returned,
    merged,
    quantile,
    span,
)
from chalicelib.results.statement import figures
from chalicelib.tenants.aims import Goals
from chalicelib.tenants.model import Channel
from tests.samples import NOON, a_contact, an_event, said

MIDNIGHT = NOON - 12 * HOUR
HALF = Fraction(1, 2)


def resolved(name: str = "c1", *, wait: Millis = MINUTE, reply: Millis = 2 * MINUTE, **changes: Any) -> Contact:
    """Return a contact that was taken and answered so long after it was opened, and is resolved."""
    opened = changes.pop("opened_at", NOON - HOUR)
    known = {"status": Status.RESOLVED, "taken_at": opened + wait, "first_reply_at": opened + reply}
    return a_contact(name, opened_at=opened, **{"rank": opened, **known, **changes})


def elapsed(start: Millis, end: Millis) -> Millis:
    """Return the time as a shop has it that never closes."""
    return end - start


def count(*contacts: Contact, back: tuple[str, ...] = (), scores: Any = ()) -> Parts:
    return counted(contacts, back, scores, elapsed)


def test_a_contact_counts_once_in_each_part_of_its_day() -> None:
    parts = count(resolved("a", channel=Channel.EMAIL, intent="return"), resolved("b", opened_at=NOON))
    assert parts.total.contacts == 2
    assert {hour: one.contacts for hour, one in parts.hours.items()} == {11: 1, 12: 1}
    assert {name: one.contacts for name, one in parts.channels.items()} == {"email": 1, "chat": 1}
    assert {name: one.contacts for name, one in parts.intents.items()} == {"return": 1, "unknown": 1}


def test_times_are_of_opening_hours() -> None:
    shut = counted([resolved(wait=3 * HOUR, reply=5 * HOUR)], (), (), lambda start, end: (end - start) // 60)
    assert 120 < (cell("", shut.total).wait_seconds_median or 0) <= 180
    assert 240 < (cell("", shut.total).first_reply_seconds_median or 0) <= 300


@pytest.mark.parametrize(
    "changes",
    [{"episode": Episode(2)}, {"kept_at": NOON}, {"taken_at": 0, "first_reply_at": 0}],
)
def test_times_that_are_not_known_are_left_out_and_the_contact_counts(changes: dict[str, Any]) -> None:
    total = count(resolved(**changes)).total
    assert (total.contacts, total.replies, total.waits) == (1, {}, {})


def test_a_trial_counts_for_nobody() -> None:
    assert count(resolved(test=True)) == Parts()


def test_what_came_back_is_not_resolved_and_counts() -> None:
    parts = count(resolved("a"), resolved("b"), resolved("c"), resolved("d"), back=("b",))
    assert (parts.total.contacts, cell("", parts.total).resolved_percent) == (4, 75.0)


def test_what_the_shops_own_people_answered_is_counted_and_not_the_desks_to_resolve() -> None:
    parts = count(resolved("a"), resolved("b"), resolved("c", kept_at=NOON), back=("b",))
    assert (parts.total.contacts, cell("", parts.total).resolved_percent) == (3, 50.0)
    assert cell("", count(resolved("c", kept_at=NOON)).total).resolved_percent is None


def test_ratings_are_of_their_contacts_and_outlive_them() -> None:
    email = resolved("a", channel=Channel.EMAIL)
    parts = count(scores=[(email, 5), (email, 4), (email, 3), (None, 1)])
    assert (parts.total.ratings, parts.total.satisfied, parts.total.contacts) == (4, 2, 0)
    assert (parts.channels["email"].ratings, set(parts.channels)) == (3, {"email"})
    assert cell("", parts.total).satisfied_percent == 50.0


@pytest.mark.parametrize(
    ("story", "returned"),
    [
        (Story(resolved()), False),
        (Story(resolved(), (replace(said(), effect="billable"),)), False),
        (Story(resolved(), (replace(said(), episode=1, effect="reopened"),)), True),
        (Story(resolved(), (), (replace(an_event(Action.REOPEN), episode=1),)), True),
        (Story(resolved(), (), (replace(an_event(Action.TRANSFER), episode=1),)), False),
        # The message with which a second episode begins is no return to it; one more is.
        (Story(resolved(episode=Episode(2)), (replace(said(), episode=2, effect="reopened"),)), False),
        (
            Story(
                resolved(episode=Episode(2)),
                (
                    replace(said("m1"), episode=2, effect="reopened"),
                    replace(said("m2"), episode=2, effect="reopened"),
                ),
            ),
            True,
        ),
        (Story(resolved(episode=Episode(2)), (replace(said(), episode=1, effect="reopened"),)), False),
    ],
)
def test_who_came_back_is_told_by_the_story(story: Story, returned: bool) -> None:
    assert has_returned(story) is returned


@pytest.mark.parametrize(
    ("changes", "asked"),
    [
        ({}, False),
        ({"rank": NOON}, True),
        ({"kept_at": NOON, "rank": NOON}, False),
        ({"rank": NOON - HOUR + MINUTE}, False),
        ({"rank": NOON - HOUR + MINUTE + 1}, True),
    ],
)
def test_the_story_is_read_only_where_it_may_tell_something(changes: dict[str, Any], asked: bool) -> None:
    assert may_have_returned(resolved(**changes)) is asked


def test_a_day_is_one_of_seoul() -> None:
    assert bounds("2026-11-21") == (MIDNIGHT, MIDNIGHT + DAY)
    assert [day_of(at).isoformat() for at in (MIDNIGHT - 1, MIDNIGHT)] == ["2026-11-20", "2026-11-21"]


@pytest.mark.parametrize(("ago", "settled"), [(0, False), (3, False), (4, True), (90, True)])
def test_a_day_is_settled_once_nobody_can_come_back(ago: int, settled: bool) -> None:
    day = day_of(NOON - ago * DAY).isoformat()
    for at in (MIDNIGHT, NOON, MIDNIGHT + DAY - 1):
        assert is_settled(day, at) is settled
        assert not settled or at - bounds(day)[1] >= 72 * HOUR


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        ("", "", ("2026-10-23", "2026-11-21", 30)),
        ("2026-11-21", "2026-11-21", ("2026-11-21", "2026-11-21", 1)),
        ("2026-08-22", "", ("2026-08-22", "2026-11-21", 92)),
        ("", "2026-03-01", ("2026-01-31", "2026-03-01", 30)),
        ("2026-02-27", "2026-03-01", ("2026-02-27", "2026-03-01", 3)),
    ],
)
def test_a_span_has_all_of_its_days(first: str, last: str, days: tuple[str, str, int]) -> None:
    found = span(first, last, NOON)
    assert (found[0], found[-1], len(found)) == days
    assert found == sorted(set(found))


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        *(("2026-11-21", "2026-11-20", "invalid_span"), ("2026-11-01", "2026-11-22", "invalid_span")),
        *(("2026-08-21", "2026-11-21", "invalid_span"), ("2026-12-01", "", "invalid_span")),
        *(
            (bad, "", "invalid_date")
            for bad in ("2026-02-30", "20261101", "2026-W01-1", "어제", "2026-11-01\n", " ")
        ),
    ],
)
def test_a_span_that_is_none_is_refused(first: str, last: str, code: str) -> None:
    with pytest.raises(BadInput) as refused:
        span(first, last, NOON)
    assert refused.value.code == code


def times(*seconds: int) -> Mapping[int, int]:
    return count(*[resolved(f"c{n}", wait=one * SECOND, reply=HOUR) for n, one in enumerate(seconds)]).total.waits


@pytest.mark.parametrize(
    ("seconds", "low", "high"),
    [
        ((), None, None),
        ((0,), 1, 5),
        ((5,), 1, 5),
        ((6,), 6, 10),
        ((300, 300, 301), 240, 300),
        ((200_000,), 86_400, 86_400),
    ],
)
def test_a_median_lies_in_the_span_of_the_middle_one(
    seconds: tuple[int, ...], low: int | None, high: int | None
) -> None:
    found = quantile(times(*seconds), HALF)
    assert found is None if low is None or high is None else low <= (found or 0) <= high


@given(st.lists(st.integers(0, 86_400), min_size=1, max_size=80), st.sampled_from([HALF, Fraction(9, 10)]))
def test_a_quantile_is_within_its_span_of_the_true_one(seconds: list[int], share: Fraction) -> None:
    found = quantile(times(*seconds), share)
    assert found is not None
    true = sorted(seconds)[max(0, -(-len(seconds) * share.numerator // share.denominator) - 1)]
    spans = list(zip((0, *EDGES), EDGES, strict=False))
    low, high = next((low, high) for low, high in spans if true <= high)
    assert low <= found <= high


@given(st.lists(st.integers(0, 3_000), min_size=2, max_size=80), st.sampled_from([120, 300]))
def test_whether_a_goal_is_met_is_exact_where_it_is_an_edge(seconds: list[int], goal: int) -> None:
    found = quantile(times(*seconds), HALF)
    assert found is not None
    assert (found <= goal) is (2 * sum(one <= goal for one in seconds) >= len(seconds))


TALLY = st.builds(
    lambda contacts, returned, ratings, satisfied, waits: Tally(
        contacts + returned, returned, returned, ratings + satisfied, satisfied, {}, waits
    ),
    *[st.integers(0, 50)] * 4,
    st.dictionaries(st.integers(0, len(EDGES)), st.integers(1, 9)),
)


@given(st.lists(TALLY, max_size=8), st.integers(0, 8))
def test_days_add_up_in_any_order(tallies: list[Tally], cut: int) -> None:
    whole = merged(tallies)
    assert merged([merged(tallies[:cut]), merged(tallies[cut:])]) == whole
    assert merged(reversed(tallies)) == whole
    assert whole.contacts == sum(one.contacts for one in tallies)
    assert sum(whole.waits.values()) == sum(sum(one.waits.values()) for one in tallies)


def test_hours_are_all_there_and_names_come_by_size() -> None:
    parts = count(resolved("a"), resolved("b"), resolved("c", channel=Channel.EMAIL))
    hours = by_hour([parts.hours, parts.hours])
    assert [one.key for one in hours] == [f"{hour:02d}" for hour in range(24)]
    assert [one.contacts for one in hours if one.contacts] == [6]
    assert [(one.key, one.contacts) for one in by_name([parts.channels, parts.channels])] == [
        ("chat", 4),
        ("email", 2),
    ]
    assert by_name([]) == []


GOALS = Goals(first_reply_seconds=300, wait_seconds=120, resolved_percent=90, satisfied_percent=80)


def test_figures_stand_beside_their_goals() -> None:
    fast = [resolved(f"f{n}", wait=100 * SECOND, reply=200 * SECOND) for n in range(6)]
    slow = [resolved(f"s{n}", wait=HOUR, reply=2 * HOUR) for n in range(4)]
    parts = count(*fast, *slow, back=("s1", "s2"), scores=[(fast[0], 5)] * 4 + [(fast[1], 1)])
    found = {one.id: (one.goal, one.met, one.n) for one in figures(GOALS, parts.total)}
    assert found == {
        Goal.FIRST_REPLY: (300, True, 10),
        Goal.WAIT: (120, True, 10),
        Goal.RESOLVED: (90, False, 10),
        Goal.SATISFIED: (80, True, 5),
        Goal.SELF_SERVICE: (0, None, 0),
    }
    late = figures(replace(GOALS, wait_seconds=90, first_reply_seconds=180), parts.total)
    assert [one.met for one in late[:2]] == [False, False]


def test_a_figure_that_stands_on_nothing_is_neither_met_nor_missed() -> None:
    assert {(one.value, one.met, one.n) for one in figures(GOALS, Tally())} == {(None, None, 0)}
    assert all(one.text and one.text_en for one in figures(GOALS, Tally()))


def test_a_long_tail_shows_in_the_ninth_of_ten() -> None:
    waits = [60] * 17 + [3_600] * 3
    found = cell("", count(*[resolved(f"c{n}", reply=one * SECOND) for n, one in enumerate(waits)]).total)
    assert (found.first_reply_seconds_median or 0) <= 60
    assert 2_700 < (found.first_reply_seconds_p90 or 0) <= 3_600
    assert quantiles(waits, n=10)[-1] == 3_600
