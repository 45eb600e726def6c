"""What people write: one normal form, no invisible tricks, honest limits."""

import re
import unicodedata

from chalicelib.kernel.errors import BadInput

# C0 and C1 controls except newline and tab; U+2028/9 break lines in some viewers and not in others.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")


def clean(text: str, *, limit: int, field: str = "text") -> str:
    """Return `text` in NFC with `\\n` line ends and without outer blanks; at most `limit` characters.

    Raises BadInput with `lone_surrogate`, `control_character`, `text_empty` or `text_too_long`.
    """
    if len(text) > 4 * limit:
        # NFC takes the square of the length of what is made of combining marks, and shrinks to a third at most.
        raise _too_long(limit, field)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise BadInput("lone_surrogate", f"{field} holds half of a surrogate pair") from None
    normal = unicodedata.normalize("NFC", text.replace("\r\n", "\n")).strip()
    if _CONTROL.search(normal):
        raise BadInput("control_character", f"{field} holds a control character")
    if not normal:
        raise BadInput("text_empty", f"{field} is empty")
    if len(normal) > limit:
        raise _too_long(limit, field)
    return normal


def _too_long(limit: int, field: str) -> BadInput:
    return BadInput("text_too_long", f"{field} is longer than {limit} characters")
