"""A lead's floor: what waits, what is held back, who is there, and nothing of other pools."""

import json
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.agents.store import Agents
from chalicelib.aws.tables import commit
from chalicelib.floor.wiring import forget_floor
from chalicelib.kernel.caller import Caller, Kind
from chalicelib.kernel.clock import HOUR, iso
from chalicelib.overflow.model import SurgeState
from chalicelib.overflow.store import Surges
from chalicelib.tenants.model import Contract, Step
from chalicelib.tenants.service import apply
from chalicelib.tenants.store import Tenants, forget_profiles
from tests.moto_desk import DANBI, JUNO, MINA, SHOP, STRANGER, Answer, Desk
from tests.promotions.bad_input import IN
from tests.samples import NOON
from tests.wall import judge

LEAD = Caller(Kind.LEAD, "", agent="boss", pool="main", person="l")
CHIEF = Caller(Kind.ADMIN, "", person="a")
CALM = {"front": 0, "held": 0, "hands": [], "agents": [], "tenants": [], "more": False}


def asked(desk: Desk, who: Caller = LEAD, tag: str = "") -> Answer:
    return desk.call(who, "GET /v1/floor", headers={"If-None-Match": tag} if tag else {})


def pool(desk: Desk, who: Caller = LEAD) -> Any:
    forget_floor()
    answer = asked(desk, who)
    assert answer.status == 200, answer
    [only] = answer.body["pools"]
    return only


def beat(desk: Desk, who: Caller) -> None:
    assert desk.call(who, "POST /v1/agents/me/heartbeat").status == 200


def one(shown: Any, name: str, value: str) -> Any:
    [found] = [each for each in shown if each[name] == value]
    return found


def test_empty_floor(desk: Desk) -> None:
    assert pool(desk) == {"pool": "main", "waiting": 0, "capacity": 0, "load": 0, **CALM}


def test_lead_sees_what_waits_where_since_when_and_what_agents_hold(desk: Desk) -> None:
    began = desk.now
    held = desk.claimed(MINA)
    desk.open()
    desk.open("mungmeal")
    returned = desk.claimed(JUNO, "mungmeal")
    desk.act(JUNO, returned, "release", tenant="mungmeal")
    shown = pool(desk)
    assert (shown["waiting"], shown["front"], shown["held"], shown["more"]) == (3, 1, 0, False)
    assert (shown["capacity"], shown["load"]) == (12, 2)
    assert iso(began) <= shown["oldest_since"] <= iso(desk.now)
    mungmeal, danbi = shown["tenants"]
    assert (danbi["tenant"], danbi["waiting"], danbi["with_agents"]) == ("danbi", 1, 1)
    assert (mungmeal["tenant"], mungmeal["waiting"], mungmeal["with_agents"]) == ("mungmeal", 2, 0)
    assert (danbi["name"], danbi["steps"], danbi["shut"]) == (DANBI.name, [], False)
    assert danbi["expected_wait"] == mungmeal["expected_wait"]
    assert danbi["expected_wait"]["expected_s"] >= 0
    mina = one(shown["agents"], "agent", "mina")
    assert mina == {
        "agent": "mina",
        "name": "Mina",
        "state": "present",
        "capacity": 6,
        "load": 2,
        "holding": [{"tenant": "danbi", "contact": held}],
    }


def test_break_silence_hand_and_certification_are_shown(desk: Desk) -> None:
    contact = desk.claimed(MINA)
    desk.act(MINA, contact, "hand", {"reason": "환불 문의"})
    beat(desk, JUNO)
    assert desk.call(JUNO, "POST /v1/agents/me/break", {"kind": "meal"}).status == 200
    juno = Agents().find("juno")
    assert juno is not None
    commit(Agents().certify(juno, frozenset({"danbi"})))
    shown = pool(desk)
    [hand] = shown["hands"]
    assert (hand["tenant"], hand["contact"], hand["agent"]) == ("danbi", contact, "mina")
    paused = one(shown["agents"], "agent", "juno")
    assert (paused["state"], paused["break_kind"], paused["capacity"]) == ("break", "meal", 6)
    assert paused["certified"] == ["danbi"]
    assert (shown["capacity"], shown["load"]) == (6, 2)
    desk.later(100)
    gone = pool(desk)
    silent = one(gone["agents"], "agent", "mina")
    assert (silent["state"], len(silent["holding"])) == ("silent", 1)
    assert silent["since"] < iso(desk.now)
    assert (gone["capacity"], gone["tenants"][0].get("expected_wait")) == (0, None)


def test_what_is_held_back_is_beside_what_waits(desk: Desk) -> None:
    apply(replace(DANBI, contract=Contract(1, 1)), Tenants("danbi"), commit)
    forget_profiles()
    for _ in range(4):
        desk.open()
    beat(desk, MINA)
    commit(Surges("danbi").save(SurgeState(), SurgeState(NOON, steps={Step.MESSAGE: NOON}, shut=True)))
    shown = pool(desk)
    [danbi] = shown["tenants"]
    assert (shown["waiting"], shown["held"]) == (danbi["waiting"], danbi["held"])
    assert danbi["held"] > 0
    assert danbi["waiting"] + danbi["held"] == 4
    assert (danbi["steps"], danbi["shut"]) == ([{"step": "message", "since": iso(NOON)}], True)
    assert danbi["expected_wait"]["expected_s"] > 0


def test_next_promotion_of_a_shop_is_named_until_it_is_cancelled(desk: Desk) -> None:
    desk.open()
    made = desk.call(SHOP, "POST /v1/tenants/danbi/promotions", IN).body
    [danbi] = pool(desk)["tenants"]
    assert danbi["promotion"] == {name: made[name] for name in ("id", "name", "starts_at", "ends_at")}
    desk.call(SHOP, f"POST /v1/tenants/danbi/promotions/{made['id']}/cancel")
    [danbi] = pool(desk)["tenants"]
    assert "promotion" not in danbi


def test_lead_sees_the_own_pool_and_an_admin_all(desk: Desk) -> None:
    desk.open("faraway")
    desk.claimed(STRANGER, "faraway")
    beat(desk, MINA)
    mine = json.dumps(pool(desk))
    assert ("faraway" in mine, "solbi" in mine) == (False, False)
    forget_floor()
    both = asked(desk, CHIEF).body["pools"]
    assert [(each["pool"], each["waiting"]) for each in both] == [("main", 0), ("other", 1)]
    assert [each["agent"] for each in both[1]["agents"]] == ["solbi"]


def test_floor_that_is_as_it_was_is_not_sent_again(desk: Desk) -> None:
    beat(desk, MINA)
    tag = asked(desk).headers["ETag"]
    desk.later(20)
    beat(desk, MINA)
    assert asked(desk, tag=tag).status == 304
    desk.later(25)
    desk.open()
    assert asked(desk, tag=tag).status == 200


def test_many_leads_ask_for_the_price_of_one(desk: Desk) -> None:
    desk.open()
    asked(desk)
    seen = desk.watch("Query")
    assert asked(desk).status == 200
    assert seen == []
    desk.later(3)
    asked(desk)
    assert 0 < len(seen) <= 10


@pytest.mark.parametrize(
    "who", [MINA, SHOP, Caller(Kind.FINANCE, "", person="f"), Caller(Kind.OWNER, "", tenant="danbi")]
)
def test_floor_is_for_leads_and_admins(desk: Desk, who: Caller) -> None:
    assert asked(desk, who).refusal == (403, "forbidden")


def test_nothing_of_it_meets_the_second_wall(desk: Desk) -> None:
    desk.claimed(MINA)
    refused = len(judge.refused)
    assert asked(desk).status == asked(desk, CHIEF).status == 200
    assert judge.refused[refused:] == []


def test_incident_is_shown_beside_the_pools(desk: Desk) -> None:
    body = {"text": "장애", "text_en": "Delay", "until": iso(NOON + 2 * HOUR)}
    made = desk.call(LEAD, "POST /v1/incidents", body)
    assert made.status == 201, made
    assert [each["text"] for each in asked(desk).body["incidents"]] == ["장애"]
    assert asked(desk, replace(LEAD, pool="other")).body["incidents"] == []
