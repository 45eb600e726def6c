"""What agents do with contacts that they take, over HTTP."""

from http import HTTPStatus

from chalicelib.access.rules import AGENT
from chalicelib.contacts import aside, rules, service
from chalicelib.contacts.bodies import NoteIn, ReplyIn, ResolveIn, TransferIn
from chalicelib.contacts.calls import ONE, act, desk_of, happened, remark, said, seen
from chalicelib.contacts.model import Action, Author
from chalicelib.contacts.views import ContactView, SaidView
from chalicelib.web.api import Api, Call, Empty

api = Api()


@api.route("POST", ONE + "/replies", policy=AGENT, body=ReplyIn, returns=SaidView, status=HTTPStatus.CREATED)
def reply(call: Call[ReplyIn]) -> SaidView:
    """Answer the customer; the first reply of an episode is the one that is billed."""
    text, sent = said(call, Author.AGENT, call.caller.agent), call.body
    answer = service.reply(
        desk_of(call),
        call.params["contact"],
        text,
        answer=sent.answer,
        sure=sent.sure,
        files=sent.files,
        expected=call.expected,
    )
    return SaidView.of(answer)


@api.route("POST", ONE + "/notes", policy=AGENT, body=NoteIn, returns=SaidView, status=HTTPStatus.CREATED)
def note(call: Call[NoteIn]) -> SaidView:
    """Leave an internal remark that no customer and no shop sees; leads whisper to who raised a hand."""
    here, contact, text = desk_of(call), call.params["contact"], said(call, Author.NOTE, call.caller.agent)
    if call.body.whisper:
        return SaidView.of(aside.whisper(here, contact, text, call.caller.kind, expected=call.expected))
    return SaidView.of(service.note(here, contact, text, expected=call.expected))


@api.route("POST", ONE + "/claim", policy=AGENT, returns=ContactView)
def claim(call: Call[Empty]) -> ContactView:
    """Take this waiting contact out of turn."""
    agent = call.caller.agent
    taken = service.claim(desk_of(call), call.params["contact"], agent, call.now, expected=call.expected)
    return seen(call, taken)


@api.route("POST", ONE + "/resolve", policy=AGENT, body=ResolveIn, returns=ContactView)
def resolve(call: Call[ResolveIn]) -> ContactView:
    """Close a contact that you hold: everything is answered, and the shop's script was followed."""
    event, body = happened(call, Action.RESOLVE), call.body
    here, contact = desk_of(call), call.params["contact"]
    done = service.resolve(here, contact, event, body.steps, sure=body.sure, expected=call.expected)
    return seen(call, done)


@api.route("POST", ONE + "/transfer", policy=AGENT, body=TransferIn, returns=ContactView)
def transfer(call: Call[TransferIn]) -> ContactView:
    """Hand a contact that you hold to a present colleague; this is never billed."""
    event, contact, to = happened(call, Action.TRANSFER), call.params["contact"], call.body.to
    note = remark(call, call.body.note) if call.body.note else None
    moved = service.transfer(desk_of(call), contact, to, event, remark=note, expected=call.expected)
    return seen(call, moved)


@api.route("POST", ONE + "/release", policy=AGENT, returns=ContactView)
def release(call: Call[Empty]) -> ContactView:
    """Give a contact that you hold back to the front of the queue."""
    event = happened(call, Action.RELEASE)
    return act(call, lambda contact: rules.release(contact, event))
