"""The phases of the demo, one after the other."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime

from tests.demo import errands
from tests.demo.agents import work_shift
from tests.demo.client import Traffic, Unexpected
from tests.demo.customers import Customers
from tests.demo.floor import Floor, Talk
from tests.demo.progress import Progress
from tests.demo.stage import Stage, move_clock
from tests.demo.team import Agent

EVERY_SECONDS = 0.27
# This shop's customers come all at once, when a third of the others have come.
PROMOTED, PROMOTED_EVERY_SECONDS = "mungmeal", 0.04
LEASE_SECONDS = 90
HOUR = 3600
PHASE_SECONDS = 900
TOLERANCE_SECONDS = 60
# Each clock move starts all functions anew, so a small team is served sooner than a large one.
SMALL_TEAM = 3


@dataclass(frozen=True)
class Desk:
    """Everybody and everything that takes part."""

    stage: Stage
    floor: Floor
    customers: Customers
    agents: Sequence[Agent]
    traffic: Traffic
    progress: Progress


def play(desk: Desk) -> None:
    """Play all phases; afterwards every conversation has ended."""
    talks = desk.floor.talks
    desk.progress.phase("customers write, eight agents answer")
    _beat(desk, desk.agents)
    _run(desk, desk.agents, lambda: desk.customers.arrive(_arrivals(talks)), conversations=len(talks))
    _others_answered(desk)
    back = [talk for talk in talks if talk.inquiry.reopening]
    soon = [talk for talk in back if talk.inquiry.reopening and talk.inquiry.reopening.is_free]
    late = [talk for talk in back if talk not in soon]
    gone = max(_hours(soon))
    _come_back(desk, soon, "some write again within 72 h", hours=gone)
    _come_back(desk, late, "some write again after 72 h", hours=min(_hours(late)) - gone)


def _arrivals(talks: Sequence[Talk]) -> list[tuple[Talk, float]]:
    """Return who writes when: each talk, and how long after the one before."""
    steady = [(talk, EVERY_SECONDS) for talk in talks if talk.inquiry.tenant != PROMOTED]
    burst = [(talk, PROMOTED_EVERY_SECONDS) for talk in talks if talk.inquiry.tenant == PROMOTED]
    third = len(steady) // 3
    return steady[:third] + burst + steady[third:]


def _others_answered(desk: Desk) -> None:
    """What the silent agent held was taken from it, and answered by colleagues."""
    silent = next(agent for agent in desk.agents if agent.goes_silent)
    desk.floor.lapsed = len(silent.left_behind)
    silent.goes_silent = False
    for talk in silent.left_behind:
        claims = [claim.agent for claim in desk.floor.claims if claim.contact == talk.contact]
        if len(claims) < 2 or claims[-1] == silent.name:
            raise Unexpected(f"{talk.inquiry.id}, left by {silent.name}, was claimed by {claims} only")


def _take_back_lapsed(desk: Desk) -> None:
    """Wait until the silent agent's lease has run out, and sweep; the schedule may have been faster."""
    silent = next(agent for agent in desk.agents if agent.goes_silent)
    while not desk.floor.is_done:
        time.sleep(0.5)
        if silent.silent_since and time.monotonic() > silent.silent_since + LEASE_SECONDS:
            errands.run(errands.sweep)
            for _ in silent.left_behind:
                desk.floor.returned()
            return


def _come_back(desk: Desk, talks: Sequence[Talk], what: str, *, hours: int) -> None:
    desk.progress.phase(what)
    team = desk.agents[-SMALL_TEAM:]
    move_clock(desk.stage, hours * HOUR)
    _beat(desk, team)
    _run(desk, team, lambda: desk.customers.come_back(talks), conversations=len(talks))


def _run(desk: Desk, team: Sequence[Agent], arrive: Callable[[], None], *, conversations: int) -> None:
    """Let a team work while customers write, until so many conversations have ended."""
    desk.floor.expect(conversations)
    with ThreadPoolExecutor(len(team) + 2) as pool:
        working = [pool.submit(work_shift, agent, team) for agent in team]
        working.append(pool.submit(arrive))
        if any(agent.goes_silent for agent in team):
            working.append(pool.submit(_take_back_lapsed, desk))
        for one in working:
            one.add_done_callback(desk.floor.look_after)
        if wait(working, PHASE_SECONDS).not_done:
            desk.floor.fail(Unexpected(f"the phase did not end in {PHASE_SECONDS} s"))
    if desk.floor.failure:
        raise desk.floor.failure
    desk.traffic.repeat_later()


def _beat(desk: Desk, agents: Sequence[Agent]) -> None:
    """Let agents be present, and see by their leases that the clock shows what it should."""
    for agent in agents:
        until = agent.client.act("/v1/agents/me/heartbeat").body["present_until"]
        lead = (datetime.fromisoformat(until) - desk.stage.now).total_seconds()
        if abs(lead - LEASE_SECONDS) > TOLERANCE_SECONDS:
            raise Unexpected(f"the deployed clock is wrong by {lead - LEASE_SECONDS:.0f} s")


def _hours(talks: Sequence[Talk]) -> list[int]:
    return [talk.inquiry.reopening.hours for talk in talks if talk.inquiry.reopening]
