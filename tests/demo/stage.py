"""The deployed stage: where it is, its clock, and what Stripe holds."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import requests

from infra import clock
from infra.stages import STAGES, outputs

EVENT_NAME = "duredesk_human_contacts"


@dataclass(frozen=True)
class Stage:
    """Where everything runs."""

    found: dict[str, Any]

    @property
    def api(self) -> str:
        """The public API."""
        return str(self.found["ApiUrl"])

    @property
    def stripe(self) -> str:
        """The Stripe stand-in."""
        return str(self.found["StripeBase"])

    @property
    def now(self) -> datetime:
        """The time that the stage's clock shows."""
        return datetime.now(UTC) + timedelta(seconds=clock.offset())


def find_stage() -> Stage:
    """Return the local stage; exit with advice if it does not answer."""
    if not STAGES["local"].state_file.exists():
        raise SystemExit("nothing is deployed yet: run make demo")
    stage = Stage(outputs("local"))
    try:
        requests.get(f"{stage.api}/v1/health", timeout=30).raise_for_status()
        requests.get(f"{stage.stripe}/_fake/health", timeout=10).raise_for_status()
    except requests.RequestException as error:
        raise SystemExit(f"the local stage does not answer: run make demo ({error})") from None
    return stage


def move_clock(stage: Stage, seconds: int) -> None:
    """Move the time of the deployed functions and of Stripe forward."""
    total = clock.offset() + seconds
    clock.shift(stage.found, total)
    clock.STATE.write_text(json.dumps(total), encoding="utf-8")


def stripe_totals(stage: Stage) -> dict[str, int]:
    """Return what Stripe holds of each tenant, over all hours, read from the stand-in itself."""
    dump = requests.get(f"{stage.stripe}/_fake/dump", timeout=30).json()
    tenants = {row["id"]: row["metadata"]["tenant"] for row in dump["customers"]}
    totals: dict[str, int] = {}
    for row in dump["totals"]:
        if row["event_name"] == EVENT_NAME:
            tenant = tenants[row["customer"]]
            totals[tenant] = totals.get(tenant, 0) + row["total"]
    return totals
