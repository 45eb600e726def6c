"""Whether the shared desk suits a shop: said before it signs up."""

from dataclasses import dataclass

from chalicelib.pricing.comparison import Comparison, Workload

MANY_A_DAY = 300
"""Beyond so many contacts on a usual day a shop has work enough for a team of its own."""
LONG_MINUTES = 20
"""What takes longer than this needs people who know one shop's goods, and little else."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a shop is better served elsewhere."""

    ko: str
    en: str


_MANY = Reason(
    f"평소에 하루 {MANY_A_DAY}건이 넘으면 저희보다 전담팀이 맞아요.",
    f"With more than {MANY_A_DAY} contacts on a normal day, a team of your own suits you better.",
)
_LONG = Reason(
    f"한 건에 {LONG_MINUTES}분 넘게 걸리는 상담은 그 가게만 아는 사람이 필요해요.",
    f"What takes more than {LONG_MINUTES} minutes needs people who know your shop alone.",
)
_CHEAPER = Reason(
    "이 규모에서는 전담 센터가 저희보다 싸요.",
    "At this size a dedicated centre costs less than we do.",
)


def misfits(load: Workload, found: Comparison) -> list[Reason]:
    """Return why the shop is too big or too special for a shared desk; nothing if it is not."""
    won = {way.key: way.won for way in found.ways}
    reasons = {
        _MANY: load.usual > MANY_A_DAY,
        _LONG: load.handling_minutes > LONG_MINUTES,
        _CHEAPER: won["centre_low"] < won["shared"],
    }
    return [reason for reason, holds in reasons.items() if holds]
