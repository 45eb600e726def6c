"""Incidents over HTTP: announced by a lead, seen by whom they concern, and ended."""

import pytest

from chalicelib.incidents.wiring import forget_incidents, notices
from chalicelib.kernel.caller import Caller, Kind
from tests.incidents.bad_input import INCIDENT_IN
from tests.moto_desk import KEY, MINA, STRANGER, Desk

LEAD = Caller(Kind.LEAD, KEY, agent="lea", pool="main", person="l")
ELSEWHERE = Caller(Kind.LEAD, KEY, agent="leo", pool="other", person="m")
CHIEF = Caller(Kind.ADMIN, KEY, person="a")
REPEAT = {"Idempotency-Key": "once-once-once-once-once"}
INCIDENTS = "/v1/incidents"


def owner(tenant: str) -> Caller:
    return Caller(Kind.OWNER, KEY, tenant=tenant, person=f"o-{tenant}")


def seen(desk: Desk, who: Caller) -> list[str]:
    answer = desk.call(who, f"GET {INCIDENTS}")
    assert answer.status == 200
    return [one["id"] for one in answer.body["incidents"]]


def announced(desk: Desk, who: Caller = LEAD, **fields: object) -> str:
    answer = desk.call(who, f"POST {INCIDENTS}", {**INCIDENT_IN, **fields})
    assert answer.status == 201, answer
    return str(answer.body["id"])


def test_an_incident_is_seen_by_the_shops_and_the_team_of_its_pool(desk: Desk) -> None:
    incident = announced(desk)
    for who in (owner("danbi"), owner("mungmeal"), MINA, LEAD, CHIEF):
        assert seen(desk, who) == [incident]
    for who in (owner("faraway"), STRANGER, ELSEWHERE):
        assert seen(desk, who) == []


def test_an_incident_of_one_shop_is_seen_by_no_other(desk: Desk) -> None:
    incident = announced(desk, tenants=["danbi"])
    assert seen(desk, owner("danbi")) == [incident]
    assert seen(desk, owner("mungmeal")) == []


def test_what_is_seen_is_the_text_and_the_times_and_not_who_wrote_it(desk: Desk) -> None:
    announced(desk)
    [shown] = desk.call(owner("danbi"), f"GET {INCIDENTS}").body["incidents"]
    assert shown["text"] == INCIDENT_IN["text"]
    assert shown["since"].startswith("2026-11-21T03:00:")
    assert (shown["until"], shown["ended_at"]) == ("2026-11-21T06:00:00.000Z", None)
    assert "lea" not in str(shown)


def test_visitors_of_the_shops_that_it_concerns_are_told(desk: Desk) -> None:
    incident = announced(desk, tenants=["danbi"])
    assert [one.id for one in notices("danbi", "main", desk.now)] == [incident]
    assert notices("mungmeal", "main", desk.now) == []


def test_the_newest_comes_first(desk: Desk) -> None:
    first = announced(desk)
    desk.later(60)
    second = announced(desk, text="다른 장애")
    assert seen(desk, MINA) == [second, first]


def test_an_incident_is_over_at_its_time_or_when_it_is_ended(desk: Desk) -> None:
    first, second = announced(desk), announced(desk, text="다른 장애", until="2026-11-21T12:10+09:00")
    ended = desk.call(LEAD, f"POST {INCIDENTS}/{first}/end")
    assert (ended.status, ended.body["ended_at"] >= ended.body["since"]) == (200, True)
    assert seen(desk, MINA) == [second]
    desk.later(600)
    forget_incidents()
    assert seen(desk, MINA) == []


def test_the_first_end_stays(desk: Desk) -> None:
    incident = announced(desk)
    first = desk.call(LEAD, f"POST {INCIDENTS}/{incident}/end")
    desk.later(60)
    assert desk.call(CHIEF, f"POST {INCIDENTS}/{incident}/end").body == first.body


def test_a_lead_ends_no_incident_of_another_pool(desk: Desk) -> None:
    incident = announced(desk)
    assert desk.call(ELSEWHERE, f"POST {INCIDENTS}/{incident}/end").refusal == (404, "not_found")
    assert seen(desk, MINA) == [incident]


def test_a_repeat_announces_nothing_new(desk: Desk) -> None:
    ids = {desk.call(LEAD, f"POST {INCIDENTS}", INCIDENT_IN, headers=REPEAT).body["id"] for _ in range(2)}
    assert len(ids) == 1
    other = desk.call(LEAD, f"POST {INCIDENTS}", {**INCIDENT_IN, "text": "다른"}, headers=REPEAT)
    assert other.refusal == (409, "idempotency_mismatch")


@pytest.mark.parametrize("who", [MINA, owner("danbi")])
def test_nobody_but_leads_and_admins_announces(desk: Desk, who: Caller) -> None:
    assert desk.call(who, f"POST {INCIDENTS}", INCIDENT_IN).refusal == (403, "forbidden")


def test_a_number_that_must_not_be_kept_is_not(desk: Desk) -> None:
    announced(desk, text="문의는 900101-1234567 로")
    [shown] = desk.call(MINA, f"GET {INCIDENTS}").body["incidents"]
    assert "1234567" not in shown["text"]


def test_everybodys_look_costs_one_query_in_15_seconds(desk: Desk) -> None:
    announced(desk)
    seen(desk, MINA)
    looks = desk.watch("Query")
    for _ in range(20):
        seen(desk, MINA)
    assert [look for look in looks if "incidents" in str(look)] == []


def test_a_pool_announces_five_a_day_and_a_repeat_is_none_of_them(desk: Desk) -> None:
    for number in range(4):
        announced(desk, text=f"장애 {number}")
    body = {**INCIDENT_IN, "text": "장애 4"}
    fifth = desk.call(LEAD, f"POST {INCIDENTS}", body, headers=REPEAT)
    refused = desk.call(LEAD, f"POST {INCIDENTS}", {**INCIDENT_IN, "text": "장애 5"})
    assert (fifth.status, refused.refusal) == (201, (409, "too_many_incidents"))
    assert desk.call(LEAD, f"POST {INCIDENTS}", body, headers=REPEAT).body == fifth.body
    announced(desk, ELSEWHERE, pool="other")
    desk.later(24 * 3600)
    announced(desk, text="다음 날", until="2026-11-22T15:00+09:00")
