"""Keep what stands beside a conversation, so that no erasure of it can miss anything."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from chalicelib.agents.timeline import rated
from chalicelib.aws import objects
from chalicelib.aws.tables import Write
from chalicelib.contacts import rules
from chalicelib.contacts.deciding import TRIES, too_fast
from chalicelib.contacts.model import Contact, ContactChanged
from chalicelib.contacts.moves import stay
from chalicelib.contacts.ports import Desk
from chalicelib.files.model import MAX_BYTES, AlreadyThere, File
from chalicelib.files.rules import named, room
from chalicelib.files.service import harmless
from chalicelib.files.store import Files
from chalicelib.kernel.errors import BadInput, Conflict, DeskError, TooLarge, not_found, same_body
from chalicelib.kernel.ids import random_id
from chalicelib.panel.model import AlreadyRated, Rating
from chalicelib.panel.rules import ratable
from chalicelib.panel.store import Ratings


def keep(desk: Desk, contact_id: str, decide: Callable[[Contact], Sequence[Write]]) -> None:
    """Commit what is decided of a contact together with the contact's next version.

    An erasure blanks the version that it read: what is kept so is either seen by it, or refused.
    """
    for _ in range(TRIES):
        contact = desk.contacts.get(contact_id)
        rules.serves(contact, desk.pool)
        if not contact.customer:
            raise Conflict("customer_erased", "this customer was erased; nothing more is kept here")
        writes = decide(contact)
        try:
            # A rating is counted in the row of the agent who answered.
            with desk.beside(contact.preferred):
                desk.commit(desk.contacts.save(contact, stay(contact)), *writes)
        except ContactChanged:
            continue
        return
    raise too_fast()


def announce(desk: Desk, files: Files, file: File) -> File:
    """Store a new file before it is sent in, and return it; a repeat returns the first one.

    Raises Conflict `too_many_files`, and `idempotency_mismatch` when the same key came with another body before.
    """

    def decide(_: Contact) -> list[Write]:
        room(files.all(file.contact))
        return [files.announce(file)]

    try:
        stored = files.find(file.contact, file.id)
        if stored is None:
            keep(desk, file.contact, decide)
            return file
    except AlreadyThere:
        stored = _found(files, file)
    same_body(stored.digest, file.digest)
    return stored


def finish(desk: Desk, files: Files, file: File) -> File:
    """Look into what was sent in, keep its harmless form, and return the file; a repeat changes nothing.

    Raises Conflict `not_uploaded`, TooLarge `file_too_large`, and BadInput `file_refused`: then it must be
    announced and sent in anew.
    """
    if file.ready:
        return file
    tenant, upload = desk.tenant.id, objects.upload_key(desk.tenant.id, file.contact, file.id)
    try:
        kind, content = harmless(_sent_in(upload))
    except BadInput:
        objects.drop(upload)
        raise
    key = objects.file_key(tenant, file.contact, random_id())
    objects.put(key, content, kind)
    done = replace(file, kind=kind, size=len(content), name=named(file.name, kind), key=key)
    kept = _finish(desk, files, done)
    objects.drop(upload)
    return kept


def rate(desk: Desk, ratings: Ratings, contact_id: str, given: Rating) -> Rating:
    """Store how the episode that just ended was rated, and return it; a repeat returns the first answer.

    Raises Conflict `not_resolved`, or `already_rated` for another rating of the same episode.
    """
    stored: list[Rating] = []

    def decide(contact: Contact) -> list[Write]:
        ratable(contact)
        stored[:] = [replace(given, episode=contact.episode.number, agent=contact.preferred)]
        return [ratings.add(stored[0]), rated(contact.preferred, given.score, given.at)]

    try:
        keep(desk, contact_id, decide)
    except AlreadyRated as before:
        if before.digest != given.digest:
            raise Conflict("already_rated", "this conversation was rated already") from None
        return next(one for one in ratings.all(contact_id) if one.episode == stored[0].episode)
    return stored[0]


def _finish(desk: Desk, files: Files, done: File) -> File:
    # It stays from before it is known, so that nothing that was sent can go; what is refused goes at once.
    objects.keep(done.key)
    try:
        keep(desk, done.contact, lambda _: [files.finish(done)])
    except AlreadyThere:
        found = _found(files, done)
        # The one that was there may be this one, if the answer to its commit was lost.
        if found.key != done.key:
            objects.drop(done.key)
        return found
    except DeskError:
        objects.drop(done.key)
        raise
    return done


def _sent_in(upload: str) -> bytes:
    content = objects.read(upload, limit=MAX_BYTES)
    if content is None:
        raise Conflict("not_uploaded", "nothing was sent in for this file")
    if len(content) > MAX_BYTES:
        raise TooLarge("file_too_large", f"a file is at most {MAX_BYTES} bytes")
    if not content:
        raise BadInput("file_refused", "this file is empty")
    return content


def _found(files: Files, file: File) -> File:
    found = files.find(file.contact, file.id)
    if found is None:
        raise not_found()
    return found
