"""Who owns what: the ids and values of one owner by the name of the place where a request carries them."""

from dataclasses import dataclass, field

STATES = ("waiting", "claimed", "raised", "later", "shop", "resolved", "spam", "merged")
ABSENT_ID = "f" * 32
ABSENT_PERSON = "ffffffff-ffff-4fff-8fff-ffffffffffff"


@dataclass
class Things:
    """All of one owner's things; `many` holds every value that a place can have, `contacts` one of each state."""

    tenant: str
    many: dict[str, list[str]] = field(default_factory=dict)
    contacts: dict[str, str] = field(default_factory=dict)

    def all(self, name: str) -> list[str]:
        """Return every value for a place; raise KeyError for a place that nobody has thought of yet."""
        if name == "contact":
            return list(self.contacts.values())
        return [self.tenant] if name == "tenant" else self.many[name]

    def one(self, name: str) -> str:
        """Return the first value for a place."""
        return self.all(name)[0]

    def knows(self, name: str) -> bool:
        """Return whether there is a value for such a place."""
        return name in {"tenant", "contact", *self.many}


ABSENT = Things(
    "nosuc",
    {
        "customer": ["nobodys-customer"],
        "key": ["f" * 16],
        "erasure": [ABSENT_ID],
        "file": [ABSENT_ID],
        "diagnosis": [ABSENT_ID],
        "other": [ABSENT_ID],
        "hook": [ABSENT_ID],
        "delivery": ["1763694000000-" + "f" * 16],
        "incident": [ABSENT_ID],
        "letter": ["no_letter"],
        "promotion": ["20261210-" + "f" * 16],
        "answer": [ABSENT_ID],
        "break": ["2026-11-" + "f" * 16],
        "correction": [ABSENT_ID],
        "dispute": [f"{ABSENT_ID}-1"],
        "month": ["2020-01"],
        "register": ["no_register"],
        "section": ["nosection"],
        "person": [ABSENT_PERSON],
        "agent": ["nobody"],
        "pool": ["nopool"],
        "ref": [f"nosuc/{ABSENT_ID}"],
        "phone": ["010-9999-0000"],
        "mail": ["nobody@absent.example"],
        "order_number": ["ABSENT-00000000-0000"],
        "account": ["333-333-333333"],
        "address": ["제주 서귀포시 없는로 1"],
        "name": ["없는이"],
        "idempotency": ["absent-idempotency-key-00000000"],
        "widget": ["ddw.nosuc." + "f" * 16],
    },
    {state: ABSENT_ID for state in STATES},
)
"""Things of the right shape that exist nowhere."""
