from collections import Counter
from dataclasses import replace

import pytest

from chalicelib.kernel.clock import HOUR, MINUTE, SECOND
from tests.spike.figures import jain, percentile, percentiles
from tests.spike.scenario import (
    Scenario,
    arrivals,
    calm,
    contracts,
    name,
    promotion_day,
    rates_per_hour,
    rivalry,
)

SMALL = promotion_day(7, tenants=60, agents=20, scale=0.05)


def test_a_seed_says_everything() -> None:
    assert arrivals(SMALL) == arrivals(promotion_day(7, tenants=60, agents=20, scale=0.05))
    assert arrivals(SMALL) != arrivals(replace(SMALL, seed=8))
    found = [(one.at, one.tenant) for one in arrivals(SMALL)]
    assert found == sorted(found)


def test_the_calm_is_the_same_day_without_the_surges() -> None:
    more = Counter(arrivals(SMALL))
    more.subtract(arrivals(calm(SMALL)))
    assert min(more.values()) == 0
    extra = [one for one, count in more.items() for _ in range(count)]
    for surge in SMALL.surges:
        mine = [one.at for one in extra if one.tenant == surge.tenant]
        assert len(mine) == surge.contacts
        assert surge.start <= min(mine) <= max(mine) < surge.end
    assert len(extra) == sum(surge.contacts for surge in SMALL.surges)


def test_one_surge_changes_nothing_in_the_other() -> None:
    spike, burst = SMALL.surges
    longer = replace(SMALL, surges=(replace(spike, contacts=2 * spike.contacts), burst))
    assert set(arrivals(SMALL)) <= set(arrivals(longer))


def test_the_load_is_what_is_said() -> None:
    day = Scenario(3, 200, 40, load=0.6, lasts=60 * HOUR)
    assert day.slots == 80
    whole = sum(one.handling for one in arrivals(day))
    assert whole / (day.slots * day.lasts) == pytest.approx(0.6, rel=0.03)


def test_sizes_follow_zipf() -> None:
    day = Scenario(3, 200, 40, lasts=60 * HOUR)
    rates = rates_per_hour(day)
    assert rates[name(1)] / rates[name(4)] == pytest.approx(4)
    assert sum(rates.values()) == pytest.approx(0.7 * 80 * 12)
    sent = Counter(one.tenant for one in arrivals(day))
    for size_rank in (1, 2, 3, 4):
        assert sent[name(size_rank)] == pytest.approx(60 * rates[name(size_rank)], rel=0.1)


def test_a_contract_is_twice_the_usual_and_at_least_something() -> None:
    day = Scenario(1, 200, 40)
    for tenant, usual in rates_per_hour(day).items():
        contract = contracts(day)[tenant]
        assert 0 <= contract.rate_per_hour - 2 * usual < 1
        assert contract.burst >= 3
        assert contract.burst == 3 or 0 <= contract.burst - contract.rate_per_hour / 6 < 1
    small = contracts(Scenario(1, 10_000, 40))[name(10_000)]
    assert (small.rate_per_hour, small.burst) == (1, 3)


@pytest.mark.parametrize(("tenants", "agents"), [(200, 40), (10_000, 2_000)])
def test_one_shop_spikes_and_another_bursts(tenants: int, agents: int) -> None:
    day = promotion_day(1, tenants=tenants, agents=agents, scale=0.5)
    spike, burst = day.surges
    usual = rates_per_hour(day)[name(3)]
    assert (spike.tenant, spike.lasts) == (name(3), 10 * MINUTE)
    assert (spike.contacts + usual / 6) / (usual / 6) == pytest.approx(50, rel=0.01)
    assert (burst.tenant, burst.lasts, burst.contacts) == (name(tenants // 10), 10 * SECOND, 2_500)
    assert day.warm_up == spike.start < spike.end < burst.start < day.lasts - HOUR


@pytest.mark.parametrize(("tenants", "agents"), [(200, 40), (10_000, 2_000)])
def test_rivals_have_equal_contracts_and_unequal_backlogs(tenants: int, agents: int) -> None:
    day = rivalry(1, tenants=tenants, agents=agents)
    assert len({contracts(day)[tenant] for tenant in day.surging}) == 1
    least, *others = (surge.contacts for surge in day.surges)
    assert [count / least for count in others] == [2, 3, 4, 5]


def test_rivals_with_different_contracts_are_none() -> None:
    with pytest.raises(ValueError, match="differ"):
        rivalry(1, tenants=10, agents=40)


def test_percentiles() -> None:
    assert percentiles(range(100, 0, -1)) == (50, 90, 99)
    assert percentile([5], 0.01) == percentile([5], 1) == 5
    assert percentile([], 0.9) == 0


@pytest.mark.parametrize(
    ("parts", "index"), [([3, 3, 3], 1), ([9, 0, 0], 1 / 3), ([0, 0], 1), ([1, 2, 3, 4, 5], 9 / 11)]
)
def test_jain(parts: list[float], index: float) -> None:
    assert jain(parts) == pytest.approx(index)
