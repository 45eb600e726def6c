"""Tries at signing in, in the table: under a keyed hash of the mail address, known to the desk or not."""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition

from chalicelib.aws.credentials import own
from chalicelib.aws.keys import desk_key
from chalicelib.aws.tables import Put, Row, Write
from chalicelib.kernel.clock import DAY, SECOND, Millis
from chalicelib.kernel.ids import derived_id
from chalicelib.people.model import TriesChanged


class _TriesRow(Row, discriminator="tries"):
    tries = UnicodeAttribute()
    ttl = NumberAttribute()


class Tries:
    """The tries of one `purpose` with one mail address."""

    def __init__(self, secret: str, purpose: str, mail: str) -> None:
        self._key = desk_key("login", derived_id(secret, "tries", purpose, mail)), "tries"

    def read(self) -> tuple[Millis, ...]:
        """Return the times of the tries that count, oldest first."""
        with own():
            row = _TriesRow.find(*self._key)
        return tuple(map(int, row.tries.split())) if row else ()

    def save(self, before: tuple[Millis, ...], after: tuple[Millis, ...]) -> Write:
        """Return the write that replaces `before`; refused with TriesChanged if others tried meanwhile."""
        pk, sk = self._key
        unchanged: Condition = _TriesRow.tries == _text(before)
        if not before:
            unchanged |= _TriesRow.pk.does_not_exist()
        # Tries that are a day old count for nothing any more; what is left of them may go.
        row = _TriesRow(pk=pk, sk=sk, tries=_text(after), ttl=(max(after, default=0) + DAY) // SECOND)
        return Put(row, unchanged, lambda _: TriesChanged())


def _text(tries: tuple[Millis, ...]) -> str:
    return " ".join(map(str, tries)) or " "
