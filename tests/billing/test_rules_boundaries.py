"""What names and events may look like, and the instants at which a subscription begins and ends."""

from dataclasses import replace

import pytest

from chalicelib.billing.rules import covers, ending, identifier, told, uncovered
from chalicelib.kernel.clock import month_span
from chalicelib.metering.model import Meter, Window
from chalicelib.tenants.model import Term
from tests.billing.test_rules import A, B, run
from tests.samples import NOON, SHOP


def test_a_revision_of_a_window_is_sent_under_a_name_of_its_own() -> None:
    window = Window("danbi", Meter.BOT, "2026-11-21T03", 2, rev=7, gen=3)
    assert identifier("prod", window) == "prod:danbi:bot:2026-11-21T03:r7:g3"


@pytest.mark.parametrize(
    ("found", "what", "about"),
    [
        ({"object": "invoice", "id": "in_1", "type": "t"}, "invoice", "in_1"),
        ({"type": "card", "id": "x"}, "card", "x"),
        ({}, "", ""),
        ({"object": "a" * 128, "id": "b"}, "a" * 128, "b"),
        ({"object": "a" * 129, "id": "a.b/c-d_9"}, "", "a.b/c-d_9"),
        ({"object": "o", "id": ""}, "o", ""),
    ],
)
def test_an_event_names_its_object_by_what_can_be_an_id(found: dict[str, str], what: str, about: str) -> None:
    event = told("evt_1", "customer.updated", found, NOON)
    assert (event.id, event.type, event.kind, event.about) == ("evt_1", "customer.updated", what, about)
    assert (event.created_at, event.customer) == (NOON, "")


def test_a_run_covers_to_the_instant() -> None:
    start = month_span("2026-12")[0]
    held = run("2026-11", A)
    for end, is_covered in ((start, False), (start + 1, True), (start - 1, False)):
        ended = replace(held, ends_at=end)
        assert covers(ended, "2026-12") is is_covered


def test_a_month_is_covered_by_any_of_its_runs() -> None:
    held = [run("2026-11", A, "2026-11"), run("2026-12", B)]
    assert not uncovered(held, "2026-11")
    assert not uncovered(held, "2026-12")
    assert uncovered(held, "2026-10")
    assert uncovered([], "2026-11")


def test_a_run_ends_before_the_first_of_several_changes() -> None:
    terms = (Term("2026-11", A), Term("2027-01", B), Term("2027-02", A), Term("2027-03", B))
    shop = replace(SHOP, plans=terms)
    assert ending(shop, run("2026-11", A), "2026-11") == "2026-12"
    assert ending(shop, run("2027-02", A), "2027-02") == "2027-02"


def test_a_term_that_has_begun_changes_nothing_later() -> None:
    terms = (Term("2026-10", B), Term("2026-11", A))
    shop = replace(SHOP, plans=terms)
    assert ending(shop, run("2026-11", A), "2026-11") is None


def test_a_run_that_has_not_begun_is_not_ended() -> None:
    shop = replace(SHOP, plans=(Term("2026-11", A), Term("2027-01", B)))
    assert ending(shop, run("2027-01", B), "2026-11") is None


def test_a_run_with_an_end_keeps_it_while_the_plan_stays() -> None:
    shop = replace(SHOP, plans=(Term("2026-11", A),))
    assert ending(shop, run("2026-11", A, "2027-03"), "2026-12") is None
