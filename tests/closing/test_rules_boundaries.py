from dataclasses import replace
from typing import Any

import pytest

from chalicelib.billing.model import InvoiceLine
from chalicelib.closing import rules_invoice
from chalicelib.closing.model import Break, Cause, Episodes, Rule
from chalicelib.closing.rules import (
    PATIENCE,
    SETTLING,
    contact_breaks,
    episodes,
    item_of,
    orphan_breaks,
    repairable,
    stripe_breaks,
    window_breaks,
)
from chalicelib.contacts.model import Author, Story
from chalicelib.kernel.clock import HOUR, MINUTE
from chalicelib.metering.model import Meter, Price
from chalicelib.pricing.model import Item, Line
from tests.closing.test_rules import AT, ITEM, booked, spoken, window
from tests.closing.test_rules_invoice import BILL, MONTH, PLAN, an_invoice
from tests.samples import NOON, a_contact


def test_how_long_things_may_take() -> None:
    assert (SETTLING, PATIENCE) == (15 * MINUTE, HOUR)


def test_entries_without_a_contact_break_the_month_that_they_came_to_last() -> None:
    assert orphan_breaks("danbi", "c9", []) == []
    old = replace(booked(), origin="2026-10")
    found = orphan_breaks("danbi", "c9", [old, booked(), old])
    assert found == [Break(Rule.CONTACT_LEDGER, "danbi", "c9", 0, 3, Cause.NO_CONTACT, MONTH)]


def test_an_episode_was_answered_when_its_first_answer_was_given() -> None:
    times = (NOON + 2 * HOUR, NOON, NOON + HOUR)
    said = tuple(replace(spoken(1, Author.AGENT), at=at) for at in times)
    assert episodes(Story(a_contact(), said, ())).since == {1: NOON}


def test_breaks_come_in_the_order_of_what_they_are_about() -> None:
    missed = contact_breaks("danbi", Episodes("c1", frozenset({8, 1}), 0, since={8: NOON, 1: NOON}), [])
    assert [one.item for one in missed] == ["c1/1", "c1/8"]
    hours = [f"2026-11-21T{hour:02}" for hour in (7, 3, 9, 1, 8, 2, 6)]
    unsent = stripe_breaks("danbi", [window(1, hour) for hour in hours], {}, NOON)
    assert [one.item for one in unsent] == [f"human/{hour}" for hour in sorted(hours)]


def test_a_price_that_differs_is_a_break_of_the_ledger_with_its_entry() -> None:
    entry = replace(booked(1), price=Price(9, "flat/9"))
    found = contact_breaks("danbi", Episodes("c1", frozenset({1}), 0, 1, booked().price), [entry])
    assert found == [Break(Rule.CONTACT_LEDGER, "danbi", "c1/1/1", 900, 9, Cause.PRICE_DIFFERS, MONTH)]


def test_a_window_that_is_still_dirty_may_lack_an_entry() -> None:
    found = window_breaks("danbi", [], [window(1, dirty_since=NOON)])
    assert found == [Break(Rule.LEDGER_WINDOW, "danbi", ITEM, 0, 1, Cause.IN_FLIGHT, MONTH)]


@pytest.mark.parametrize("cause", Cause)
@pytest.mark.parametrize("rule", Rule)
def test_sending_again_mends_what_was_not_sent_refused_or_overwritten(cause: Cause, rule: Rule) -> None:
    found = Break(rule, "danbi", item_of(window(1)), 1, 0, cause, MONTH)
    mends = cause in {Cause.NOT_SENT, Cause.REFUSED, Cause.STALE_OVERWRITE} and rule is Rule.WINDOW_STRIPE
    assert repairable([found]) == [AT] * mends


ADDED = InvoiceLine("il_8", 1, 70, key="base")
OURS = [line for line in BILL.lines if line.item is not Item.USAGE]


def added(*lines: InvoiceLine) -> Any:
    return an_invoice(lines=(*an_invoice().lines, *lines))


def test_a_line_that_stands_for_usage_without_a_meter_is_not_ours() -> None:
    found = rules_invoice.foreign_breaks("danbi", BILL, added(replace(ADDED, key="usage:human")))
    assert [(one.item, one.right, one.cause) for one in found] == [("line:il_8", 70, Cause.MANUAL_STRIPE_EDIT)]


def test_two_lines_of_somebody_else_are_not_one_doubled() -> None:
    others = added(replace(ADDED, key=""), replace(ADDED, id="il_9", key=""))
    found = rules_invoice.foreign_breaks("danbi", BILL, others)
    assert [one.cause for one in found] == [Cause.MANUAL_STRIPE_EDIT] * 2


def test_of_a_line_that_is_there_twice_the_first_is_ours() -> None:
    assert rules_invoice.own_breaks("danbi", OURS, added(ADDED)) == []
    assert [one.cause for one in rules_invoice.foreign_breaks("danbi", BILL, added(ADDED))] == [Cause.DOUBLED]


def test_a_line_that_is_there_hides_none_that_is_missing() -> None:
    lost = Line(Item.MINIMUM, "minimum", 1, 5)
    found = rules_invoice.own_breaks("danbi", [*OURS, lost], an_invoice())
    assert found == [Break(Rule.BILL_LINE, "danbi", "minimum", 5, 0, Cause.NOT_INVOICED, MONTH)]


def test_wrong_prices_come_meter_by_meter() -> None:
    lines = tuple(replace(line, won=line.won + 5) for line in an_invoice().lines)
    found = rules_invoice.price_breaks("danbi", PLAN, an_invoice(lines=lines))
    assert [(one.item, one.right - one.left) for one in found] == [
        *((f"usage:{meter}", 5) for meter in (Meter.BOT, Meter.HUMAN))
    ]


def test_a_bill_has_one_invoice_unless_it_is_of_nothing() -> None:
    nothing = replace(BILL, lines=())
    first, free, second = an_invoice(), an_invoice(id="in_2", subtotal=0), an_invoice(id="in_3", subtotal=9)
    missing = Break(Rule.BILL_LINE, "danbi", "invoice", BILL.subtotal, 0, Cause.NOT_INVOICED, MONTH)
    doubled = Break(Rule.BILL_LINE, "danbi", "invoice:in_3", 0, 9, Cause.DOUBLED, MONTH)
    assert rules_invoice.presence_breaks("danbi", BILL, []) == [missing]
    assert rules_invoice.presence_breaks("danbi", nothing, []) == []
    assert rules_invoice.presence_breaks("danbi", BILL, [first]) == []
    assert rules_invoice.presence_breaks("danbi", nothing, [first]) == []
    assert rules_invoice.presence_breaks("danbi", BILL, [first, free, second]) == [doubled]
