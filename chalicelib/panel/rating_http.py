"""What customers think of their answers, over HTTP."""

from http import HTTPStatus

from chalicelib.access.rules import READERS, VISITOR
from chalicelib.contacts.calls import ONE
from chalicelib.contacts.looks import record
from chalicelib.kernel.caller import Kind
from chalicelib.kernel.text import clean
from chalicelib.panel.calls import conversation
from chalicelib.panel.model import Rating
from chalicelib.panel.service import rate
from chalicelib.panel.store import Ratings
from chalicelib.panel.views import RatingIn, RatingsView, RatingView
from chalicelib.privacy.rules import censor
from chalicelib.web.api import Api, Call, Empty
from chalicelib.web.pressure import Shed

api = Api()

_COMMENT_LIMIT = 1_000


@api.route("POST", ONE + "/rating", policy=VISITOR, body=RatingIn, returns=RatingView, status=HTTPStatus.CREATED)
def rate_answer(call: Call[RatingIn]) -> RatingView:
    """Say what you think of the answer: once for each time that the conversation was resolved."""
    here, contact = conversation(call)
    comment, body = "", call.body
    if body.comment.strip():
        comment = censor(clean(body.comment, limit=_COMMENT_LIMIT, field="comment"), accounts=True)
    given = Rating(contact.id, 0, body.score, comment, "", call.now, call.digest)
    return RatingView.of(rate(here, Ratings(contact.tenant), contact.id, given))


@api.route("GET", ONE + "/ratings", policy=READERS, returns=RatingsView, shed=Shed.REFRESH)
def list_ratings(call: Call[Empty]) -> RatingsView:
    """Show how the conversation was rated; agents see it while they hold it."""
    _, contact = conversation(call)
    if call.caller.kind is not Kind.VISITOR:
        record(call, [contact], f"ratings {contact.id}")
    return RatingsView([RatingView.of(rating) for rating in Ratings(contact.tenant).all(contact.id)])
