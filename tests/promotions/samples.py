"""An ordinary promotion that tests vary."""

from typing import Any

from chalicelib.kernel.clock import DAY, HOUR
from chalicelib.promotions.model import Promotion
from chalicelib.promotions.rules import promotion_id
from tests.samples import NOON


def a_promotion(request: str = "a" * 16, **changes: Any) -> Promotion:
    """Return a promotion of four hours that starts a week after noon."""
    starts_at = changes.get("starts_at", NOON + 7 * DAY)
    values: dict[str, Any] = {
        "tenant": "danbi",
        "id": promotion_id(starts_at, request),
        "name": "블랙프라이데이",
        "starts_at": starts_at,
        "ends_at": starts_at + 4 * HOUR,
        "multiple_tenths": 50,
        "announced_at": NOON,
        "announced_by": "owner:dana",
        "digest": "d",
    }
    return Promotion(**values | changes)
