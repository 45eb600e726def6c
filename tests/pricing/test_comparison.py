import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.errors import BadInput
from chalicelib.pricing.comparison import (
    Step,
    Way,
    Workload,
    cheapest,
    compare,
)
from chalicelib.pricing.figures import ACCIDENT, AWS, FIGURES, INSURANCE, MINIMUM_WAGE
from chalicelib.pricing.model import Plan
from chalicelib.pricing.plans import PUBLISHED, plan
from chalicelib.pricing.verdict import LONG_MINUTES, MANY_A_DAY, misfits

DOCS = Path(__file__).resolve().parents[2] / "docs"
# Forty contacts a day and 300 at four promotions, of five minutes each, ten hours a day.
LOAD = Workload(40, 300, 5, 10, days_open=30, promotion_days=4)


def way(key: str, load: Workload = LOAD, version: str = "standard/2") -> Way:
    return next(one for one in compare(load, plan(version)).ways if one.key == key)


def figures(one: Way) -> list[tuple[str, int, str]]:
    return [(step.label_en, step.won, step.how) for step in one.steps]


def test_contacts_are_those_of_usual_days_and_of_promotions() -> None:
    assert LOAD.contacts == 26 * 40 + 4 * 300
    assert compare(LOAD, plan("standard/2")).contacts == 2_240


@pytest.mark.parametrize(
    ("usual", "version", "steps"),
    [
        (10, "starter/1", [("Contacts", 328_000, "10 × 0 + 90 × 1,200 + 200 × 1,100")]),
        (0, "starter/1", [("Contacts", 0, "0")]),
        (
            2,
            "standard/2",
            [
                ("Contacts", 29_400, "30 × 0 + 30 × 980"),
                ("Base fee", 39_000, "39,000"),
                ("Up to the minimum", 21_600, "90,000 - 68,400"),
            ],
        ),
        (10, "flat/900", [("Contacts", 270_000, "300 × 900")]),
    ],
)
def test_the_shared_desk_costs_what_the_plan_bills(
    usual: int, version: str, steps: list[tuple[str, int, str]]
) -> None:
    assert figures(way("shared", Workload(usual, 0, 5, 10), version)) == steps


def test_own_people_are_paid_for_their_time_with_all_that_the_law_adds() -> None:
    # 2,240 contacts of five minutes are 186 hours and 40 minutes.
    assert figures(way("own_spare")) == [
        ("Wages", 1_926_400, "186.7 h × 10,320"),
        ("Paid weekly holiday", 385_280, "1,926,400 × 1/5"),
        ("Social insurance", 251_219, "2,311,680 × 10.8674%"),
        ("Severance", 192_640, "2,311,680 × 1/12"),
    ]
    assert way("own_spare").won == 2_755_539


@pytest.mark.parametrize(
    ("load", "hours"),
    [
        # One person ten hours a day; 300 contacts are 25 hours of work, and three carry 25.5.
        (LOAD, 26 * 10 + 4 * 30),
        (Workload(0, 0, 5, 9), 30 * 9),
        # 8.5 of 10 hours can be answered in: 102 contacts of five minutes, and not one more.
        (Workload(102, 0, 5, 10), 300),
        (Workload(103, 0, 5, 10), 600),
        (Workload(1, 103, 5, 10, days_open=20, promotion_days=20), 400),
    ],
)
def test_people_who_are_there_cover_the_hours_and_the_work(load: Workload, hours: int) -> None:
    assert way("own_present", load).steps[0] == Step(
        "임금", "Wages", hours * 10_320, f"{float(hours):,.1f} h × 10,320"
    )


@pytest.mark.parametrize(
    ("hours", "days", "seats"), [(8, 22, 1), (11, 16, 1), (8, 23, 2), (11, 32, 2), (24, 22, 3), (24, 30, 5)]
)
def test_a_dedicated_centre_sells_whole_seats(hours: int, days: int, seats: int) -> None:
    load = Workload(1, 0, 5, hours, days_open=days)
    assert figures(way("centre_low", load)) == [("Dedicated seats", seats * 2_900_000, f"{seats} × 2,900,000")]
    assert way("centre_high", load).won == seats * 4_200_000


def test_what_it_costs_us_is_rounded_up() -> None:
    assert compare(LOAD, plan("standard/2")).aws == Step("AWS 원가", "AWS, our cost", 285, "2,240 × 127 / 1,000")


def test_our_cost_is_the_figure_of_the_bench() -> None:
    together = re.search(
        r"^\| \*\*together\*\* \| \*\*(\d+)\*\* \|$", (DOCS / "costs.md").read_text("utf-8"), re.M
    )
    assert together is not None
    assert AWS.value == int(together[1])


def test_the_employer_pays_its_share_of_each_insurance() -> None:
    # Half of 9.5 % and of 7.19 %, of the latter 13.14 % more for care, half of 1.8 % and 0.25 %, and accidents.
    share = Fraction(475, 10_000) + Fraction(3_595, 100_000) * Fraction(11_314, 10_000) + Fraction(115, 10_000)
    assert share + ACCIDENT.value == INSURANCE


def test_every_constant_names_its_source_or_is_marked_as_our_assumption() -> None:
    assert len({one.name_en for one in FIGURES}) == len(FIGURES) == 13
    for one in FIGURES:
        assert one.assumed == (one.source == "assumption of Duredesk")
        assert (one.year, bool(one.name_ko), bool(one.source)) == (2026, True, True)
    assert [one.name_en for one in FIGURES if "seat" in one.name_en and not one.assumed] == []


def test_the_page_on_pricing_lists_every_constant() -> None:
    page = (DOCS / "pricing.md").read_text("utf-8")
    assert [one.name_en for one in FIGURES if one.name_en not in page] == []


def test_the_page_on_pricing_compares_as_we_do() -> None:
    page = (DOCS / "pricing.md").read_text("utf-8")
    shops = [(Workload(10, 60, 5, 10, promotion_days=4), "starter/1"), (LOAD, "standard/2")]
    left, right = ({one.key: f"{one.won:,}" for one in compare(load, plan(name)).ways} for load, name in shops)
    assert f"| shared desk | {left['shared']} (`starter/1`) | {right['shared']} (`standard/2`) |" in page
    for key, words in [("own_spare", "paid while they answer"), ("own_present", "there while open")]:
        assert f"| own people, {words} | {left[key]} | {right[key]} |" in page
    spans = [f"{one['centre_low']} to {one['centre_high']}" for one in (left, right)]
    assert f"| dedicated centre | {spans[0]} | {spans[1]} |" in page


def test_a_promotion_is_held_on_open_days() -> None:
    assert compare(Workload(1, 1, 5, 8, days_open=4, promotion_days=4), plan("flat/900")).contacts == 4
    with pytest.raises(BadInput) as refused:
        compare(Workload(1, 1, 5, 8, days_open=4, promotion_days=5), plan("flat/900"))
    assert refused.value.code == "promotion_days"


loads = st.builds(
    Workload,
    st.integers(0, 500),
    st.integers(0, 2_000),
    st.integers(1, 60),
    st.integers(1, 24),
    days_open=st.integers(10, 31),
    promotion_days=st.integers(0, 10),
    wage=st.integers(int(MINIMUM_WAGE.value), 50_000),
)


@given(loads, st.sampled_from(PUBLISHED))
def test_being_there_costs_no_less_than_answering_and_all_has_its_steps(load: Workload, one: Plan) -> None:
    found = compare(load, one)
    won = {each.key: each.won for each in found.ways}
    assert won["own_spare"] <= won["own_present"]
    assert won["centre_low"] < won["centre_high"]
    assert all(each.steps and each.name_ko and each.name_en for each in found.ways)
    assert all(step.won >= 0 and step.how and step.label_ko for each in found.ways for step in each.steps)


@pytest.mark.parametrize(
    ("changes", "reasons"),
    [
        ({}, 0),
        ({"usual": MANY_A_DAY}, 0),
        ({"usual": MANY_A_DAY + 1}, 1),
        ({"handling_minutes": LONG_MINUTES}, 0),
        ({"handling_minutes": LONG_MINUTES + 1}, 1),
        ({"usual": MANY_A_DAY + 1, "handling_minutes": LONG_MINUTES + 1}, 2),
        ({"usual": 300, "promotion": 300, "handling_minutes": 1}, 1),
        ({"usual": 900, "promotion": 900, "handling_minutes": 1}, 2),
    ],
)
def test_shop_that_is_too_big_or_too_special_is_told_so(changes: dict[str, int], reasons: int) -> None:
    load = replace(LOAD, **changes)
    assert len(misfits(load, compare(load, plan("standard/2")))) == reasons


def test_dedicated_centre_that_costs_less_is_named_and_one_that_costs_more_is_not() -> None:
    for minutes in (1, 5, 20):
        load = replace(LOAD, usual=290, handling_minutes=minutes)
        found = compare(load, plan("standard/2"))
        won = {one.key: one.won for one in found.ways}
        named = [one for one in misfits(load, found) if "센터" in one.ko]
        assert bool(named) == (won["centre_low"] < won["shared"])


def test_cheapest_plan_is_that_of_the_least_bill() -> None:
    offers = [plan(version) for version in ("starter/1", "standard/2", "volume/1")]
    assert [cheapest(Workload(usual, 0, 5, 10), offers).version for usual in (2, 40, 900)] == [
        "starter/1",
        "standard/2",
        "volume/1",
    ]


@given(st.integers(0, 500), st.integers(1, 60))
def test_shares_are_those_of_the_dearest_way(usual: int, minutes: int) -> None:
    found = compare(Workload(usual, 0, minutes, 10), plan("standard/2"))
    shares = [found.share_percent(one) for one in found.ways]
    assert max(shares) == 100
    assert all(0 <= share <= 100 for share in shares)
    dearer = sorted(found.ways, key=lambda one: one.won)
    assert [found.share_percent(one) for one in dearer] == sorted(shares)
