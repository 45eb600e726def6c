"""The 사업자등록번호: ten digits, of which the last one checks the others."""

import re

_NUMBER = re.compile(r"[0-9]{10}")
_WEIGHTS = (1, 3, 7, 1, 3, 7, 1, 3, 5)
# Both pass the check: what a field is filled with, and what forms show as their example.
_NOBODYS = "0000000000"
_EXAMPLE = "1234567891"


def bare(number: str) -> str:
    """Return a number as people write it without its hyphens: `120-81-47521` is `1208147521`."""
    return number.strip().replace("-", "")


def is_registration(number: str, *, example: bool = True) -> bool:
    """Return whether ten digits can be a 사업자등록번호; `example` takes the one that forms show, too."""
    if not _NUMBER.fullmatch(number) or number == _NOBODYS or (number == _EXAMPLE and not example):
        return False
    *digits, check = map(int, number)
    total = sum(digit * weight for digit, weight in zip(digits, _WEIGHTS, strict=True))
    return (total + digits[-1] * _WEIGHTS[-1] // 10 + check) % 10 == 0
