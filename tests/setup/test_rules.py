"""What a shop has to do before it goes live."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.setup.model import Facts
from chalicelib.setup.rules import ANSWERS, progress
from chalicelib.tenants.aims import Acceptance, By, Choice, Stage, Volume
from chalicelib.tenants.sections import Section
from tests.samples import NOON, SHOP

KIM = By("owner:kim", "192.0.2.1", NOON)
NEW = replace(SHOP, stage=Stage.SETUP, registration="1208147521")
ACCEPTED = (Acceptance("terms", "1", "d", KIM), Acceptance("subprocessors", "1", "d", KIM))
FOUNDED = Facts(NEW, {}, ACCEPTED, 2)
BLOCKING = ["account", "number", "terms", "goals", "scope", "hours", "voice", "channels", "plan", "rehearsal"]
LATER = (Section.GOALS, Section.SCOPE, Section.HOURS, Section.VOICE, Section.CHANNELS, Section.PLAN)


def choice(section: Section, *, version: int = 1, at: int = NOON) -> Choice:
    return Choice(section, version, replace(KIM, at=at), {})


def ready(**changes: Any) -> Facts:
    made: dict[Section, Choice] = {one: choice(one) for one in (*LATER, Section.REHEARSAL)}
    return replace(FOUNDED, choices=made, **changes)


def done(facts: Facts) -> set[str]:
    return {item.id for item in progress(facts).items if item.done}


def test_shop_that_was_just_founded_has_three_of_ten_done() -> None:
    found = progress(FOUNDED)
    assert [item.id for item in found.items if item.blocks] == BLOCKING
    assert done(FOUNDED) == {"account", "number", "terms"}
    assert (found.may_go_live, found.next) == (False, "goals")
    assert found.missing == BLOCKING[3:]


def test_shop_that_did_all_that_blocks_may_go_live_and_is_asked_for_the_rest() -> None:
    found = progress(ready())
    assert (found.missing, found.may_go_live, found.next) == ([], True, "diagnosis")
    voice = next(item for item in found.items if item.id == "voice")
    assert (voice.version, voice.at, voice.by) == (1, NOON, "owner:kim")


@pytest.mark.parametrize("section", [*LATER, Section.REHEARSAL])
def test_each_choice_that_is_not_made_blocks(section: Section) -> None:
    facts = ready()
    left = replace(facts, choices={one: made for one, made in facts.choices.items() if one is not section})
    assert progress(left).missing == [section]
    assert not progress(left).may_go_live


def test_shop_without_a_number_or_with_newer_terms_is_not_ready() -> None:
    assert progress(ready(profile=replace(NEW, registration=""))).missing == ["number"]
    assert progress(ready(accepted=ACCEPTED[:1])).missing == ["terms"]


def test_cap_alone_confirms_the_plan_too() -> None:
    facts = ready()
    chosen: dict[Section, Choice] = {one: made for one, made in facts.choices.items() if one != Section.PLAN}
    capped = replace(facts, choices={**chosen, Section.CAP: choice(Section.CAP, version=3)})
    assert progress(capped).missing == []
    assert next(item.version for item in progress(capped).items if item.id == "plan") == 3


@pytest.mark.parametrize(("spoken", "heard", "is_done"), [(1, 2, True), (2, 2, True), (3, 2, False)])
def test_rehearsal_counts_in_the_voice_that_the_shop_has_now(spoken: int, heard: int, is_done: bool) -> None:
    voice, tried = choice(Section.VOICE, at=NOON + spoken), choice(Section.REHEARSAL, at=NOON + heard)
    facts = ready()
    facts = replace(facts, choices={**facts.choices, Section.VOICE: voice, Section.REHEARSAL: tried})
    assert ("rehearsal" in done(facts)) is is_done
    assert progress(facts).may_go_live is is_done


@pytest.mark.parametrize(
    ("item", "before", "after"),
    [
        ("answers", {"answers": ANSWERS - 1}, {"answers": ANSWERS}),
        ("diagnosis", {}, {"diagnosed_at": NOON}),
        ("diagnosis", {}, {"profile": replace(NEW, volume=Volume(contacts_a_day=1))}),
        ("widget", {}, {"keys": 1}),
        ("team", {"people": 1}, {"people": 2}),
    ],
)
def test_what_does_not_block_is_done_by_what_is_there(
    item: str, before: dict[str, Any], after: dict[str, Any]
) -> None:
    assert item not in done(ready(**before))
    assert item in done(ready(**after))
    assert progress(ready(**before)).may_go_live


def test_live_shop_does_not_go_live_again_and_tells_since_when_it_is() -> None:
    facts = ready(profile=replace(NEW, stage=Stage.LIVE))
    found = progress(replace(facts, choices={**facts.choices, Section.LIVE: choice(Section.LIVE, at=NOON + 9)}))
    assert (found.may_go_live, found.live_since) == (False, NOON + 9)
