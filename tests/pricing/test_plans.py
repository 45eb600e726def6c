import hashlib
import json
from dataclasses import asdict
from pathlib import Path

import pytest

from chalicelib.kernel.errors import BadInput
from chalicelib.metering.model import Meter
from chalicelib.pricing.model import Plan, Rate, Tier
from chalicelib.pricing.plans import PUBLISHED, offered, plan

# Shops were billed by these: a version that is published is never edited, another one is added.
DIGESTS = {
    "trial/1": "dd9ae9764ecdae3c",
    "starter/1": "f3d39d4a0121441c",
    "standard/1": "07a8195a33d30398",
    "standard/2": "4cf63622be9700ae",
    "volume/1": "e6ebcea6a2a33c0d",
}


def digest(one: Plan) -> str:
    return hashlib.sha256(json.dumps(asdict(one), sort_keys=True).encode()).hexdigest()[:16]


def test_no_published_version_was_edited_or_dropped() -> None:
    assert {one.version: digest(one) for one in PUBLISHED} == DIGESTS


@pytest.mark.parametrize("one", [*PUBLISHED, plan("flat/900")], ids=lambda one: str(one.version))
def test_every_plan_prices_every_meter_without_end(one: Plan) -> None:
    assert [rate.meter for rate in one.rates] == list(Meter)
    for rate in one.rates:
        *ends, last = [tier.up_to for tier in rate.tiers]
        assert last is None
        assert ends == sorted({end for end in ends if end})
        assert all(tier.won >= 0 for tier in rate.tiers)


@pytest.mark.parametrize("one", PUBLISHED, ids=lambda one: one.version)
def test_a_published_version_is_found_by_its_name(one: Plan) -> None:
    assert plan(one.version) is one
    assert one.name_ko
    assert one.name_en


def test_a_trial_counts_and_costs_nothing() -> None:
    trial = plan("trial/1")
    assert trial.trial
    assert [rate.tiers for rate in trial.rates] == [(Tier(None, 0),)] * 2
    assert (trial.base_won, trial.minimum_won) == (0, 0)
    assert [one.version for one in PUBLISHED if one.trial] == ["trial/1"]


@pytest.mark.parametrize("won", [0, 9, 900, 999_999, 1_000_000])
def test_a_negotiated_price_is_a_plan(won: int) -> None:
    flat = plan(f"flat/{won}")
    assert flat.version == f"flat/{won}"
    assert flat.rates[0] == Rate(Meter.HUMAN, (Tier(None, won),))
    assert flat.rates[1] == plan("starter/1").rates[1]
    assert (flat.base_won, flat.minimum_won, flat.trial) == (0, 0, False)


@pytest.mark.parametrize(
    "version",
    ["", "standard", "standard/3", "STANDARD/1", "flat/", "flat/-1", "flat/0900", "flat/9.5", "flat/1000001",
     "flat/900 ", "flat/900\n", " flat/900", "flat/٩", "flat/9999999"],
)  # fmt: skip
def test_an_unknown_version_is_refused(version: str) -> None:
    with pytest.raises(BadInput) as refused:
        plan(version)
    assert refused.value.code == "unknown_plan"


@pytest.mark.parametrize(
    ("month", "versions"),
    [
        ("2025-12", []),
        ("2026-01", ["starter/1", "standard/1", "volume/1"]),
        ("2026-11", ["starter/1", "standard/1", "volume/1"]),
        ("2026-12", ["starter/1", "standard/2", "volume/1"]),
        ("2027-01", ["starter/1", "standard/2", "volume/1"]),
    ],
)
def test_offered_is_the_newest_of_each_family_and_no_trial(month: str, versions: list[str]) -> None:
    assert [one.version for one in offered(month)] == versions


def tiers_as_written(tiers: tuple[Tier, ...]) -> str:
    """As the page has them: `10 free, to 100: 1,200, then 1,100`."""
    *before, last = tiers
    parts = [f"to {tier.up_to:,}: {tier.won:,}" if tier.won else f"{tier.up_to} free" for tier in before]
    return ", ".join([*parts, f"then {last.won:,}" if before else f"{last.won:,}"])


@pytest.mark.parametrize("one", PUBLISHED, ids=lambda one: one.version)
def test_the_page_on_pricing_shows_the_plan_as_it_is(one: Plan) -> None:
    human, bot = (tiers_as_written(rate.tiers) for rate in one.rates)
    since = "by us" if one.trial else one.since
    page = (Path(__file__).resolve().parents[2] / "docs/pricing.md").read_text("utf-8")
    assert f"| `{one.version}` | {since} | {one.base_won:,} | {one.minimum_won:,} | {human} | {bot} |" in page
