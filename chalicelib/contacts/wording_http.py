"""What an agent is about to say, over HTTP: canned answers filled for a contact, and texts checked."""

from collections.abc import Mapping
from typing import Annotated

from msgspec import UNSET, Meta, Struct

from chalicelib.access.rules import AGENT
from chalicelib.contacts import rules
from chalicelib.contacts.calls import ONE, TEXT_LIMIT, desk_of
from chalicelib.contacts.looks import StoryView, story_view
from chalicelib.contacts.model import Author
from chalicelib.contacts.ports import Desk
from chalicelib.contacts.views import ContactId, Text
from chalicelib.handbook.rules import called
from chalicelib.handbook.slots import fill
from chalicelib.handbook.views import FindingsView, FindingView, SlotView
from chalicelib.handbook.wiring import answer_of, faults, missing_steps, rules_of
from chalicelib.kernel.text import clean
from chalicelib.web.api import Api, Call

api = Api()

_STEPS_LIMIT = 20


class CheckIn(Struct, forbid_unknown_fields=True):
    """A text before it is sent: from which canned `answer` it was made, and which `steps` are done."""

    text: Text
    answer: ContactId | None = None
    steps: Annotated[list[str], Meta(max_length=_STEPS_LIMIT)] | None = None


class FillIn(Struct, forbid_unknown_fields=True):
    """The canned answer to fill."""

    answer: ContactId


class FilledView(Struct):
    """A canned answer for this customer; `open` slots still stand in the text, which is not sent with one."""

    text: str
    open: list[SlotView]


@api.route("POST", ONE + "/check", policy=AGENT, body=CheckIn, returns=FindingsView)
def check_text(call: Call[CheckIn]) -> FindingsView:
    """Say what is wrong with a text for a contact that you hold, as sending it would; nothing is sent."""
    here, body = desk_of(call), call.body
    _held(call, here)
    found = faults(here.tenant, here.pool, clean(body.text, limit=TEXT_LIMIT), body.answer)
    if body.steps is not None:
        found += missing_steps(here.tenant, body.steps)
    return FindingsView([FindingView.of(one) for one in found])


@api.route("POST", ONE + "/fill", policy=AGENT, body=FillIn, returns=FilledView)
def fill_answer(call: Call[FillIn]) -> FilledView:
    """Fill a canned answer of the shop's with what you may see of a contact that you hold."""
    here = desk_of(call)
    _held(call, here)
    answer = answer_of(here.tenant, call.body.answer)
    story = story_view(call, here.contacts.story(call.params["contact"]), here.tenant)
    text, left = fill(answer.wording.text, _known(story, here))
    return FilledView(text, [SlotView.of(slot) for slot in left])


def _held(call: Call[CheckIn] | Call[FillIn], here: Desk) -> None:
    contact = here.contacts.get(call.params["contact"])
    rules.serves(contact, call.caller.pool)
    rules.held_by(contact, call.caller.agent)


def _known(story: StoryView, here: Desk) -> Mapping[str, str]:
    """Return what a slot is filled with; an order's number is masked for agents, and so is never filled in."""
    shop = here.tenant
    told = "" if story.customer is UNSET else story.customer.name
    said = (message.name for message in story.messages if message.author is Author.CUSTOMER and message.name)
    name = called(told or next(said, ""), rules_of(shop.id).handbook.address_as)
    return {"customer.name": name, "shop.name": shop.name, "agent.name": shop.persona.agent_name}
