"""What of personal data may be kept, and how much of it may be shown."""

import re
from collections.abc import Callable, Collection, Mapping

from chalicelib.kernel.clock import HOUR, Millis
from chalicelib.kernel.errors import Forbidden
from chalicelib.privacy.model import Field, Limits
from chalicelib.privacy.numbers import Secret, find

_HIDDEN = "***"
_RESIDENT = "******-*******"
# How many digits at the end stay, so that people can tell which one was meant.
_LAST = {Secret.CARD: 4, Secret.ACCOUNT: 3}

_MAX_SHOWN_SHARE = 3
_PLACE = re.compile(
    r"(?:\(?\d{5}\)?\s+)?"
    r"((?:서울|부산|대구|인천|광주|대전|울산|세종|경기|강원|충청?[북남]|충북|충남|전[라북남]|전북|전남|경[상북남]|제주)[가-힣]{0,7})"
    r"(?:\s+([가-힣]{1,5}[시군구])(?=\s|$))?(?:\s|$)"
)
_DOMAIN = re.compile(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_HANGUL_NAME = re.compile(r"[가-힣]{2,4}")


def censor(text: str, *, accounts: bool) -> str:
    """Return `text` with resident and foreigner numbers, cards and (if `accounts`) bank accounts masked for good.

    Nothing of a resident number is kept, of a card its last four digits, of an account its last three.
    """
    parts, done = [], 0
    for found in find(text, accounts=accounts):
        parts += [text[done : found.start], _censored(text[found.start : found.end], found.kind)]
        done = found.end
    return "".join([*parts, text[done:]])


def _censored(number: str, kind: Secret) -> str:
    if kind is Secret.RESIDENT:
        return _RESIDENT
    hidden = sum(char.isdecimal() for char in number) - _LAST[kind]
    shown = []
    for char in number:
        shown.append("*" if char.isdecimal() and hidden > 0 else char)
        hidden -= char.isdecimal()
    return "".join(shown)


def mask(field: Field, value: str) -> str:
    """Return `value` as everyone sees it who was given no more: in the console, exports, mail and push alike.

    Never raises, and shows less of short values: what is left must not give the rest away.
    """
    return _MASKS[field](value.strip())


def _phone(value: str) -> str:
    digits = _digits(value)
    if value.startswith("+82"):
        digits = "0" + digits.removeprefix("82").removeprefix("0")
    if len(digits) < 9:  # noqa: PLR2004
        return "****"
    area = re.match(r"02|0[17]0|01\d|050\d|0[3-8]\d", digits)
    return f"{area[0]}-****-{digits[-4:]}" if area else f"****-{digits[-4:]}"


def _mail(value: str) -> str:
    local, at, domain = value.rpartition("@")
    if not at or not _DOMAIN.fullmatch(domain):
        return _HIDDEN
    return f"{local[:1] if len(local) >= _MAX_SHOWN_SHARE else ''}{_HIDDEN}@{domain}"


def _address(value: str) -> str:
    place = _PLACE.match(value)
    return " ".join([*filter(None, place.groups()), _HIDDEN]) if place else _HIDDEN


def _order_number(value: str) -> str:
    if len(value) >= 12:  # noqa: PLR2004
        return f"{value[:4]}****{value[-4:]}"
    return f"****{value[-4:]}" if len(value) >= 8 else "****"  # noqa: PLR2004


def _account(value: str) -> str:
    digits = _digits(value)
    return f"*******{digits[-3:]}" if len(digits) >= 10 else _HIDDEN  # noqa: PLR2004


def _name(value: str) -> str:
    if not _HANGUL_NAME.fullmatch(value):
        return f"{value[:1] if len(value) >= _MAX_SHOWN_SHARE else ''}{_HIDDEN}"
    last = value[-1] if len(value) >= _MAX_SHOWN_SHARE else ""
    return f"{value[0]}{'*' * (len(value) - 1 - len(last))}{last}"


def _digits(value: str) -> str:
    return "".join(str(int(char)) for char in value if char.isdecimal())


_MASKS: Mapping[Field, Callable[[str], str]] = {
    Field.PHONE: _phone,
    Field.MAIL: _mail,
    Field.ADDRESS: _address,
    Field.ORDER_NUMBER: _order_number,
    Field.ACCOUNT: _account,
    Field.NAME: _name,
}


def budget(
    seen: Mapping[str, Millis], wanted: Collection[str], *, now: Millis, day_start: Millis, limits: Limits
) -> frozenset[str]:
    """Return who of `wanted` is new to the agent today; all of them may be looked at.

    `seen` says when the agent first saw each customer on this or the last KST day; a customer seen today costs
    nothing again. Raises Forbidden `breadth_exceeded` with the limit that is reached; then none may be looked at.
    """
    today = {customer for customer, at in seen.items() if at >= day_start}
    new = frozenset(wanted) - today
    lately = {customer for customer, at in seen.items() if at > now - HOUR}
    for span, count, limit in (("hour", len(lately | new), limits.hour), ("day", len(today | new), limits.day)):
        if new and count > limit:
            raise Forbidden(
                "breadth_exceeded", f"more than {limit} different customers in one {span}", limit=limit
            )
    return new
