"""What the day must show, and whether it does."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Figures = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Verdict:
    """One required figure beside its limit; None was not measured."""

    name: str
    measured: float | None
    limit: float
    least: bool = False

    @property
    def kept(self) -> bool:
        """Return whether the figure is within the limit; what was not measured breaks nothing."""
        if self.measured is None:
            return True
        return self.measured >= self.limit if self.least else self.measured <= self.limit

    def __str__(self) -> str:
        """Return a line for people."""
        sign = "≥" if self.least else "≤"
        shown = "not measured" if self.measured is None else f"{self.measured:,.3f}".rstrip("0").rstrip(".")
        return f"{'ok    ' if self.kept else 'BROKEN'} {self.name:26} {shown:>14} {sign} {self.limit:,.3f}"


def judge(figures: Figures) -> list[Verdict]:
    """Return every required figure with its limit."""
    faults = figures["faults"]
    found = [
        Verdict("lost", figures["lost"], 0),
        Verdict("duplicated", figures["duplicated"], 0),
        Verdict("wrong", figures["wrong"], 0),
        Verdict("others_wait_over_bound", figures["others_wait_over_bound"], 1.2),
        Verdict("jain_index", figures["jain_index"], 0.95, least=True),
        Verdict("max_unserved_s", figures["max_unserved_s"], 60),
        Verdict("faults.lost", faults["lost"], 0),
        Verdict("faults.duplicated", faults["duplicated"], 0),
        Verdict("faults.amplification", faults["amplification"], 1.5),
    ]
    if (limit := figures["others_wait_guarded_limit_s"]) is not None:
        found.append(Verdict("others_wait_guarded_s", figures["others_wait_guarded_s"], limit))
    return found
