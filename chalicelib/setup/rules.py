"""What a shop has to do before it goes live: read from what is there, never ticked off by hand."""

from chalicelib.kernel.clock import Millis
from chalicelib.setup.model import Facts, Item, Progress
from chalicelib.tenants.aims import By, Choice
from chalicelib.tenants.sections import Section

ANSWERS = 3
"""So many canned answers make a shop's handbook one to work with."""


def progress(facts: Facts) -> Progress:
    """Return how far the shop is, the items in the order in which they are best done."""
    live = facts.choices.get(Section.LIVE)
    items = (*_begun(facts), *_chosen(facts), *_tried(facts))
    return Progress(facts.profile.stage, live.by.at if live else 0, facts.profile.registration, items)


def _begun(facts: Facts) -> tuple[Item, ...]:
    terms = facts.accepted[-1].by if facts.accepted else _NOBODY
    return (
        Item("account", done=True, blocks=True),
        Item("number", done=bool(facts.profile.registration), blocks=True),
        Item("terms", done=len(facts.accepted) == facts.to_accept, blocks=True, at=terms.at, by=terms.name),
    )


def _chosen(facts: Facts) -> tuple[Item, ...]:
    told = facts.diagnosed_at > 0 or facts.profile.volume.contacts_a_day > 0
    return (
        _section(facts, Section.GOALS),
        _section(facts, Section.SCOPE),
        Item("diagnosis", done=told, at=facts.diagnosed_at),
        _section(facts, Section.HOURS),
        _section(facts, Section.VOICE),
        Item("answers", done=facts.answers >= ANSWERS),
        _section(facts, Section.CHANNELS),
        Item("widget", done=facts.keys > 0, at=facts.seen_at),
        Item("team", done=facts.people > 1),
    )


def _tried(facts: Facts) -> tuple[Item, ...]:
    plan = _latest(facts.choices.get(Section.PLAN), facts.choices.get(Section.CAP))
    rehearsal = facts.choices.get(Section.REHEARSAL)
    # What was heard before the voice changed was another voice.
    heard = rehearsal is not None and rehearsal.by.at >= _spoken_since(facts)
    return _item("plan", plan, done=plan is not None), _item("rehearsal", rehearsal, done=heard)


def _section(facts: Facts, section: Section) -> Item:
    choice = facts.choices.get(section)
    return _item(section, choice, done=choice is not None)


def _item(name: str, choice: Choice | None, *, done: bool) -> Item:
    by = choice.by if choice else _NOBODY
    return Item(name, done=done, blocks=True, version=choice.version if choice else 0, at=by.at, by=by.name)


def _latest(*choices: Choice | None) -> Choice | None:
    return max((one for one in choices if one), key=lambda one: one.by.at, default=None)


def _spoken_since(facts: Facts) -> Millis:
    voice = facts.choices.get(Section.VOICE)
    return voice.by.at if voice else 0


_NOBODY = By("", "", 0)
