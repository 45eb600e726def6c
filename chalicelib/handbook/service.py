"""Keep a shop's handbook and canned answers, with the marks that follow from them; guard what is sent for it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from chalicelib.aws.tables import Write
from chalicelib.handbook import rules, voices
from chalicelib.handbook.model import Answer, Finding, Handbook, Kept, Shelf, ShelfMoved
from chalicelib.handbook.ports import Commit, HandbookStore, Voices
from chalicelib.handbook.reading import as_read
from chalicelib.kernel.clock import Millis
from chalicelib.kernel.errors import Busy, not_found, same_body
from chalicelib.tenants.model import Tenant

_TRIES = 8
Decide = Callable[[Shelf], Shelf]


@dataclass(frozen=True, slots=True)
class Library:
    """One shop's handbook and what it needs: the shop, its store, the secret of its marks, and how to commit."""

    tenant: Tenant
    store: HandbookStore
    key: bytes
    commit: Commit


@dataclass(frozen=True, slots=True)
class Author:
    """Who changes something, when, and which version he or she saw; None: any."""

    name: str
    at: Millis
    expected: int | None = None


def keep(library: Library, handbook: Handbook, by: Author) -> Kept:
    """Replace the handbook and return it as stored; one that says the same is left alone. Raises Mismatch."""

    def decide(shelf: Shelf) -> Shelf:
        rules.check_version(shelf.kept.version, by.expected)
        if rules.unchanged(shelf.kept, handbook):
            return shelf
        declared = shelf.kept.declared
        return replace(shelf, kept=Kept(handbook, shelf.kept.version + 1, by.at, by.name, declared))

    return change(library, decide).kept


def add(library: Library, answer: Answer) -> Answer:
    """Store a new canned answer and return it; a repeat returns the first one.

    Raises Conflict `shortcut_taken`, `too_many_answers` or `idempotency_mismatch`.
    """

    def decide(shelf: Shelf) -> Shelf:
        stored = _known(shelf, answer.id)
        if stored:
            same_body(stored.digest, answer.digest)
            return shelf
        rules.check_offer(answer, shelf)
        return replace(shelf, answers=(*shelf.answers, answer))

    return _found(change(library, decide), answer.id)


def reword(library: Library, answer: str, made: Callable[[Answer], Answer], by: Author) -> Answer:
    """Make the next version of a canned answer by `made` and return it; the same again is left alone.

    Raises NotFound, Mismatch, Conflict `shortcut_taken` or `too_many_answers`.
    """

    def decide(shelf: Shelf) -> Shelf:
        before = _found(shelf, answer)
        rules.check_version(before.version, by.expected)
        after = made(before)
        if after == before:
            return shelf
        if not after.retired:
            rules.check_offer(after, shelf)
        after = replace(after, version=before.version + 1, updated_at=by.at, updated_by=by.name)
        return replace(shelf, answers=tuple(after if one.id == answer else one for one in shelf.answers))

    return _found(change(library, decide), answer)


def change(library: Library, decide: Decide) -> Shelf:
    """Store what `decide` makes of the shelf, and the marks that follow; two at once come one after the other.

    The marks follow from the shop's name and persona too, so they may change where the shelf does not.
    Raises Conflict `too_many_answers` for more marks than find room.
    """
    for _ in range(_TRIES):
        before = library.store.shelf()
        after = decide(before)
        marks = rules.marks_of(library.tenant, after, library.key)
        if after == before and marks == before.marks:
            return after
        rules.check_marks(marks)
        try:
            library.commit(*_writes(library.store, before, after), library.store.mark(marks, before.round))
        except ShelfMoved:
            continue
        return after
    raise Busy("busy", "others are changing this handbook; try again")


def find_faults(
    library: Library, voices_of: Voices, pools: Iterable[str], text: str, answer: str | None
) -> list[Finding]:
    """Return all that is wrong with a text that is to be sent for the shop, made from that canned answer or none.

    `pools` are those whose shops it could be meant for: the shop's own, and the agent's.
    """
    own, text = library.store.glance(), as_read(text)
    # A minute ago the answer may not have been there.
    known = answer is None or _known(own, answer) or library.store.find(answer)
    every = {shop: marks for pool in pools for shop, marks in voices_of(pool).items()}
    mine = every.pop(library.tenant.id, None) or rules.marks_of(library.tenant, own, library.key)
    return [
        *([] if known else [rules.foreign_answer()]),
        *voices.foreign(text, mine, every.values(), library.key, said=rules.said_by(own)),
        *rules.check_text(text, own),
    ]


def steps_left(library: Library, done: Sequence[str], *, sure: bool) -> list[str]:
    """Return the ids of the needed steps that are left out on purpose.

    Raises Conflict `script_step_missing` unless the agent is `sure`.
    """
    handbook = library.store.glance().kept.handbook
    rules.refuse(rules.missing_steps(handbook, done), sure=sure)
    return [step.id for step in handbook.steps if step.needed and step.id not in done]


def _writes(store: HandbookStore, before: Shelf, after: Shelf) -> list[Write]:
    changed = [one for one in after.answers if one not in before.answers]
    return [*([store.save(after.kept)] if after.kept != before.kept else []), *map(store.put, changed)]


def _known(shelf: Shelf, answer: str) -> Answer | None:
    return next((one for one in shelf.answers if one.id == answer), None)


def _found(shelf: Shelf, answer: str) -> Answer:
    found = _known(shelf, answer)
    if found is None:
        raise not_found()
    return found
