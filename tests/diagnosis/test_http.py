"""A file of past contacts, from the announcement to the report, and when anything on the way dies."""

import json
from types import SimpleNamespace
from typing import Any

import pytest

from chalicelib.aws.credentials import Scope, acting
from chalicelib.diagnosis import service
from chalicelib.diagnosis.model import A_DAY, MAX_BYTES, STALE
from chalicelib.diagnosis.service import StillRead
from chalicelib.diagnosis.store import Diagnoses
from chalicelib.diagnosis.wiring import library_of
from chalicelib.kernel.caller import Caller, Kind
from tests.data.past import past, written
from tests.diagnosis.entrance import (
    AT,
    FILE,
    OWNER,
    announced,
    deliver,
    lying,
    queued,
    shown,
    start,
    started,
)
from tests.moto_desk import MINA, SHOP, Desk
from tests.samples import NOON

GOOD = written(past(300, NOON))
WRONG = written([["2026-10-01", "chat", "=1+1", ""], ["어제", "chat", "네", ""], *past(3, NOON)])
UNTITLED = written([["x", "2026-10-01", "배송 언제 와요?"]], header=["가", "나", "다"])


def test_a_good_file_becomes_a_report_and_is_gone(desk: Desk) -> None:
    diagnosis = announced(desk, GOOD)
    assert shown(desk, diagnosis)["state"] == "announced"
    assert start(desk, diagnosis)["state"] == "queued"
    assert lying() == [f"uploads/danbi/past/{diagnosis}"]
    assert deliver() == 0
    found = shown(desk, diagnosis)
    assert (found["state"], found["rows_read"], found["rows_total"]) == ("done", 300, 300)
    assert (found["refused_rows"], found.get("refusals", [])) == (0, [])
    assert found["report"]["contacts"] == 300
    assert found["report"]["proposal"]["plans"][0]["plan"] == "standard/2"
    assert lying() == []


def test_nothing_is_kept_of_what_was_written(desk: Desk) -> None:
    rows = [[row[0], row[1], f"카나리아 {row[2]}", "카나리아몰"] for row in past(20, NOON)]
    diagnosis = started(desk, written(rows))
    deliver()
    assert shown(desk, diagnosis)["report"]["sales_channels"] == [{"name": "other", "count": 20, "percent": 100.0}]
    rows = [[row[0], row[1], f"=카나리아 {row[2]}", "카나리아몰"] for row in rows]
    refused = started(desk, written(rows))
    deliver()
    assert shown(desk, refused)["refused_rows"] == 20
    assert "카나리아" not in str(desk.rows())


def test_a_wrong_row_refuses_the_whole_file_and_says_why(desk: Desk) -> None:
    diagnosis = started(desk, WRONG)
    assert deliver() == 0
    found = shown(desk, diagnosis)
    assert (found["state"], found["refused_rows"], found.get("report")) == ("refused", 2, None)
    assert [(one["row"], one["column"], one["code"]) for one in found["refusals"]] == [
        (2, "문의내용", "formula"),
        (3, "문의일시", "date"),
    ]
    assert all(one["text"] and one["text_en"] for one in found["refusals"])
    assert lying() == []
    assert start(desk, diagnosis)["state"] == "refused"
    assert queued() == []


def test_the_first_twenty_refusals_are_shown_and_all_counted(desk: Desk) -> None:
    diagnosis = started(desk, written([["모름", "chat", "네", ""]] * 45))
    deliver()
    found = shown(desk, diagnosis)
    assert ([one["row"] for one in found["refusals"]], found["refused_rows"]) == (list(range(2, 22)), 45)


def test_a_file_whose_columns_are_unknown_is_started_again_with_the_shops_choice(desk: Desk) -> None:
    diagnosis = started(desk, UNTITLED)
    deliver()
    asked = shown(desk, diagnosis)
    assert (asked["state"], asked["refusals"][0]["code"], asked["headers"]) == (
        "refused",
        "columns",
        ["가", "나", "다"],
    )
    # However often the shop errs, that is no try of the reader's.
    for _ in range(3):
        start(desk, diagnosis, {"columns": {"at": 2, "text": 4}})
        assert deliver() == 0
        assert shown(desk, diagnosis)["refusals"][0]["code"] == "columns"
        desk.later(60)
    assert start(desk, diagnosis, {"columns": {"at": 2, "text": 3}})["state"] == "queued"
    assert deliver() == 0
    done = shown(desk, diagnosis)
    assert (done["state"], done["report"]["contacts"], done.get("headers")) == ("done", 1, None)


def test_a_file_that_was_not_sent_in_can_be_sent_in_and_started_again(desk: Desk) -> None:
    diagnosis = started(desk, None)
    deliver()
    assert [one["code"] for one in shown(desk, diagnosis)["refusals"]] == ["not_uploaded"]
    assert announced(desk, key="a") != diagnosis
    assert start(desk, diagnosis)["state"] == "queued"


def test_a_repeated_announcement_is_the_same_diagnosis(desk: Desk) -> None:
    first = announced(desk, key="k")
    assert announced(desk, key="k") == first
    other = desk.call(OWNER, f"POST {AT}", {**FILE, "size": 2}, headers={"Idempotency-Key": "k"})
    assert other.refusal == (409, "idempotency_mismatch")
    listed = desk.call(OWNER, f"GET {AT}").body["diagnoses"]
    assert [one["id"] for one in listed] == [first]


def test_the_list_shows_the_newest_first_without_reports(desk: Desk) -> None:
    first = started(desk, GOOD)
    deliver()
    desk.later(5)
    second = announced(desk)
    listed = desk.call(OWNER, f"GET {AT}").body["diagnoses"]
    assert [(one["id"], one["state"], "report" in one) for one in listed] == [
        (second, "announced", False),
        (first, "done", False),
    ]


def test_a_shop_sends_in_twenty_files_a_day(desk: Desk) -> None:
    for _ in range(A_DAY):
        announced(desk)
    assert desk.call(OWNER, f"POST {AT}", FILE).refusal == (409, "too_many_diagnoses")
    desk.later(24 * 3600 + 1)
    assert desk.call(OWNER, f"POST {AT}", FILE).status == 201


def test_a_file_over_the_limit_is_refused_before_and_after_it_is_sent(desk: Desk) -> None:
    too_large = desk.call(OWNER, f"POST {AT}", {**FILE, "size": MAX_BYTES + 1})
    assert too_large.refusal == (413, "file_too_large")
    assert desk.call(OWNER, f"POST {AT}", {**FILE, "size": MAX_BYTES}).status == 201


@pytest.mark.parametrize(
    ("who", "may_write", "may_read"),
    [
        (Caller(Kind.VIEWER, "", tenant="danbi", person="p"), False, True),
        (SHOP, False, True),
        (MINA, False, False),
        (Caller(Kind.FINANCE, "", person="p"), False, False),
        (OWNER, True, True),
    ],
)
def test_the_shops_people_send_in_and_all_of_it_look(
    desk: Desk, who: Caller, may_write: bool, may_read: bool
) -> None:
    diagnosis = announced(desk)
    assert (desk.call(who, f"POST {AT}", FILE).status == 201) is may_write
    assert (desk.call(who, f"POST {AT}/{diagnosis}/start").status == 202) is may_write
    for path in (AT, f"{AT}/{diagnosis}"):
        assert (desk.call(who, f"GET {path}").status == 200) is may_read


def test_the_same_message_twice_reads_once(desk: Desk) -> None:
    diagnosis = started(desk, GOOD)
    [message] = queued()
    assert deliver(message) == 0
    before = desk.raw("danbi#diagnosis", diagnosis)
    assert deliver(message) == 0
    assert desk.raw("danbi#diagnosis", diagnosis) == before


def test_a_start_that_is_repeated_is_queued_once_and_again_when_nothing_came_of_it(desk: Desk) -> None:
    diagnosis = started(desk, GOOD)
    assert start(desk, diagnosis)["state"] == "queued"
    assert len(queued()) == 1
    desk.later(11)
    assert start(desk, diagnosis)["state"] == "queued"
    assert len(queued()) == 1


def test_who_died_in_reading_is_followed_by_another_one_and_then_by_nobody(desk: Desk) -> None:
    diagnosis = started(desk, GOOD)
    [message] = queued()
    for attempt in range(2):
        with pytest.raises(_Killed):
            killed(desk, diagnosis)
        assert shown(desk, diagnosis)["state"] == "reading"
        # What comes at once waits: somebody may still be reading.
        assert deliver(message) == 1
        desk.later(60 * (attempt + 1))
    assert deliver(message) == 0
    found = shown(desk, diagnosis)
    assert (found["state"], [one["code"] for one in found["refusals"]]) == ("refused", ["unreadable"])
    assert lying() == []


def test_after_one_death_the_file_becomes_one_report(desk: Desk) -> None:
    diagnosis = started(desk, GOOD)
    [message] = queued()
    with pytest.raises(_Killed):
        killed(desk, diagnosis)
    desk.later(60)
    assert deliver(message) == 0
    assert shown(desk, diagnosis)["state"] == "done"


def test_a_file_whose_reader_died_with_the_outcome_kept_goes_on_the_repeat(desk: Desk) -> None:
    diagnosis = started(desk, GOOD)
    [message] = queued()
    assert sent_again(desk, diagnosis, message) == "done"
    assert lying() == []


def test_who_was_thought_dead_ends_nothing(desk: Desk) -> None:
    """A reader that was only slow finds another one at its place, and leaves everything to that one."""
    diagnosis = started(desk, GOOD)
    [message] = queued()
    with acting(Scope(tenant="danbi")):
        library = library_of("danbi")

        class Slow:
            def read(self, one: str) -> bytes | None:
                content = library.uploads.read(one)
                desk.later(60)
                assert deliver(message) == 0
                return WRONG if content else None

            def drop(self, one: str) -> None:
                raise AssertionError(one)

        slow = service.Library(library.store, Slow(), library.commit, None)
        service.work(diagnosis, slow, now=desk.now)
    assert shown(desk, diagnosis)["state"] == "done"


def test_progress_is_seen_while_the_file_is_read(desk: Desk) -> None:
    diagnosis = started(desk, written(past(12_000, NOON)))
    seen = desk.watch("UpdateItem")
    assert deliver() == 0
    numbers = [{one.get("N") for one in call["ExpressionAttributeValues"].values()} for call in seen]
    assert [name for name in ("0", "5000", "10000") if {name, "12000"} <= numbers[int(name) // 5000]] == [
        *("0", "5000", "10000")
    ]
    assert shown(desk, diagnosis)["rows_read"] == 12_000


def test_what_is_in_the_queue_and_not_in_the_table_is_let_go(desk: Desk) -> None:
    assert deliver(json.dumps({"tenant": "danbi", "id": "f" * 32})) == 0


def test_another_shops_diagnosis_is_not_there(desk: Desk) -> None:
    diagnosis = announced(desk)
    other = Caller(Kind.OWNER, "", tenant="mungmeal", person="p")
    assert desk.call(other, f"GET /v1/tenants/mungmeal/diagnoses/{diagnosis}").refusal == (404, "not_found")
    assert desk.call(other, f"GET {AT}/{diagnosis}").refusal == (404, "not_found")
    assert Diagnoses("mungmeal").newest(5) == []


class _Killed(BaseException):
    """The function was ended from outside."""


def killed(desk: Desk, diagnosis: str) -> None:
    """Begin to read, and be killed."""
    with acting(Scope(tenant="danbi")):
        library = library_of("danbi")

        class Dying:
            def read(self, _: str) -> Any:
                raise _Killed

            def drop(self, one: str) -> None:
                raise AssertionError(one)

        service.work(diagnosis, service.Library(library.store, Dying(), library.commit, None), now=desk.now)


def test_a_reader_that_is_at_work_is_not_disturbed(desk: Desk) -> None:
    diagnosis = started(desk, GOOD)
    with pytest.raises(_Killed):
        killed(desk, diagnosis)
    with acting(Scope(tenant="danbi")):
        library = library_of("danbi")
        found = library.store.find(diagnosis)
        assert found
        with pytest.raises(StillRead):
            service.work(diagnosis, library, now=found.changed_at + STALE - 1)
        service.work(diagnosis, library, now=found.changed_at + STALE)
    assert shown(desk, diagnosis)["state"] == "done"


def sent_again(desk: Desk, diagnosis: str, message: str) -> str:
    """Read to the end, be killed before the file is gone, and deliver the message again; return the state then."""

    def dying(_: str) -> None:
        raise _Killed

    with acting(Scope(tenant="danbi")):
        library = library_of("danbi")
        uploads = SimpleNamespace(read=library.uploads.read, drop=dying)
        with pytest.raises(_Killed):
            service.work(diagnosis, service.Library(library.store, uploads, library.commit, None), now=desk.now)
    assert len(lying()) == 1
    assert deliver(message) == 0
    return str(shown(desk, diagnosis)["state"])
