"""Tell what a message is about by its words: the same text always has the same intent."""

import re
import unicodedata

from chalicelib.intents.model import Intent
from chalicelib.intents.words import WORDS

# Who wants something says so early; what is quoted or told below would only blur it.
_READ = 400
# Many words that only lean to something do not outweigh one that says it.
_LEAN, _AT_MOST = 3, 2


def intent_of(text: str) -> Intent:
    """Return the intent whose words weigh most in `text`; what has none of them is `other`."""
    said = unicodedata.normalize("NFC", text).casefold()[:_READ]
    weights = {intent: _weight(patterns, said) for intent, patterns in _PATTERNS.items()}
    most = max(weights, key=weights.__getitem__)
    return most if weights[most] else Intent.OTHER


def _weight(patterns: tuple[tuple[int, re.Pattern[str]], ...], said: str) -> int:
    found = ((weight, len(set(pattern.findall(said)))) for weight, pattern in patterns)
    return sum(weight * (min(count, _AT_MOST) if weight < _LEAN else count) for weight, count in found)


_PATTERNS = {
    intent: tuple((weight, re.compile(pattern)) for weight, pattern in words.items())
    for intent, words in WORDS.items()
}
