"""Give an agent the next contact, and take back what a silent one holds."""

from dataclasses import replace

from chalicelib.agents.model import LEASE, Agent
from chalicelib.agents.rules import is_certified, is_present, on_break
from chalicelib.aws.observe import log
from chalicelib.contacts import rules
from chalicelib.contacts.deciding import act, customer_of, writes
from chalicelib.contacts.model import Action, ContactChanged, Event, Status, Story
from chalicelib.contacts.service import claimed
from chalicelib.kernel.clock import Millis
from chalicelib.kernel.errors import Busy, Conflict, Mismatch, NotFound, not_found
from chalicelib.kernel.ids import random_id
from chalicelib.queue.ports import Floor
from chalicelib.routing.model import Candidate
from chalicelib.routing.rules import choose, guard_open

PAGE = 10
_PAGES = 20
_ROUNDS = 6


def next_contact(floor: Floor, agent_id: str, now: Millis, *, expected: int | None = None) -> Story | None:
    """Claim the next contact for an agent and return its story; None when nothing is eligible.

    `expected` is the version of the agent's holding that the console saw (`If-Match`): a repeat of a pull
    whose answer was lost is refused with Mismatch instead of claiming a second contact.
    Raises Conflict `on_break` during a break, and Busy when others were faster on every try.
    """
    # The agent as this process saw him or her last will do for a try, since the claim's own condition decides;
    # but nobody is sent away before a fresh look.
    agent, fresh = floor.agents.seen(agent_id), False
    shown: list[Candidate] | None = None
    for _ in range(_ROUNDS):
        if agent is None:
            agent, fresh = _present(floor, agent_id, now, expected), True
        shown = _shown(floor, agent, now) if shown is None else shown
        story, lost = _pull(floor, agent, shown, now=now, expected=expected)
        if story or (fresh and not lost):
            return story
        agent, shown = None, None if lost else shown
    raise Busy("busy", "colleagues were faster each time; try again")


def find(floor: Floor, agent_id: str) -> Agent:
    """Return the agent as he or she is now; raise NotFound."""
    agent = floor.agents.find(agent_id)
    if agent is None:
        raise not_found()
    return agent


def heartbeat(floor: Floor, agent_id: str, now: Millis) -> Agent:
    """Renew the agent's lease on everything held."""
    agent = find(floor, agent_id)
    floor.commit(floor.agents.beat(agent, now))
    return replace(agent, alive_until=now + LEASE)


def leave(floor: Floor, agent_id: str, now: Millis) -> Agent:
    """End the agent's presence, and a break; refused while anything is held."""
    agent = find(floor, agent_id)
    floor.commit(floor.agents.leave(agent, now))
    capacity = agent.paused.capacity if agent.paused else agent.capacity
    return replace(agent, capacity=capacity, paused=None, alive_until=0)


def certify(floor: Floor, agent_id: str, pool: str, tenants: frozenset[str] | None) -> Agent:
    """Let an agent answer for these shops alone; None: for all of the pool. What is held is kept.

    Raises NotFound for an agent of another pool than the caller's; without a pool, the caller's is every one.
    """
    with floor.acting("", agent_id):
        agent = find(floor, agent_id)
        if pool not in {"", agent.pool}:
            raise not_found()
        floor.commit(floor.agents.certify(agent, tenants))
    return replace(agent, certified=tenants)


def return_lapsed(floor: Floor, pool: str, now: Millis) -> int:
    """Return to the front what silent agents of `pool` hold, and count it; safe to run twice and at any time."""
    return sum(return_held(floor, agent_id, now) for agent_id in floor.agents.lapsed(pool, now))


def return_held(floor: Floor, agent_id: str, now: Millis) -> int:
    """Return to the front what this agent holds, and count it; nothing while the agent is present."""
    with floor.acting("", agent_id):
        agent = floor.agents.find(agent_id)
        if agent is None or is_present(agent, now):
            return 0
        returned = sum(_return(floor, agent, ref, now) for ref in sorted(agent.holding))
        try:
            floor.commit(floor.agents.leave(agent, now, lapsed=True))
        except Conflict:
            # The agent came back, or another sweeper is at work: the next run sees which.
            log().info("not gone yet", agent=agent_id)
    return returned


def _return(floor: Floor, agent: Agent, ref: str, now: Millis) -> bool:
    tenant, _, contact = ref.partition("/")
    event = Event(random_id(), Action.LAPSE, "sweeper", now, episode=0)
    try:
        with floor.acting(tenant, agent.id):
            act(floor.desk(tenant), contact, lambda found: rules.lapse(found, agent.id, event))
    except (Conflict, Busy, NotFound) as refusal:
        # It is no longer this agent's, changes too fast just now, or is not there: it must not hold up the others.
        log().warning("not returned", tenant=tenant, contact=contact, agent=agent.id, code=refusal.code)
        return False
    return True


def _shown(floor: Floor, agent: Agent, now: Millis) -> list[Candidate]:
    """Return the head of the pool's queue, far enough to hold something that fits, if there is any."""
    floor.admit(agent.pool, now)
    seen: list[Candidate] = []
    for candidate in floor.queue(agent.pool, PAGE):
        seen.append(candidate)
        # The queue does not tell whose a contact is: what a barred agent is shown may all be that customer's.
        enough = any(one.weight <= agent.free for one in _answered_by(agent, seen)) and not agent.barred
        if len(seen) % PAGE == 0 and (enough or len(seen) >= _PAGES * PAGE):
            break
    return seen


def _answered_by(agent: Agent, shown: list[Candidate]) -> list[Candidate]:
    return [one for one in shown if is_certified(agent, one.tenant)]


def _pull(
    floor: Floor, agent: Agent, shown: list[Candidate], *, now: Millis, expected: int | None
) -> tuple[Story | None, bool]:
    """Claim the first of `shown` that can be had; return its story, and whether others were faster."""

    def guard() -> bool:
        return guard_open(floor.agents.presence(agent.pool, now), floor.guard_share)

    lost = False
    for candidate in choose(_answered_by(agent, shown), agent, now=now, guard=guard, start=floor.turn()):
        try:
            with floor.acting(candidate.tenant, agent.id):
                story = _claim(floor, agent, candidate, now=now, expected=expected)
        except ContactChanged:
            lost = True
            continue
        except Conflict:
            # The agent is not as we thought: look again before trying more.
            return None, True
        if story:
            return story, False
    return None, lost


def _claim(floor: Floor, agent: Agent, candidate: Candidate, *, now: Millis, expected: int | None) -> Story | None:
    """Return the story of the claimed contact; None if the index was behind, or its customer was stopped."""
    desk = floor.desk(candidate.tenant)
    try:
        story = desk.contacts.story(candidate.contact)
    except NotFound:
        return None
    if story.contact.status is not Status.WAITING or customer_of(desk, story.contact) in agent.barred:
        return None
    change = replace(rules.claim(story.contact, agent, now), taker_version=expected)
    desk.commit(*writes(desk, change))
    return replace(story, contact=claimed(change.after))


def _present(floor: Floor, agent_id: str, now: Millis, expected: int | None) -> Agent:
    """Return the agent, counted as present: whoever pulls is there.

    Raises Mismatch for another version, and Conflict `on_break`.
    """
    agent = find(floor, agent_id)
    if expected not in (None, agent.version):
        raise Mismatch("version_mismatch", "what you hold changed since you looked", version=agent.version)
    if agent.paused:
        raise on_break()
    return agent if is_present(agent, now) else heartbeat(floor, agent_id, now)
