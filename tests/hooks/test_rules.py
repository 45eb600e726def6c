"""Which addresses are told, how it is proven, and when it is said again."""

import hashlib
import hmac
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.hooks.model import Answer, Event, State
from chalicelib.hooks.rules import after, begun, body_of, check_url, day_of, is_due, pauses, resent, signature
from chalicelib.kernel.clock import HOUR, MINUTE
from chalicelib.kernel.errors import BadInput, Conflict
from tests.hooks.bad_input import a_delivery, a_hook
from tests.samples import NOON

OK, BUSY = Answer(204, 12), Answer(503, 40)


@pytest.mark.parametrize(
    "url",
    [
        "https://danbi.kr",
        "https://hooks.danbi.kr/a/b?c=d",
        "https://danbi.kr:443/",
        "https://DANBI.kr/",
        "https://xn--2j5b15k.kr/",
    ],
)
def test_an_https_address_by_name_may_be_told(url: str) -> None:
    check_url(url, is_local=False)


@pytest.mark.parametrize(
    "url",
    [
        "http://danbi.kr/",
        "http://127.0.0.1:8000/",
        "https://127.0.0.1/",
        "https://127.1/",
        "https://0x7f.0.0.1/",
        "https://2130706433/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://localhost/",
        "https://a@danbi.kr/",
        "https://a:b@danbi.kr/",
        "https://@danbi.kr/",
        "https://danbi.kr:80/",
        "https://danbi.kr:0/",
        "https://danbi.kr:99999/",
        "https://danbi.kr/#a",
        "https://danbi.kr\\@evil.kr/",
        "https://danbi .kr/",
        "https://danbi..kr/",
        "https://-danbi.kr/",
        "https://danbi.kr./",
        "https://단비.kr/",
        "https://",
        "ftp://danbi.kr/",
        "danbi.kr",
        "",
    ],
)
def test_any_other_address_is_refused(url: str) -> None:
    with pytest.raises(BadInput, match="hook_url"):
        check_url(url, is_local=False)


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000/a", "https://danbi.kr/"])
def test_the_local_stage_may_tell_its_own_machine(url: str) -> None:
    check_url(url, is_local=True)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.2/", "http://10.0.0.1/", "http://localhost/", "https://127.0.0.1/"]
)
def test_the_local_stage_may_tell_no_other_machine(url: str) -> None:
    with pytest.raises(BadInput, match="hook_url"):
        check_url(url, is_local=True)


def test_a_body_is_proven_with_the_time_that_it_was_sent() -> None:
    said = signature("whsec_1", '{"a":1}', 1_763_694_000_123)
    proof = hmac.new(b"whsec_1", b'1763694000.{"a":1}', hashlib.sha256).hexdigest()
    assert said == f"t=1763694000,v1={proof}"


@given(st.sampled_from(["whsec_2", "whsec_1 "]), st.sampled_from(['{"a":2}', '{"a":1} ']))
def test_another_secret_body_or_second_is_another_proof(secret: str, body: str) -> None:
    first = signature("whsec_1", '{"a":1}', NOON)
    assert len({first, signature(secret, '{"a":1}', NOON), signature("whsec_1", body, NOON)}) == 3
    assert signature("whsec_1", '{"a":1}', NOON + 1000).partition("v1=")[2] != first.partition("v1=")[2]


def test_a_body_says_what_happened_to_whom_and_when() -> None:
    body = body_of("danbi", Event.INVOICE_FINALIZED, {"month": "2026-11", "total_won": 264_000}, "e1", NOON)
    assert json.loads(body) == {
        "id": "e1",
        "event": "invoice.finalized",
        "tenant": "danbi",
        "at": "2026-11-21T03:00:00.000Z",
        "data": {"month": "2026-11", "total_won": 264_000},
    }


def test_a_delivery_that_nobody_hears_is_sent_six_times_at_growing_intervals() -> None:
    delivery, at, waits = a_delivery(), NOON, []
    while delivery.state is State.DUE:
        assert is_due(delivery, at)
        delivery = after(begun(delivery, at), BUSY)
        waits.append(delivery.next_at and delivery.next_at - at)
        at = delivery.next_at
    assert waits == [MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 12 * HOUR, 0]
    assert (delivery.state, delivery.tries, delivery.status) == (State.FAILED, 6, 503)


@pytest.mark.parametrize("status", [200, 204, 299])
def test_a_delivery_that_is_heard_is_done(status: int) -> None:
    done = after(begun(a_delivery(), NOON), Answer(status, 7))
    assert (done.state, done.next_at, done.status, done.ms) == (State.DONE, 0, status, 7)


@pytest.mark.parametrize("answer", [Answer(301, 7), Answer(199, 7), Answer(404, 7), Answer(0, 7, "timeout")])
def test_any_other_answer_is_none(answer: Answer) -> None:
    assert after(begun(a_delivery(), NOON), answer).state is State.DUE


def test_while_it_is_sent_the_next_time_is_fixed_already() -> None:
    trying = begun(a_delivery(), NOON)
    assert (trying.tries, trying.next_at) == (1, NOON + MINUTE)
    assert not is_due(trying, NOON + MINUTE - 1)
    assert is_due(trying, NOON + MINUTE)


def test_who_dies_in_the_last_try_is_followed_by_none() -> None:
    assert begun(a_delivery(tries=6), NOON).state is State.FAILED


def test_what_ended_may_be_sent_once_more_as_new() -> None:
    for state in (State.DONE, State.FAILED):
        again = resent(a_delivery(state=state, tries=6), NOON + 1)
        assert (again.state, again.tries, again.next_at) == (State.DUE, 0, NOON + 1)
        assert (again.id, again.body) == (a_delivery().id, a_delivery().body)
    with pytest.raises(Conflict, match="delivery_due"):
        resent(a_delivery(), NOON)


@pytest.mark.parametrize(("failures", "paused"), [(0, False), (48, False), (49, True), (60, True)])
def test_fifty_failures_in_a_row_pause_a_hook(failures: int, paused: bool) -> None:
    hook = a_hook(failures=failures)
    assert pauses(hook) is paused
    assert not pauses(replace(hook, paused_at=NOON))


def test_days_are_those_of_seoul() -> None:
    assert day_of(NOON) == "2026-11-21"
    assert day_of(NOON + 12 * HOUR) == "2026-11-22"
