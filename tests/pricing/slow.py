"""Rating as anybody would do it by hand: one contact after the other, each looked up in the price list."""

from collections.abc import Mapping, Sequence

from hypothesis import strategies as st

from chalicelib.kernel.clock import HOUR, Millis, kst_month
from chalicelib.kernel.money import Won
from chalicelib.metering.model import Meter, Reason, UsageEntry
from chalicelib.pricing.model import Plan, Rate, Tier
from tests.samples import NOON, PRICE

quantities = st.fixed_dictionaries({meter: st.integers(0, 60) for meter in Meter})
wons = st.integers(0, 2_000)


@st.composite
def tier_lists(draw: st.DrawFn) -> tuple[Tier, ...]:
    ends = sorted(draw(st.sets(st.integers(1, 40), max_size=4)))
    return tuple(Tier(end, draw(wons)) for end in [*ends, None])


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    rates = tuple(Rate(meter, draw(tier_lists())) for meter in Meter)
    return a_plan(*rates, base=draw(st.sampled_from([0, 5_000])), minimum=draw(st.sampled_from([0, 30_000])))


def a_plan(*rates: Rate, base: Won = 0, minimum: Won = 0) -> Plan:
    return Plan("test/1", "시험", "Test", "2026-01", rates, base_won=base, minimum_won=minimum)


def price_list(tiers: Sequence[Tier], quantity: int) -> list[Won]:
    """The price of each of `quantity` contacts, the first one first."""
    prices: list[Won] = []
    for tier in tiers:
        while len(prices) < quantity and (tier.up_to is None or len(prices) < tier.up_to):
            prices.append(tier.won)
    return prices


def month_won(plan: Plan, counted: Mapping[Meter, int]) -> Won:
    """What a month costs without adjustments and credits."""
    won = plan.base_won
    for one in plan.rates:
        for price in price_list(one.tiers, counted[one.meter]):
            won += price
    return max(won, plan.minimum_won)


def entry(
    contact: str = "c1",
    n: int = 1,
    delta: int = 1,
    meter: Meter = Meter.HUMAN,
    at: Millis = NOON,
    origin: str = "",
    episode: int = 1,
) -> UsageEntry:
    return UsageEntry(
        tenant="danbi",
        contact=contact,
        episode=episode,
        n=n,
        delta=delta,
        reason=Reason.HANDLED if delta > 0 else Reason.SPAM,
        evidence="m1",
        price=PRICE,
        occurred_at=at,
        booked_at=at,
        actor="agent:mina",
        channel="chat",
        origin=origin or kst_month(at),
        meter=meter,
    )


@st.composite
def months(draw: st.DrawFn, origin: str = "") -> list[UsageEntry]:
    """Entries of one month in any order: contacts handled, some of them taken off and put back again."""
    found = []
    for i in range(draw(st.integers(0, 30))):
        meter, at = draw(st.sampled_from(Meter)), NOON + draw(st.integers(0, 5)) * HOUR
        deltas = [1, -1, 1][: draw(st.integers(1, 3))]
        found += [entry(f"c{i}", n, delta, meter, at, origin) for n, delta in enumerate(deltas, 1)]
    return draw(st.permutations(found))
