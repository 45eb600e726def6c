"""Periods and breaks over HTTP, as finance calls them."""

import pytest

from chalicelib.aws.tables import commit
from chalicelib.billing import wiring
from chalicelib.closing.model import Break, Cause, Rule
from chalicelib.closing.rules_records import seen
from chalicelib.closing.store import Breaks
from chalicelib.kernel.caller import Caller, Kind
from chalicelib.kernel.clock import HOUR, month_span
from chalicelib.metering.model import Period, PeriodState
from chalicelib.metering.periods import Periods
from chalicelib.tenants.model import HOUSE
from tests.billing.fake_gateway import FakeGateway
from tests.moto_desk import MINA, SHOP, Answer, Desk
from tests.samples import NOON

ANN, BOB = (Caller(Kind.FINANCE, "", person=f"0000000{n}-0000-0000-0000-000000000000") for n in (1, 2))
MONTH = "2026-11"
DUE = month_span(MONTH)[1] + 72 * HOUR
_PERIOD, _BREAKS = f"/v1/tenants/danbi/periods/{MONTH}", "/v1/tenants/danbi/breaks"


@pytest.fixture(autouse=True)
def _provider(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeGateway(now=NOON)
    monkeypatch.setattr(wiring, "gateway", lambda: fake)


def post(desk: Desk, path: str, body: object = None, *, who: Caller = ANN, version: int | None = None) -> Answer:
    headers = {} if version is None else {"If-Match": f'"{version}"'}
    return desk.call(who, f"POST {path}", body, headers=headers)


def a_break(item: str = "usage:human", right: int = 7, tenant: str = "danbi") -> str:
    found = Break(Rule.BILL_LINE, tenant, item, 10, right, Cause.PRICE_VERSION, MONTH)
    _, record = seen(found, None, NOON)
    commit(Breaks(tenant).save(None, record))
    return record.id


def test_finance_closes_a_month_step_by_step_and_sees_how_it_came_there(desk: Desk) -> None:
    shown = desk.call(ANN, f"GET {_PERIOD}").body
    assert (shown["state"], shown["version"], shown["history"]) == ("open", 0, [])
    assert post(desk, _PERIOD + "/close").body["state"] == "open"
    desk.later((DUE - NOON) // 1000)
    assert post(desk, _PERIOD + "/close", version=0).body["state"] == "closing"
    assert post(desk, _PERIOD + "/close", version=0).refusal == (412, "version_mismatch")
    assert post(desk, _PERIOD + "/close").body["state"] == "reconciled"
    desk.later((DUE + HOUR - NOON) // 1000)
    for state in ("invoiced", "locked", "locked"):
        assert post(desk, _PERIOD + "/close").body["state"] == state
    history = desk.call(ANN, f"GET {_PERIOD}").body["history"]
    assert [move["state"] for move in history] == ["closing", "reconciled", "invoiced", "locked"]
    assert {move["by"] for move in history} == {ANN.name}


def test_a_break_in_the_way_is_named(desk: Desk) -> None:
    period = Period("danbi", MONTH, PeriodState.CLOSING, version=1)
    commit(Periods("danbi").save(Period("danbi", MONTH), period))
    found = Break(Rule.CONTACT_LEDGER, "danbi", "c1/1", 1, 0, Cause.MISSED, "2026-10")
    commit(Breaks("danbi").save(None, seen(found, None, NOON)[1]))
    desk.later((DUE - NOON) // 1000)
    answer = post(desk, _PERIOD + "/close")
    assert answer.refusal == (409, "period_blocked")
    assert "R0 c1/1" in answer.body["error"]["message"]


def test_a_month_is_reopened_by_two_people(desk: Desk) -> None:
    period = Period("danbi", MONTH, PeriodState.RECONCILED, version=1)
    commit(Periods("danbi").save(Period("danbi", MONTH), period))
    assert post(desk, _PERIOD + "/reopen/approve").refusal == (409, "not_asked")
    asked = post(desk, _PERIOD + "/reopen", {"reason": "한 건이 빠졌다"}, version=1)
    assert (asked.body["asked_by"], asked.body["asked_why"]) == (ANN.name, "한 건이 빠졌다")
    assert post(desk, _PERIOD + "/reopen", {"reason": "x"}, who=BOB).refusal == (409, "already_asked")
    assert post(desk, _PERIOD + "/reopen/approve").refusal == (403, "same_person")
    assert post(desk, _PERIOD + "/reopen/approve", who=BOB, version=1).refusal == (412, "version_mismatch")
    reopened = post(desk, _PERIOD + "/reopen/approve", who=BOB, version=2)
    assert (reopened.body["state"], reopened.body["asked_by"]) == ("closing", "")
    assert reopened.body["history"][-1]["why"] == f"{ANN.name}: 한 건이 빠졌다"
    assert post(desk, _PERIOD + "/reopen", {"reason": "x"}).refusal == (409, "wrong_state")


def test_a_break_is_answered_by_one_person_and_approved_by_another(desk: Desk) -> None:
    name, other = a_break(), a_break("line:il_1")
    listed = desk.call(ANN, f"GET {_BREAKS}", query={"month": MONTH}).body["breaks"]
    assert {one["id"] for one in listed} == {name, other}
    assert listed[0]["difference"] == -3
    body = {"cause": "manual_stripe_edit", "note": "우리가 깎아 주었다"}
    said = post(desk, f"{_BREAKS}/{name}/resolve", body, version=1).body
    assert (said["status"], said["cause"], said["resolved_by"]) == ("answered", "manual_stripe_edit", ANN.name)
    assert post(desk, f"{_BREAKS}/{name}/approve").refusal == (403, "same_person")
    assert post(desk, f"{_BREAKS}/{name}/approve", who=BOB, version=1).refusal == (412, "version_mismatch")
    assert post(desk, f"{_BREAKS}/{name}/approve", who=BOB, version=2).body["status"] == "explained"
    assert post(desk, f"{_BREAKS}/{name}/resolve", body).refusal == (409, "wrong_state")
    assert post(desk, f"{_BREAKS}/{other}/approve", who=BOB).refusal == (409, "wrong_state")
    assert [one["id"] for one in desk.call(ANN, f"GET {_BREAKS}").body["breaks"]] == [other]


def test_a_figure_that_does_not_differ_needs_one_person(desk: Desk) -> None:
    name = a_break(right=10)
    said = post(desk, f"{_BREAKS}/{name}/resolve", {"cause": "rounding", "note": "같은 금액"}).body
    assert (said["status"], said["approver"]) == ("explained", "")


def test_the_houses_own_breaks_are_listed_like_a_shops(desk: Desk) -> None:
    name = a_break("po_1", tenant=HOUSE)
    shown = desk.call(ANN, f"GET /v1/tenants/{HOUSE}/breaks").body["breaks"]
    assert [one["id"] for one in shown] == [name]
    assert desk.call(ANN, "GET /v1/tenants/absent00/breaks").refusal == (404, "not_found")


@pytest.mark.parametrize("break_id", ["2026-11-0123456789abcdef", "2026-13-0123456789abcdef", "x"])
def test_an_absent_break_is_not_found(desk: Desk, break_id: str) -> None:
    a_break()
    for action, body in (("resolve", {"cause": "fee", "note": "x"}), ("approve", None)):
        assert post(desk, f"{_BREAKS}/{break_id}/{action}", body).refusal == (404, "not_found")


@pytest.mark.parametrize("who", [SHOP, MINA])
def test_nobody_but_finance(desk: Desk, who: Caller) -> None:
    name = a_break()
    for path in (_PERIOD, _BREAKS):
        assert desk.call(who, f"GET {path}").refusal == (403, "forbidden")
    for path in ("/close", "/reopen/approve"):
        assert post(desk, _PERIOD + path, who=who).refusal == (403, "forbidden")
    assert post(desk, f"{_BREAKS}/{name}/approve", who=who).refusal == (403, "forbidden")
