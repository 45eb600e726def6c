"""What a number's own digits say: dates, issuers and check digits. All take plain ASCII digits."""

import re
from calendar import monthrange

# First digits and the lengths that are issued with them; 9 is a card of Korea alone.
_ISSUED = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2(?:2[2-9]|[3-6]\d|7[01])\d{13}|2720\d{12}|3[47]\d{13}|3[0689]\d{12}"
    r"|35\d{14}|62\d{14,17}|6(?:011|[45]\d\d)\d{12}|9\d{15}"
)
_CENTURIES = {**dict.fromkeys("90", 1800), **dict.fromkeys("1256", 1900), **dict.fromkeys("3478", 2000)}
_WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)


def is_issued(digits: str) -> bool:
    """Return whether these are the digits of a payment card: length, first digits and check digit (Luhn)."""
    return _ISSUED.fullmatch(digits) is not None and _luhn(digits)


def _luhn(digits: str) -> bool:
    odd, even = digits[-1::-2], digits[-2::-2]
    return (sum(map(int, odd)) + sum(sum(divmod(2 * int(digit), 10)) for digit in even)) % 10 == 0


def is_born(digits: str) -> bool:
    """Return whether a resident number's first seven digits say a day that there was."""
    year = _CENTURIES[digits[6]] + int(digits[:2])
    month, day = int(digits[2:4]), int(digits[4:6])
    return 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]  # noqa: PLR2004


def has_check_digit(digits: str) -> bool:
    """Return whether a resident or foreigner number ends with its check digit."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=False))
    # Foreigners' numbers end two higher.
    return int(digits[-1]) == (11 - total % 11 + (2 if digits[6] in "5678" else 0)) % 10


def is_barcode(digits: str) -> bool:
    """Return whether 13 digits end with the check digit of a barcode."""
    return sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits)) % 10 == 0
