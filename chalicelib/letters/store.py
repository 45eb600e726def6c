"""Letters in the table; those that may have to be sent stand in the work index by when to look at them again."""

import msgspec
from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.aws.keys import desk_key, sort_key, split, tenant_key
from chalicelib.aws.queries import hints
from chalicelib.aws.tables import Put, Row, Update, Write
from chalicelib.kernel.clock import MINUTE, Millis
from chalicelib.kernel.errors import Conflict
from chalicelib.letters.model import Letter, Name, Post, To

_OPEN = desk_key("letters")
# The stream brings a new letter to its worker at once; only when that failed it is looked for.
_PATIENCE: Millis = 2 * MINUTE


class _LetterRow(Row, discriminator="letter"):
    tenant = UnicodeAttribute()
    name = UnicodeAttribute()
    to = UnicodeAttribute()
    at = NumberAttribute()
    # `values` and `state` are words that DynamoDB keeps; PynamoDB writes them as placeholders.
    filled = UnicodeAttribute(attr_name="values")
    state = UnicodeAttribute()
    tries = NumberAttribute(default=0)
    tried_at = NumberAttribute(default=0)
    sent_at = NumberAttribute(default=0)


class Letters:
    """One shop's letters."""

    def __init__(self, tenant: str) -> None:
        self._tenant = tenant
        self._pk = tenant_key(tenant, "letter")

    def find(self, letter: str) -> Letter | None:
        """Return the letter as it is now, strongly consistent, or None."""
        row = _LetterRow.find(self._pk, letter)
        return _letter(row) if row else None

    def unsent(self) -> list[Letter]:
        """Return the letters that may still be sent, strongly consistent."""
        over = _LetterRow.state.is_in(Post.SENT, Post.FAILED)
        return [_letter(row) for row in _LetterRow.query(self._pk, filter_condition=~over, consistent_read=True)]

    def add(self, letter: Letter) -> Write:
        """Return the write that lets `letter` be sent; refused with Conflict `already_told` for a known cause."""
        row = _LetterRow(
            pk=self._pk,
            sk=letter.id,
            tenant=self._tenant,
            name=letter.name,
            to=letter.to,
            at=letter.at,
            filled=msgspec.json.encode(letter.values).decode(),
            state=Post.DUE,
            work_pk=_OPEN,
            work_sk=self._look(letter.id, letter.at + _PATIENCE),
        )
        told = Conflict("already_told", "the shop was told of this already")
        return Put(row, _LetterRow.pk.does_not_exist(), lambda _: told)

    def claim(self, letter: Letter, now: Millis, look_at: Millis) -> Write:
        """Return the write after which one worker is sending `letter`, to be looked at again at `look_at`.

        Refused with Conflict `letter_moved` unless the letter is as it was read.
        """
        row = _LetterRow
        tried: list[Action] = [row.tries.set(letter.tries + 1), row.tried_at.set(now)]
        return self._move(letter, [row.state.set(Post.SENDING), *tried], look_at)

    def put_off(self, letter: Letter, look_at: Millis) -> Write:
        """Return the write after which a letter that certainly was not sent is tried again at `look_at`."""
        row = _LetterRow
        return self._move(letter, [row.state.set(Post.LATER), row.tries.set(letter.tries - 1)], look_at)

    def end(self, letter: Letter, state: Post, at: Millis) -> Write:
        """Return the write after which nothing is left to do: the letter was sent or cannot be."""
        row = _LetterRow
        return self._move(letter, [row.state.set(state), row.sent_at.set(at if state is Post.SENT else 0)], 0)

    def _move(self, letter: Letter, actions: list[Action], look_at: Millis) -> Write:
        row = _LetterRow
        if look_at:
            actions.append(row.work_sk.set(self._look(letter.id, look_at)))
        else:
            actions += [row.work_pk.remove(), row.work_sk.remove()]
        same: Condition = (row.state == letter.state) & (row.tries == letter.tries)
        moved = Conflict("letter_moved", "another worker has this letter")
        return Update(_LetterRow(pk=self._pk, sk=letter.id), actions, same, lambda _: moved)

    def _look(self, letter: str, at: Millis) -> str:
        return sort_key(f"{at:015d}", self._tenant, letter)


def open_letters(now: Millis, limit: int) -> list[tuple[str, str]]:
    """Return up to `limit` (tenant, letter) that are to be looked at by now, the oldest first: hints."""
    found: list[tuple[str, str]] = []
    for shown in hints(_OPEN, ["work_sk"], page=limit):
        due, tenant, letter = split(shown["work_sk"])
        if int(due) > now or len(found) == limit:
            break
        found.append((tenant, letter))
    return found


def _letter(row: _LetterRow) -> Letter:
    return Letter(
        tenant=row.tenant,
        id=row.sk,
        name=Name(row.name),
        to=To(row.to),
        at=int(row.at),
        values=msgspec.json.decode(row.filled),
        state=Post(row.state),
        tries=int(row.tries),
        tried_at=int(row.tried_at),
        sent_at=int(row.sent_at),
    )
