"""Retries: a blip is not felt, a lasting disturbance makes few calls more, and nothing is done twice or lost."""

import json
import random
import time
from collections.abc import Callable, Iterator
from itertools import chain, repeat
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ClientError
from pynamodb.exceptions import GetError, TransactWriteError
from urllib3.exceptions import ProtocolError

from chalicelib.aws import retries
from chalicelib.aws.clients import client
from chalicelib.aws.failures import is_passing
from chalicelib.aws.tables import commit
from chalicelib.aws.vault import Vault
from chalicelib.contacts.model import AlreadyStored
from chalicelib.contacts.store import Contacts
from chalicelib.kernel.errors import Busy
from chalicelib.web.pressure import gauge
from tests.aws.bad_day import Day, measured, tapped
from tests.moto_desk import SHOP, Desk
from tests.samples import a_contact, said
from tests.stack import wire
from tests.stack.trouble import Handle, Trouble, answer

STORE = Contacts("danbi")
THROTTLED = "ProvisionedThroughputExceededException"
SAVED = 50


@pytest.fixture
def slept() -> list[float]:
    """How long was waited, each time."""
    return []


@pytest.fixture
def tap(desk: Desk, slept: list[float]) -> Iterator[Callable[[Handle], None]]:
    """What lets a handler answer every call to the table, of a process that has the shop's key."""
    Vault("danbi").seal("here", "text")
    retries.refill()
    with tapped(slept=slept) as found:
        yield found
    retries.refill()
    gauge.forget()


class Script:
    """Answers the table's calls with errors, by their codes, one after the other; an empty one is no error."""

    def __init__(self, *codes: str, ever: str = "") -> None:
        self._codes = chain(codes, repeat(ever))
        self.seen: list[str] = []

    def __call__(self, name: str, send: wire.Send) -> Any:
        self.seen.append(name)
        code = next(self._codes)
        if code == "lost":
            send()
            raise ProtocolError("the answer was lost")
        if code in {"ThrottlingError", "TransactionConflict"}:
            reasons = [{"Code": "None"}, {"Code": code}]
            cancelled = {"__type": "TransactionCanceledException", "CancellationReasons": reasons}
            return answer(400, cancelled)
        status = 500 if code == "InternalServerError" else 400
        return answer(status, {"__type": code, "message": "injected"}) if code else send()


def tokens(desk: Desk) -> list[str]:
    """Return a list that fills with the tokens under which transactions are sent."""
    found: list[str] = []
    event = "before-send.dynamodb.TransactWriteItems"
    desk._hook(event, lambda request, **_: found.append(json.loads(request.body)["ClientRequestToken"]))
    return found


def use_up() -> None:
    while retries._budget.acquire(1):
        pass


@pytest.mark.parametrize("code", [THROTTLED, "ThrottlingException", "InternalServerError", "lost"])
def test_a_blip_is_not_felt(tap: Any, slept: list[float], code: str) -> None:
    script = Script(code, code, code)
    tap(script)
    assert not STORE.any_waiting()
    assert script.seen == ["Query"] * 4
    assert len(slept) == 3


def test_calm_process_bears_a_blip_of_fifty_failures(desk: Desk, tap: Any) -> None:
    tap(Script(*[THROTTLED, ""] * 50))
    for _ in range(50):
        STORE.any_waiting()


def test_one_call_is_made_four_times_at_most(desk: Desk, tap: Any) -> None:
    script = Script(ever=THROTTLED)
    tap(script)
    with pytest.raises(GetError) as failed:
        STORE.get("c1")
    assert is_passing(failed.value)
    assert len(script.seen) == 4


def test_however_long_everything_fails_there_are_two_retries_for_five_calls(desk: Desk, tap: Any) -> None:
    script = Script(ever=THROTTLED)
    tap(script)
    for _ in range(1_000):
        with pytest.raises(GetError):
            STORE.get("c1")
    assert 1_390 <= len(script.seen) <= 1_400 + SAVED


def test_cancelled_transactions_are_no_way_around_the_budget(desk: Desk, tap: Any) -> None:
    script = Script(ever="ThrottlingError")
    tap(script)
    for _ in range(300):
        # The first ones find the budget whole, and give up after ten tries.
        with pytest.raises((TransactWriteError, Busy)):
            commit(STORE.add(a_contact()), STORE.append("c1", said()))
    assert 415 <= len(script.seen) <= 420 + SAVED


def test_waits_grow_and_are_never_the_same(desk: Desk, tap: Any, slept: list[float]) -> None:
    random.seed(7)
    for _ in range(10):
        retries.refill()
        tap(Script(THROTTLED, THROTTLED, THROTTLED))
        STORE.any_waiting()
    firsts, seconds, thirds = slept[0::3], slept[1::3], slept[2::3]
    assert max(firsts) <= 0.05 < max(seconds) <= 0.1 < max(thirds) <= 0.2
    assert len(set(slept)) == 30


@pytest.mark.parametrize("code", ["ValidationException", "AccessDeniedException", "ResourceNotFoundException"])
def test_what_would_fail_again_is_not_sent_again(desk: Desk, tap: Any, code: str) -> None:
    script = Script(code)
    tap(script)
    with pytest.raises(GetError, match=code):
        STORE.get("c1")
    assert script.seen == ["GetItem"]


def test_refused_condition_is_no_fault(desk: Desk, tap: Any) -> None:
    commit(STORE.add(a_contact()))
    script = Script()
    tap(script)
    with pytest.raises(AlreadyStored):
        commit(STORE.add(a_contact()))
    assert script.seen == ["PutItem"]


def test_conflicts_with_others_cost_nothing_of_the_budget(desk: Desk, tap: Any, slept: list[float]) -> None:
    use_up()
    script = Script(*["TransactionConflict"] * 9)
    tap(script)
    commit(STORE.add(a_contact()), STORE.append("c1", said()))
    assert len(script.seen) == 10
    assert len(set(slept)) == 9
    assert max(slept) <= 0.2


def test_throttled_transaction_is_sent_anew_while_the_budget_lasts(desk: Desk, tap: Any) -> None:
    sent = tokens(desk)
    tap(Script("ThrottlingError"))
    commit(STORE.add(a_contact()), STORE.append("c1", said()))
    assert len(set(sent)) == len(sent) == 2
    use_up()
    tap(Script("ThrottlingError"))
    with pytest.raises(TransactWriteError) as failed:
        commit(STORE.append("c1", said("m2")), STORE.append("c1", said("m3")))
    assert is_passing(failed.value)


@pytest.mark.parametrize("code", ["lost", "TransactionInProgressException", "InternalServerError"])
def test_transaction_of_unknown_end_is_sent_again_under_its_own_token(desk: Desk, tap: Any, code: str) -> None:
    sent = tokens(desk)
    tap(Script(code))
    try:
        commit(STORE.add(a_contact()), STORE.append("c1", said()))
    except AlreadyStored:
        # moto knows no tokens: it takes the repeat of what it carried out for another one.
        assert code == "lost"
    assert len(sent) == 2
    assert len(set(sent)) == 1


def test_without_budget_the_caller_is_told_to_come_again(desk: Desk, tap: Any) -> None:
    body = {"channel": "chat", "customer": {"id": "c1"}, "text": "언제 와요?"}
    desk.open()
    use_up()
    tap(Script("", THROTTLED))
    refused = desk.call(SHOP, "POST /v1/tenants/danbi/contacts", body)
    assert refused.refusal == (503, "unavailable")
    assert refused.headers["Retry-After"] == "1"
    retries.refill()
    tap(Script("", THROTTLED))
    assert desk.call(SHOP, "POST /v1/tenants/danbi/contacts", body).status == 201


def test_other_services_draw_on_the_same_budget(desk: Desk, slept: list[float], tap: Any) -> None:
    queues, seen = client("sqs", "ap-northeast-2"), []

    def throttle(request: Any, **_: Any) -> AWSResponse:
        seen.append(request.url)
        refused = answer(400, {"__type": "ThrottlingException", "message": "injected"})
        return AWSResponse(request.url, refused.status, refused.headers, refused)

    queues.meta.events.register_first("before-send.sqs", throttle)
    with pytest.raises(ClientError, match="Throttling"):
        queues.list_queues()
    assert len(seen) == 4
    assert len(slept) == 3
    use_up()
    with pytest.raises(ClientError, match="Throttling"):
        queues.list_queues()
    assert len(seen) == 5


def test_storage_is_in_trouble_when_calls_fail_or_drag_and_not_when_they_are_refused(
    desk: Desk, tap: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def counted(*codes: str) -> tuple[int, int]:
        before = retries.storage.calls, retries.storage.troubled
        tap(Script(*codes))
        STORE.any_waiting()
        return retries.storage.calls - before[0], retries.storage.troubled - before[1]

    assert counted() == (1, 0)
    assert counted(THROTTLED, "InternalServerError", "lost") == (4, 3)
    commit(STORE.add(a_contact()))
    before = retries.storage.troubled
    with pytest.raises(AlreadyStored):
        commit(STORE.add(a_contact()))
    assert retries.storage.troubled == before
    seconds = iter(range(0, 100, 3))
    monkeypatch.setattr(time, "monotonic", lambda: next(seconds))
    assert counted() == (1, 1)


def test_a_bad_day_makes_no_more_than_half_a_call_more_of_a_call(desk: Desk, tap: Any) -> None:
    random.seed(11)
    trouble = Trouble(11, tap)
    trouble.on = False
    Day(desk).live(range(5))
    _, calm = measured(desk, trouble, range(100, 110))
    trouble.on = True
    day, bad = measured(desk, trouble, range(200, 240))
    trouble.on = False
    assert bad.calls / bad.firsts <= 1.4 + SAVED / bad.firsts
    assert bad.calls / bad.requests <= 1.5 * calm.calls / calm.requests
    # It was a bad day, and was felt; but nothing was lost, nothing doubled, and nobody saw an error.
    assert min(trouble.done.values()) > 0
    assert sum(day.refused.values()) > 0
    assert day.strange == []
    kinds = [row["kind"]["S"] for row in desk.rows()]
    assert kinds.count("contact") == 55
    assert kinds.count("message") == 2 * 55
    assert kinds.count("usage") == 55
