"""Texts as they are read: one form of each letter, and nothing between the letters that nobody sees."""

import re
import unicodedata

# Single jamo stay: in their compatible form they would grow into the syllable before them.
_FORMED = re.compile("[^\u3131-\u318e\uffa0-\uffdc]+")
_FILLERS = dict.fromkeys(map(ord, "\u034f\u115f\u1160\u3164\uffa0"))
_STOPS = {ord("\u3002"): "."}


def as_read(text: str) -> str:
    """Return `text` in NFKC, with plain full stops, without format characters and Hangul fillers."""
    formed = _FORMED.sub(lambda run: unicodedata.normalize("NFKC", run[0]), text).translate(_FILLERS | _STOPS)
    if formed.isascii():
        return formed
    return "".join(sign for sign in formed if unicodedata.category(sign) != "Cf")
