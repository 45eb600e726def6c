"""Promotions over HTTP: shops announce and cancel, leads see what comes; every refusal is in `bad_input`."""

import json
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.aws.tables import commit
from chalicelib.kernel.caller import Caller, Kind
from chalicelib.kernel.clock import DAY, HOUR, iso
from chalicelib.promotions.model import Promotion
from chalicelib.promotions.rules import MAX_UPCOMING
from chalicelib.promotions.store import Promotions, announced
from chalicelib.promotions.wiring import contract_of
from chalicelib.tenants.service import apply
from chalicelib.tenants.store import Tenants, forget_profiles
from tests.moto_desk import DANBI, FARAWAY, MUNGMEAL, SHOP, Answer, Desk, shop
from tests.promotions.bad_input import IN
from tests.promotions.samples import a_promotion
from tests.samples import NOON

AT = "/v1/tenants/danbi/promotions"
OWNER = Caller(Kind.OWNER, "", tenant="danbi", person="p")
LEAD = Caller(Kind.LEAD, "", agent="boss", pool="main", person="l")
CHIEF = Caller(Kind.ADMIN, "", person="a")
START = "2026-11-28T01:00:00.000Z"


def announce(desk: Desk, tenant: str = "danbi", key: str = "", **values: Any) -> Answer:
    headers = {"Idempotency-Key": key} if key else {}
    return desk.call(shop(tenant), f"POST /v1/tenants/{tenant}/promotions", {**IN, **values}, headers=headers)


def made(desk: Desk, tenant: str = "danbi", **values: Any) -> Any:
    answer = announce(desk, tenant, **values)
    assert answer.status == 201, answer
    return answer.body


def at(start: int, hours: int = 1) -> dict[str, str]:
    """Return hours from noon on as a body names them."""
    return {"starts_at": iso(NOON + start * HOUR), "ends_at": iso(NOON + (start + hours) * HOUR)}


def stored(tenant: str) -> list[Promotion]:
    """Store as many promotions as a shop may have, an hour each from two hours after noon on."""
    starts = [NOON + (2 + number) * HOUR for number in range(MAX_UPCOMING)]
    found = [
        a_promotion(f"{number:016x}", tenant=tenant, starts_at=start, ends_at=start + HOUR)
        for number, start in enumerate(starts)
    ]
    for number, one in enumerate(found):
        commit(*Promotions(tenant).add(one, "main", number))
    return found


def test_shop_is_shown_all_that_a_promotion_means(desk: Desk) -> None:
    answer = desk.call(OWNER, f"POST {AT}", {**IN, "name": "  블랙프라이데이\u200b "})
    assert answer.status == 201
    body = answer.body
    staffing, shifts = body["staffing"], body["staffing"].pop("shifts")
    assert body == {
        "id": body["id"],
        "name": "블랙프라이데이",
        "starts_at": START,
        "ends_at": "2026-11-28T05:00:00.000Z",
        "multiple": 5.0,
        "status": "announced",
        "contract": {"rate_per_hour": 200, "burst": 50},
        "contacts": {"low": 240, "expected": 400, "high": 560},
        "price": {"low": 216_000, "expected": 360_000, "high": 504_000, "price_version": "flat/900"},
        "staffing": staffing,
        "basis": body["basis"],
        "basis_en": body["basis_en"],
        "announced_at": body["announced_at"],
        "announced_by": "owner:p",
        "cancelled_at": None,
        "cancelled_by": "",
    }
    assert staffing == {
        "agents": 4,
        "load_erlangs": 8.33,
        "handling_seconds": 300,
        "conversations_at_once": 3,
        "answered_percent": 80,
        "within_seconds": 60,
        "occupancy_percent_at_most": 85,
    }
    assert shifts == [
        {
            "starts_at": f"2026-11-28T{hour}:00:00+09:00",
            "ends_at": f"2026-11-28T{hour + 1}:00:00+09:00",
            "contacts": 100,
            "agents": 4,
        }
        for hour in range(10, 14)
    ]
    assert "영업시간과 관계없이" in body["basis"]
    assert "while the shop is closed" in body["basis_en"]


def test_shop_reads_and_lists_what_it_announced_by_start(desk: Desk) -> None:
    later, first = made(desk, **at(30)), made(desk, **at(20))
    assert desk.call(SHOP, f"GET {AT}/{first['id']}").body == first
    assert desk.call(SHOP, f"GET {AT}").body == {"promotions": [first, later]}


def test_list_forgets_what_ended_a_month_ago_and_one_alone_is_still_there(desk: Desk) -> None:
    old = made(desk, **at(2))
    desk.later(30 * 86_400 + 2 * 3600)
    [known] = desk.call(SHOP, f"GET {AT}").body["promotions"]
    assert (known["status"], known["staffing"]["shifts"]) == ("over", [])
    assert known["staffing"]["agents"] == old["staffing"]["agents"]
    desk.later(30 * 86_400 + 4 * 3600)
    assert desk.call(SHOP, f"GET {AT}").body == {"promotions": []}
    assert desk.call(SHOP, f"GET {AT}/{old['id']}").body["status"] == "over"


def test_repeat_makes_one_promotion(desk: Desk) -> None:
    answers = [announce(desk, key="one", **at(2)) for _ in range(2)]
    assert [answer.status for answer in answers] == [201, 201]
    assert answers[0].body == answers[1].body
    desk.later(2 * 3600 + 1)
    again = announce(desk, key="one", **at(2))
    assert (again.status, again.body["id"], again.body["status"]) == (201, answers[0].body["id"], "running")
    assert announce(desk, key="one", **at(20)).refusal == (409, "idempotency_mismatch")
    assert announce(desk, key="two", **at(2)).refusal == (400, "starts_in_past")
    assert len(desk.call(SHOP, f"GET {AT}").body["promotions"]) == 1


def test_promotions_of_a_shop_do_not_overlap_and_those_of_two_shops_may(desk: Desk) -> None:
    first = made(desk)
    again = announce(desk)
    assert again.refusal == (409, "promotion_overlaps")
    assert again.body["error"]["promotion"] == first["id"]
    assert made(desk, "mungmeal")["starts_at"] == START
    assert made(desk, starts_at=IN["ends_at"], ends_at="2026-11-28T15:00+09:00")["starts_at"] == first["ends_at"]


def test_fifty_are_upcoming_at_most(desk: Desk) -> None:
    kept = stored("danbi")
    assert announce(desk, **at(90)).refusal == (409, "too_many_promotions")
    assert desk.call(SHOP, f"POST {AT}/{kept[0].id}/cancel").status == 200
    made(desk, **at(90))


def test_cancelled_promotion_is_in_nobodys_way_and_raises_nothing(desk: Desk) -> None:
    one = made(desk, **at(25, 2))
    desk.later(25 * 3600 + 60)
    assert contract_of(DANBI, desk.now).burst == 50
    gone = desk.call(OWNER, f"POST {AT}/{one['id']}/cancel")
    assert (gone.status, gone.body["status"], gone.body["cancelled_by"]) == (200, "cancelled", "owner:p")
    assert gone.body["staffing"]["shifts"] == []
    assert contract_of(DANBI, desk.now) == DANBI.contract
    desk.later(25 * 3600 + 120)
    assert desk.call(SHOP, f"POST {AT}/{one['id']}/cancel").body == gone.body
    assert made(desk, **at(26, 2))["status"] == "announced"


def test_what_is_over_is_not_cancelled(desk: Desk) -> None:
    one, other = made(desk, **at(1)), made(desk, **at(2))
    desk.later(2 * 3600 + 60)
    assert desk.call(SHOP, f"POST {AT}/{one['id']}/cancel").refusal == (409, "promotion_over")
    assert desk.call(SHOP, f"POST {AT}/{other['id']}/cancel").status == 200


def test_estimate_follows_the_shops_contract_and_price(desk: Desk) -> None:
    one = made(desk)
    apply(
        replace(DANBI, price_won=1_000, contract=replace(DANBI.contract, rate_per_hour=80)),
        Tenants("danbi"),
        commit,
        # A price begins with a month: this one was agreed on in the month before the promotion's.
        now=desk.now - 31 * 24 * 3_600_000,
    )
    forget_profiles()
    again = desk.call(SHOP, f"GET {AT}/{one['id']}").body
    assert again["price"] == {"low": 480_000, "expected": 800_000, "high": 1_120_000, "price_version": "flat/1000"}
    assert again["contract"]["rate_per_hour"] == 400


@pytest.mark.parametrize("kind", [Kind.STAFF, Kind.VIEWER])
def test_shops_people_read_and_the_owner_and_the_server_write(desk: Desk, kind: Kind) -> None:
    one = made(desk)
    who = replace(OWNER, kind=kind)
    for request in (f"GET {AT}", f"GET {AT}/{one['id']}"):
        assert desk.call(who, request).status == 200
    assert desk.call(who, f"POST {AT}/{one['id']}/cancel").refusal == (403, "forbidden")
    assert desk.call(who, f"POST {AT}", IN).refusal == (403, "forbidden")
    assert desk.call(OWNER, f"POST {AT}/{one['id']}/cancel").status == 200


@pytest.mark.parametrize("who", [LEAD, CHIEF, replace(LEAD, kind=Kind.AGENT), replace(CHIEF, kind=Kind.FINANCE)])
def test_shops_promotions_are_the_shops(desk: Desk, who: Caller) -> None:
    assert desk.call(who, f"GET {AT}").refusal == (403, "forbidden")
    assert desk.call(SHOP, f"GET {AT}").status == 200


def test_promotion_of_another_shop_looks_absent(desk: Desk) -> None:
    one = made(desk)
    for path in (f"{AT}/{one['id']}", f"/v1/tenants/mungmeal/promotions/{one['id']}"):
        assert desk.call(shop("mungmeal"), f"GET {path}").refusal == (404, "not_found")
        assert desk.call(shop("mungmeal"), f"POST {path}/cancel").refusal == (404, "not_found")
    assert desk.call(SHOP, f"GET {AT}/{one['id']}").body["status"] == "announced"


def calendars(desk: Desk, who: Caller = LEAD) -> list[Any]:
    answer = desk.call(who, "GET /v1/promotions")
    assert answer.status == 200, answer
    found: list[Any] = answer.body["calendars"]
    return found


def test_lead_sees_what_comes_and_what_pooling_saves(desk: Desk) -> None:
    mine = made(desk, multiple=4)
    theirs = made(
        desk, "mungmeal", starts_at="2026-11-28T12:00+09:00", ends_at="2026-11-28T16:00+09:00", multiple=3
    )
    [found] = calendars(desk)
    assert (found["pool"], found["complete"]) == ("main", True)
    assert [(one["tenant"], one["shop"], one["promotion"]) for one in found["promotions"]] == [
        ("danbi", "단비옷장", mine["id"]),
        ("mungmeal", MUNGMEAL.name, theirs["id"]),
    ]
    assert found["promotions"][0]["contacts"] == mine["contacts"]
    assert [one["agents"] for one in found["promotions"]] == [one["staffing"]["agents"] for one in (mine, theirs)]
    hours = {hour["starts_at"][11:13]: hour for hour in found["hours"]}
    assert list(hours) == ["10", "11", "12", "13", "14", "15"]
    assert hours["11"]["tenants"] == ["danbi"]
    both = hours["12"]
    assert (both["tenants"], both["contacts"]) == (["danbi", "mungmeal"], 80 + 90)
    assert both["agents_apart"] == mine["staffing"]["agents"] + theirs["staffing"]["agents"]
    assert both["saved"] == both["agents_apart"] - both["agents"] > 0
    assert found["saved"] == both["saved"]
    assert found["pooling"] == f"함께 응대하면 가장 붐비는 시간에 상담원이 {both['saved']}명 덜 필요합니다."
    assert found["pooling_en"].startswith(f"Pooling saves {both['saved']} p")


def test_leads_see_their_own_pool_and_admins_all(desk: Desk) -> None:
    made(desk)
    made(desk, "faraway", name="먼 가게의 행사")
    [main] = calendars(desk)
    [other] = calendars(desk, replace(LEAD, pool="other"))
    assert [one["tenant"] for one in main["promotions"]] == ["danbi"]
    assert [one["tenant"] for one in other["promotions"]] == ["faraway"]
    assert "먼 가게" not in json.dumps(main, ensure_ascii=False)
    assert [(one["pool"], one["promotions"], one["hours"]) for one in calendars(desk, CHIEF)] == [
        ("main", main["promotions"], main["hours"]),
        ("other", other["promotions"], other["hours"]),
    ]


def test_calendar_tells_leads_nothing_of_prices(desk: Desk) -> None:
    one = made(desk)
    told = json.dumps(calendars(desk))
    assert one["id"] in told
    assert "flat/" not in told
    assert str(one["price"]["expected"]) not in told


def test_calendar_follows_cancelling_the_clock_and_a_change_of_pool(desk: Desk) -> None:
    one = made(desk, **at(1, 2))
    made(desk, "mungmeal", **at(1, 8))
    assert len(calendars(desk)[0]["promotions"]) == 2
    apply(replace(FARAWAY, id="mungmeal"), Tenants("mungmeal"), commit)
    forget_profiles()
    desk.later(2 * 3600)
    assert [(known["tenant"], known["status"]) for known in calendars(desk)[0]["promotions"]] == [
        ("danbi", "running")
    ]
    assert desk.call(SHOP, f"POST {AT}/{one['id']}/cancel").status == 200
    [empty] = calendars(desk)
    assert (empty["promotions"], empty["hours"], empty["saved"], empty["pooling"]) == ([], [], 0, "")


def test_empty_calendar_goes_four_weeks_ahead(desk: Desk) -> None:
    [empty] = calendars(desk)
    assert iso(NOON + 28 * DAY) <= empty["hours_until"] <= iso(NOON + 28 * DAY + HOUR)


@pytest.mark.parametrize("who", [SHOP, OWNER, replace(LEAD, kind=Kind.AGENT), replace(CHIEF, kind=Kind.FINANCE)])
def test_calendar_is_for_leads_and_admins(desk: Desk, who: Caller) -> None:
    assert desk.call(who, "GET /v1/promotions").refusal == (403, "forbidden")
    assert desk.call(LEAD, "GET /v1/promotions").status == 200


def test_calendar_says_that_it_is_cut_off(desk: Desk) -> None:
    for tenant in ("danbi", "mungmeal"):
        stored(tenant)
    [whole] = calendars(desk)
    assert (len(whole["promotions"]), whole["complete"]) == (100, True)
    commit(*Promotions("danbi").add(a_promotion("e" * 16, starts_at=NOON + 90 * HOUR), "main", 50))
    [cut] = calendars(desk)
    assert (cut["promotions"], cut["complete"]) == (whole["promotions"], False)
    assert cut["hours_until"] == cut["promotions"][-1]["starts_at"]


def test_calendar_takes_the_index_for_a_hint(desk: Desk) -> None:
    one, other = made(desk), made(desk, "mungmeal")
    assert desk.call(SHOP, f"POST {AT}/{one['id']}/cancel").status == 200
    # As the index may show it for a moment longer.
    row = {"pk": {"S": "danbi#tenant"}, "sk": {"S": f"promotion#{one['id']}"}}
    late = f"{NOON + DAY:015d}#{NOON + 8 * DAY:015d}#danbi#{one['id']}"
    desk.dynamodb.update_item(
        TableName=desk.table,
        Key=row,
        UpdateExpression="SET lists_pk = :pk, lists_sk = :sk",
        ExpressionAttributeValues={":pk": {"S": "~promotions#main"}, ":sk": {"S": late}},
    )
    assert announced("main", NOON, 9) == [("danbi", one["id"]), ("mungmeal", other["id"])]
    assert [known["promotion"] for known in calendars(desk)[0]["promotions"]] == [other["id"]]
