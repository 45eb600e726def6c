"""Personal data that is made up and unlike all else, to be found wherever it leaks; and how to look for it."""

import re
from collections.abc import Iterable

PHONE = "010-8731-4902"
PHONE_E164 = "+821087314902"
MAIL = "kanari.byeol@canary.example"
ADDRESS = "서울 마포구 카나리로 87길 31"
NAME = "강나리"
ORDER_NUMBER = "CANARY-20261121-7731"
ACCOUNT = "110-437-298165"
RESIDENT = "900101-1234568"
CARD = "4539-1488-0343-6467"

WRITTEN = (
    f"전화 {PHONE}, 메일 {MAIL}, 주소 {ADDRESS}, 주민번호 {RESIDENT}, 카드번호 {CARD}, 계좌번호 신한은행 {ACCOUNT}"
)
"""What a customer writes who tells too much."""

_DIGITS = re.compile(r"\D")


def _forms(number: str) -> set[str]:
    return {number, _DIGITS.sub("", number), _DIGITS.sub(" ", number)}


# What must stand nowhere, the table included: it is masked at intake.
NEVER = sorted({*_forms(RESIDENT), *_forms(CARD)})
# What must stand in no log, metric, error, queue, or dead letter.
PERSONAL = sorted(
    {*NEVER, *_forms(PHONE), PHONE_E164, PHONE_E164[1:], MAIL, ADDRESS, NAME, ORDER_NUMBER, *_forms(ACCOUNT)}
)

# The same by shape, whoever's they are: for text that no product of ours should ever hold.
_SHAPES = {
    "phone": r"(?<![\w.-])(?:\+82-?|0)1[016-9]-?\d{3,4}-?\d{4}(?![\w-])",
    "mail": r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[a-zA-Z]{2,}",
    "resident": r"(?<![\w-])\d{2}[01]\d[0-3]\d-?[1-8]\d{6}(?![\w-])",
    "card": r"(?<![\w-])\d{4}[- ]\d{4}[- ]\d{4}[- ]\d{4}(?![\w-])",
}
_SHAPE = re.compile("|".join(f"(?P<{name}>{shape})" for name, shape in _SHAPES.items()))


def found_in(text: str, wanted: Iterable[str] = PERSONAL) -> list[str]:
    """Return which of `wanted` stand in `text`."""
    return [canary for canary in wanted if canary in text]


def shapes_in(text: str) -> list[str]:
    """Return what in `text` has the shape of a phone, mail, resident-registration or card number."""
    return [f"{match.lastgroup}: {match[0]}" for match in _SHAPE.finditer(text)]
