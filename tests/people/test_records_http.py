"""The record of permissions as the shop's owner and the admins read it, and the looks at lists of people."""

from dataclasses import replace

import pytest

from chalicelib.aws.tables import commit
from chalicelib.kernel.caller import Caller, Kind
from chalicelib.kernel.clock import DAY, iso
from chalicelib.people import records_http
from chalicelib.people.changes import Changes
from chalicelib.people.model import Deed, PermissionChange
from tests.moto_desk import MINA, SHOP, Answer
from tests.people.entrance import Entrance

STAFF = {"mail": "staff@haneul.example", "kind": "staff"}


def read(entrance: Entrance, who: Caller, tenant: str = "", cursor: str = "") -> Answer:
    path = f"/v1/tenants/{tenant}/permission-changes" if tenant else "/v1/permission-changes"
    return entrance.desk.call(who, f"GET {path}", query={"cursor": cursor} if cursor else None)


def line(entrance: Entrance, number: int, *, ago: int = 0) -> PermissionChange:
    at = entrance.desk.now - ago * DAY + number
    return PermissionChange(f"{number:032x}", at, "admin:p", "192.0.2.9", Deed.ROLE, f"p{number}", "agent", "lead")


def test_owner_reads_who_let_whom_in_and_out_of_the_shop(entrance: Entrance) -> None:
    owner = entrance.found_shop()
    person = entrance.post("tenants/haneul/people", STAFF, who=owner).body["id"]
    entrance.post(f"tenants/haneul/people/{person}/role", {"kind": "viewer"}, who=owner)
    admin = entrance.admin()
    entrance.post("tenants/haneul/suspend", {"reason": "미납"}, who=admin)
    found = read(entrance, owner, "haneul").body["changes"]
    assert [one["deed"] for one in found] == ["suspend", "role", "invite", "found"]
    suspended, role, *_ = found
    assert suspended == {
        "at": iso(entrance.desk.now)[:10] + suspended["at"][10:],
        "by": f"admin:{admin.person}",
        "deed": "suspend",
        "whom": "haneul",
        "reason": "미납",
    }
    assert (role["before"], role["after"], role["source"]) == ("staff", "viewer", "192.0.2.1")
    assert read(entrance, admin, "haneul").body["changes"][0]["source"] == "192.0.2.1"


def test_admins_read_the_teams_record_and_nobody_else_does(entrance: Entrance) -> None:
    admin, owner = entrance.admin(), entrance.found_shop()
    person = entrance.invited("lee@team.example", admin, kind="finance")
    entrance.post(f"team/{person}/role", {"kind": "admin"}, who=admin)
    entrance.post(f"team/{person}/off-board", who=admin)
    found = read(entrance, admin).body["changes"]
    assert [(one["deed"], one["whom"]) for one in found] == [
        (deed, person) for deed in ("off_board", "role", "invite")
    ]
    lead = entrance.admin(Kind.LEAD, agent="boss", pool="main")
    for who in (owner, lead, entrance.admin(Kind.FINANCE), SHOP, MINA):
        assert read(entrance, who).refusal == (403, "forbidden")


def test_shops_record_is_its_owners_and_no_other_shops(entrance: Entrance) -> None:
    owner = entrance.found_shop()
    other = entrance.found_shop("bada", "owner@bada.example")
    assert read(entrance, other, "haneul").refusal == read(entrance, other, "nosuch").refusal == (404, "not_found")
    for kind in (Kind.STAFF, Kind.VIEWER):
        assert read(entrance, replace(owner, kind=kind), "haneul").refusal == (403, "forbidden")
    assert len(read(entrance, other, "bada").body["changes"]) == 1


@pytest.mark.parametrize("tenant", ["danbi", ""])
def test_record_is_read_page_by_page_newest_first_without_what_expired(
    entrance: Entrance, tenant: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records_http, "_PAGE", 4)
    admin = entrance.admin()
    for number in range(10):
        commit(Changes(tenant).add(line(entrance, number)))
    commit(Changes(tenant).add(line(entrance, 10, ago=3 * 366 - 1)))
    commit(Changes(tenant).add(line(entrance, 11, ago=3 * 366 + 1)))
    seen, cursor = [], ""
    for _ in range(4):
        answer = read(entrance, admin, tenant, cursor)
        seen += [one["whom"] for one in answer.body["changes"]]
        cursor = answer.body.get("cursor", "")
        if not cursor:
            break
    assert not cursor
    assert seen == [f"p{number}" for number in (9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 10)]


def test_cursor_of_one_record_opens_no_other(entrance: Entrance, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records_http, "_PAGE", 1)
    admin = entrance.admin()
    for tenant in ("danbi", "mungmeal", ""):
        for number in range(2):
            commit(Changes(tenant).add(line(entrance, number)))
    cursor = read(entrance, admin, "danbi").body["cursor"]
    assert read(entrance, admin, "danbi", cursor).status == 200
    for tenant in ("mungmeal", ""):
        assert read(entrance, admin, tenant, cursor).refusal == (400, "invalid_cursor")
    assert read(entrance, entrance.admin(), "danbi", cursor).refusal == (400, "invalid_cursor")


def looks(entrance: Entrance) -> list[tuple[str, list[str]]]:
    rows = [row for row in entrance.desk.rows() if row["kind"]["S"] == "access"]
    return [(row["what"]["S"], [one["S"] for one in row["whose"]["L"]]) for row in rows]


def test_list_of_a_shops_people_is_a_look_on_record(entrance: Entrance) -> None:
    owner = entrance.found_shop()
    person = entrance.post("tenants/haneul/people", STAFF, who=owner).body["id"]
    assert looks(entrance) == []
    listed = entrance.desk.call(owner, "GET /v1/tenants/haneul/people")
    assert len(listed.body["people"]) == 2
    [(what, whose)] = looks(entrance)
    assert (what, sorted(whose)) == ("list people mail", sorted([owner.person, person]))


def test_list_that_cannot_be_recorded_is_not_shown(entrance: Entrance) -> None:
    owner = entrance.found_shop()
    asked = len(entrance.cognito.calls)
    entrance.desk.fail("PutItem", "InternalServerError", status=500, times=9)
    assert entrance.desk.call(owner, "GET /v1/tenants/haneul/people").status >= 500
    assert len(entrance.cognito.calls) == asked
