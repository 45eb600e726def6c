"""The ledger and its windows in the table."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.aws.tables import commit
from chalicelib.kernel.clock import HOUR, MINUTE, month_span
from chalicelib.kernel.errors import Conflict
from chalicelib.metering.model import Meter, Reason, UsageEntry, Window
from chalicelib.metering.store import Ledger
from chalicelib.metering.windows import Windows, dirty_windows
from tests.moto_desk import Desk
from tests.samples import NOON, PRICE

LEDGER, WINDOWS = Ledger("danbi"), Windows("danbi")
H = "2026-11-21T03"


def an_entry(contact: str = "c1", **changes: Any) -> UsageEntry:
    first = UsageEntry(
        tenant="danbi",
        contact=contact,
        episode=1,
        n=1,
        delta=1,
        reason=Reason.HANDLED,
        evidence="m1",
        price=PRICE,
        origin="2026-11",
        occurred_at=NOON,
        booked_at=NOON,
        actor="agent:mina",
        channel="chat",
    )
    return replace(first, **changes)


def book(*entries: UsageEntry) -> None:
    commit(*LEDGER.writes(entries))


def the(hour: str = H) -> Window:
    found = WINDOWS.find(Meter.HUMAN, hour)
    assert found is not None
    return found


def test_entry_comes_back_as_it_was_booked(desk: Desk) -> None:
    book(an_entry())
    assert LEDGER.of_contact("c1") == LEDGER.booked(*month_span("2026-11")) == [an_entry()]
    assert LEDGER.of_contact("c2") == LEDGER.booked(*month_span("2026-12")) == []


def test_entry_is_booked_once_for_ever_and_a_repeat_moves_no_sum(desk: Desk) -> None:
    book(an_entry())
    for again in (an_entry(), an_entry(delta=5, evidence="m2")):
        with pytest.raises(Conflict, match="already_booked"):
            book(again)
    assert LEDGER.of_contact("c1") == [an_entry()]
    assert (the().total, the().rev) == (1, 1)


def test_entries_of_a_contact_come_in_the_order_of_their_booking(desk: Desk) -> None:
    wanted = [an_entry(episode=episode, n=n) for episode in (1, 2, 10) for n in (1, 2)]
    for entry in reversed(wanted):
        book(entry)
    assert LEDGER.of_contact("c1") == wanted
    assert LEDGER.booked(*month_span("2026-11")) == wanted


def test_month_is_that_of_the_booking_in_seoul(desk: Desk) -> None:
    # 2026-11-30T14:59 UTC is the last minute of November in Seoul.
    last = NOON + 9 * 24 * HOUR + 12 * HOUR - MINUTE
    book(an_entry("c1", booked_at=last), an_entry("c2", booked_at=last + MINUTE))
    assert [entry.contact for entry in LEDGER.booked(*month_span("2026-11"))] == ["c1"]
    assert [entry.contact for entry in LEDGER.booked(*month_span("2026-12"))] == ["c2"]


def test_both_entries_of_one_hour_touch_their_window_once(desk: Desk) -> None:
    off = an_entry("c1", n=2, delta=-1, reason=Reason.MERGED)
    book(an_entry("c1"))
    book(off, an_entry("c2", reason=Reason.HANDLED_BEFORE_MERGE))
    assert (the().total, the().rev) == (1, 2)


def test_refused_entry_takes_the_whole_booking_with_it(desk: Desk) -> None:
    book(an_entry("c1"))
    with pytest.raises(Conflict, match="already_booked"):
        book(an_entry("c2"), an_entry("c1"))
    assert LEDGER.of_contact("c2") == []
    assert the().total == 1


def test_ledger_and_window_of_a_contact_are_read_as_they_are_now(desk: Desk) -> None:
    queries, gets = desk.watch("Query"), desk.watch("GetItem")
    LEDGER.of_contact("c1")
    WINDOWS.find(Meter.HUMAN, H)
    WINDOWS.between(Meter.HUMAN, H, H)
    assert [call["ConsistentRead"] for call in queries + gets] == [True] * 3


def test_windows_between_two_hours_take_both(desk: Desk) -> None:
    for number in range(4):
        book(an_entry(f"c{number}", booked_at=NOON + number * HOUR))
    found = WINDOWS.between(Meter.HUMAN, "2026-11-21T04", "2026-11-21T05")
    assert [(window.hour, window.total) for window in found] == [("2026-11-21T04", 1), ("2026-11-21T05", 1)]
    assert WINDOWS.find(Meter.HUMAN, "2026-11-21T09") is None


def outbox(desk: Desk) -> list[str]:
    return desk.index("work", "~outbox")


def test_window_is_in_the_outbox_only_while_it_is_dirty(desk: Desk) -> None:
    book(an_entry("c1"))
    assert outbox(desk) == [f"{NOON:015d}"]
    book(an_entry("c2", occurred_at=NOON + 5))
    assert outbox(desk) == [f"{NOON:015d}"]
    commit(WINDOWS.sent(the(), NOON))
    assert outbox(desk) == []
    sent = the()
    assert (sent.sent_rev, sent.sent_total, sent.dirty_since, sent.attempt, sent.lease_until) == (2, 2, None, 0, 0)
    book(an_entry("c3", occurred_at=NOON + 9))
    assert outbox(desk) == [f"{NOON + 9:015d}"]


def test_window_that_moved_while_it_was_sent_stays_dirty(desk: Desk) -> None:
    book(an_entry("c1"))
    seen = the()
    book(an_entry("c2"))
    with pytest.raises(Conflict, match="window_moved"):
        commit(WINDOWS.sent(seen, NOON))
    commit(WINDOWS.sent_but_moved(seen, NOON))
    assert (the().sent_rev, the().sent_total, the().total) == (1, 1, 2)
    assert len(outbox(desk)) == 1


def test_older_acknowledgement_does_not_take_the_place_of_a_newer_one(desk: Desk) -> None:
    book(an_entry("c1"))
    old = the()
    book(an_entry("c2"))
    commit(WINDOWS.sent(the(), NOON))
    with pytest.raises(Conflict, match="window_sent_newer"):
        commit(WINDOWS.sent_but_moved(old, NOON))
    assert the().sent_rev == 2


def test_one_sender_at_a_time_until_its_lease_is_over(desk: Desk) -> None:
    book(an_entry())
    commit(WINDOWS.lease(the(), NOON, NOON + MINUTE))
    with pytest.raises(Conflict, match="window_leased"):
        commit(WINDOWS.lease(the(), NOON + MINUTE - 1, NOON + HOUR))
    assert the().attempt == 1
    commit(WINDOWS.lease(the(), NOON + MINUTE, NOON + HOUR))
    assert (the().attempt, the().lease_until) == (2, NOON + HOUR)


def test_repair_names_the_same_total_anew_and_an_absent_window_is_refused(desk: Desk) -> None:
    book(an_entry())
    commit(WINDOWS.sent(the(), NOON))
    commit(WINDOWS.repair(Meter.HUMAN, H, NOON + HOUR))
    repaired = the()
    assert (repaired.total, repaired.rev, repaired.gen, repaired.sent_rev) == (1, 1, 1, 0)
    assert repaired.dirty_since == NOON + HOUR
    assert outbox(desk) == [f"{NOON + HOUR:015d}"]
    with pytest.raises(Conflict, match="window_absent"):
        commit(WINDOWS.repair(Meter.HUMAN, "2026-11-21T09", NOON))


def test_window_repaired_while_it_was_sent_is_not_taken_for_sent(desk: Desk) -> None:
    book(an_entry())
    seen = the()
    commit(WINDOWS.repair(Meter.HUMAN, H, NOON))
    with pytest.raises(Conflict, match="window_moved"):
        commit(WINDOWS.sent(seen, NOON))
    assert len(outbox(desk)) == 1


def test_dirty_windows_are_listed_longest_first_with_their_names(desk: Desk) -> None:
    book(an_entry("c1", occurred_at=NOON + 2))
    commit(*Ledger("mungmeal").writes([an_entry("c9", tenant="mungmeal", occurred_at=NOON + 1)]))
    assert dirty_windows(before=NOON + 3) == [("mungmeal", Meter.HUMAN, H), ("danbi", Meter.HUMAN, H)]
    assert dirty_windows(before=NOON + 2) == [("mungmeal", Meter.HUMAN, H)]
    assert dirty_windows(before=NOON + 3, limit=1) == [("mungmeal", Meter.HUMAN, H)]
    assert dirty_windows(before=NOON) == []
