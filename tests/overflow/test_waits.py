"""What customers are told of their wait: on the receipt of a contact that is held back, and whenever they ask."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.contacts.notices import Outlook, notice, promised, words
from chalicelib.contacts.outlooks import forget_counts
from chalicelib.contacts.store import Contacts
from chalicelib.kernel.caller import Caller, Kind
from chalicelib.kernel.clock import DAY, HOUR, MINUTE, SECOND
from chalicelib.routing.waits import Wait
from chalicelib.tenants.model import Hours, Step
from tests.moto_desk import JUNO, KEY, MINA, SHOP, Answer, Desk
from tests.overflow.test_jobs import WITHIN, flood, relay
from tests.overflow.test_surge import beat, change, climb
from tests.samples import NOON

PATH = "/v1/tenants/danbi/contacts"
OPEN = {"channel": "chat", "customer": {"id": "c1"}, "text": "언제 와요?"}
PLAIN = {"id", "tenant", "channel", "status", "opened_at"}


def opened(desk: Desk, key: str = "") -> dict[str, Any]:
    answer = desk.call(SHOP, f"POST {PATH}", OPEN, headers={"Idempotency-Key": key} if key else None)
    assert answer.status == 201
    found: dict[str, Any] = answer.body
    return found


def wait(desk: Desk, contact: str, who: Caller = SHOP) -> Answer:
    return desk.call(who, f"GET {PATH}/{contact}/wait", headers={"Origin": "https://danbi.kr"})


@pytest.fixture
def busy(desk: Desk) -> Desk:
    """A shop that is always open, whose contract is used up, and two agents."""
    change(hours=Hours())
    beat(desk, MINA, JUNO)
    flood(desk, WITHIN, channel="chat")
    return desk


def test_receipt_in_the_calm_says_no_more_than_before_and_costs_no_more(desk: Desk) -> None:
    beat(desk, MINA)
    opened(desk)
    calls = [desk.watch(operation) for operation in ("GetItem", "Query", "UpdateItem")]
    assert set(opened(desk)) == PLAIN
    assert [len(seen) for seen in calls] == [0, 0, 1]


def test_receipt_of_what_is_held_back_says_how_long_it_will_take(busy: Desk) -> None:
    receipt = opened(busy)
    expected = receipt["expected_wait"]
    assert (set(receipt), receipt["status"]) == (PLAIN | {"expected_wait"}, "overflow")
    assert 0 <= expected["low_s"] < expected["expected_s"] < expected["high_s"]
    assert expected["text"]["ko"].startswith(f"약 {round(expected['expected_s'] / 60)}분 뒤에")
    stored = Contacts("danbi").get(receipt["id"])
    assert stored.promised_at == stored.opened_at + expected["expected_s"] * SECOND


def test_each_of_a_burst_is_told_to_wait_behind_the_others(busy: Desk) -> None:
    waits = [opened(busy)["expected_wait"]["expected_s"] for _ in range(4)]
    assert waits == sorted(set(waits))


def test_line_is_counted_once_for_a_burst(busy: Desk) -> None:
    opened(busy)
    seen = busy.watch("Query")
    for _ in range(5):
        opened(busy)
    assert seen == []


def test_repeat_has_the_status_of_the_arrival_and_the_wait_of_now(busy: Desk) -> None:
    first = opened(busy, "order-1")
    again = opened(busy, "order-1")
    assert again == first
    busy.act(MINA, first["id"], "claim")
    forget_counts()
    assert opened(busy, "order-1") == {name: first[name] for name in PLAIN}
    assert first["status"] == "overflow"


def test_closed_shop_says_when_it_opens_and_promises_nothing(desk: Desk) -> None:
    beat(desk, MINA)
    flood(desk, WITHIN)
    receipt = opened(desk)
    # Noon of a Saturday: danbi opens on Monday.
    assert list(receipt["expected_wait"]) == ["text"]
    assert "11월 23일(월) 10:00에 문을 열면" in receipt["expected_wait"]["text"]["ko"]
    assert "23 November at 10:00" in receipt["expected_wait"]["text"]["en"]
    assert Contacts("danbi").get(receipt["id"]).promised_at == 0


def test_nobody_present_is_said_as_it_is(desk: Desk) -> None:
    change(hours=Hours())
    flood(desk, WITHIN)
    receipt = opened(desk)
    assert list(receipt["expected_wait"]) == ["text"]
    assert "자리에 없어요" in receipt["expected_wait"]["text"]["ko"]


def test_contact_is_stored_though_nobody_can_tell_how_long_it_waits(busy: Desk) -> None:
    opened(busy)
    forget_counts()
    busy.fail("Query", "ValidationException", times=100)
    receipt = opened(busy)
    assert (set(receipt), receipt["status"]) == (PLAIN, "overflow")


def test_wait_shrinks_as_the_line_is_let_in(busy: Desk) -> None:
    ids = [opened(busy)["id"] for _ in range(6)]
    busy.later(3)
    before = wait(busy, ids[-1]).body
    assert (before["status"], before["position"]) == ("overflow", 6)
    relay(busy)
    for contact in ids[:3]:
        busy.act(SHOP, contact, "spam")
    busy.later(20)
    after = wait(busy, ids[-1]).body
    assert after["position"] == 3
    assert after["expected_wait"]["expected_s"] < before["expected_wait"]["expected_s"]


def test_wait_of_what_is_in_the_queue_goes_by_what_is_before_it(desk: Desk) -> None:
    change(hours=Hours())
    beat(desk, MINA)
    ids = [desk.open() for _ in range(5)]
    answers = [wait(desk, contact).body for contact in ids]
    assert [answer["position"] for answer in answers] == [1, 2, 3, 4, 5]
    expected = [answer["expected_wait"]["expected_s"] for answer in answers]
    # Six weights are free, and a chat takes two.
    assert expected[:3] == [0, 0, 0]
    assert 0 < expected[3] < expected[4]
    assert answers[0]["expected_wait"]["text"]["ko"] == "곧 답변해 드릴게요."


def test_what_does_not_wait_shows_its_status_alone(desk: Desk) -> None:
    contact = desk.claimed()
    assert wait(desk, contact).body == {"contact": contact, "status": "claimed"}
    desk.act(MINA, contact, "resolve")
    assert wait(desk, contact).body == {"contact": contact, "status": "resolved"}


def test_asking_again_reads_the_contact_and_nothing_else(busy: Desk) -> None:
    ids = [opened(busy)["id"] for _ in range(3)]
    busy.later(3)
    wait(busy, ids[0])
    reads, queries = busy.watch("GetItem"), busy.watch("Query")
    for contact in ids:
        assert wait(busy, contact).status == 200
    assert (len(reads), len(queries)) == (3, 0)


def test_visitor_asks_of_the_own_contact_alone(desk: Desk) -> None:
    mine, other = desk.open(), desk.open()
    visitor = Caller(Kind.VISITOR, KEY, tenant="danbi", contact=mine, origins="https://danbi.kr")
    assert wait(desk, mine, visitor).status == 200
    assert wait(desk, other, visitor).refusal == (404, "not_found")
    assert wait(desk, "f" * 32).refusal == (404, "not_found")
    assert wait(desk, mine, MINA).refusal == (403, "forbidden")


def test_notice_and_offers_come_with_the_steps(busy: Desk) -> None:
    first = opened(busy)
    assert not {"notice", "offers"} & set(wait(busy, first["id"]).body)
    relay(busy)
    change(hours=Hours(), message=1, offer=1, reserve=86_400, staff=86_400)
    busy.later(20)
    climb()
    told = wait(busy, first["id"]).body
    assert told["offers"] == ["callback", "mail"]
    assert "다시 보내지 않으셔도" in told["notice"]["ko"]
    later = opened(busy)
    assert (later["offers"], later["notice"]) == (told["offers"], told["notice"])


def test_what_happened_is_measured_against_what_was_promised(busy: Desk, caplog: pytest.LogCaptureFixture) -> None:
    receipt = opened(busy)
    busy.later(60)
    busy.act(MINA, receipt["id"], "claim")
    [line] = [vars(record) for record in caplog.records if record.message == "wait"]
    assert (line["tenant"], line["promised_s"]) == ("danbi", receipt["expected_wait"]["expected_s"])
    assert 60 <= line["waited_s"] <= 62
    busy.act(MINA, receipt["id"], "release")
    busy.act(MINA, receipt["id"], "claim")
    assert [record.message for record in caplog.records].count("wait") == 1


ONE = Outlook(1, Wait(300, 720, 1260))


@pytest.mark.parametrize(
    ("outlook", "ko", "en"),
    [
        (
            ONE,
            "약 12분 뒤에 답변해 드릴 수 있어요 (빠르면 5분, 늦으면 21분).",
            "about 12 minutes (between 5 and 21)",
        ),
        (replace(ONE, wait=Wait(0, 0, 0)), "곧 답변해 드릴게요.", "in a moment"),
        (replace(ONE, wait=Wait(0, 20, 61)), "약 1분 뒤에", "about 1 minute (2 at most)"),
        (replace(ONE, wait=Wait(5_000, 10_800, 15_000)), "약 3시간 뒤에", "about 3 hours (between 1 and 5)"),
        (replace(ONE, wait=None), "자리에 없어요", "Nobody is at the desk"),
        (replace(ONE, shut=True), "가게에서 확인하고", "with the shop"),
        (replace(ONE, shut=True, opens_at=NOON), "가게에서 확인하고", "with the shop"),
        (replace(ONE, opens_at=NOON + DAY), "11월 22일(일) 12:00에", "22 November at 12:00"),
    ],
)
def test_sentence_is_as_honest_as_the_counts(outlook: Outlook, ko: str, en: str) -> None:
    said = words(outlook)
    assert ko in said.ko
    assert en in said.en


def test_nothing_is_promised_that_cannot_be_told() -> None:
    assert promised(NOON, ONE) == NOON + 12 * MINUTE
    for outlook in (None, replace(ONE, wait=None), replace(ONE, shut=True), replace(ONE, opens_at=NOON + HOUR)):
        assert promised(NOON, outlook) == 0


@pytest.mark.parametrize(
    ("steps", "opens_at", "said"),
    [
        ([], 0, None),
        ([Step.OFFER], 0, None),
        ([Step.MESSAGE], 0, "문의가 많아"),
        ([Step.MESSAGE, Step.AFTER_HOURS], NOON + HOUR, "사라지지 않아요"),
        ([Step.AFTER_HOURS], 0, None),
    ],
)
def test_notice_goes_by_the_steps(steps: list[Step], opens_at: int, said: str | None) -> None:
    found = notice(replace(ONE, steps=frozenset(steps), opens_at=opens_at))
    assert (found is None) is (said is None)
    assert found is None or said is None or said in found.ko
