"""Finds in Korean text the numbers that a help desk has no use for: resident registration, card and account.

Order and tracking numbers, phones and dates look much alike, so shape decides first and the nearest word second.
Linear in the length of the text: every number is looked at a bounded number of times, with bounded neighbourhood.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from chalicelib.privacy.context import Hint, hint, is_account, is_glued, is_owed
from chalicelib.privacy.digits import has_check_digit, is_barcode, is_born, is_issued

_DIGITS = re.compile(r"\d+")
_MIN_DIGITS = 10
_BLANKS = " \t\u00a0\u2002\u2003\u2007\u2009\u202f\u3000"
_HIDDEN = "\u00ad\u200c\u200d\u2061\u2062\u2063\u2064\ufe0e\ufe0f\u20e3"
_MARKS = "-_/.·\u00b7\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2500\u30fb\u30fc"
_MARKS += "\u3161\uff0d\uff0e\uff0f\uff3f\u3002\ufe63\u2022"
_BETWEEN = re.compile(rf"[{re.escape(_BLANKS + _HIDDEN + _MARKS)}]{{1,4}}")
_ONLY_BLANK = re.compile(rf"[{re.escape(_BLANKS)}]+")

_PHONE = re.compile(
    r"01[016-9]\d{7,8}|02\d{7,8}|0[3-6]\d{8,9}|0[78]0\d{7,8}|050\d{8,9}|82(?:10\d{8}|2\d{7,8})|1[568]\d{6}"
)
_DATED = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_YEAR = re.compile(r"(?:19|20)\d\d")
_GROUPINGS = {(4, 6, 5), (4, 6, 4), (6, 13), (8, 8)}
_EVEN = {1, 4}
_FOURS = [4, 4, 4, 4]
_OLD_CARD = 13
_LONGEST = 19
_RESIDENT = 13
_BIRTH = 6
_GROUP_LIMIT = 5


class Secret(StrEnum):
    """A number that must not be kept."""

    RESIDENT = "resident"
    CARD = "card"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True)
class Found:
    """Where in a text such a number stands."""

    kind: Secret
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Group:
    start: int
    end: int
    digits: str


Chain = Sequence[_Group]
_Finder = Callable[[str, Chain, int], int]


def find(text: str, *, accounts: bool) -> Iterator[Found]:
    """Yield the numbers to mask, in order; bank accounts only if `accounts`."""
    # The stricter shape first: some cards, digit by digit, begin like a resident number.
    finders: list[tuple[Secret, _Finder]] = [(Secret.CARD, _card), (Secret.RESIDENT, _resident)]
    if accounts:
        finders.append((Secret.ACCOUNT, _account))
    for chain in _chains(text):
        at = 0
        while at < len(chain):
            if phone := _phone(chain, at):
                at += phone
                continue
            taken = 1
            for kind, finder in finders:
                if size := finder(text, chain, at):
                    yield Found(kind, chain[at].start, chain[at + size - 1].end)
                    taken = size
                    break
            at += taken


def _chains(text: str) -> Iterator[Chain]:
    """Yield runs of digits that only blanks and marks part, with enough digits to matter."""
    chain: list[_Group] = []
    for match in _DIGITS.finditer(text):
        # `int` reads every script's digits; leading zeros must stay.
        digits = match[0] if match[0].isascii() else "".join(str(int(digit)) for digit in match[0])
        if chain and not _BETWEEN.fullmatch(text, chain[-1].end, match.start()):
            yield from _long_enough(chain)
            chain = []
        chain.append(_Group(match.start(), match.end(), digits))
    yield from _long_enough(chain)


def _long_enough(chain: Chain) -> Iterator[Chain]:
    if sum(len(group.digits) for group in chain) >= _MIN_DIGITS:
        yield chain


def _prefixes(chain: Chain, at: int, longest: int) -> Iterator[tuple[int, str]]:
    """Yield how many groups from `at` on have which digits together, up to `longest` digits."""
    digits = ""
    for size, group in enumerate(chain[at : at + longest], start=1):
        digits += group.digits
        if len(digits) > longest:
            return
        yield size, digits


def _phone(chain: Chain, at: int) -> int:
    for size, digits in _prefixes(chain, at, 12):
        whole = size == 1 or len(chain[at + size - 1].digits) == 4  # noqa: PLR2004
        if size <= _GROUP_LIMIT and whole and _PHONE.fullmatch(digits):
            return size
    return 0


def _resident(text: str, chain: Chain, at: int) -> int:
    birth = False
    for size, digits in _prefixes(chain, at, _RESIDENT):
        birth = birth or len(digits) == _BIRTH
        if len(digits) == _RESIDENT and (birth or size == 1):
            start, end = chain[at].start, chain[at + size - 1].end
            sure = has_check_digit(digits)
            if is_born(digits) and (sure or _believable(text, digits, (start, end), solid=size == 1)):
                return size
    return 0


def _believable(text: str, digits: str, span: tuple[int, int], *, solid: bool) -> bool:
    # Numbers given out since October 2020 have no check digit, so only what looks like something else is let go.
    told = hint(text, span[0])
    barcode = solid and digits.startswith("88") and is_barcode(digits)
    return told is Hint.PERSON or not (told is Hint.OTHER or barcode or is_glued(text, *span))


def _card(text: str, chain: Chain, at: int) -> int:
    sizes: list[int] = []
    for size, digits in _prefixes(chain, at, _LONGEST):
        sizes.append(len(chain[at + size - 1].digits))
        if len(digits) < _RESIDENT or not is_issued(digits):
            continue
        span = chain[at].start, chain[at + size - 1].end
        told = hint(text, span[0])
        if size == 1 and (told is Hint.OTHER or (len(digits) == _OLD_CARD and told is not Hint.CARD)):
            continue
        # Letters beside a card that is written as on the plastic make no code of it: `VISA4111-…`, `…-1111cvc`.
        if sizes == _FOURS or (_grouped(sizes) and not is_glued(text, *span)):
            return size
    return 0


def _grouped(sizes: list[int]) -> bool:
    even = sizes[0] in _EVEN and set(sizes[:-1]) == {sizes[0]} and sizes[-1] <= sizes[0]
    return len(sizes) == 1 or even or tuple(sizes) in _GROUPINGS


def _account(text: str, chain: Chain, at: int) -> int:
    parted = [
        _is_blank(text, left, right) for left, right in zip(chain[at:], chain[at + 1 : at + 7], strict=False)
    ]
    if at and not _is_blank(text, chain[at - 1], chain[at]):
        return 0
    size = 1 + next((i for i, blank in enumerate(parted) if blank is not parted[0]), len(parted))
    groups = chain[at : at + size]
    sizes = [len(group.digits) for group in groups]
    shaped = size == 1 or (size <= _GROUP_LIMIT and max(sizes) <= (7 if parted[0] else 8))
    start, end = groups[0].start, groups[-1].end
    fits = shaped and _MIN_DIGITS <= sum(sizes) <= 16 and not _is_dated(groups)  # noqa: PLR2004
    return size if fits and not is_owed(text, end) and is_account(text, start, end) else 0


def _is_blank(text: str, left: _Group, right: _Group) -> bool:
    return _ONLY_BLANK.fullmatch(text, left.end, right.start) is not None


def _is_dated(groups: Chain) -> bool:
    first = groups[0].digits
    year = len(groups) > 1 and _YEAR.fullmatch(first) and len(groups[1].digits) <= 2  # noqa: PLR2004
    return bool(year or _DATED.match(first))
