"""A shop's rehearsals over HTTP."""

from http import HTTPStatus
from typing import Self

from msgspec import Struct

from chalicelib.access.rules import SHOP_PEOPLE
from chalicelib.bills.usage_views import EntryView
from chalicelib.bills.wiring import statement
from chalicelib.contacts.calls import written
from chalicelib.contacts.model import Author, Story
from chalicelib.contacts.views import Text
from chalicelib.kernel.clock import iso, kst_month
from chalicelib.kernel.money import Won
from chalicelib.metering.model import Meter
from chalicelib.pricing.model import RatedEntry
from chalicelib.pricing.plans import plan
from chalicelib.pricing.rules import list_won
from chalicelib.setup.rehearsal import rehearse
from chalicelib.setup.stage import on_stage, rehearsals
from chalicelib.tenants.aims import By
from chalicelib.tenants.model import Tenant
from chalicelib.web.api import Api, Call

api = Api()

# By then, every term that was chosen has begun.
_LATER = "9999-12"


class RehearsalIn(Struct, forbid_unknown_fields=True):
    """What a customer might write."""

    text: Text


class RehearsalView(Struct):
    """A rehearsal from end to end: what was asked, what the shop's persona (`by`) answered, and what was booked.

    `intent` is how the desk reads the question. `cost_won` is what it cost; such a contact costs `list_won` by the
    plan that the shop has chosen last.
    """

    contact: str
    intent: str
    question: str
    answer: str
    by: str
    at: str
    lines: list[EntryView]
    cost_won: Won
    list_won: Won

    @classmethod
    def of(cls, story: Story, shop: Tenant, booked: list[RatedEntry]) -> Self:
        """Return what the API shows of the rehearsal in `story`."""
        said = {one.author: one for one in story.messages}
        return cls(
            contact=story.contact.id,
            intent=story.contact.intent,
            question=said[Author.CUSTOMER].text,
            answer=said[Author.AGENT].text,
            by=shop.persona.agent_name,
            at=iso(said[Author.AGENT].at),
            lines=[EntryView.of(line, None) for line in booked],
            cost_won=sum(line.won for line in booked),
            list_won=list_won(plan(shop.plan_in(_LATER)), Meter.HUMAN),
        )


@api.route(
    "POST",
    "/v1/tenants/{tenant}/rehearsal",
    policy=SHOP_PEOPLE,
    body=RehearsalIn,
    returns=RehearsalView,
    status=HTTPStatus.CREATED,
)
def hold_rehearsal(call: Call[RehearsalIn]) -> RehearsalView:
    """Ask your own desk something: it is answered at once in your voice, by rule, and taken off the bill."""
    tenant = call.params["tenant"]
    question = written(call, Author.CUSTOMER, "", call.body.text)
    with on_stage():
        here = rehearsals(tenant)
        contact = rehearse(here, question, By(call.caller.name, call.source, call.now))
        story = here.desk.contacts.story(contact.id)
        lines = statement(tenant, kst_month(contact.opened_at))
    booked = [line for line in lines if line.entry.contact == contact.id]
    return RehearsalView.of(story, here.desk.tenant, booked)
