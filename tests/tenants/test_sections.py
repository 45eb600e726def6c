"""What a shop says section by section, and how it is kept."""

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from chalicelib.aws.tables import Write, commit
from chalicelib.intents.model import Intent, Scope
from chalicelib.kernel.errors import BadInput, Conflict, Mismatch, NotFound
from chalicelib.tenants.aims import By, Choice, Goals, Holidays, Stage
from chalicelib.tenants.history import Choices
from chalicelib.tenants.model import Channel, Tenant
from chalicelib.tenants.ports import Choosing
from chalicelib.tenants.sections import OF_PROFILE, Section, chosen, told
from chalicelib.tenants.service import apply, choose
from chalicelib.tenants.store import Tenants
from tests import fakes
from tests.moto_desk import DANBI, Desk
from tests.samples import NOON, SHOP
from tests.tenants.test_service import FakeTenants

KIM = By("owner:kim", "192.0.2.1", NOON)
GOALS = {
    "first_reply_seconds": 60,
    "wait_seconds": 30,
    "resolved_percent": 95,
    "satisfied_percent": 90,
    "self_service_percent": 20,
}


@dataclass
class FakeChoices:
    rows: list[Choice] = field(default_factory=list)

    def current(self, section: str) -> Choice | None:
        return next((one for one in reversed(self.rows) if one.section == section), None)

    def record(self, choice: Choice) -> Write:
        known = {(one.section, one.version) for one in self.rows}
        taken = Conflict("tenant_changed", "x") if (choice.section, choice.version) in known else None
        return fakes.Step(("choice", choice.section), lambda: self.rows.append(choice), lambda: taken)


def choosing(profile: Tenant | None = SHOP) -> tuple[Choosing, FakeTenants, FakeChoices]:
    profiles, choices = FakeTenants(profile), FakeChoices()
    return Choosing(profiles, choices, fakes.commit), profiles, choices


@pytest.mark.parametrize("section", OF_PROFILE)
def test_what_a_profile_says_in_a_section_said_again_changes_nothing(section: Section) -> None:
    assert chosen(DANBI, section, told(DANBI, section)) == DANBI


def test_every_section_of_a_profile_is_told() -> None:
    said = {section: told(SHOP, section) for section in OF_PROFILE}
    assert said[Section.GOALS] == {**GOALS, **_usual()}
    assert said[Section.CHANNELS] == {"channels": ["chat", "email"]}
    assert said[Section.VOICE]["signature"] == "단비옷장 드림"
    assert set(said[Section.HOURS]) == {"hours", "holidays"}
    assert said[Section.SURGE] == {"message": 60, "offer": 300, "reserve": 600, "staff": 1_200}
    assert said[Section.CAP] == {"cap_won": 0, "cap": "soft"}
    assert said[Section.PLAN] == {"plans": []}
    assert set(Section) - set(OF_PROFILE) == {Section.REHEARSAL, Section.LIVE}


def _usual() -> dict[str, int]:
    usual = Goals()
    return {name: getattr(usual, name) for name in GOALS}


def test_section_changes_its_own_part_alone() -> None:
    after = chosen(DANBI, Section.GOALS, GOALS)
    assert after == replace(DANBI, goals=Goals(60, 30, 95, 90, 20))
    ladder = chosen(replace(DANBI, surge=replace(DANBI.surge, cap_won=5)), Section.SURGE, {"message": 1})
    assert (ladder.surge.message, ladder.surge.cap_won) == (1, 5)


@pytest.mark.parametrize(
    ("section", "body", "code"),
    [
        (Section.HOURS, {"hours": {"mon": ["18:00-10:00"]}}, "invalid_hours"),
        (Section.HOURS, {"hours": {"mon": ["10:00-12:00", "11:00-13:00"]}}, "invalid_hours"),
        (Section.HOURS, {"holidays": {"closed_on": ["2026-02-30"]}}, "invalid_day"),
        (Section.HOURS, {"holidays": {"open_on": ["2026-04-31"]}}, "invalid_day"),
        (Section.SURGE, {"message": 400}, "backward_steps"),
        (Section.SURGE, {"staff": 100}, "backward_steps"),
        (Section.SCOPE, {"in_house": ["defect"], "bot": ["defect"]}, "scope_overlaps"),
        (Section.SCOPE, {"in_house": ["defect", "defect"]}, "scope_overlaps"),
    ],
)
def test_what_contradicts_itself_is_refused(section: Section, body: dict[str, Any], code: str) -> None:
    with pytest.raises(BadInput) as refused:
        chosen(SHOP, section, body)
    assert refused.value.code == code


def test_scope_and_days_that_fit_are_taken() -> None:
    scope = chosen(SHOP, Section.SCOPE, {"in_house": ["defect"], "bot": ["delivery"]}).scope
    assert scope == Scope((Intent.DEFECT,), (Intent.DELIVERY,))
    days = {"hours": {"mon": ["10:00-12:00", "12:00-24:00"]}, "holidays": {"closed_on": ["2028-02-29"]}}
    assert chosen(SHOP, Section.HOURS, days).holidays == Holidays(closed_on=("2028-02-29",))


def test_choice_has_a_version_and_says_who_and_when() -> None:
    here, profiles, choices = choosing()
    first = choose(here, Section.GOALS, GOALS, KIM, expected=0)
    assert (first.version, first.by, first.body) == (1, KIM, GOALS)
    assert profiles.row is not None
    assert profiles.row.goals.first_reply_seconds == 60
    later = By("owner:lee", "192.0.2.2", NOON + 1)
    second = choose(here, Section.GOALS, {**GOALS, "wait_seconds": 5}, later, expected=1)
    assert [one.version for one in choices.rows] == [1, 2]
    assert (second.by.name, choices.rows[0].body) == ("owner:lee", GOALS)


def test_the_same_again_is_the_same_version_and_the_usual_can_be_confirmed() -> None:
    here, profiles, choices = choosing()
    usual = told(SHOP, Section.GOALS)
    for _ in range(2):
        assert choose(here, Section.GOALS, usual, KIM, expected=0).version == 1
    assert (len(choices.rows), profiles.row) == (1, SHOP)


def test_choice_upon_another_version_than_the_one_seen_is_refused() -> None:
    here, _, choices = choosing()
    choose(here, Section.GOALS, GOALS, KIM, expected=None)
    with pytest.raises(Mismatch):
        choose(here, Section.GOALS, {**GOALS, "wait_seconds": 5}, KIM, expected=0)
    assert len(choices.rows) == 1
    choose(here, Section.CHANNELS, {"channels": ["chat"]}, KIM, expected=0)


def test_nobodys_shop_chooses_nothing() -> None:
    here, _, _ = choosing(None)
    with pytest.raises(NotFound):
        choose(here, Section.GOALS, GOALS, KIM, expected=None)


def test_what_is_not_declared_stays_as_the_shop_chose_it() -> None:
    own = replace(SHOP, goals=Goals(60), stage=Stage.SETUP, registration="1208147521", channels=(Channel.CHAT,))
    store = FakeTenants(own)
    assert apply(SHOP, store, fakes.commit) == ["channels"]
    assert store.row == replace(own, channels=SHOP.channels)
    assert apply(replace(SHOP, goals=Goals(90)), store, fakes.commit) == ["goals"]
    assert store.row.goals == Goals(90)


# In the table.


def test_choices_come_back_whole_newest_first_page_by_page(desk: Desk) -> None:
    here = Choosing(Tenants("danbi"), Choices("danbi"), commit)
    for wait in (1, 2, 3):
        choose(here, Section.GOALS, {**GOALS, "wait_seconds": wait}, KIM, expected=wait - 1)
    choose(here, Section.CHANNELS, {"channels": ["chat"]}, KIM, expected=0)
    store = Choices("danbi")
    first, position = store.page("goals", limit=2, after=None)
    rest, end = store.page("goals", limit=2, after=position)
    assert [one.version for one in (*first, *rest)] == [3, 2, 1]
    assert end is None or not store.page("goals", limit=2, after=end)[0]
    assert rest[0] == Choice("goals", 1, KIM, {**GOALS, "wait_seconds": 1})
    assert store.current("goals") == first[0]
    assert store.current("scope") is None
    assert Choices("mungmeal").current("goals") is None


def test_version_that_is_taken_is_refused_with_all_that_goes_with_it(desk: Desk) -> None:
    commit(Choices("danbi").record(Choice("goals", 1, KIM, GOALS)))
    renamed = replace(DANBI, name_en="Danbi")
    with pytest.raises(Conflict, match="tenant_changed"):
        commit(Tenants("danbi").save(renamed, DANBI), Choices("danbi").record(Choice("goals", 1, KIM, {})))
    assert Tenants("danbi").current() == DANBI
    found = Choices("danbi").current("goals")
    assert found is not None
    assert found.body == GOALS


def test_profile_with_every_choice_comes_back_whole_and_can_be_changed_back(desk: Desk) -> None:
    full = replace(
        DANBI,
        stage=Stage.SETUP,
        scope=Scope((Intent.DEFECT,)),
        goals=Goals(60),
        holidays=Holidays(closed_on=("2026-12-24",)),
        language="en",
        emergency_phone="010-1234-5678",
        registration="1208147521",
    )
    for before, after in ((DANBI, full), (full, DANBI)):
        commit(Tenants("danbi").save(after, before))
        assert Tenants("danbi").current() == after
