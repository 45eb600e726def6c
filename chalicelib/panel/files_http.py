"""Files that go with a conversation, over HTTP: the bytes themselves never pass through here."""

from dataclasses import replace
from http import HTTPStatus
from typing import Any

from chalicelib.access.rules import READERS, SHOP_OR_VISITOR, WRITERS
from chalicelib.aws import objects
from chalicelib.contacts import service as contacts
from chalicelib.contacts.calls import ONE, written
from chalicelib.contacts.looks import record
from chalicelib.contacts.model import Author
from chalicelib.contacts.views import SaidView
from chalicelib.files.model import FORM_SECONDS, LINK_SECONDS, MAX_BYTES, File, Form, Side
from chalicelib.files.rules import announced, disposition
from chalicelib.files.store import Files
from chalicelib.kernel.caller import Kind
from chalicelib.kernel.clock import SECOND, iso
from chalicelib.kernel.errors import TooLarge, not_found
from chalicelib.panel.calls import conversation
from chalicelib.panel.rules import side_of, visible
from chalicelib.panel.service import announce, finish
from chalicelib.panel.views import AnnouncedView, FileIn, FilesView, FileView, LinkView, SendIn
from chalicelib.web.api import Api, Call, Empty
from chalicelib.web.pressure import Shed

api = Api()

_FILES = ONE + "/files"


@api.route("POST", _FILES, policy=WRITERS, body=FileIn, returns=AnnouncedView, status=HTTPStatus.CREATED)
def announce_file(call: Call[FileIn]) -> AnnouncedView:
    """Announce a file, and learn how it is sent in; agents do so for a contact that they hold."""
    here, contact = conversation(call)
    wanted = call.body
    if wanted.size > MAX_BYTES:
        raise TooLarge("file_too_large", f"a file is at most {MAX_BYTES} bytes")
    name, side = announced(wanted.name, wanted.type), side_of(call.caller.kind)
    file = File(contact.id, call.new_id(), name, wanted.size, side, call.now, call.digest)
    stored = announce(here, Files(contact.tenant), file)
    place = objects.upload_key(contact.tenant, contact.id, stored.id)
    form = Form(*objects.upload_form(place, limit=MAX_BYTES, seconds=FORM_SECONDS))
    return AnnouncedView.of(stored, form, call.now + FORM_SECONDS * SECOND)


@api.route("POST", _FILES + "/{file}/ready", policy=WRITERS, returns=FileView)
def make_ready(call: Call[Empty]) -> FileView:
    """Say that a file was sent in: it is looked into, and kept in a harmless form."""
    here, contact = conversation(call)
    files, file = Files(contact.tenant), _file(call, contact.tenant, contact.id)
    if file.side is not side_of(call.caller.kind):
        raise not_found()
    return FileView.of(finish(here, files, file))


@api.route("GET", _FILES, policy=READERS, returns=FilesView, shed=Shed.REFRESH)
def list_files(call: Call[Empty]) -> FilesView:
    """List the files of a conversation; what was not sent yet is there for those alone who brought it."""
    _, contact = conversation(call)
    if call.caller.kind is not Kind.VISITOR:
        record(call, [contact], f"files {contact.id}")
    side = side_of(call.caller.kind)
    return FilesView([FileView.of(file) for file in Files(contact.tenant).all(contact.id) if visible(file, side)])


@api.route("GET", _FILES + "/{file}", policy=READERS, returns=LinkView, shed=Shed.REFRESH)
def link_file(call: Call[Empty]) -> LinkView:
    """Give out a link by which the file can be saved for five minutes."""
    _, contact = conversation(call)
    file = _file(call, contact.tenant, contact.id)
    if not visible(file, side_of(call.caller.kind)):
        raise not_found()
    if call.caller.kind is not Kind.VISITOR:
        record(call, [contact], f"file {file.id}")
    kind = f"{file.kind}"
    url = objects.link(file.key, disposition=disposition(file.name), kind=kind, seconds=LINK_SECONDS)
    return LinkView(url, iso(call.now + LINK_SECONDS * SECOND))


@api.route(
    "POST",
    _FILES + "/send",
    policy=SHOP_OR_VISITOR,
    body=SendIn,
    returns=SaidView,
    status=HTTPStatus.CREATED,
)
def send_files(call: Call[SendIn]) -> SaidView:
    """Add a message of the customer's that these files go with; agents send theirs with a reply."""
    here, contact = conversation(call)
    files, chosen = Files(contact.tenant), call.body.files
    text = call.body.text.strip() or ", ".join(file.name for file in files.all(contact.id) if file.id in chosen)
    said = written(call, Author.CUSTOMER, "", text or "-")
    taking = replace(here, attach=lambda there, one, _: files.attach(there.id, one.id, Side.CUSTOMER, chosen))
    return SaidView.of(contacts.add_message(taking, contact.id, said))


def _file(call: Call[Any], tenant: str, contact: str) -> File:
    found = Files(tenant).find(contact, call.params["file"])
    if found is None:
        raise not_found()
    return found
