"""What is written to keep a function busy: texts of digits that nearly match, and bodies of legal size."""

TEXTS = (
    "1",
    "1 ",
    "1-",
    "4 ",
    "4111 ",
    "계좌1",
    "110-123-456789 계좌 ",
    "900101-1234567 ",
    "9 0 0 1 0 1 - ",
    "-",
    "５",
)
"""Each is repeated up to the length that is wanted."""

_MARKS = "\u0301\u0323" * 60_000
BODIES = (
    "[" * 33 + '"' + '\\"' * 120_000,
    "[" * 33 + '"' + "\\\n" * 120_000,
    "[" * 33 + '"' * 250_000,
    '{"customer": {"id": "c", "name": "a' + _MARKS + '"}, "channel": "chat", "text": "a"}',
    '{"customer": {"id": "c"}, "subject": "a' + _MARKS + '", "channel": "chat", "text": "a"}',
)
"""All are refused as the opening of a contact."""
