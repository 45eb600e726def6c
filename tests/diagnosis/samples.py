"""Past contacts that tests vary."""

from chalicelib.diagnosis.model import Past
from chalicelib.intents.model import Intent
from chalicelib.kernel.clock import DAY, HOUR, Millis
from tests.samples import NOON

MIDNIGHT: Millis = NOON - 12 * HOUR
"""The midnight in Seoul before noon of 2026-11-21, a Saturday."""


def at(
    days_ago: int, hour: int = 12, *, timed: bool = True, intent: Intent = Intent.DELIVERY, **named: str
) -> Past:
    """Return a contact of so many days before 2026-11-21."""
    return Past(MIDNIGHT - days_ago * DAY + hour * HOUR, timed, intent, **named)
