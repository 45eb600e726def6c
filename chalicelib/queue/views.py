"""What the API shows of agents: bodies that come in, answers that go out; times are ISO 8601 UTC."""

from typing import Annotated, Self

from msgspec import UNSET, Meta, Struct, UnsetType

from chalicelib.agents.model import Agent, BreakKind, Colleague, Day
from chalicelib.contacts.views import ContactView
from chalicelib.incidents.views import IncidentView
from chalicelib.kernel.clock import SECOND, iso

TenantId = Annotated[str, Meta(pattern=r"^[a-z0-9]{4,32}$(?!\n)")]
Ref = Annotated[str, Meta(pattern=r"^[a-z0-9]{4,32}/[0-9a-f]{32}$(?!\n)")]


class BeatIn(Struct, forbid_unknown_fields=True):
    """Which contacts, as `tenant/contact`, are on the agent's screen besides those that he or she holds."""

    looking: Annotated[list[Ref], Meta(max_length=3)] = []


class BreakIn(Struct, forbid_unknown_fields=True):
    """What the break is for."""

    kind: BreakKind


class CertifyIn(Struct, forbid_unknown_fields=True):
    """For which shops an agent may answer: `null` for all of the pool."""

    tenants: Annotated[list[TenantId], Meta(min_length=1, max_length=100)] | None


class CertifiedView(Struct):
    """For which shops an agent may answer: `null` for all of the pool."""

    agent: str
    tenants: list[str] | None


class AgentView(Struct, omit_defaults=True):
    """What an agent holds, as `tenant/contact`; `version` is what `If-Match` of a pull takes.

    `capacity` is what it is without a break. On a break, of `break_kind` since `break_since`, nothing is taken.
    """

    id: str
    name: str
    pool: str
    capacity: int
    load: int
    holding: list[str]
    present_until: str
    version: int
    break_kind: BreakKind | UnsetType = UNSET
    break_since: str = ""

    @classmethod
    def of(cls, agent: Agent) -> Self:
        """Return what the API shows of `agent`."""
        paused = agent.paused
        return cls(
            id=agent.id,
            name=agent.name,
            pool=agent.pool,
            capacity=paused.capacity if paused else agent.capacity,
            load=agent.load,
            holding=sorted(agent.holding),
            present_until=iso(agent.alive_until),
            version=agent.version,
            break_kind=paused.kind if paused else UNSET,
            break_since=iso(paused.since) if paused else "",
        )


class DeskView(Struct):
    """What an agent's console keeps fresh.

    `held` are the contacts in hand: who sees a `version` move asks for the story again. `waiting` is how many wait
    in the pool, 200 for all that is more; `hands` how many colleagues want a lead, which leads alone are told.
    `notices` are the pool's incidents, the newest first.
    """

    agent: AgentView
    held: list[ContactView]
    waiting: int
    hands: int
    now: str
    notices: list[IncidentView]


class ColleagueView(Struct):
    """A colleague who is there; `load` is the weight of what he or she holds, and if `free`, more fits."""

    agent: str
    name: str
    load: int
    capacity: int
    free: bool

    @classmethod
    def of(cls, colleague: Colleague) -> Self:
        """Return what the API shows of `colleague`."""
        return cls(colleague.id, colleague.name, colleague.load, colleague.capacity, colleague.free)


class ColleaguesView(Struct):
    """Who of the pool is present and not on a break, without oneself: those with room first, then by name."""

    colleagues: list[ColleagueView]


class FiguresView(Struct, omit_defaults=True):
    """An agent's day of Asia/Seoul: what was finished and how long it was held, breaks so far, and ratings.

    `satisfied_percent` of the ratings were 4 or 5.
    """

    date: str
    finished: int
    handling_seconds: int
    break_seconds: dict[BreakKind, int]
    ratings: int
    satisfied_percent: int | UnsetType = UNSET

    @classmethod
    def of(cls, day: Day) -> Self:
        """Return what the API shows of `day`."""
        return cls(
            date=day.date,
            finished=day.finished,
            handling_seconds=day.handled // SECOND,
            break_seconds={kind: passed // SECOND for kind, passed in day.breaks.items()},
            ratings=day.ratings,
            satisfied_percent=100 * day.satisfied // day.ratings if day.ratings else UNSET,
        )
