"""A shop is set up, and goes live once everything that blocks it is done."""

from typing import Any

import pytest

from chalicelib.aws.tables import commit
from chalicelib.kernel.caller import Caller, Kind
from chalicelib.letters.model import Name, To
from chalicelib.letters.store import Letters
from chalicelib.tenants.acceptance import Acceptances
from chalicelib.tenants.aims import Acceptance, By, Choice
from chalicelib.tenants.history import Choices
from tests.moto_desk import MINA, SHOP, Answer, Desk
from tests.people.entrance import ACCEPTS, Entrance
from tests.setup.bodies import EACH

AT = "/v1/tenants/haneul"
BLOCKING = ("goals", "scope", "hours", "voice", "channels")


@pytest.fixture
def entrance(desk: Desk) -> Entrance:
    return Entrance(desk, desk.people)


@pytest.fixture
def owner(entrance: Entrance) -> Caller:
    return entrance.found_shop()


def setup(desk: Desk, who: Caller) -> Any:
    answer = desk.call(who, f"GET {AT}/setup")
    assert answer.status == 200, answer
    return answer.body


def done(desk: Desk, who: Caller) -> set[str]:
    return {item["id"] for item in setup(desk, who)["items"] if item["done"]}


def go_live(desk: Desk, who: Caller) -> Answer:
    return desk.call(who, f"POST {AT}/go-live")


def chosen(desk: Desk, owner: Caller) -> None:
    for section in BLOCKING:
        assert desk.call(owner, f"PUT {AT}/choices/{section}", EACH[section]).status == 200
    assert desk.call(owner, f"PUT {AT}/cap", {"won": 300_000, "cap": "soft"}).status == 200


def rehearsed(desk: Desk) -> None:
    commit(Choices("haneul").record(Choice("rehearsal", 1, By("owner:x", "", desk.now), {})))


def test_founding_has_three_items_done_and_says_what_comes_next(desk: Desk, owner: Caller) -> None:
    found = setup(desk, owner)
    assert (found["stage"], found["live_since"], found["may_go_live"], found["next"]) == (
        "setup",
        "",
        False,
        "goals",
    )
    assert len(found["registration"]) == 10
    assert done(desk, owner) == {"account", "number", "terms"}
    terms = next(item for item in found["items"] if item["id"] == "terms")
    assert terms["by"] == owner.name


def test_checklist_fills_by_what_the_shop_does(desk: Desk, owner: Caller, entrance: Entrance) -> None:
    chosen(desk, owner)
    widget = {"origins": ["https://haneul.example"], "label": "쇼핑몰"}
    assert desk.call(owner, f"POST {AT}/widget-keys", widget).status == 201
    for number in range(3):
        canned = {
            "title": f"답 {number}",
            "intent": "delivery",
            "shortcut": f"답{number}",
            "text": f"답 {number}이에요",
        }
        assert desk.call(owner, f"POST {AT}/answers", canned).status == 201
    assert (
        entrance.post("tenants/haneul/people", {"mail": "a@haneul.example", "kind": "staff"}, who=owner).status
        == 201
    )
    volume = {**EACH["about"], "name": "하늘가게"}
    assert desk.call(owner, f"PUT {AT}/choices/about", volume).status == 200
    everything = {item["id"] for item in setup(desk, owner)["items"]}
    assert everything - done(desk, owner) == {"rehearsal"}


def test_shop_goes_live_when_everything_that_blocks_is_done(desk: Desk, owner: Caller) -> None:
    refused = go_live(desk, owner)
    assert refused.refusal == (409, "not_ready")
    assert refused.body["error"]["what"] == "goals,scope,hours,voice,channels,plan,rehearsal"
    chosen(desk, owner)
    assert go_live(desk, owner).body["error"]["what"] == "rehearsal"
    rehearsed(desk)
    answer = go_live(desk, owner)
    assert (answer.status, answer.body["stage"], answer.body["live_since"][:10]) == (200, "live", "2026-11-21")
    desk.later(3600)
    assert go_live(desk, owner).body == {**answer.body} == setup(desk, owner)


def test_going_live_is_told_and_recorded_once(desk: Desk, owner: Caller) -> None:
    chosen(desk, owner)
    rehearsed(desk)
    for _ in range(2):
        assert go_live(desk, owner).status == 200
    letter = Letters("haneul").find("welcome")
    assert letter is not None
    assert (letter.name, letter.to) == (Name.WELCOME, To.OWNERS)
    deeds = [row["deed"]["S"] for row in desk.rows() if row["kind"]["S"] == "permission_change"]
    assert deeds.count("live") == 1
    versions = desk.call(owner, f"GET {AT}/choices/live/versions").body["versions"]
    assert [(one["version"], one["by"]) for one in versions] == [(1, owner.name)]


def test_failure_on_the_way_leaves_the_shop_in_setup_and_a_repeat_goes_on(desk: Desk, owner: Caller) -> None:
    chosen(desk, owner)
    rehearsed(desk)
    desk.fail("TransactWriteItems", "InternalServerError", status=500, times=99)
    assert go_live(desk, owner).status == 503
    desk.close()
    assert (setup(desk, owner)["stage"], Letters("haneul").find("welcome")) == ("setup", None)
    assert go_live(desk, owner).body["stage"] == "live"


def test_new_voice_asks_for_another_rehearsal(desk: Desk, owner: Caller) -> None:
    chosen(desk, owner)
    rehearsed(desk)
    assert setup(desk, owner)["may_go_live"]
    desk.later(60)
    assert desk.call(owner, f"PUT {AT}/choices/voice", {**EACH["voice"], "tone": "짧게"}).status == 200
    assert go_live(desk, owner).body["error"]["what"] == "rehearsal"


def test_going_live_is_the_owners_and_others_look(desk: Desk, owner: Caller) -> None:
    staff = Caller(Kind.STAFF, "", tenant="haneul", person="00000002-0000-4000-8000-000000000000")
    for who in (staff, MINA, Caller(Kind.SHOP, "a" * 16, tenant="haneul")):
        assert go_live(desk, who).refusal == (403, "forbidden")
    assert setup(desk, staff) == setup(desk, owner)
    assert go_live(desk, SHOP).refusal == (403, "forbidden")
    assert desk.call(SHOP, f"GET {AT}/setup").refusal == (404, "not_found")


def test_terms_of_before_are_not_those_that_a_shop_has_to_accept(desk: Desk, entrance: Entrance) -> None:
    owner = entrance.admin(Kind.OWNER, tenant="danbi")
    by = By(owner.name, "", desk.now)
    for document in ("terms", "subprocessors"):
        commit(Acceptances("danbi").add(Acceptance(document, "2020-01", "d", by)))
    for is_done in (False, True):
        items = desk.call(owner, "GET /v1/tenants/danbi/setup").body["items"]
        assert next(item["done"] for item in items if item["id"] == "terms") is is_done
        assert entrance.post("tenants/danbi/terms", ACCEPTS, who=owner).status == 200


def test_declared_shop_is_live_and_is_shown_what_it_never_chose(desk: Desk, entrance: Entrance) -> None:
    found = desk.call(SHOP, "GET /v1/tenants/danbi/setup").body
    assert (found["stage"], found["live_since"], found["may_go_live"]) == ("live", "", False)
    owner = entrance.admin(Kind.OWNER, tenant="danbi")
    assert desk.call(owner, "POST /v1/tenants/danbi/go-live").body["stage"] == "live"
    assert Letters("danbi").find("welcome") is None
    assert entrance.post("tenants/danbi/terms", ACCEPTS, who=owner).status == 200
