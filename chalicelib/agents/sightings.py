"""Agents as this process saw them last: a hint that saves a read, and is never what a decision rests on."""

from dataclasses import replace
from threading import Lock

from cachetools import TTLCache

from chalicelib.agents.model import Agent

_seen: TTLCache[str, Agent] = TTLCache(maxsize=4096, ttl=60)
# What expires in one thread must not vanish under another's hands.
_lock = Lock()


def remember(name: str, agent: Agent | None) -> None:
    """Keep what was read of an agent, for a minute: None forgets him or her."""
    with _lock:
        if agent is None:
            _seen.pop(name, None)
        else:
            _seen[name] = agent


def recall(name: str) -> Agent | None:
    """Return the agent as seen last, at most a minute ago, or None."""
    with _lock:
        return _seen.get(name)


def expect(name: str, weight: int) -> None:
    """Let the hint follow a change that is about to be made; if that is refused, a fresh look corrects it."""
    with _lock:
        known = _seen.get(name)
        if known is not None:
            _seen[name] = replace(known, load=known.load + weight)


def forget() -> None:
    """Forget everyone: for tests."""
    with _lock:
        _seen.clear()
