"""One look at personal data as it goes on record, and what may be wrong with a record."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from chalicelib.kernel.caller import Caller
from chalicelib.kernel.clock import Millis

MAX_WHOSE = 50


class Field(StrEnum):
    """A kind of personal value; each has one way of being masked."""

    PHONE = "phone"
    MAIL = "mail"
    ADDRESS = "address"
    ORDER_NUMBER = "order_number"
    ACCOUNT = "account"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Access:
    """Who looked, from where, at whose data, at what of it, why and when.

    `actor` is the caller's name, `kind` its kind, `key` the id of its key or person, `source` its IP address;
    `whose` holds up to 50 ids of customers or contacts, `what` the action and the fields (`unmask phone`),
    `why` the reason given, empty where none is needed.
    """

    actor: str
    kind: str
    key: str
    source: str
    whose: tuple[str, ...]
    what: str
    why: str
    at: Millis

    def __post_init__(self) -> None:
        if len(self.whose) > MAX_WHOSE:
            raise ValueError(f"one access names at most {MAX_WHOSE} people; write several")

    @classmethod
    def by(
        cls, caller: Caller, source: str, *, whose: tuple[str, ...], what: str, at: Millis, why: str = ""
    ) -> Self:
        """Return the access of `caller` from the address `source`."""
        key = caller.person or caller.key
        return cls(caller.name, caller.kind, key, source, whose=whose, what=what, why=why, at=at)


class FlawKind(StrEnum):
    """How a chain of records can be broken."""

    EDITED = "edited"
    MISSING = "missing"
    ORDER = "order"
    FOREIGN = "foreign"
    UNLINKED = "unlinked"
    CUT = "cut"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with a chain, at which number."""

    chain: str
    number: int
    kind: FlawKind


@dataclass(frozen=True, slots=True)
class Head:
    """The last record of a chain."""

    number: int
    hash: str


@dataclass(frozen=True, slots=True)
class Limits:
    """How many distinct customers an agent may see the full data of, in a rolling hour and in a KST day.

    An ordinary day is about 60 contacts, a busy hour about 12: five times as much is unusual breadth, and what
    someone who copies out customers would need. Ordinary work never meets them.
    """

    hour: int = 60
    day: int = 300
