"""A shop's results over HTTP, from real contacts: by day, against the goals, and cheap to look at again."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.aws.credentials import Scope, acting
from chalicelib.aws.tables import commit
from chalicelib.contacts.store import Contacts
from chalicelib.kernel.caller import Caller, Kind
from chalicelib.kernel.clock import DAY, HOUR, MINUTE
from chalicelib.panel.model import Rating
from chalicelib.panel.store import Ratings
from chalicelib.results.model import FRESH, Day, Parts, Settled, Tally
from chalicelib.results.service import Books, look
from chalicelib.results.store import Days
from chalicelib.results.views import ResultsView
from chalicelib.results.wiring import books_of
from chalicelib.tenants.aims import Goals
from tests.moto_desk import DANBI, MINA, SHOP, Desk
from tests.results.test_rules import resolved
from tests.samples import NOON
from tests.wall import behind

AT = "GET /v1/tenants/danbi/results"
OWNER = Caller(Kind.OWNER, "", tenant="danbi", person="p")
TODAY = "2026-11-21"
MONDAY = 47 * 3600
"""Seconds until it is eleven in Seoul on the day after tomorrow, when danbi is open: on Saturdays it is not."""
Json = dict[str, Any]


def ask(desk: Desk, first: str = TODAY, last: str = "", who: Caller = OWNER) -> Json:
    """Return the results from one day to another, by default of today."""
    answer = desk.call(who, AT, query={"from": first, "to": last or first})
    assert answer.status == 200, answer
    found: Json = answer.body
    return found


def figure(found: Json, name: str) -> Json:
    one: Json = next(one for one in found["figures"] if one["id"] == name)
    return one


def store(count: int, *, days_ago: int = 0, tenant: str = "danbi", first: int = 0) -> list[str]:
    """Put contacts into the table that were resolved at noon so many days ago, and return their ids."""
    at = NOON - days_ago * DAY
    names = [f"{days_ago:016x}{number:016x}" for number in range(first, first + count)]
    for name in names:
        changes: Json = {"tenant": tenant, "opened_at": at - HOUR, "changed_at": at, "resolved_at": at}
        commit(Contacts(tenant, sealed=True).add(resolved(name, **changes)))
    return names


def answer(desk: Desk, contact: str = "") -> str:
    """Answer and resolve a contact, a minute after it was opened."""
    contact = contact or desk.open()
    desk.act(MINA, contact, "claim")
    desk.act(MINA, contact, "replies", {"text": "내일 도착해요."})
    desk.act(MINA, contact, "resolve")
    return contact


def test_a_contact_shows_in_the_results_of_its_day(desk: Desk) -> None:
    desk.later(MONDAY)
    contact = desk.open()
    desk.later(MONDAY + 90)
    answer(desk, contact)
    found = ask(desk, "2026-11-23")
    assert (found["first"], found["last"], found["complete"]) == ("2026-11-23", "2026-11-23", True)
    [today] = found["by_day"]
    assert (today["key"], today["contacts"], today["resolved_percent"]) == ("2026-11-23", 1, 100.0)
    assert 90 < today["first_reply_seconds_median"] <= 120
    assert [(one["key"], one["contacts"]) for one in found["by_channel"]] == [("chat", 1)]
    assert [(one["key"], one["contacts"]) for one in found["by_intent"]] == [("delivery", 1)]
    assert [one["key"] for one in found["by_hour"] if one["contacts"]] == ["11"]
    assert figure(found, "wait")["met"] is True
    assert figure(found, "self_service")["value"] is None


def test_what_is_open_counts_when_it_is_resolved(desk: Desk) -> None:
    contact = desk.claimed()
    assert ask(desk)["by_day"][0]["contacts"] == 0
    desk.act(MINA, contact, "resolve")
    assert ask(desk)["by_day"][0]["contacts"] == 1


def test_most_of_each_list_is_told(desk: Desk) -> None:
    nothing = {"by_day": 0, "by_hour": 0, "by_channel": 0, "by_intent": 0}
    assert ask(desk)["most"] == nothing
    store(3, days_ago=1)
    store(2, days_ago=0)
    found = ask(desk, "2026-11-20", TODAY)
    cells = {of: max(one["contacts"] for one in found[of]) for of in nothing}
    assert found["most"] == cells
    assert (cells["by_day"], cells["by_channel"]) == (3, 5)


def test_who_came_back_within_three_days_was_not_resolved_and_counts_on_the_later_day(desk: Desk) -> None:
    stays, returns = answer(desk), answer(desk)
    desk.later(24 * 3600)
    desk.act(SHOP, returns, "messages", {"text": "아직 안 왔어요"})
    answer(desk, returns)
    found = ask(desk, TODAY, "2026-11-22")
    assert [(one["contacts"], one["resolved_percent"]) for one in found["by_day"]] == [(1, 100.0), (1, 0.0)]
    assert figure(found, "resolved")["value"] == 50.0
    assert figure(found, "resolved")["n"] == 2
    assert stays != returns


def test_who_was_reopened_by_hand_was_not_resolved(desk: Desk) -> None:
    contact = answer(desk)
    desk.later(60)
    desk.act(SHOP, contact, "reopen")
    answer(desk, contact)
    assert figure(ask(desk), "resolved")["value"] == 0.0


def test_who_comes_back_after_three_days_begins_anew(desk: Desk) -> None:
    contact = answer(desk)
    desk.later(73 * 3600)
    desk.act(SHOP, contact, "messages", {"text": "다른 문의예요"})
    answer(desk, contact)
    found = ask(desk, "2026-11-24")
    assert found["by_day"][0]["resolved_percent"] == 100.0
    # Of an episode that began anew nobody knows since when it waited.
    assert (figure(found, "first_reply")["n"], found["by_day"][0]["contacts"]) == (0, 1)


def test_ratings_count_on_the_day_on_which_they_came(desk: Desk) -> None:
    contact = answer(desk)
    for score, at in ((5, NOON), (2, NOON + 14 * HOUR)):
        episode = 1 if score == 5 else 2
        commit(Ratings("danbi").add(Rating(contact, episode, score, "", "mina", at, "d")))
    desk.later(24 * 3600)
    found = ask(desk, TODAY, "2026-11-22")
    assert [(one["ratings"], one["satisfied_percent"]) for one in found["by_day"]] == [(1, 100.0), (1, 0.0)]
    assert [(one["key"], one["ratings"]) for one in found["by_channel"]] == [("chat", 2)]


def test_an_erased_customers_contact_stays_in_the_days_that_are_settled(desk: Desk) -> None:
    desk.act(MINA, desk.claimed(customer={"id": "gone"}), "resolve")
    desk.later(4 * 24 * 3600)
    before = ask(desk)["by_day"]
    assert before[0]["contacts"] == 1
    assert desk.call(OWNER, "POST /v1/tenants/danbi/customers/gone/erase", {"reason": "request"}).status < 300
    assert ask(desk)["by_day"] == before


def test_a_settled_day_is_counted_once_and_the_others_each_time(desk: Desk) -> None:
    store(3, days_ago=4)
    store(2, days_ago=3)
    span = ("2026-11-17", "2026-11-18")
    assert [one["contacts"] for one in ask(desk, *span)["by_day"]] == [3, 2]
    assert {date: settled for date, (_, settled) in Days("danbi").stored("2026-01-01", TODAY).items()} == {
        "2026-11-17": True
    }
    reads = desk.watch("BatchGetItem")
    assert [one["contacts"] for one in ask(desk, *span)["by_day"]] == [3, 2]
    assert len(reads) == 1
    seen = desk.watch("Query")
    assert [one["contacts"] for one in ask(desk, "2026-11-17")["by_day"]] == [3]
    assert (len(seen), len(reads)) == (1, 1)


def test_looking_at_a_month_again_asks_for_its_young_days_alone(desk: Desk) -> None:
    for days_ago in range(30):
        store(2, days_ago=days_ago)
    ask(desk, "2026-10-23", TODAY)
    queries, batches = desk.watch("Query"), desk.watch("BatchGetItem")
    ask(desk, "2026-10-23", TODAY)
    assert (len(queries), len(batches)) == (3, 4)


def test_a_settled_day_does_not_change_with_its_contacts(desk: Desk) -> None:
    [contact, _] = store(2, days_ago=4)
    span = ("2026-11-17",)
    before = ask(desk, *span)
    desk.act(SHOP, contact, "messages", {"text": "오랜만이에요"})
    assert ask(desk, *span) == before


@pytest.fixture
def books(desk: Desk) -> Iterator[Books]:
    """Danbi's days, on the session of its own that a request has too."""
    with behind("api_handler"), acting(Scope(tenant="danbi")):
        yield books_of(DANBI)


def contacts(days: Sequence[Day]) -> list[tuple[str, int]]:
    return [(day.date[-2:], day.parts.total.contacts) for day in days]


def test_a_busy_young_day_is_counted_anew_after_ten_minutes(books: Books) -> None:
    busy, day = replace(books, busy=2), ["2026-11-20"]
    store(2, days_ago=1)
    assert contacts(look(busy, day, NOON)) == [("20", 2)]
    store(1, days_ago=1, first=2)
    assert contacts(look(busy, day, NOON + 1)) == [("20", 3)]
    store(1, days_ago=1, first=3)
    assert contacts(look(busy, day, NOON + FRESH)) == [("20", 3)]
    assert contacts(look(busy, day, NOON + FRESH + 1)) == [("20", 4)]


def test_a_busy_day_that_settles_is_counted_once_more(books: Books) -> None:
    busy, day, end = replace(books, busy=0), ["2026-11-20"], NOON + 3 * DAY - 12 * HOUR
    store(1, days_ago=1)
    assert contacts(look(busy, day, end - 1)) == [("20", 1)]
    store(1, days_ago=1, first=1)
    assert contacts(look(busy, day, end)) == [("20", 2)]
    assert Days("danbi").stored("2026-11-20", "2026-11-20")["2026-11-20"][1] is True


def test_more_than_can_be_counted_at_once_takes_several_looks(books: Books) -> None:
    for days_ago in (5, 6, 7):
        store(2, days_ago=days_ago)
    store(5, days_ago=8)
    few, dates = replace(books, at_once=3), ["2026-11-13", "2026-11-14", "2026-11-15", "2026-11-16"]
    looks = [contacts(look(few, dates, NOON)) for _ in range(4)]
    # The last one is over the limit by itself, and is counted all the same.
    assert looks[3] == [("13", 5), ("14", 2), ("15", 2), ("16", 2)]
    assert looks[:3] == [looks[3][3:], looks[3][2:], looks[3][1:]]


def test_who_was_slower_replaces_no_settled_day(books: Books) -> None:
    store(1, days_ago=4)
    [settled] = look(books, ["2026-11-17"], NOON)
    with pytest.raises(Settled):
        commit(books.days.save(replace(settled, parts=Parts()), settled=False))
    with pytest.raises(Settled):
        commit(books.days.save(replace(settled, parts=Parts()), settled=True))
    assert look(books, ["2026-11-17"], NOON) == [settled]


def test_older_days_that_are_left_make_an_answer_incomplete() -> None:
    view = ResultsView.of(["2026-11-19", "2026-11-20"], [Day("2026-11-20", NOON, Parts(Tally(2)))], Goals())
    assert (view.complete, [one.contacts for one in view.by_day]) == (False, [0, 2])


def test_the_same_answer_is_not_sent_twice(desk: Desk) -> None:
    answer(desk)
    first = desk.call(OWNER, AT, query={"from": TODAY})
    desk.later(60)
    known = {"If-None-Match": first.headers["ETag"]}
    again = desk.call(OWNER, AT, query={"from": TODAY}, headers=known)
    assert (again.status, again.body) == (304, None)
    answer(desk)
    assert desk.call(OWNER, AT, query={"from": TODAY}, headers=known).status == 200


def test_another_shops_contacts_are_not_in_it(desk: Desk) -> None:
    store(2, tenant="mungmeal")
    assert ask(desk)["by_day"][0]["contacts"] == 0
    stranger = Caller(Kind.OWNER, "", tenant="mungmeal", person="p")
    assert desk.call(stranger, AT).refusal == (404, "not_found")


@pytest.mark.parametrize("kind", [Kind.VIEWER, Kind.STAFF, Kind.OWNER])
def test_all_of_the_shop_may_look_and_no_agent(desk: Desk, kind: Kind) -> None:
    ask(desk, who=Caller(kind, "", tenant="danbi", person="p"))
    assert desk.call(MINA, AT).refusal == (403, "forbidden")


def test_nobody_is_named(desk: Desk) -> None:
    answer(desk)
    assert "mina" not in str(ask(desk)).lower()


def test_times_stop_while_the_shop_is_shut(desk: Desk) -> None:
    """Danbi shuts at five on Fridays, and opens at ten on Mondays: whoever answers then was quick."""
    opened, taken = NOON - DAY + 4 * HOUR + 59 * MINUTE, NOON + 2 * DAY - 2 * HOUR + MINUTE
    times = {"opened_at": opened, "taken_at": taken, "first_reply_at": taken, "resolved_at": taken}
    commit(Contacts("danbi", sealed=True).add(resolved("a" * 32, changed_at=taken, **times)))
    desk.later(MONDAY)
    found = ask(desk, "2026-11-23")
    assert 90 < figure(found, "wait")["value"] <= 120
