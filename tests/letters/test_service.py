"""A letter is sent once, and whatever happens on the way, twice at most."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from chalicelib.aws.tables import commit
from chalicelib.kernel.clock import DAY, MINUTE
from chalicelib.kernel.errors import Conflict
from chalicelib.letters.model import Letter, Mail, MailRefused, MailUnavailable, Name, Post, Readers, To
from chalicelib.letters.ports import Mailroom
from chalicelib.letters.service import send
from chalicelib.letters.store import Letters, open_letters
from chalicelib.letters.templates import Values
from tests.moto_desk import Desk, moto_desk
from tests.samples import NOON

ID = "alert-2026-11-080-1"
VALUES: Values = {"month": "2026-11", "percent": 80, "spent_won": 8, "cap_won": 10}


@dataclass
class Carrier:
    """Carries mails to a list; `then` is what happens after it did, and `before` before."""

    sent: list[tuple[tuple[str, ...], Mail, str]] = field(default_factory=list)
    before: Callable[[], None] = lambda: None
    then: Callable[[], None] = lambda: None

    def send(self, mails: tuple[str, ...], mail: Mail, about: str) -> None:
        self.before()
        self.sent.append((mails, mail, about))
        self.then()


@dataclass
class Room:
    desk: Desk
    carrier: Carrier
    mails: tuple[str, ...] = ("owner@danbi.example",)

    def room(self) -> Mailroom:
        readers = Readers(self.mails, "ko")
        return Mailroom(Letters("danbi"), lambda _: readers, self.carrier, "https://pages.example", commit)

    def send(self, at: int) -> Letter:
        send(self.room(), ID, at)
        found = Letters("danbi").find(ID)
        assert found is not None
        return found


@pytest.fixture
def here() -> Iterator[Room]:
    with moto_desk() as desk:
        commit(Letters("danbi").add(Letter("danbi", ID, Name.ALERT, To.OWNERS, NOON, VALUES)))
        yield Room(desk, Carrier())


def raising(error: Exception) -> Callable[[], None]:
    def raise_it() -> None:
        raise error

    return raise_it


def test_a_letter_is_sent_once_however_often_it_is_asked_for(here: Room) -> None:
    assert [here.send(NOON + n).state for n in range(3)] == [Post.SENT] * 3
    [(mails, mail, about)] = here.carrier.sent
    assert (mails, about) == (("owner@danbi.example",), ID)
    assert mail.subject == "이번 달 한도의 80%를 썼어요"
    found = Letters("danbi").find(ID)
    assert found is not None
    assert found.sent_at == NOON
    assert here.desk.index("work", "~letters") == []


def test_a_cause_is_told_once(here: Room) -> None:
    with pytest.raises(Conflict, match="already_told"):
        commit(Letters("danbi").add(Letter("danbi", ID, Name.ALERT, To.OWNERS, NOON + 1, VALUES)))


def test_the_same_cause_at_another_shop_is_another_letter(here: Room) -> None:
    commit(Letters("mungmeal").add(Letter("mungmeal", ID, Name.ALERT, To.OWNERS, NOON, VALUES)))
    assert open_letters(NOON + 2 * MINUTE, 10) == [("danbi", ID), ("mungmeal", ID)]


def test_a_letter_that_there_is_not_is_no_fault(here: Room) -> None:
    send(here.room(), "gone", NOON)
    assert here.carrier.sent == []


def test_two_workers_at_once_send_one_mail(here: Room) -> None:
    here.carrier.before = lambda: send(Room(here.desk, Carrier(here.carrier.sent)).room(), ID, NOON)
    here.send(NOON)
    assert len(here.carrier.sent) == 1


def test_who_dies_after_sending_is_followed_by_one_more_mail_and_no_third(here: Room) -> None:
    here.carrier.then = raising(RuntimeError("the process ended"))
    with pytest.raises(RuntimeError):
        here.send(NOON)
    assert here.send(NOON + 10 * MINUTE - 1).state is Post.SENDING
    assert open_letters(NOON + 10 * MINUTE - 1, 10) == []
    assert open_letters(NOON + 10 * MINUTE, 10) == [("danbi", ID)]
    with pytest.raises(RuntimeError):
        here.send(NOON + 10 * MINUTE)
    assert here.send(NOON + 20 * MINUTE).state is Post.FAILED
    assert len(here.carrier.sent) == 2
    assert open_letters(NOON + DAY, 10) == []


def test_who_died_before_is_followed_by_the_first_mail(here: Room) -> None:
    here.carrier.before = raising(RuntimeError("the process ended"))
    with pytest.raises(RuntimeError):
        here.send(NOON)
    here.carrier.before = lambda: None
    assert here.send(NOON + 10 * MINUTE).state is Post.SENT
    assert len(here.carrier.sent) == 1


def test_mail_that_cannot_be_sent_now_is_tried_until_the_day_is_over(here: Room) -> None:
    here.carrier.before = raising(MailUnavailable("TooManyRequestsException"))
    for number in range(5):
        at = NOON + number * 5 * MINUTE
        assert (here.send(at).state, here.send(at).tries) == (Post.LATER, 0)
        assert open_letters(at + 5 * MINUTE - 1, 10) == []
        assert open_letters(at + 5 * MINUTE, 10) == [("danbi", ID)]
    assert here.send(NOON + DAY).state is Post.FAILED
    assert here.carrier.sent == []


def test_mail_that_was_put_off_is_sent_later(here: Room) -> None:
    here.carrier.before = raising(MailUnavailable("TooManyRequestsException"))
    here.send(NOON)
    here.carrier.before = lambda: None
    assert here.send(NOON + 5 * MINUTE).state is Post.SENT


def test_mail_that_is_refused_for_good_is_given_up(here: Room) -> None:
    here.carrier.before = raising(MailRefused("MessageRejected"))
    assert here.send(NOON).state is Post.FAILED
    assert open_letters(NOON + DAY, 10) == []


def test_a_shop_that_nobody_reads_mail_for_is_told_nothing(here: Room) -> None:
    here.mails = ()
    assert here.send(NOON).state is Post.FAILED
    assert here.carrier.sent == []


def test_what_the_stream_did_not_bring_is_found_after_two_minutes(here: Room) -> None:
    assert open_letters(NOON + 2 * MINUTE - 1, 10) == []
    assert open_letters(NOON + 2 * MINUTE, 10) == [("danbi", ID)]
