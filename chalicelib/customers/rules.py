"""One form for each detail, so that a person is found whoever typed it, and how little of it a list shows."""

import re
from collections.abc import Callable

from chalicelib.customers.model import Details
from chalicelib.kernel.errors import BadInput
from chalicelib.kernel.text import clean
from chalicelib.privacy.model import Field
from chalicelib.privacy.rules import censor, mask

LIMITS = {
    Field.NAME: 50,
    Field.PHONE: 32,
    Field.MAIL: 254,
    Field.ADDRESS: 300,
    Field.ORDER_NUMBER: 64,
    Field.ACCOUNT: 64,
}
"""The most characters of each detail."""

_FREE = {Field.NAME, Field.ADDRESS, Field.ACCOUNT}
_SEPARATORS = re.compile(r"[\s().\-/]+")
# Mobile, personal and internet numbers, the area codes, and the nationwide numbers that are dialled without one.
_KOREAN = re.compile(r"(010\d{8}|01[16-9]\d{7,8}|0(?:2|[3-6][1-5])\d{7,8}|0(?:50\d|70|80)\d{7,8}|1[568]\d{6})")
_FOREIGN = re.compile(r"\+(?!82)[1-9]\d{6,14}")
_ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_TOP = r"(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})"
_MAIL = re.compile(rf"(?=[^@]{{1,64}}@){_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+{_TOP}")


def normal(details: Details) -> Details:
    """Return `details` in their one form.

    Raises BadInput: `invalid_phone`, `invalid_mail`, or what `kernel.text.clean` refuses.
    """
    return Details(**{field.value: canonical(field, value) for field, value in details.known().items()})


def canonical(field: Field, value: str) -> str:
    """Return the one form of a detail that is known; raise BadInput as `normal` does."""
    text = clean(value, limit=LIMITS[field], field=field)
    # Resident and card numbers are kept nowhere; an order's number may look like one.
    return _FORMS.get(field, str)(censor(text, accounts=False) if field in _FREE else text)


def _phone(text: str) -> str:
    """Return a Korean or international number in E.164: `010-1234-5678` and `+82 (0)10 1234 5678` are one."""
    digits = _SEPARATORS.sub("", text)
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    if digits.isascii() and _FOREIGN.fullmatch(digits):
        return digits
    if digits.startswith("+82"):
        rest = digits[3:]
        digits = rest if _KOREAN.fullmatch(rest) else "0" + rest
    if not digits.isascii() or not _KOREAN.fullmatch(digits):
        raise BadInput("invalid_phone", "phone is a Korean number or an international one with +")
    return "+82" + digits.removeprefix("0")


def _mail(text: str) -> str:
    lowered = text.lower()
    if not _MAIL.fullmatch(lowered):
        raise BadInput("invalid_mail", "mail is an address like name@example.com")
    return lowered


_FORMS: dict[Field, Callable[[str], str]] = {Field.PHONE: _phone, Field.MAIL: _mail}


def masked(details: Details) -> Details:
    """Return what a list may show of `details`: enough to tell two apart, too little to reach anybody."""
    return Details(**{field.value: mask(field, value) for field, value in details.known().items()})
