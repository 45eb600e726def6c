"""What people write: one normal form, no invisible tricks, honest limits."""

import re
import unicodedata

from chalicelib.kernel.errors import BadInput

# C0 and C1 controls except newline and tab; line separators that some viewers honour and others do not; and what
# turns the direction of the text around it, so that it reads as something else.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
# Seen by nobody and of no use in Korean or English; joiners stay, since emoji are made with them.
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u2060\ufeff"))


def clean(text: str, *, limit: int, field: str = "text") -> str:
    """Return `text` in NFC with `\\n` line ends, without outer blanks and zero-width spaces.

    At most `limit` characters.

    Raises BadInput with `lone_surrogate`, `control_character`, `text_empty` or `text_too_long`.
    """
    if len(text) > 4 * limit:
        # NFC takes the square of the length of what is made of combining marks, and shrinks to a third at most.
        raise _too_long(limit, field)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise BadInput("lone_surrogate", f"{field} holds half of a surrogate pair") from None
    normal = unicodedata.normalize("NFC", text.replace("\r\n", "\n").translate(_INVISIBLE)).strip()
    if _CONTROL.search(normal):
        raise BadInput("control_character", f"{field} holds a control character")
    if not normal:
        raise BadInput("text_empty", f"{field} is empty")
    if len(normal) > limit:
        raise _too_long(limit, field)
    return normal


def _too_long(limit: int, field: str) -> BadInput:
    return BadInput("text_too_long", f"{field} is longer than {limit} characters")
