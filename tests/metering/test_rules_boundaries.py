from dataclasses import replace

import pytest

from chalicelib.kernel.clock import HOUR
from chalicelib.metering.model import Episode, Reason
from chalicelib.metering.rules import SAME_EPISODE, reversed_, window_deltas, window_of
from tests.metering.test_rules import answered, booked, evidence
from tests.samples import NOON


def test_an_episode_goes_on_for_three_days() -> None:
    assert SAME_EPISODE == 72 * HOUR == 259_200_000


def test_an_adjustment_hides_no_entry_that_follows_it() -> None:
    _, entry = booked(reversed_(answered(), evidence(), Reason.SPAM))
    late = replace(entry, origin="2026-10")
    assert window_deltas([late, entry, late, entry]) == {window_of(entry): -2}


def test_an_episode_without_a_price_cannot_be_corrected() -> None:
    with pytest.raises(AssertionError):
        reversed_(Episode(n=1, net=1, billed_at=NOON), evidence(), Reason.SPAM)
