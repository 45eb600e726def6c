"""Why a contact is put off, why a conversation is ended, and what notes are for."""

from enum import StrEnum

TO_SEND = "to_send"
"""The effect of the note that is to be sent."""
WHISPER = "whisper"
"""The effect of a lead's note for the holder."""
FOR_SHOP = "for_shop"
"""The effect of the note that goes to the shop's own people with what is passed on to them."""


class LaterKind(StrEnum):
    """Why a contact is put off: the customer wants a call then, it can wait, or its answer is to be sent then."""

    CALLBACK = "callback"
    SNOOZE = "snooze"
    SEND = "send"


class StopReason(StrEnum):
    """What ends a conversation."""

    INSULT = "insult"
    THREAT = "threat"
    SEXUAL = "sexual"
    REPEAT = "repeat"
