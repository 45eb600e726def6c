"""How a wrong request is written down: rows of these are in `bad_input.py` and beside each capability's tests."""

from dataclasses import dataclass, field
from typing import Any

from chalicelib.kernel.caller import Caller
from tests.moto_desk import MINA


@dataclass(frozen=True)
class Bad:
    """A request that is wrong in one way. `contact` is a state that `prepare` made, or the id itself."""

    what: str
    status: int
    code: str
    body: Any = None
    raw: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    query: dict[str, str] | None = None
    contact: str = ""
    key: str = ""
    person: str = ""
    tenant: str = "danbi"
    who: Caller | None = MINA
    parts: dict[str, Any] = field(default_factory=dict)
    usual: bool = True  # sent by whoever usually calls the route


@dataclass(frozen=True)
class Good:
    """The request that each wrong one differs from: the contact's state, the body, the headers, a key's id."""

    contact: str = "waiting"
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    key: str = ""
    person: str = ""


USED = {"Idempotency-Key": "used-used-used-used-used"}
