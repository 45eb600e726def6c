"""Thirty shops at work: each deed done with the product's own code, as often as it arrives, through crashes."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace

from chalicelib.agents.model import Agent
from chalicelib.agents.store import Agents
from chalicelib.aws.tables import Write, commit
from chalicelib.contacts import deciding, rules, service
from chalicelib.contacts.model import Action, Author, Contact, Event, Message
from chalicelib.contacts.opening import open_contact
from chalicelib.contacts.ports import Desk
from chalicelib.contacts.wiring import desk
from chalicelib.kernel.errors import Conflict
from chalicelib.routing.model import WEIGHTS
from chalicelib.tenants.model import Channel, Contract, Term
from chalicelib.tenants.service import apply
from chalicelib.tenants.store import Tenants, forget_profiles
from tests.close.scenario import Act, Deed, Shop
from tests.moto_desk import MUNGMEAL

AGENT = "sora"


class Died(Exception):
    """The process was killed."""


@dataclass
class Crew:
    """Who answers for all shops; `crashes` and `repeats` count what was survived."""

    crashes: int = 0
    repeats: int = 0
    _after: bool = field(default=False)

    def hire(self, shops: tuple[Shop, ...]) -> None:
        """Found the shops, and let one agent have room for all."""
        for shop in shops:
            terms = tuple(Term(since, plan) for since, plan in shop.plans)
            profile = replace(MUNGMEAL, id=shop.id, name=shop.id, price_won=shop.price_won, plans=terms)
            profile = replace(profile, channels=(Channel.EMAIL,), contract=Contract(100_000, 1_000))
            apply(profile, Tenants(shop.id), commit)
        commit(Agents().add(Agent(AGENT, "Sora", MUNGMEAL.pool, 100_000)))
        forget_profiles()

    def do(self, deed: Deed) -> None:
        """Do a deed; what dies or comes twice is done again and changes nothing more."""
        if deed.dies:
            self.crashes += 1
            with suppress(Died):
                _do(self._dying(desk(deed.tenant)), deed)
        _again(deed, fresh=not deed.dies)
        for _ in range(deed.times - 1):
            self.repeats += 1
            _again(deed, fresh=False)

    def _dying(self, here: Desk) -> Desk:
        """Return a desk whose process is killed at its first commit: before it, and the next time after it."""
        self._after = not self._after
        after = self._after

        def killed(*writes: Write) -> None:
            if after:
                commit(*writes)
            raise Died

        return replace(here, commit=killed)


@contextmanager
def _refusals(*, fresh: bool) -> Iterator[None]:
    """Let what was done before be refused when it is done again."""
    try:
        yield
    except Conflict:
        if fresh:
            raise


def _again(deed: Deed, *, fresh: bool) -> None:
    with _refusals(fresh=fresh):
        _do(desk(deed.tenant), deed, fresh=fresh)


def _do(here: Desk, deed: Deed, *, fresh: bool = True) -> None:
    if deed.act is Act.OPEN:
        open_contact(here, _contact(here, deed), _said(deed, Author.CUSTOMER, ""))
    elif deed.act is Act.ANSWER:
        with _refusals(fresh=fresh):
            service.claim(here, deed.contact, AGENT, deed.clock)
        service.reply(here, deed.contact, _said(deed, Author.AGENT, AGENT))
    elif deed.act is Act.RESOLVE:
        deciding.act(here, deed.contact, lambda contact: rules.resolve(contact, AGENT, deed.clock))
    elif deed.act is Act.WRITE:
        service.add_message(here, deed.contact, _said(deed, Author.CUSTOMER, ""))
    elif deed.act is Act.SPAM:
        deciding.act(here, deed.contact, lambda contact: rules.spam(contact, _event(deed, Action.SPAM)))
    elif deed.act is Act.UNDO:
        deciding.act(here, deed.contact, lambda contact: rules.undo_spam(contact, _event(deed, Action.UNDO_SPAM)))
    else:
        service.merge(here, deed.contact, deed.other, _event(deed, Action.MERGE))


def _contact(here: Desk, deed: Deed) -> Contact:
    return Contact(
        tenant=deed.tenant,
        id=deed.contact,
        pool=here.tenant.pool,
        channel=Channel.EMAIL,
        customer=f"c{deed.contact}",
        weight=WEIGHTS[Channel.EMAIL],
        opened_at=deed.clock,
        changed_at=deed.clock,
        rank=deed.clock,
        digest="as sent",
    )


def _said(deed: Deed, author: Author, name: str) -> Message:
    text = "배송이 언제 되나요?" if author is Author.CUSTOMER else "오늘 출고됩니다."
    return Message(f"{deed.act}{deed.clock}", author, name, text, deed.clock, episode=0, digest="as sent")


def _event(deed: Deed, action: Action) -> Event:
    return Event(f"{deed.act}{deed.clock}", action, f"agent:{AGENT}", deed.clock, episode=0)
