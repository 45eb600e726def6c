"""The handbook that a tenant's declaration holds: `[handbook]` and `[[answers]]`, beside the profile."""

import hashlib
import re
import tomllib
from dataclasses import dataclass, replace

import msgspec

from chalicelib.handbook.model import Answer, Handbook, Kept, Shelf, Wording
from chalicelib.handbook.rules import check_offer, normal_handbook, normal_wording
from chalicelib.kernel.clock import Millis
from chalicelib.kernel.errors import BadInput, DeskError

_ID_LENGTH = 32
BY = "operator"


@dataclass(frozen=True, slots=True)
class Declared:
    """What a declaration says; a handbook of None says nothing of it."""

    handbook: Handbook | None = None
    answers: tuple[Wording, ...] = ()


class _Sections(msgspec.Struct):
    handbook: Handbook | None = None
    answers: tuple[Wording, ...] = ()


def parse_handbook(text: str, filename: str) -> Declared:
    """Return the handbook that the TOML `text` declares.

    Raises BadInput `invalid_tenant` with a message `file:line: field: what is expected`.
    """
    try:
        sections = msgspec.convert(tomllib.loads(text), _Sections, strict=True)
    except tomllib.TOMLDecodeError as error:
        raise BadInput("invalid_tenant", f"{filename}: {error}") from None
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `$.")
        raise _invalid(text, filename, path.rstrip("`"), message) from None
    handbook = sections.handbook
    try:
        handbook = normal_handbook(handbook) if handbook else None
    except BadInput as error:
        raise _invalid(text, filename, "handbook", error.message) from None
    return Declared(handbook, _wordings(sections.answers, text, filename))


def apply_declared(declared: Declared, tenant: str, shelf: Shelf, now: Millis) -> Shelf:
    """Return the shelf as declared; what the shop's people changed stays until the declaration changes."""
    kept, answers = shelf.kept, {one.id: one for one in shelf.answers}
    if declared.handbook and kept.declared != (told := _digest(declared.handbook)):
        kept = Kept(declared.handbook, kept.version + 1, now, BY, told)
    for wording in declared.answers:
        one = _answer(tenant, wording, now)
        before = answers.get(one.id)
        if before is None or before.declared != one.declared:
            answers[one.id] = replace(one, version=before.version + 1 if before else 1)
    return replace(shelf, kept=kept, answers=tuple(answers.values()))


def _wordings(declared: tuple[Wording, ...], text: str, filename: str) -> tuple[Wording, ...]:
    found: list[Wording] = []
    for number, wording in enumerate(declared):
        try:
            normal = normal_wording(wording)
            shelf = Shelf(answers=tuple(_answer("", one, 0) for one in found))
            check_offer(replace(_answer("", normal, 0), id=""), shelf)
        except DeskError as error:
            raise _invalid(text, filename, f"answers[{number}]", error.message) from None
        found.append(normal)
    return tuple(found)


def _answer(tenant: str, wording: Wording, now: Millis) -> Answer:
    told = _digest(wording)
    # The shortcut is what a declaration knows an answer by.
    named = hashlib.sha256(f"{tenant}/{wording.shortcut}".encode()).hexdigest()[:_ID_LENGTH]
    return Answer(named, wording, now, BY, digest=told, declared=told)


def _digest(content: object) -> str:
    return hashlib.sha256(msgspec.json.encode(content)).hexdigest()[:_ID_LENGTH]


def _invalid(text: str, filename: str, field: str, message: str) -> BadInput:
    return BadInput("invalid_tenant", f"{filename}:{_line(text, field)}: {field}: {message}")


def _line(text: str, field: str) -> int:
    """Return the line on which the section of a field begins: `handbook.colour`, `answers[2].text`."""
    number = int(found[1]) if (found := re.match(r"answers\[(\d+)\]", field)) else 0
    header = "[[answers]]" if field.startswith("answers") else "[handbook]"
    lines = [at for at, line in enumerate(text.splitlines(), start=1) if line.strip() == header]
    return lines[number] if number < len(lines) else 1
