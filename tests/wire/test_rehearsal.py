"""What Stripe is asked in `test_sandbox.py`, asked of our own stand-in, which is built to answer as we believe.

It proves nothing of Stripe, only that the questions are well put and still fit our gateway. What the stand-in does
not model is not rehearsed: clocks besides its own (6), a card (8), reports of errors (9), the account (11).
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from time import time

import pytest
import stripe

from chalicelib.billing.stripe_gateway import StripeGateway
from chalicelib.kernel.clock import SECOND, Millis
from tests.fakestripe import API_KEY, FakeStripe, running
from tests.wire import test_sandbox as questions
from tests.wire.sandbox import STAGE, Calendar, Sandbox


@dataclass
class Ahead:
    """The stand-in's time, in whole seconds: the real one and what it was put ahead."""

    seconds: float = 0

    def __call__(self) -> float:
        return float(int(time() + self.seconds))

    def put(self, to: Millis) -> None:
        # Real usage would lie in the future of a clock that was put back.
        self.seconds = max(0, to / SECOND - time())


@dataclass(frozen=True)
class OwnCalendar(Calendar):
    """A customer under the stand-in's one clock."""

    ahead: Ahead

    def advance(self, to: Millis) -> None:
        self.ahead.put(to)


class Rehearsal(Sandbox):
    """Our own stand-in in the place of Stripe's test mode."""

    def __init__(self, base: str, ahead: Ahead) -> None:
        sdk = stripe.StripeClient(API_KEY, base_addresses={"api": base})
        super().__init__(sdk, StripeGateway(API_KEY, api_base=base, meter_events_base=base, stage=STAGE))
        self._ahead = ahead

    def calendar(self, start: Millis) -> Calendar:
        """Return a customer, from `start` on if that is yet to come."""
        self._ahead.put(start)
        return OwnCalendar(self, "", "rehearsal", self.customer(), self._ahead)


@pytest.fixture
def rehearsal() -> Iterator[Rehearsal]:
    with ExitStack() as stack:
        fake = FakeStripe(now=(ahead := Ahead()))
        stack.callback(fake.close)
        yield Rehearsal(stack.enter_context(running(fake)), ahead)


@pytest.mark.parametrize(
    "question",
    [
        questions.test_1_a_later_total_of_an_hour_replaces_the_earlier_one,
        questions.test_2_a_repeated_name_is_refused_in_the_words_that_we_take_for_delivered,
        questions.test_3_summaries_show_what_was_sent_before_reconciliation_looks,
        questions.test_4_a_held_draft_takes_late_usage_when_it_is_finalized,
        questions.test_5_periods_are_the_months_of_korea_also_after_short_ones,
        questions.test_10_what_we_take_off_lowers_the_tax_as_well,
    ],
)
def test_a_question_is_well_put(rehearsal: Rehearsal, question: Callable[[Sandbox], None]) -> None:
    question(rehearsal)


@pytest.mark.parametrize(("human", "bot"), [(1, 0), (0, 1), (301, 1_001)])
def test_the_question_of_prices_is_well_put(rehearsal: Rehearsal, human: int, bot: int) -> None:
    questions.test_7_stripe_rates_a_month_as_we_do(rehearsal, human, bot)
