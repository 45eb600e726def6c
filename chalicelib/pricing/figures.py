"""The constants of the cost comparison, each with its source: a law, an announced rate, or our own guess."""

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Figure:
    """A constant of the comparison and where it comes from; `assumed`: nobody published it."""

    name_ko: str
    name_en: str
    value: Fraction
    year: int
    source: str
    assumed: bool = False


def _percent(text: str) -> Fraction:
    return Fraction(text) / 100


_RATES = "사업장 4대 사회보험료율 (보건복지부·고용노동부)"
_OURS = "assumption of Duredesk"
MINIMUM_WAGE = Figure(
    "최저임금(시간급, 원)", "Minimum wage, won an hour", Fraction(10_320), 2026, "최저임금 고시 (고용노동부)"
)
WEEKLY_HOLIDAY = Figure(
    "유급 주휴", "Paid weekly holiday: 8 hours for 40", Fraction(8, 40), 2026, "근로기준법 제55조"
)
PENSION = Figure("국민연금(사업주)", "National pension, employer", _percent("4.75"), 2026, _RATES)
HEALTH = Figure("건강보험(사업주)", "Health insurance, employer", _percent("3.595"), 2026, _RATES)
CARE = Figure("장기요양(건강보험료의)", "Long-term care, of the health insurance", _percent("13.14"), 2026, _RATES)
EMPLOYMENT = Figure(
    "고용보험(사업주, 150인 미만)", "Employment insurance, below 150 people", _percent("1.15"), 2026, _RATES
)
ACCIDENT = Figure("산재보험", "Accident insurance", _percent("0.9"), 2026, _OURS, assumed=True)
SEVERANCE = Figure(
    "퇴직급여", "Severance: a month's pay a year", Fraction(1, 12), 2026, "근로자퇴직급여 보장법 제8조"
)
OCCUPANCY = Figure(
    "응대 시간 비중(상한)", "Share of the time in which one can answer", _percent("85"), 2026, _OURS, assumed=True
)
SEAT_HOURS = Figure(
    "좌석당 월 시간", "Hours of a seat a month: 22 days of 8", Fraction(176), 2026, _OURS, assumed=True
)
SEAT_LOW = Figure("전담 좌석(하한, 원/월)", "Dedicated seat, low", Fraction(2_900_000), 2026, _OURS, assumed=True)
SEAT_HIGH = Figure(
    "전담 좌석(상한, 원/월)", "Dedicated seat, high", Fraction(4_200_000), 2026, _OURS, assumed=True
)
AWS = Figure(
    "AWS 원가(1,000건, 원)", "AWS, won for 1,000 contacts", Fraction(127), 2026, "docs/costs.md: `make bench`"
)
FIGURES = (
    *(MINIMUM_WAGE, WEEKLY_HOLIDAY, PENSION, HEALTH, CARE, EMPLOYMENT, ACCIDENT, SEVERANCE),
    *(OCCUPANCY, SEAT_HOURS, SEAT_LOW, SEAT_HIGH, AWS),
)

INSURANCE = PENSION.value + HEALTH.value * (1 + CARE.value) + EMPLOYMENT.value + ACCIDENT.value
"""The employer's share of social insurance, of all pay."""
