"""What may happen to a contact in which state."""

from chalicelib.contacts.model import Action, Contact, Status
from chalicelib.kernel.errors import Conflict

_W, _O, _H, _C, _L, _R, _S, _M = Status

# The states that it can lead to; everything else is refused.
TRANSITIONS: dict[Action, dict[Status, tuple[Status, ...]]] = {
    Action.MESSAGE: {_W: (_W,), _O: (_O,), _H: (_H,), _C: (_C,), _L: (_W,), _R: (_W, _O, _H), _S: (_S,)},
    Action.ADMIT: {_O: (_W,)},
    Action.CLAIM: {_W: (_C,), _O: (_C,)},
    Action.REPLY: {_C: (_C,)},
    Action.NOTE: {_W: (_W,), _O: (_O,), _H: (_H,), _C: (_C,), _L: (_L,), _R: (_R,), _S: (_S,)},
    Action.RESOLVE: {_C: (_R,)},
    Action.REOPEN: {_R: (_W, _O, _H)},
    Action.TRANSFER: {_C: (_C,)},
    Action.RELEASE: {_C: (_W,)},
    Action.LAPSE: {_C: (_W, _R)},
    Action.SPAM: {_W: (_S,), _O: (_S,), _H: (_S,), _C: (_S,), _L: (_S,), _R: (_S,)},
    Action.UNDO_SPAM: {_S: (_W, _O, _H, _R)},
    Action.MERGE: {_W: (_M,), _O: (_M,), _H: (_M,), _C: (_M,), _L: (_M,), _R: (_M,)},
    Action.ABSORB: {_W: (_W,), _O: (_O,), _H: (_H,), _C: (_C,), _L: (_W,), _R: (_R,)},
    Action.PREFER: {_W: (_W,), _O: (_O,), _H: (_H,)},
    Action.ANSWER: {_W: (_R,), _O: (_R,), _H: (_R,)},
    Action.LATER: {_C: (_L,)},
    Action.WAKE: {_L: (_C,)},
    Action.DUE: {_L: (_W,)},
    Action.SEND: {_L: (_R,)},
    Action.HAND: {_C: (_C,)},
    Action.LOWER: {_C: (_C,)},
    Action.STOP: {_C: (_R,)},
    Action.PASS: {_C: (_H,)},
    Action.GIVE: {_H: (_W, _O)},
    Action.INTENT: {_W: (_W,), _O: (_O,), _H: (_H,), _C: (_C,), _L: (_L,), _R: (_R,)},
    Action.REASSIGN: {_W: (_C,), _C: (_C,)},
}


# A rehearsal is answered once, and comes to nobody else: what is answered for nothing must not be asked again.
_OF_A_TEST = {Action.CLAIM, Action.REPLY, Action.RESOLVE, Action.LAPSE}


def allow(contact: Contact, action: Action) -> None:
    """Raise Conflict `wrong_state` (or `contact_merged`, naming the survivor) unless the table has the row.

    Raises Conflict `test_contact` for what would make more of a rehearsal.
    """
    if contact.test and action not in _OF_A_TEST:
        raise Conflict("test_contact", "this was a rehearsal, and takes nothing more")
    if contact.status in TRANSITIONS[action]:
        return
    if contact.status is Status.MERGED:
        raise Conflict("contact_merged", "this contact was merged into another", into=contact.merged_into)
    raise Conflict("wrong_state", f"{action} is not possible while the contact is {contact.status}")
