"""The chain of access records: each row vouches for itself and for the one before it.

The key is not in the table, so whoever can edit rows cannot make new ones that fit. Who runs our code can; and
nothing in a chain tells that its last rows were cut off, which is what `shortened` finds with an older head.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chalicelib.kernel.clock import Millis
from chalicelib.privacy.model import Flaw, FlawKind, Head

Item = Mapping[str, Any]
"""A row as DynamoDB holds it: `{"at": {"N": "1"}, …}`, so that no attribute of whatever type escapes."""

GENESIS = ""
_HASH = "hash"


def record_hash(row: Item, key: bytes) -> str:
    """Return the keyed hash over all of `row` but its hash: its place, its index keys and the hash before it."""
    content = {name: value for name, value in row.items() if name != _HASH}
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hmac.new(key, canonical.encode(), hashlib.sha256).hexdigest()


def number_of(row: Item) -> int:
    """Return the place of `row` in its chain; 0 for what is no record's sort key."""
    sk = _text(row, "sk")
    return int(sk) if sk.isascii() and sk.isdecimal() else 0


def head_of(rows: Sequence[Item]) -> Head:
    """Return the last record of a chain's rows, in order."""
    return Head(number_of(rows[-1]), _text(rows[-1], _HASH))


def verify(rows: Sequence[Item], *, chain: str, key: bytes, now: Millis) -> list[Flaw]:
    """Return all that is wrong with `rows`, in their order: the whole partition `chain`.

    A chain begins at 1, or with a record that has expired by `now` (milliseconds UTC): expired ones may be taken
    away from the front as long as the last of them stays.
    """
    return [Flaw(chain, number, kind) for number, kind in _flaws(rows, chain, key, now)]


def _flaws(rows: Sequence[Item], chain: str, key: bytes, now: Millis) -> Iterator[tuple[int, FlawKind]]:
    last, link = 0, GENESIS
    for place, row in enumerate(rows):
        number = number_of(row)
        if _text(row, "pk") != chain:
            yield number, FlawKind.FOREIGN
        if not hmac.compare_digest(_text(row, _HASH).encode(), record_hash(row, key).encode()):
            yield number, FlawKind.EDITED
        begun = place == 0 and _expires(row) <= now
        if number <= last:
            yield number, FlawKind.ORDER
        elif number > last + 1 and not begun:
            yield last + 1, FlawKind.MISSING
        elif _text(row, "prev") != link and not (begun and number > 1):
            yield number, FlawKind.UNLINKED
        last, link = number, _text(row, _HASH)


def shortened(rows: Sequence[Item], *, chain: str, head: Head) -> list[Flaw]:
    """Return how `rows` contradict `head`, which the chain once had: cut off before it, or changed there."""
    if not rows or number_of(rows[-1]) < head.number:
        return [Flaw(chain, head.number, FlawKind.CUT)]
    there = [row for row in rows if number_of(row) == head.number]
    # What expired may be gone from the front; `verify` finds a gap.
    if there and _text(there[0], _HASH) != head.hash:
        return [Flaw(chain, head.number, FlawKind.REPLACED)]
    return []


def _text(row: Item, name: str) -> str:
    value = row.get(name, {}).get("S", "")
    return value if isinstance(value, str) else ""


def _expires(row: Item) -> Millis:
    value = row.get("expires_at", {}).get("N", "")
    # Something unreadable was edited, and never expires.
    return int(value) if isinstance(value, str) and value.isdecimal() else 1 << 62
