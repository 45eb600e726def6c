"""Shops are reminded of the end of their trial, and of terms that they have not accepted."""

from dataclasses import replace

import pytest

from chalicelib.kernel.clock import DAY, HOUR, month_span
from chalicelib.platform.rules import terms_letter, trial_letter
from chalicelib.tenants.entrustment import Terms
from chalicelib.tenants.model import Term
from tests.moto_desk import DANBI
from tests.samples import NOON

TRIAL, PAID = Term("2026-11", "trial/1"), Term("2027-01", "starter/1")
SHOP = replace(DANBI, plans=(TRIAL, PAID))
END = month_span("2027-01")[0]
FIRST, SECOND = Terms("1", "2026-01-01", "가", "a"), Terms("2", "2027-01-01", "나", "b")


@pytest.mark.parametrize(
    ("before", "told", "days"),
    [
        (8 * DAY, None, 0),
        (7 * DAY, "trial_ends-2027-01-7", 7),
        (7 * DAY - HOUR, "trial_ends-2027-01-7", 7),
        (4 * DAY, "trial_ends-2027-01-7", 4),
        (3 * DAY, "trial_ends-2027-01-3", 3),
        (DAY, "trial_ends-2027-01-1", 1),
        (1, "trial_ends-2027-01-1", 1),
        (0, None, 0),
    ],
)
def test_a_trials_end_is_told_seven_three_and_one_days_before(before: int, told: str | None, days: int) -> None:
    letter = trial_letter(SHOP, END - before)
    assert (letter.id if letter else None) == told
    if letter:
        assert letter.values == {"days": days, "until": "2027-01-01", "plan": "스타터", "plan_en": "Starter"}


@pytest.mark.parametrize(
    "plans", [(), (TRIAL,), (TRIAL, Term("2027-01", "trial/1")), (Term("2026-11", "starter/1"),)]
)
def test_without_a_trial_that_ends_nothing_is_told(plans: tuple[Term, ...]) -> None:
    assert trial_letter(replace(DANBI, plans=plans), END - DAY) is None


@pytest.mark.parametrize(
    ("accepted", "told"), [(set(), False), ({"1"}, True), ({"2"}, False), ({"1", "2"}, False)]
)
def test_new_terms_are_told_to_who_accepted_older_ones(accepted: set[str], told: bool) -> None:
    letter = terms_letter("danbi", accepted, (FIRST, SECOND), NOON)
    assert (letter is not None) is told
    if letter:
        assert (letter.id, letter.values) == ("terms_changed-2", {"since": "2027-01-01", "version": "2"})


def test_nothing_is_new_while_there_is_one_version() -> None:
    assert terms_letter("danbi", {"1"}, (FIRST,), NOON) is None
