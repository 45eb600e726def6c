"""A life that goes through overflow: held back at its opening, relayed, let in at a pull, then as any other."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from chalicelib.overflow.wiring import forget_calm
from chalicelib.routing.store import forget_clocks
from chalicelib.tenants.model import Channel
from tests.bench import prices, stack
from tests.bench.desk import Api, agent
from tests.bench.inquiries import Inquiry
from tests.bench.life import ONE, Steps, Stream, claim_next, go_on, meter_it, open_one, relay, total
from tests.bench.meter import Meter, Sample, summary

TENANT, POOL, AGENT = "overbench", "overbench", "overbench"
# A phone call weighs 6 and waits for ever; all else that comes fits, and is let in behind it.
CAPACITY = 5

Figures = dict[str, Any]


def measure(found: stack.Stack, api: Api, meter: Meter, told: Iterator[Inquiry], *, runs: int) -> Figures:
    """Return the figures of the steps that only such a life has, and of the whole of it."""
    mine = _use_up(found, api, told)
    one = partial(_live, found, api, meter, stream=Stream(found))
    lives = [one(inquiry) for inquiry, _ in zip(mine, range(runs + 3), strict=False)][3:]
    steps = {name: summary([sample for life in lives for sample in life[name]]) for name in _OWN}
    return {**steps, "life_through_overflow": summary([total(life) for life in lives])}


def compare(figures: Figures) -> Figures:
    """Return the price of 1,000 such lives, and the ratio to lives that nothing held back: in units and in won."""
    through, calm = figures["life_through_overflow"], figures["life"]
    steps = {"open": "open_held", "claim_from_short_queue": "pull_lets_in"}
    invocations = {steps.get(name, name): count for name, count in figures["invocations_of_a_life"].items()}
    usd = prices.life_usd({**figures, "life": through}, {**invocations, "relay_held": 1})
    usd["SQS requests"] += prices.ticket_usd(through["by_operation"])
    won = sum(prices.won_per_1000(usd).values())
    units = [one["write_units_mean"] + one["read_units_mean"] for one in (through, calm)]
    ratio = {"units": units[0] / units[1], "won": won / figures["won_per_1000_contacts"]}
    return {"won_per_1000": round(won, 1), "ratio": {name: round(value, 3) for name, value in ratio.items()}}


_OWN = ("open_held", "relay_held", "pull_lets_in")


def _use_up(found: stack.Stack, api: Api, told: Iterator[Inquiry]) -> Iterator[Inquiry]:
    """Found a shop that is beyond its contract for as long as the bench runs; return what is sent to it."""
    declared = next(one for one in found.operate.declared_tenants() if one.id == "danbi")
    profile = replace(declared, id=TENANT, pool=POOL, channels=tuple(Channel))
    found.operate.apply_tenants([stack.contracted(profile, 1)])
    found.operate.issue_for_agent(AGENT, POOL, CAPACITY)
    mine = (replace(inquiry, tenant=TENANT) for inquiry in told if inquiry.channel not in {"phone", "visit"})
    open_one(api, replace(next(mine), channel="phone"))
    within, _ = open_one(api, next(mine))
    helper = agent(AGENT, POOL)
    claim_next(api, helper, within["id"])
    api.send(helper, "POST", ONE + "/resolve", tenant=TENANT, contact=within["id"])
    return mine


def _live(found: stack.Stack, api: Api, meter: Meter, inquiry: Inquiry, *, stream: Stream) -> Steps:
    # The worst case: this process has not held anything back lately, and nothing else of the shop is.
    forget_clocks()
    forget_calm()
    helper = agent(AGENT, POOL)
    opened, opening = open_one(api, inquiry)
    if opened["status"] != "overflow":
        raise RuntimeError("it was not held back")
    relayed: list[Sample] = relay(found, meter, stream.relayed())
    claim = claim_next(api, helper, opened["id"])
    steps = {"open_held": [opening], "relay_held": relayed, "pull_lets_in": [claim]}
    return steps | go_on(api, helper, inquiry, opened["id"]) | meter_it(found, meter, stream)
