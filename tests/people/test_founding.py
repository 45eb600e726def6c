"""A shop is founded once for each 사업자등록번호, accepts what it was shown, and is set up before it is live."""

from dataclasses import dataclass
from typing import Any

import pytest

from chalicelib.aws.tables import commit
from chalicelib.kernel.caller import Kind
from chalicelib.kernel.clock import DAY
from chalicelib.kernel.errors import BadInput, TooMany
from chalicelib.people.model import Claim
from chalicelib.people.registrations import Registrations
from chalicelib.people.rules import CLAIM, book_founding, stands
from chalicelib.people.shops import checked_registration
from chalicelib.tenants.acceptance import Acceptances
from chalicelib.tenants.aims import Stage
from chalicelib.tenants.entrustment import SUBPROCESSORS, TERMS, in_force
from chalicelib.tenants.store import Tenants
from tests.moto_desk import MINA, NOBODY, SHOP
from tests.people.entrance import ACCEPTS, OWNER_MAIL, Entrance, shop_body
from tests.samples import NOON

NUMBER = "120-81-47521"
OTHER_MAIL = "other@else.example"
DAY_SECONDS = 24 * 3600


def newcomer(entrance: Entrance, mail: str = OWNER_MAIL) -> Any:
    entrance.sign_up(mail)
    return entrance.proves(entrance.sign_in(mail))


def test_founded_shop_is_set_up_first_and_its_number_has_no_hyphens(entrance: Entrance) -> None:
    body = shop_body(registration=NUMBER, language="en")
    assert entrance.post("tenants", body, who=newcomer(entrance)).status == 201
    profile = Tenants("haneul").profile()
    assert (profile.stage, profile.registration, profile.language) == (Stage.SETUP, "1208147521", "en")


def test_what_was_accepted_is_kept_with_who_when_where_and_the_text(entrance: Entrance) -> None:
    owner = entrance.found_shop()
    kept = {one.document: one for one in Acceptances("haneul").all()}
    assert {name: one.version for name, one in kept.items()} == ACCEPTS
    assert (kept["terms"].by.name, kept["terms"].by.source) == (owner.name, "192.0.2.1")
    assert kept["terms"].digest == TERMS[-1].digest
    shown = entrance.desk.call(owner, "GET /v1/tenants/haneul/terms").body
    assert (shown["newer_terms"], shown["newer_subprocessors"]) == (None, None)
    assert [one["document"] for one in shown["accepted"]] == ["subprocessors", "terms"]


def test_everybody_reads_what_would_be_agreed_to(entrance: Entrance) -> None:
    shown = entrance.desk.call(NOBODY, "GET /v1/terms").body
    assert shown["terms"]["version"] == ACCEPTS["terms"]
    assert shown["terms"]["digest"] == TERMS[-1].digest
    for heading in ("목적", "안전", "다시 맡기는", "가르치는", "지우는", "책임"):
        assert heading in shown["terms"]["text"]
    assert {one["name"] for one in shown["subprocessors"]["list"]} >= {"Amazon Web Services", "Stripe"}
    assert (shown["terms_to_come"], shown["subprocessors_to_come"]) == (None, None)


def test_other_versions_than_those_shown_are_refused_and_nothing_is_founded(entrance: Entrance) -> None:
    who = newcomer(entrance)
    for name in ACCEPTS:
        old = shop_body(accepts={**ACCEPTS, name: "2020-01"})
        assert entrance.post("tenants", old, who=who).refusal == (409, "terms_changed")
    assert Registrations().find(shop_body()["registration"]) is None
    assert entrance.post("tenants", shop_body(), who=who).status == 201


def test_declared_shop_is_asked_for_what_it_has_not_accepted(entrance: Entrance) -> None:
    owner = entrance.admin(Kind.OWNER, tenant="danbi")
    before = entrance.desk.call(owner, "GET /v1/tenants/danbi/terms").body
    assert before == {
        "accepted": [],
        "newer_terms": ACCEPTS["terms"],
        "newer_subprocessors": ACCEPTS["subprocessors"],
    }
    after = entrance.post("tenants/danbi/terms", ACCEPTS, who=owner)
    assert (after.status, len(after.body["accepted"]), after.body["newer_terms"]) == (200, 2, None)
    entrance.desk.later(60)
    assert entrance.post("tenants/danbi/terms", ACCEPTS, who=owner).body == after.body
    for who in (SHOP, MINA):
        assert entrance.post("tenants/danbi/terms", ACCEPTS, who=who).refusal == (403, "forbidden")


@dataclass(frozen=True)
class Version:
    since: str


@pytest.mark.parametrize(
    ("day", "since"),
    [
        ("2026-01-01", "2026-11-01"),
        ("2026-11-01", "2026-11-01"),
        ("2026-11-30", "2026-11-01"),
        ("2026-12-01", "2026-12-01"),
        ("2027-12-01", "2026-12-01"),
    ],
)
def test_version_counts_from_its_day_on(day: str, since: str) -> None:
    assert in_force((Version("2026-11-01"), Version("2026-12-01")), day).since == since


def test_versions_are_in_order_and_each_is_another() -> None:
    for versions in (TERMS, SUBPROCESSORS):
        assert [one.since for one in versions] == sorted({one.since for one in versions})
        assert len({one.version for one in versions}) == len({one.digest for one in versions}) == len(versions)


# One shop for each number.


def test_number_that_a_shop_has_is_refused_to_others_for_good(entrance: Entrance) -> None:
    assert entrance.post("tenants", shop_body(registration=NUMBER), who=newcomer(entrance)).status == 201
    other = newcomer(entrance, OTHER_MAIL)
    same = shop_body("bada", registration="1208147521")
    for seconds in (0, 2 * DAY_SECONDS):
        entrance.desk.later(seconds)
        assert entrance.post("tenants", same, who=other).refusal == (409, "registration_taken")
    assert Tenants("bada").current() is None
    assert entrance.post("tenants", shop_body("bada"), who=other).status == 201


def test_who_died_on_the_way_goes_on_and_others_wait_for_a_day(entrance: Entrance) -> None:
    who, other = newcomer(entrance), newcomer(entrance, OTHER_MAIL)
    body, theirs = shop_body(registration=NUMBER), shop_body("bada", registration=NUMBER)
    entrance.desk.fail("TransactWriteItems", "InternalServerError", status=500, times=99)
    assert entrance.post("tenants", body, who=who).status == 503
    entrance.desk.close()
    assert Tenants("haneul").current() is None
    assert entrance.post("tenants", theirs, who=other).refusal == (409, "registration_taken")
    assert entrance.post("tenants", {**body, "id": "haneulshop"}, who=who).status == 201
    assert entrance.post("tenants", theirs, who=other).refusal == (409, "registration_taken")


def test_number_of_who_never_came_back_is_free_after_a_day(entrance: Entrance) -> None:
    # The shop that was to be founded exists by now, and is somebody else's: it does not have the number.
    gone = Claim("1208147521", "00000000-0000-4000-8000-00000000ffff", "mungmeal", NOON)
    commit(Registrations().claim(gone, None))
    who, body = newcomer(entrance), shop_body(registration=NUMBER)
    entrance.desk.later(DAY_SECONDS - 60)
    assert entrance.post("tenants", body, who=who).refusal == (409, "registration_taken")
    entrance.desk.later(DAY_SECONDS)
    assert entrance.post("tenants", body, who=who).status == 201
    found = Registrations().find("1208147521")
    assert found is not None
    assert (found.tenant, found.person) == ("haneul", who.person)


@pytest.mark.parametrize("at", [NOON, NOON + CLAIM])
def test_of_two_who_take_a_lapsed_number_over_one_gets_it(entrance: Entrance, at: int) -> None:
    gone = Claim("1208147521", "x", "nosuchshop", NOON)
    commit(Registrations().claim(gone, None))
    commit(Registrations().claim(Claim("1208147521", "y", "bada", at), gone))
    with pytest.raises(Exception, match="registration_taken"):
        commit(Registrations().claim(Claim("1208147521", "z", "haneul", NOON + CLAIM), gone))


def test_who_came_back_in_time_is_not_robbed_by_who_looked_before(entrance: Entrance) -> None:
    gone = Claim("1208147521", "x", "nosuchshop", NOON)
    commit(Registrations().claim(gone, None))
    commit(Registrations().claim(Claim("1208147521", "x", "haneul", NOON + CLAIM), gone))
    with pytest.raises(Exception, match="registration_taken"):
        commit(Registrations().claim(Claim("1208147521", "z", "bada", NOON + CLAIM), gone))
    found = Registrations().find("1208147521")
    assert found is not None
    assert found.person == "x"


@pytest.mark.parametrize(
    ("age", "founded", "taken"),
    [
        (0, False, True),
        (CLAIM - 1, False, True),
        (CLAIM, False, False),
        (CLAIM, True, True),
        (9 * CLAIM, True, True),
    ],
)
def test_claim_stands_for_a_day_and_that_of_a_shop_for_good(age: int, founded: bool, taken: bool) -> None:
    assert stands(Claim("1", "x", "haneul", NOON), NOON + age, founded=founded) is taken


def test_taken_id_leaves_no_claim(entrance: Entrance) -> None:
    who = newcomer(entrance)
    body = shop_body("danbi", registration=NUMBER)
    assert entrance.post("tenants", body, who=who).refusal == (409, "tenant_taken")
    assert Registrations().find("1208147521") is None


@pytest.mark.parametrize("number", ["120-81-47522", "000-00-00000", "12081475", "", "abc"])
def test_number_that_is_none_founds_nothing(entrance: Entrance, number: str) -> None:
    who = newcomer(entrance)
    refused = entrance.post("tenants", shop_body(registration=number), who=who)
    assert refused.refusal == (400, "invalid_registration")
    assert entrance.post("tenants", shop_body(registration=NUMBER), who=who).status == 201


def test_example_of_forms_founds_a_shop_in_the_local_stage_alone() -> None:
    assert checked_registration("1234567891", example=True) == "1234567891"
    with pytest.raises(BadInput, match="invalid_registration"):
        checked_registration("1234567891", example=False)


# No number of mail addresses makes shops without end.


def test_sixth_shop_of_a_day_from_one_address_is_refused_and_the_next_day_it_is_founded(
    entrance: Entrance,
) -> None:
    people = [newcomer(entrance, f"owner{number}@else.example") for number in range(6)]
    founded = [entrance.post("tenants", shop_body(f"shop{number}"), who=who) for number, who in enumerate(people)]
    assert [answer.status for answer in founded] == [201] * 5 + [429]
    assert founded[-1].code == "too_many_shops"
    # A repeat founds nothing, and is no founding.
    assert entrance.post("tenants", shop_body("shop0"), who=people[0]).status == 201
    wait = int(founded[-1].headers["Retry-After"])
    entrance.desk.later(wait + 60)
    assert entrance.post("tenants", shop_body("shop5"), who=people[5]).status == 201


@pytest.mark.parametrize(
    ("ages", "free"),
    [
        ((), True),
        ((5, 4, 3, 2), True),
        ((5, 4, 3, 2, 1), False),
        ((DAY, 4, 3, 2, 1), True),
        ((DAY - 1, 4, 3, 2, 1), False),
    ],
)
def test_foundings_of_the_last_day_count(ages: tuple[int, ...], free: bool) -> None:
    foundings = tuple(NOON - age for age in ages)
    if free:
        assert book_founding(foundings, NOON)[-1] == NOON
        return
    with pytest.raises(TooMany) as refused:
        book_founding(foundings, NOON)
    assert refused.value.details["retry_after"] == -(-(DAY - ages[0]) // 1000)
