"""Go live: once everything that blocks it is done."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from chalicelib.aws.tables import Write
from chalicelib.kernel.errors import Conflict
from chalicelib.setup.model import Facts, Progress
from chalicelib.setup.rules import progress
from chalicelib.tenants.aims import By, Stage
from chalicelib.tenants.ports import Choosing
from chalicelib.tenants.sections import Section, following


@dataclass(frozen=True, slots=True)
class Opening:
    """One shop that is set up: its `facts` as they are now, and what is told and recorded when it goes live."""

    choosing: Choosing
    facts: Callable[[], Facts]
    told: Callable[[By], list[Write]]


def go_live(opening: Opening, by: By) -> Progress:
    """Let the shop take contacts from now on, and return how far it is; again, it changes nothing.

    Raises Conflict `not_ready`, whose `what` names what is missing, and `tenant_changed`.
    """
    facts = opening.facts()
    found, here, before = progress(facts), opening.choosing, facts.profile
    if found.stage is Stage.LIVE:
        return found
    if found.missing:
        raise Conflict("not_ready", "this is to be done before the shop goes live", what=",".join(found.missing))
    live = following(facts.choices.get(Section.LIVE), Section.LIVE, {}, by)
    here.commit(
        here.profiles.save(replace(before, stage=Stage.LIVE), before),
        here.choices.record(live),
        *opening.told(by),
    )
    return replace(found, stage=Stage.LIVE, live_since=by.at)
