"""What a shop says of a promotion, as the promotion that it makes."""

from chalicelib.kernel.text import clean
from chalicelib.promotions.model import Promotion
from chalicelib.promotions.rules import check_span, parse_multiple, parse_time, promotion_id
from chalicelib.promotions.views import PromotionIn
from chalicelib.web.api import Call

_NAME_LIMIT = 100
_REQUEST_LENGTH = 16


def promotion_of(call: Call[PromotionIn]) -> Promotion:
    """Return the promotion that the body tells of; raise BadInput for what is none."""
    starts_at = parse_time(call.body.starts_at, "starts_at")
    ends_at = parse_time(call.body.ends_at, "ends_at")
    check_span(starts_at, ends_at)
    return Promotion(
        tenant=call.params["tenant"],
        id=promotion_id(starts_at, call.new_id()[:_REQUEST_LENGTH]),
        name=clean(call.body.name, limit=_NAME_LIMIT, field="name"),
        starts_at=starts_at,
        ends_at=ends_at,
        multiple_tenths=parse_multiple(call.body.multiple),
        announced_at=call.now,
        announced_by=call.caller.name,
        digest=call.digest,
    )
