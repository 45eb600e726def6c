"""One conversation: read, answer, and bring it to its end."""

from collections.abc import Iterator, Sequence
from itertools import cycle, islice
from typing import Any

from tests.demo.client import Unexpected
from tests.demo.floor import Talk
from tests.demo.scenario import Detour, Turn
from tests.demo.team import Agent

READY_SECONDS = 60
SILENT_AFTER = 1
CANNOT_TAKE = {409: "capacity_exceeded agent_unavailable"}

WHOLE_AGENT = {"phone", "visit"}
Work = Iterator[None]


def answer(agent: Agent, talk: Talk, team: Sequence[Agent]) -> Work:
    """Play what is left of a conversation, one request at a time."""
    _wait_until_said(talk)
    if _leave_behind(agent, talk):
        return
    if talk.again:
        _reply(agent, talk, talk.again.reply, "again")
        yield
        _finish(agent, talk, "resolve", {"sure": True})
        return
    if talk.inquiry.detour and not talk.detoured and _take_detour(agent, talk, team):
        return
    while turn := _next_turn(talk):
        if turn.by_agent:
            _reply(agent, talk, turn.text, str(talk.turn))
            talk.turn, talk.replies = talk.turn + 1, talk.replies + 1
        else:
            agent.customers.say(talk)
        yield
        if talk.replies == 1 and _leave_behind(agent, talk):
            return
    yield from _end(agent, talk)


def _wait_until_said(talk: Talk) -> None:
    """Let the customer finish the first words."""
    if not talk.ready.wait(READY_SECONDS):
        raise Unexpected(f"{talk.inquiry.id} was never opened completely")


def _next_turn(talk: Talk) -> Turn | None:
    """Return what is said next; nothing once the contact is to be marked as spam."""
    if talk.replies == talk.inquiry.spam_after and not talk.marked:
        return None
    return talk.inquiry.turns[talk.turn] if talk.turn < len(talk.inquiry.turns) else None


def _end(agent: Agent, talk: Talk) -> Work:
    inquiry = talk.inquiry
    if inquiry.note and not talk.noted:
        talk.noted = True
        key = f"{agent.customers.run}:{inquiry.id}:note"
        agent.client.create(f"{talk.path}/notes", {"text": inquiry.note}, key)
        yield
    if inquiry.spam_after is not None and not talk.marked:
        talk.marked = True
        if inquiry.spam_undone:
            agent.floor.letting_go(talk.contact)
            agent.client.act(f"{talk.path}/spam")
            agent.customers.undo_spam(talk)
        else:
            _finish(agent, talk, "spam")
    elif inquiry.merge_into:
        survivor = next(other for other in agent.floor.talks if other.inquiry.id == inquiry.merge_into)
        _finish(agent, talk, "merge", {"into": survivor.contact})
    else:
        _finish(agent, talk, "resolve", {"sure": True})


def _reply(agent: Agent, talk: Talk, text: str, turn: str) -> None:
    key = f"{agent.customers.run}:{talk.inquiry.id}:{turn}"
    said = agent.client.create(f"{talk.path}/replies", {"text": text}, key).body
    agent.floor.answered(talk.contact, said["at"])


def _finish(agent: Agent, talk: Talk, how: str, body: dict[str, Any] | None = None) -> None:
    agent.floor.letting_go(talk.contact)
    agent.client.act(f"{talk.path}/{how}", body)
    agent.finished += 1
    agent.floor.ended()
    agent.progress.advance()


def _take_detour(agent: Agent, talk: Talk, team: Sequence[Agent]) -> bool:
    """Give the contact back or to a colleague; return whether somebody else has it now."""
    talk.detoured = True
    agent.floor.letting_go(talk.contact)
    if talk.inquiry.detour is Detour.RELEASE:
        agent.client.act(f"{talk.path}/release")
        agent.floor.releases += 1
        agent.floor.returned()
        return True
    here = team.index(agent)
    for colleague in islice(cycle(team), here + 1, here + len(team)):
        if colleague.goes_silent:
            continue
        answer = agent.client.act(f"{talk.path}/transfer", {"to": colleague.name}, refusals=CANNOT_TAKE)
        if answer.status == 200:
            colleague.inbox.put(talk)
            return True
    agent.floor.kept(talk.contact, agent.name)
    return False


def _leave_behind(agent: Agent, talk: Talk) -> bool:
    """Whether the agent falls silent over this one: once before the first reply, once after it."""
    inquiry = talk.inquiry
    plain = inquiry.outcome == "resolved" and not inquiry.spam_undone and not talk.again
    # Who holds a call has no room for the second one.
    plain = plain and inquiry.channel not in WHOLE_AGENT
    if not (agent.goes_silent and agent.finished >= SILENT_AFTER and plain) or agent.is_silent:
        return False
    if talk.replies != len(agent.left_behind):
        return False
    agent.left_behind.append(talk)
    agent.floor.letting_go(talk.contact)
    return True
