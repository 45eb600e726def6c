"""What a handbook and an answer may say, what a shop's rules find in a text, and the refusals that follow."""

import re
from collections.abc import Sequence

import msgspec

from chalicelib.handbook import slots, voices
from chalicelib.handbook.model import (
    ANSWERS_LIMIT,
    MARKS_LIMIT,
    TEXT_LIMIT,
    Address,
    Answer,
    Fault,
    Finding,
    ForbiddenWord,
    Handbook,
    Kept,
    Link,
    Marks,
    Severity,
    Shelf,
    Trace,
    Wording,
)
from chalicelib.handbook.reading import as_read
from chalicelib.kernel.errors import BadInput, Conflict, DeskError, Mismatch
from chalicelib.kernel.text import clean
from chalicelib.tenants.model import Tenant

_LINE_LIMIT, _URL_LIMIT, _WORD_LIMIT, _INSTEAD_LIMIT = 200, 480, 50, 100
_SECURE = "https://"
_DOUBLE_FAMILY_NAMES = ("남궁", "황보", "제갈", "사공", "선우", "독고", "서문")
_GIVEN_LENGTH = 2
_ADVICE = {
    Fault.OPEN_SLOT: "this text holds a slot that is not filled",
    Fault.WRONG_SHOP: "this text belongs to another shop; write it in the voice of this one",
    Fault.FORBIDDEN_WORD: "this shop does not say this",
    Fault.STEP_MISSING: "a step that this shop needs is not done; send sure if that is meant",
}


def normal_handbook(handbook: Handbook) -> Handbook:
    """Return the handbook with its texts in their one form.

    Raises BadInput: `repeated_step`, `repeated_word`, or what `kernel.text.clean` refuses.
    """
    _once([step.id for step in handbook.steps], "repeated_step", "two steps have the same id")
    _once([one.word.casefold() for one in handbook.forbidden], "repeated_word", "a word is forbidden twice")
    return msgspec.structs.replace(
        handbook,
        dos=tuple(_line(text, "dos") for text in handbook.dos),
        donts=tuple(_line(text, "donts") for text in handbook.donts),
        links=tuple(map(_link, handbook.links)),
        steps=tuple(msgspec.structs.replace(one, text=_line(one.text, "text")) for one in handbook.steps),
        forbidden=tuple(map(_forbidden, handbook.forbidden)),
    )


def normal_wording(wording: Wording) -> Wording:
    """Return the wording with its texts in their one form; raise BadInput `invalid_slot` or as `clean` does."""
    text = clean(wording.text, limit=TEXT_LIMIT)
    slots.slots(text)
    return msgspec.structs.replace(
        wording, title=_line(wording.title, "title"), shortcut=_line(wording.shortcut, "shortcut"), text=text
    )


def check_version(stored: int, expected: int | None) -> None:
    """Raise Mismatch unless the caller saw the stored version, or does not say (None)."""
    if expected not in (None, stored):
        raise Mismatch("version_mismatch", "this changed since you looked", version=stored)


def check_offer(answer: Answer, shelf: Shelf) -> None:
    """Raise Conflict `shortcut_taken` or `too_many_answers` unless `answer` fits beside the shop's others."""
    others = [one for one in shelf.offered if one.id != answer.id]
    if answer.wording.shortcut in {one.wording.shortcut for one in others}:
        raise Conflict("shortcut_taken", "another canned answer of this shop has this shortcut")
    if len(others) >= ANSWERS_LIMIT:
        raise Conflict("too_many_answers", f"a shop has at most {ANSWERS_LIMIT} canned answers; retire one")


def check_marks(marks: Marks) -> None:
    """Raise Conflict `too_many_answers` unless the marks find room in one row."""
    if len(marks.lines) + len(marks.greetings) > MARKS_LIMIT:
        raise Conflict("too_many_answers", f"a shop's answers have at most {MARKS_LIMIT} lines; retire some")


def marks_of(tenant: Tenant, shelf: Shelf, key: bytes) -> Marks:
    """Return what tells the voice of `tenant` from others."""
    return voices.marks(tenant, shelf.kept.handbook, shelf.offered, key)


def said_by(shelf: Shelf) -> str:
    """Return all that the handbook and the answers of a shop say."""
    kept = shelf.kept.handbook
    lines = (*kept.dos, *kept.donts, *(link.label for link in kept.links), *(step.text for step in kept.steps))
    return "\n".join([*lines, *(one.wording.text for one in shelf.answers)])


def check_text(text: str, own: Shelf) -> list[Finding]:
    """Return which slots in a text are open, and which words of it this shop forbids."""
    braces = re.search(r"\{\{[^{}]*(?:\}\})?|\}\}", text)
    found = [Finding(Fault.OPEN_SLOT, braces[0])] if braces else []
    for one in own.kept.handbook.forbidden:
        words = re.search(_worded(one.word), text, re.IGNORECASE)
        if words and words[0]:
            warned = one.severity is Severity.WARN
            found.append(Finding(Fault.FORBIDDEN_WORD, words[0], one.instead, sure=warned))
    return found


def foreign_answer() -> Finding:
    """Return what is found when a canned answer is not this shop's: another's, and nobody's, alike."""
    return Finding(Fault.WRONG_SHOP, "a canned answer of this shop", kind=Trace.ANSWER)


def missing_steps(handbook: Handbook, done: Sequence[str]) -> list[Finding]:
    """Return which needed steps of the script are not done."""
    left = [step for step in handbook.steps if step.needed and step.id not in done]
    return [Finding(Fault.STEP_MISSING, step.text, sure=True) for step in left]


def refuse(findings: Sequence[Finding], *, sure: bool) -> None:
    """Raise what the gravest of `findings` means; none does that the agent is `sure` of and may be."""
    left = [one for one in findings if not (sure and one.sure)]
    if left:
        raise refusal(min(left, key=lambda one: (one.sure, list(Fault).index(one.fault))))


def refusal(found: Finding) -> DeskError:
    """Return what a caller is told of a finding: its own words, and nothing that stands in another shop."""
    details: dict[str, str | int] = {"what": found.what}
    if found.instead:
        details["instead"] = found.instead
    if found.kind:
        details["kind"] = found.kind
    kind = BadInput if found.fault is Fault.OPEN_SLOT else Conflict
    return kind(found.fault, _ADVICE[found.fault], **details)


def called(name: str, address_as: Address) -> str:
    """Return how a shop calls the customer `name`; an empty name stays empty."""
    if not name:
        return ""
    if address_as is Address.FULL:
        return f"{name} 고객님"
    family = 2 if name.startswith(_DOUBLE_FAMILY_NAMES) else 1
    # A given name of one syllable is not called alone, and a name of another language has its own order.
    usual = len(name) == family + _GIVEN_LENGTH and all("가" <= sign <= "힣" for sign in name)
    return f"{name[family:]}님" if usual else f"{name}님"


def unchanged(kept: Kept, handbook: Handbook) -> bool:
    """Return whether `handbook` is what is stored already."""
    return kept.version > 0 and kept.handbook == handbook


def _worded(word: str) -> str:
    word = as_read(word)
    bare = r"\s+".join(map(re.escape, word.split()))
    if word.isascii():
        return rf"(?<![a-z0-9]){bare}(?![a-z0-9])"
    # Torn apart it counts where a word begins: 교환 불가 does not say 환불.
    torn = r"\s*".join(re.escape(sign) for sign in word if not sign.isspace())
    return rf"{bare}|(?<![^\W_]){torn}"


def _link(link: Link) -> Link:
    rest = clean(link.url.removeprefix(_SECURE), limit=_URL_LIMIT, field="url")
    return msgspec.structs.replace(link, label=_line(link.label, "label"), url=_SECURE + rest)


def _forbidden(one: ForbiddenWord) -> ForbiddenWord:
    instead = _line(one.instead, "instead", _INSTEAD_LIMIT) if one.instead.strip() else ""
    return msgspec.structs.replace(one, word=_line(one.word, "word", _WORD_LIMIT), instead=instead)


def _line(text: str, field: str, limit: int = _LINE_LIMIT) -> str:
    return " ".join(clean(text, limit=limit, field=field).split())


def _once(names: list[str], code: str, message: str) -> None:
    if len(set(names)) < len(names):
        raise BadInput(code, message)
