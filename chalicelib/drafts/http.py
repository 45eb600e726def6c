"""Drafts over HTTP."""

from typing import Annotated, Self

from msgspec import Meta, Struct

from chalicelib.access.rules import AGENT
from chalicelib.aws.vault import Vault
from chalicelib.contacts.calls import ONE, TEXT_LIMIT, desk_of
from chalicelib.contacts.looks import record
from chalicelib.contacts.views import Text
from chalicelib.drafts import service
from chalicelib.drafts.model import Draft, Mode
from chalicelib.drafts.rules import names
from chalicelib.drafts.store import Drafts
from chalicelib.kernel.clock import iso
from chalicelib.kernel.text import clean
from chalicelib.privacy.rules import censor
from chalicelib.web.api import Api, Call, Empty, Reply
from chalicelib.web.etags import etag
from chalicelib.web.pressure import Shed

api = Api()

_Id = Annotated[str, Meta(max_length=64)]
_ALL = ONE + "/drafts"


class DraftIn(Struct, forbid_unknown_fields=True):
    """What is being written, with the ticked `steps` of the script, and the canned answer it began with."""

    text: Text
    steps: Annotated[list[_Id], Meta(max_length=50)] = []
    answer: _Id = ""


class DraftView(Struct, omit_defaults=True):
    """What `agent` was writing; other agents' drafts are there to be read."""

    mode: Mode
    agent: str
    text: str
    at: str
    steps: list[str] = []
    answer: str = ""

    @classmethod
    def of(cls, draft: Draft) -> Self:
        """Return what the API shows of `draft`."""
        return cls(draft.mode, draft.agent, draft.text, iso(draft.at), list(draft.steps), draft.answer)


class DraftsView(Struct):
    """What was written and not sent, and the names of the colleagues who look at the contact now."""

    drafts: list[DraftView]
    viewers: list[str]


@api.route("GET", _ALL, policy=AGENT, returns=DraftsView, shed=Shed.REFRESH)
def drafts(call: Call[Empty]) -> Reply:
    """Show what you, and those who held it before you, were writing to a contact that you hold."""
    store, me = _drafts(call), call.caller.agent
    contact, found, onlookers = service.beside(desk_of(call), store, call.params["contact"], me)
    view = DraftsView([DraftView.of(draft) for draft in found], names(onlookers, me, call.now))
    tag = etag(view)
    if tag != call.known and any(draft.agent != me for draft in found):
        record(call, [contact], f"drafts {contact.id}")
    return Reply(view, {"ETag": tag})


@api.route("PUT", _ALL + "/reply", policy=AGENT, body=DraftIn, returns=DraftView)
def draft_reply(call: Call[DraftIn]) -> DraftView | None:
    """Keep the reply that you are writing to a contact that you hold; an empty text takes it away."""
    return _save(call, Mode.REPLY)


@api.route("PUT", _ALL + "/note", policy=AGENT, body=DraftIn, returns=DraftView)
def draft_note(call: Call[DraftIn]) -> DraftView | None:
    """Keep the note that you are writing on a contact that you hold; an empty text takes it away."""
    return _save(call, Mode.NOTE)


def _save(call: Call[DraftIn], mode: Mode) -> DraftView | None:
    body = call.body
    text = censor(clean(body.text, limit=TEXT_LIMIT), accounts=mode is Mode.NOTE) if body.text.strip() else ""
    draft = Draft(call.caller.agent, mode, text, call.now, tuple(body.steps), body.answer)
    service.save(desk_of(call), _drafts(call), call.params["contact"], draft, expected=call.expected)
    return DraftView.of(draft) if text else None


def _drafts(call: Call[DraftIn] | Call[Empty]) -> Drafts:
    tenant = call.params["tenant"]
    return Drafts(tenant, Vault(tenant))
