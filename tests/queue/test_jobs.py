"""The sweeper of leases, called as Lambda calls it."""

from typing import Any

import pytest

import app
from chalicelib.agents.store import Agents
from tests.lambda_events import schedule_event
from tests.moto_desk import JUNO, MINA, SHOP, STRANGER, Desk


def sweep() -> Any:
    return app.sweep(schedule_event(), None)["leases"]


def state(desk: Desk, contact: str, tenant: str = "danbi") -> tuple[str, str]:
    row = desk.raw(f"{tenant}#contact#{contact}", "contact")
    assert row is not None
    return row["status"]["S"], row.get("agent", {}).get("S", "")


@pytest.fixture
def held(desk: Desk) -> list[str]:
    return [desk.claimed(channel="email"), desk.claimed(channel="email")]


def test_lease_that_runs_is_left_alone(desk: Desk, held: list[str]) -> None:
    assert sweep() == 0
    assert [state(desk, contact) for contact in held] == [("claimed", "mina")] * 2


def test_silent_agents_contacts_go_to_the_front_of_the_queue(desk: Desk, held: list[str]) -> None:
    first = desk.open()
    desk.later(91)
    assert sweep() == 2
    assert [state(desk, contact) for contact in held] == [("waiting", "")] * 2
    mina = Agents().find("mina")
    assert mina is not None
    assert (mina.load, mina.holding, mina.alive_until) == (0, frozenset(), 0)
    assert desk.index("work", "~present#main") == []
    order = [key.rpartition("#")[2] for key in desk.index("work", "~queue#main")]
    assert set(order[:2]) == set(held)
    assert order[2] == first


def test_story_says_who_went_silent(desk: Desk, held: list[str]) -> None:
    desk.later(91)
    sweep()
    events = desk.call(SHOP, f"GET /v1/tenants/danbi/contacts/{held[0]}").body["events"]
    assert [(event["action"], event["actor"], event["detail"]) for event in events] == [
        ("lapse", "sweeper", "mina")
    ]


def test_second_sweep_finds_nothing(desk: Desk, held: list[str]) -> None:
    desk.later(91)
    assert [sweep() for _ in range(3)] == [2, 0, 0]


def test_heartbeat_keeps_what_is_held(desk: Desk, held: list[str]) -> None:
    desk.later(89)
    desk.call(MINA, "POST /v1/agents/me/heartbeat")
    desk.later(170)
    assert sweep() == 0
    assert state(desk, held[0]) == ("claimed", "mina")


def test_every_pool_is_swept_and_only_the_silent(desk: Desk) -> None:
    mine, far = desk.claimed(), desk.claimed(STRANGER, "faraway")
    desk.later(60)
    kept = desk.claimed(JUNO)
    desk.later(91)
    assert sweep() == 2
    assert state(desk, mine) == ("waiting", "")
    assert state(desk, far, "faraway") == ("waiting", "")
    assert state(desk, kept) == ("claimed", "juno")


def test_idle_agent_who_went_silent_counts_as_absent(desk: Desk) -> None:
    desk.call(MINA, "POST /v1/agents/me/heartbeat")
    desk.later(91)
    assert sweep() == 0
    assert desk.index("work", "~present#main") == []
