"""The published plans, as data: a version never changes once a shop could have it; a new price is a new version.

Prices are won without VAT for one contact, and graduated: each contact costs what its own tier says.
"""

import re

from chalicelib.kernel.errors import BadInput
from chalicelib.kernel.money import Won
from chalicelib.metering.model import Meter
from chalicelib.pricing.model import Plan, Rate, Tier

_OPENING = "2026-01"
_FLAT = re.compile(r"flat/(0|[1-9][0-9]{0,5}|1000000)")

_STARTER_BOT = Rate(Meter.BOT, (Tier(30, 0), Tier(None, 300)))

PUBLISHED = (
    Plan(
        version="trial/1",
        name_ko="체험",
        name_en="Trial",
        since=_OPENING,
        rates=(Rate(Meter.HUMAN, (Tier(None, 0),)), Rate(Meter.BOT, (Tier(None, 0),))),
        trial=True,
    ),
    Plan(
        version="starter/1",
        name_ko="스타터",
        name_en="Starter",
        since=_OPENING,
        rates=(Rate(Meter.HUMAN, (Tier(10, 0), Tier(100, 1_200), Tier(None, 1_100))), _STARTER_BOT),
    ),
    Plan(
        version="standard/1",
        name_ko="스탠다드",
        name_en="Standard",
        since=_OPENING,
        rates=(
            Rate(Meter.HUMAN, (Tier(300, 1_000), Tier(1_000, 900), Tier(None, 850))),
            Rate(Meter.BOT, (Tier(1_000, 250), Tier(None, 220))),
        ),
        base_won=29_000,
    ),
    Plan(
        version="standard/2",
        name_ko="스탠다드",
        name_en="Standard",
        since="2026-12",
        rates=(
            Rate(Meter.HUMAN, (Tier(30, 0), Tier(300, 980), Tier(1_000, 890), Tier(None, 790))),
            Rate(Meter.BOT, (Tier(100, 0), Tier(1_000, 240), Tier(None, 200))),
        ),
        base_won=39_000,
        minimum_won=90_000,
    ),
    Plan(
        version="volume/1",
        name_ko="볼륨",
        name_en="Volume",
        since=_OPENING,
        rates=(
            Rate(Meter.HUMAN, (Tier(1_000, 880), Tier(5_000, 800), Tier(None, 700))),
            Rate(Meter.BOT, (Tier(5_000, 200), Tier(None, 150))),
        ),
        base_won=150_000,
        minimum_won=900_000,
    ),
)
"""Every version that a shop has or had, each family's in the order of publication."""

_BY_VERSION = {one.version: one for one in PUBLISHED}


def plan(version: str) -> Plan:
    """Return the plan that `version` names: `standard/1`, or `flat/900` for a negotiated price of 900 won.

    Raises BadInput("unknown_plan").
    """
    if version in _BY_VERSION:
        return _BY_VERSION[version]
    flat = _FLAT.fullmatch(version)
    if flat is None:
        raise BadInput("unknown_plan", "no plan was published under this version")
    return _negotiated(int(flat[1]))


def offered(month: str) -> list[Plan]:
    """Return what a shop may choose from `month` (KST, `yyyy-mm`) on: the newest version of each family.

    No trial, or a shop could choose one for ever; and no flat price, which is agreed on and not chosen.
    """
    newest = {_family(one): one for one in PUBLISHED if one.since <= month and not one.trial}
    return list(newest.values())


def _family(one: Plan) -> str:
    return one.version.partition("/")[0]


def _negotiated(won: Won) -> Plan:
    """Return the plan of a single price for human contacts; bot contacts cost what they do under `starter/1`."""
    return Plan(
        version=f"flat/{won}",
        name_ko="개별 계약",
        name_en="Negotiated",
        since=_OPENING,
        rates=(Rate(Meter.HUMAN, (Tier(None, won),)), _STARTER_BOT),
    )
