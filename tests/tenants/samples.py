"""Numbers that shops could have."""

from chalicelib.tenants.digits import is_registration


def registration(number: int) -> str:
    """Return the 사업자등록번호 of which `number` is all but the last digit."""
    return next(found for digit in range(10) if is_registration(found := f"{number:09d}{digit}"))
