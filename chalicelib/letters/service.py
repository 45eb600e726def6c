"""Send a letter: claimed before, and noted after."""

from dataclasses import replace

from chalicelib.aws.observe import log
from chalicelib.kernel.clock import Millis
from chalicelib.kernel.errors import Conflict
from chalicelib.letters.model import Letter, MailRefused, MailUnavailable, Post
from chalicelib.letters.ports import Mailroom
from chalicelib.letters.rules import ANSWERED_WITHIN, PUT_OFF, is_hopeless, is_ours, mail_of


def send(room: Mailroom, letter_id: str, now: Millis) -> None:
    """Send a letter unless another worker has it or it is at its end; a letter that there is not is no fault.

    A worker that dies on the way leaves it claimed: it is sent once more when nobody can be sending it any more.
    """
    letter = room.letters.find(letter_id)
    if letter is None or not is_ours(letter, now):
        return
    if is_hopeless(letter, now):
        _end(room, letter, Post.FAILED, now)
        return
    try:
        room.commit(room.letters.claim(letter, now, now + ANSWERED_WITHIN))
    except Conflict:
        return
    _carry(room, replace(letter, state=Post.SENDING, tries=letter.tries + 1, tried_at=now), now)


def _carry(room: Mailroom, letter: Letter, now: Millis) -> None:
    readers = room.readers(letter.to)
    if not readers.mails:
        _end(room, letter, Post.FAILED, now)
        return
    mail = mail_of(letter.name, readers.language, letter.values, pages_url=room.pages_url)
    try:
        room.mailer.send(readers.mails, mail, letter.id)
    except MailRefused as error:
        log().warning("letter refused", tenant=letter.tenant, letter=letter.id, why=str(error))
        _end(room, letter, Post.FAILED, now)
    except MailUnavailable as error:
        log().warning("letter put off", tenant=letter.tenant, letter=letter.id, why=str(error))
        room.commit(room.letters.put_off(letter, now + PUT_OFF))
    else:
        _end(room, letter, Post.SENT, now)


def _end(room: Mailroom, letter: Letter, state: Post, now: Millis) -> None:
    if state is Post.FAILED:
        log().warning("letter failed", tenant=letter.tenant, letter=letter.id)
    room.commit(room.letters.end(letter, state, now))
