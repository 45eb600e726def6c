"""What the API shows of waits and of a shop under pressure; times are ISO 8601 UTC."""

from collections.abc import Sequence
from typing import Annotated, Literal, Self

from msgspec import Meta, Struct

from chalicelib.contacts.model import Contact, Status
from chalicelib.contacts.notices import KEPT, Outlook, notice
from chalicelib.contacts.receipts import ExpectedWaitView, WordsView
from chalicelib.customers.model import Details
from chalicelib.customers.rules import normal
from chalicelib.kernel.clock import Millis, iso
from chalicelib.kernel.errors import BadInput
from chalicelib.kernel.money import Won
from chalicelib.overflow.ladder import is_reached
from chalicelib.overflow.model import Happening, SurgeEvent, SurgeState
from chalicelib.promotions.views import ContractView, RaiseView
from chalicelib.routing.waits import Wait
from chalicelib.tenants.model import Cap, Contract, Step, Surge


class PreferIn(Struct, forbid_unknown_fields=True):
    """How the customer would like to be answered: `callback` with a `phone`, or by `mail` with an address."""

    by: Literal["callback", "mail"]
    phone: str = ""
    mail: str = ""

    @property
    def details(self) -> Details:
        """Return where the answer goes; raise BadInput `missing_detail`, `invalid_phone` or `invalid_mail`."""
        wanted = Details(phone=self.phone) if self.by == "callback" else Details(mail=self.mail)
        if not wanted.known():
            raise BadInput("missing_detail", "a callback needs a phone, an answer by mail needs a mail")
        return normal(wanted)


class WaitView(Struct, omit_defaults=True):
    """How long a contact will wait, as far as can be told now; `offers` are what `prefer` takes.

    `position` counts from 1 among those of its queue, or of its shop that are held back; one that does not wait
    has none. Of one that the shop's own people answer, the notice says so.
    """

    contact: str
    status: Status
    position: int | None = None
    expected_wait: ExpectedWaitView | None = None
    notice: WordsView | None = None
    offers: list[str] = []

    @classmethod
    def of(cls, contact: Contact, outlook: Outlook) -> Self:
        """Return what the API shows of the wait of `contact`."""
        view = cls(contact.id, contact.status)
        if outlook.position:
            view.position, view.expected_wait = outlook.position, ExpectedWaitView.of(outlook)
            view.notice, view.offers = WordsView.of(notice(outlook)), outlook.offers
        elif contact.status is Status.SHOP:
            view.notice = WordsView.of(KEPT)
        return view


class SecondsView(Struct):
    """A wait in seconds with the range that holds four of five."""

    low_s: int
    expected_s: int
    high_s: int


class StepView(Struct):
    """A step of the ladder that is in force."""

    step: Step
    since: str


class SurgeEventView(Struct, omit_defaults=True):
    """Something that happened; `expected_s` is the wait that was expected then, if anybody was present."""

    what: Happening
    at: str
    step: Step | None = None
    expected_s: int | None = None

    @classmethod
    def of(cls, event: SurgeEvent) -> Self:
        """Return what the API shows of `event`."""
        return cls(event.what, iso(event.at), event.step, event.expected)


class CapView(Struct):
    """The monthly cap, and what this month has cost so far under the plan in force, without VAT."""

    won: Won
    kind: Cap
    spent_won: Won
    reached: bool

    @classmethod
    def of(cls, surge: Surge, spent: Won) -> Self:
        """Return what the API shows of a shop's cap."""
        return cls(surge.cap_won, surge.cap, spent, is_reached(surge, spent))


class ReserveIn(Struct, forbid_unknown_fields=True):
    """Until when a shop's reserve is called in (`2026-11-27T15:00+09:00`); null calls it off."""

    until: Annotated[str, Meta(max_length=40)] | None


class ReserveView(Struct):
    """Until when a lead has called the reserve in, if so, and the steps that are in force."""

    until: str | None
    steps: list[StepView]

    @classmethod
    def of(cls, state: SurgeState) -> Self:
        """Return what the API shows of `state`."""
        steps = [StepView(step, iso(since)) for step, since in state.steps.items()]
        return cls(iso(state.called_until) if state.called_until else None, steps)


class OverflowView(Struct, omit_defaults=True):
    """A shop under pressure, or not: `since` tells when that began; `events` are the last 50, newest first.

    A lead has called the reserve in until `reserve_until`. `contract` is the one in force now; the next promotion
    ahead makes `raises` of it. `for_shop` contacts wait for the shop's own people; 100 are that many or more.
    """

    on: bool
    held: int
    for_shop: int
    contract: ContractView
    steps: list[StepView]
    events: list[SurgeEventView]
    since: str | None = None
    oldest_held_since: str | None = None
    expected_wait: SecondsView | None = None
    cap: CapView | None = None
    reserve_until: str | None = None
    raises: RaiseView | None = None

    @classmethod
    def of(
        cls,
        state: SurgeState,
        events: Sequence[SurgeEvent],
        held: Sequence[Millis],
        *,
        for_shop: int,
        wait: Wait | None,
        cap: CapView | None,
        contracts: tuple[Contract, RaiseView | None],
    ) -> Self:
        """Return what the API shows of `state` while contacts are held back since `held`.

        `wait` is that of the next message, if it can be told, and `cap` the one that the shop chose; `contracts`
        are the one in force and what raises it next.
        """
        began, (contract, raises) = state.since or state.ended, contracts
        return cls(
            on=bool(state.since),
            held=len(held),
            for_shop=for_shop,
            contract=ContractView(contract.rate_per_hour, contract.burst),
            steps=[StepView(step, iso(since)) for step, since in state.steps.items()],
            events=[SurgeEventView.of(event) for event in events],
            since=iso(began) if began else None,
            oldest_held_since=iso(min(held)) if held else None,
            expected_wait=SecondsView(wait.low, wait.expected, wait.high) if wait else None,
            cap=cap,
            reserve_until=iso(state.called_until) if state.called_until else None,
            raises=raises,
        )
