"""What refused writes to an agent's row say."""

from collections.abc import Callable
from typing import Any

from chalicelib.agents.rules import not_certified, on_break
from chalicelib.kernel.errors import Conflict, Mismatch


def gone() -> Conflict:
    """Return the refusal of what only a member does."""
    return Conflict("agent_gone", "this agent is no longer a member")


def not_paused(old: Any) -> Exception:
    """Return the refusal of a break, given the agent's row or None."""
    return on_break() if old is not None and old.break_kind else gone()


def not_taken(tenant: str, version: int | None) -> Callable[[Any], Exception]:
    """Return what refuses to take something more of `tenant`, given the `version` of the holding expected."""

    def refused(old: Any) -> Exception:
        if old is not None and version is not None and int(old.version) != version:
            message = "what you hold changed since you looked"
            return Mismatch("version_mismatch", message, version=int(old.version))
        if old is not None and old.break_kind:
            return on_break()
        if old is not None and old.certified and tenant not in old.certified:
            return not_certified()
        return Conflict("capacity_exceeded", "the agent's capacity does not allow this contact")

    return refused
