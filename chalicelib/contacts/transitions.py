"""What may happen to a contact in which state."""

from chalicelib.contacts.model import Action, Contact, Status
from chalicelib.kernel.errors import Conflict

_W, _O, _C, _L, _R, _S, _M = Status

# The states that it can lead to; everything else is refused.
TRANSITIONS: dict[Action, dict[Status, tuple[Status, ...]]] = {
    Action.MESSAGE: {_W: (_W,), _O: (_O,), _C: (_C,), _L: (_W,), _R: (_W, _O), _S: (_S,)},
    Action.ADMIT: {_O: (_W,)},
    Action.CLAIM: {_W: (_C,), _O: (_C,)},
    Action.REPLY: {_C: (_C,)},
    Action.NOTE: {_W: (_W,), _O: (_O,), _C: (_C,), _L: (_L,), _R: (_R,), _S: (_S,)},
    Action.RESOLVE: {_C: (_R,)},
    Action.REOPEN: {_R: (_W, _O)},
    Action.TRANSFER: {_C: (_C,)},
    Action.RELEASE: {_C: (_W,)},
    Action.LAPSE: {_C: (_W,)},
    Action.SPAM: {_W: (_S,), _O: (_S,), _C: (_S,), _L: (_S,), _R: (_S,)},
    Action.UNDO_SPAM: {_S: (_W, _O, _R)},
    Action.MERGE: {_W: (_M,), _O: (_M,), _C: (_M,), _L: (_M,), _R: (_M,)},
    Action.ABSORB: {_W: (_W,), _O: (_O,), _C: (_C,), _L: (_W,), _R: (_R,)},
    Action.PREFER: {_W: (_W,), _O: (_O,)},
    Action.ANSWER: {_W: (_R,), _O: (_R,)},
    Action.LATER: {_C: (_L,)},
    Action.WAKE: {_L: (_C,)},
    Action.DUE: {_L: (_W,)},
    Action.SEND: {_L: (_R,)},
    Action.HAND: {_C: (_C,)},
    Action.LOWER: {_C: (_C,)},
    Action.STOP: {_C: (_R,)},
}


def allow(contact: Contact, action: Action) -> None:
    """Raise Conflict `wrong_state` (or `contact_merged`, naming the survivor) unless the table has the row."""
    if contact.status in TRANSITIONS[action]:
        return
    if contact.status is Status.MERGED:
        raise Conflict("contact_merged", "this contact was merged into another", into=contact.merged_into)
    raise Conflict("wrong_state", f"{action} is not possible while the contact is {contact.status}")
