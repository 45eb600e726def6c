"""An owner issues and revokes the keys of the shop's server; each is recorded."""

import pytest

from chalicelib.kernel.caller import Caller, Kind
from tests.bills.world import OWNER, STAFF, VIEWER
from tests.moto_desk import KEY, MINA, SHOP, Answer, Desk
from tests.people.entrance import Entrance

AT = "/v1/tenants/danbi/server-keys"
THEIRS = Caller(Kind.OWNER, "", tenant="mungmeal", person="00000009-0000-4000-8000-000000000000")


def issue(desk: Desk, label: str = "주문 서버", who: Caller = OWNER, key: str = "") -> Answer:
    return desk.call(who, f"POST {AT}", {"label": label}, headers={"Idempotency-Key": key} if key else {})


def listed(desk: Desk, who: Caller = OWNER) -> list[dict[str, object]]:
    answer = desk.call(who, f"GET {AT}")
    assert answer.status == 200, answer
    return list(answer.body["keys"])


def deeds(desk: Desk) -> list[tuple[str, str, str]]:
    rows = [row for row in desk.rows() if row["kind"]["S"] == "permission_change"]
    rows = sorted((row for row in rows if row["pk"]["S"] == "danbi#permissions"), key=lambda row: row["sk"]["S"])
    return [(row["deed"]["S"], row["whom"]["S"], row["by"]["S"]) for row in rows]


def test_issued_key_opens_the_shop_until_it_is_revoked(entrance: Entrance, desk: Desk) -> None:
    made = issue(desk)
    assert made.status == 201
    server = entrance.proves(made.body["key"])
    assert server == Caller(Kind.SHOP, made.body["id"], tenant="danbi")
    assert desk.call(server, "GET /v1/tenants/danbi/contacts").status == 200
    desk.later(5)
    for _ in range(2):
        assert desk.call(OWNER, f"POST {AT}/{made.body['id']}/revoke").body["revoked"] is True
        desk.later(9)
    assert entrance.proves(made.body["key"]) is None
    assert deeds(desk) == [
        ("key_issued", made.body["id"], OWNER.name),
        ("key_revoked", made.body["id"], OWNER.name),
    ]


def test_list_says_what_each_is_for_and_never_the_key(desk: Desk) -> None:
    by_the_desk = desk.token(SHOP)
    made = issue(desk).body
    first, second = listed(desk)
    assert first == {"id": by_the_desk.key, "label": "", "by": "", "at": "", "revoked": False}
    assert (second["id"], second["label"], second["by"]) == (made["id"], "주문 서버", OWNER.name)
    assert str(second["at"]).startswith("2026-11-21T03:00")
    assert made["key"].rpartition(".")[2] not in repr(desk.rows()) + repr(listed(desk))


def test_repeat_of_an_issue_is_refused_and_issues_nothing(desk: Desk) -> None:
    assert issue(desk, key="k1").status == 201
    assert issue(desk, key="k1").refusal == (409, "key_exists")
    assert (len(listed(desk)), len(deeds(desk))) == (1, 1)
    assert issue(desk, key="k2").status == 201


def test_eleventh_key_is_refused_until_one_is_revoked(desk: Desk) -> None:
    made = [issue(desk, f"서버 {number}") for number in range(10)]
    assert {answer.status for answer in made} == {201}
    assert issue(desk).refusal == (409, "too_many_keys")
    assert desk.call(OWNER, f"POST {AT}/{made[3].body['id']}/revoke").status == 200
    assert issue(desk).status == 201


@pytest.mark.parametrize("request_line", [f"GET {AT}", f"POST {AT}", f"POST {AT}/{KEY}/revoke"])
def test_keys_are_the_owners_alone(desk: Desk, request_line: str) -> None:
    desk.token(SHOP)
    body = {"label": "x"} if request_line == f"POST {AT}" else None
    for who in (STAFF, VIEWER, SHOP, MINA):
        assert desk.call(who, request_line, body).refusal == (403, "forbidden")
    assert desk.call(THEIRS, request_line, body).refusal == (404, "not_found")


def test_foreign_absent_and_widget_keys_look_the_same(desk: Desk) -> None:
    made = issue(desk).body["id"]
    widget = desk.call(
        OWNER, "POST /v1/tenants/danbi/widget-keys", {"origins": ["https://danbi.kr"], "label": "w"}
    )
    theirs = f"POST /v1/tenants/mungmeal/server-keys/{made}/revoke"
    assert desk.call(THEIRS, theirs).refusal == (404, "not_found")
    for key in (widget.body["id"], "f" * 16):
        assert desk.call(OWNER, f"POST {AT}/{key}/revoke").refusal == (404, "not_found")
    assert desk.call(OWNER, f"POST {AT}/{made}/revoke").status == 200
