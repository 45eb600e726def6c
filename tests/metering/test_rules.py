from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.clock import HOUR, MINUTE, Millis, month_span
from chalicelib.metering.model import FIRST_EPISODE, Episode, Meter, Price, Reason, UsageEntry
from chalicelib.metering.rules import (
    SAME_EPISODE,
    Booking,
    Evidence,
    handled,
    inherited,
    is_adjustment,
    month_of,
    postponed,
    reinstated,
    reopened,
    reversed_,
    window_deltas,
    window_of,
)
from tests.samples import NOON, PRICE

DEARER = Price(1_100, "flat/1100")
LAST = month_span("2026-11")[1] - 1


def evidence(at: Millis = NOON, contact: str = "c1") -> Evidence:
    return Evidence("danbi", contact, "m1", "agent:mina", "chat", at)


def booked(booking: Booking) -> tuple[Episode, UsageEntry]:
    episode, entry = booking
    assert entry is not None
    return episode, entry


def answered(at: Millis = NOON) -> Episode:
    return booked(handled(FIRST_EPISODE, evidence(at), PRICE))[0]


def test_the_first_reply_is_billed_with_its_evidence() -> None:
    episode, entry = booked(handled(Episode(number=3), evidence(), PRICE))
    assert entry == UsageEntry(
        tenant="danbi",
        contact="c1",
        episode=3,
        n=1,
        delta=1,
        reason=Reason.HANDLED,
        evidence="m1",
        price=PRICE,
        origin="2026-11",
        occurred_at=NOON,
        booked_at=NOON,
        actor="agent:mina",
        channel="chat",
        meter=Meter.HUMAN,
        reverses=0,
        rule="first-human-reply/1",
    )
    assert (episode.n, episode.net) == (1, 1)


def test_later_replies_cost_nothing() -> None:
    episode = answered()
    assert handled(episode, evidence(NOON + HOUR), DEARER) == (episode, None)


def test_a_reply_after_a_reversal_does_not_bill_again() -> None:
    off, _ = reversed_(answered(), evidence(), Reason.SPAM)
    assert handled(off, evidence(), PRICE) == (off, None)


def test_only_what_is_on_the_bill_comes_off_and_only_what_was_on_it_comes_back() -> None:
    off, taken = booked(reversed_(answered(), evidence(), Reason.SPAM))
    assert (taken.delta, taken.n, taken.reverses, taken.reason) == (-1, 2, 1, Reason.SPAM)
    assert reversed_(off, evidence(), Reason.MERGED) == (off, None)
    on, put = booked(reinstated(off, evidence()))
    assert (put.delta, put.n, put.reverses, put.reason) == (1, 3, 2, Reason.SPAM_UNDONE)
    assert reinstated(on, evidence()) == (on, None)


def test_an_episode_that_was_never_billed_has_nothing_to_correct() -> None:
    assert reversed_(FIRST_EPISODE, evidence(), Reason.SPAM) == (FIRST_EPISODE, None)
    assert reinstated(FIRST_EPISODE, evidence()) == (FIRST_EPISODE, None)


@pytest.mark.parametrize(
    ("billed", "corrected", "at"),
    [
        (NOON, NOON + 3 * HOUR, NOON),
        (NOON, LAST, NOON),
        (LAST, LAST, LAST),
        (NOON, LAST + 1, LAST + 1),
        (LAST, LAST + 1, LAST + 1),
        (LAST, LAST + HOUR, LAST + HOUR),
    ],
)
def test_a_correction_goes_to_the_hour_it_corrects_within_the_month_and_to_now_later(
    billed: Millis, corrected: Millis, at: Millis
) -> None:
    _, entry = booked(reversed_(answered(billed), evidence(corrected), Reason.SPAM))
    assert (entry.booked_at, entry.occurred_at) == (at, corrected)


def test_what_a_passed_month_was_counted_at_stays_and_corrections_adjust_its_bill_when_they_happen() -> None:
    off, taken = booked(reversed_(answered(LAST), evidence(LAST + HOUR), Reason.SPAM))
    on, put = booked(reinstated(off, evidence(LAST + 5 * HOUR)))
    _, again = booked(reversed_(on, evidence(LAST + 9 * HOUR), Reason.SPAM))
    entries = [taken, put, again]
    assert [one.booked_at - LAST for one in entries] == [HOUR, 5 * HOUR, 9 * HOUR]
    assert {(one.origin, month_of(one), is_adjustment(one)) for one in entries} == {("2026-11", "2026-12", True)}
    assert window_deltas(entries) == {}


def test_what_comes_for_a_closed_month_is_booked_at_the_beginning_of_the_next() -> None:
    _, entry = booked(handled(FIRST_EPISODE, evidence(LAST), PRICE))
    assert not is_adjustment(entry)
    late = postponed(entry, "2026-11")
    assert (late.booked_at, late.occurred_at, late.origin) == (LAST + 1, LAST, "2026-11")
    assert is_adjustment(late)


@pytest.mark.parametrize("at", [NOON + HOUR, LAST + HOUR])
def test_a_merge_carries_price_and_hour_over(at: Millis) -> None:
    source = answered(NOON)
    _, taken = booked(reversed_(source, evidence(at), Reason.MERGED))
    kept, put = booked(inherited(Episode(number=2), evidence(at, "c2"), source))
    assert (put.price, put.booked_at, put.episode, put.contact) == (PRICE, taken.booked_at, 2, "c2")
    assert (put.reason, kept.net) == (Reason.HANDLED_BEFORE_MERGE, 1)
    assert inherited(kept, evidence(at, "c2"), source) == (kept, None)


@pytest.mark.parametrize(
    ("later", "number"),
    [(-HOUR, 1), (0, 1), (SAME_EPISODE - 1, 1), (SAME_EPISODE, 1), (SAME_EPISODE + 1, 2), (9 * SAME_EPISODE, 2)],
)
def test_72_hours_to_the_millisecond(later: Millis, number: int) -> None:
    episode = reopened(answered(), NOON, NOON + later)
    assert episode.number == number
    assert episode == (answered() if number == 1 else Episode(number=2))


def test_window_and_month_follow_the_booking() -> None:
    _, entry = booked(handled(FIRST_EPISODE, evidence(LAST), PRICE))
    assert (window_of(entry), month_of(entry)) == ((Meter.HUMAN, "2026-11-30T14"), "2026-11")
    late = replace(entry, booked_at=LAST + 1)
    assert (window_of(late), month_of(late)) == ((Meter.HUMAN, "2026-11-30T15"), "2026-12")


def test_window_deltas_sum_by_hour_and_keep_zeros() -> None:
    _, entry = booked(handled(FIRST_EPISODE, evidence(), PRICE))
    minus, later = replace(entry, delta=-1), replace(entry, booked_at=NOON + HOUR)
    here, there = (Meter.HUMAN, "2026-11-21T03"), (Meter.HUMAN, "2026-11-21T04")
    assert window_deltas([]) == {}
    assert window_deltas([entry, entry, later]) == {here: 2, there: 1}
    assert window_deltas([entry, minus]) == {here: 0}


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["turn", "turn", "handled", "spam", "undo", "merge"]),
        st.sampled_from([0, 1, MINUTE, HOUR, 5 * HOUR, 20 * 24 * HOUR, 31 * 24 * HOUR]),
        st.integers(1, 3).map(lambda won: Price(won * 100, f"flat/{won * 100}")),
    ),
    max_size=12,
)


def book(step: str, episode: Episode, at: Millis, price: Price) -> Booking:
    if step == "handled" or not episode.n:
        return handled(episode, evidence(at), price)
    if step == "undo" or (step == "turn" and not episode.net):
        return reinstated(episode, evidence(at))
    return reversed_(episode, evidence(at), Reason.SPAM if step == "spam" else Reason.MERGED)


@given(STEPS)
def test_whatever_happens_an_episode_is_on_the_bill_once_or_not(steps: list[tuple[str, Millis, Price]]) -> None:
    episode, at, entries = FIRST_EPISODE, LAST - 25 * 24 * HOUR, list[UsageEntry]()
    for step, gap, price in steps:
        at += gap
        episode, entry = book(step, episode, at, price)
        entries += [entry] if entry else []
        assert episode.net == sum(one.delta for one in entries)
        assert episode.net in (0, 1)
    assert [one.delta for one in entries] == [1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1][: len(entries)]
    assert [one.n for one in entries] == list(range(1, len(entries) + 1))
    assert len({one.price for one in entries}) <= 1
    assert all(after.reverses == before.n for before, after in pairwise(entries))
    # An episode is counted in one hour for ever, and never below zero there; what comes later adjusts a bill.
    assert {one.origin for one in entries} <= {month_of(one) for one in entries[:1]}
    counted = window_deltas(entries)
    assert len(counted) == min(1, len(entries))
    assert set(counted.values()) <= {0, 1}
    later = [one for one in entries if is_adjustment(one)]
    assert [one.delta for one in entries] == [one.delta for one in entries[: len(entries) - len(later)] + later]
    assert sum(counted.values()) + sum(one.delta for one in later) == episode.net
