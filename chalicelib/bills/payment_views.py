"""What the API takes and shows of who pays, and of what answering costs elsewhere."""

from collections.abc import Sequence
from typing import Annotated, Self

from msgspec import Meta, Struct

from chalicelib.aws.settings import settings
from chalicelib.billing.model import Identity
from chalicelib.contacts.receipts import WordsView
from chalicelib.kernel.errors import BadInput
from chalicelib.kernel.money import Won
from chalicelib.kernel.text import clean
from chalicelib.people.rules import normal_mail
from chalicelib.pricing.comparison import Comparison, Step, Way, Workload
from chalicelib.pricing.figures import MINIMUM_WAGE, Figure
from chalicelib.pricing.verdict import Reason
from chalicelib.tenants.digits import bare, is_registration

_LINE = Annotated[str, Meta(max_length=800)]
_PER_DAY = Annotated[int, Meta(ge=0, le=100_000)]
_NAME_LIMIT, _ADDRESS_LIMIT, _TRADE_LIMIT = 70, 150, 40


class PageView(Struct):
    """A page of the payment provider: send the browser there; it comes back by itself."""

    url: str


class IdentityIn(Struct, forbid_unknown_fields=True):
    """The shop's company as its tax invoices name it; `registration` is the 사업자등록번호, hyphens or not."""

    name: _LINE
    registration: _LINE
    mail: _LINE
    ceo: _LINE
    address: _LINE
    business_type: _LINE
    business_class: _LINE

    @property
    def identity(self) -> Identity:
        """Return the company; raise BadInput `invalid_registration`, `invalid_mail` or what `clean` refuses."""
        number = bare(self.registration)
        if not is_registration(number, example=settings().stage == "local"):
            raise BadInput("invalid_registration", "registration is no 사업자등록번호")
        return Identity(
            name=clean(self.name, limit=_NAME_LIMIT, field="name"),
            mail=normal_mail(self.mail),
            registration=number,
            ceo=clean(self.ceo, limit=_NAME_LIMIT, field="ceo"),
            address=clean(self.address, limit=_ADDRESS_LIMIT, field="address"),
            business_type=clean(self.business_type, limit=_TRADE_LIMIT, field="business_type"),
            business_class=clean(self.business_class, limit=_TRADE_LIMIT, field="business_class"),
        )


class IdentityView(Struct):
    """The shop's company; `version` is for `If-Match`."""

    version: int
    name: str
    registration: str
    mail: str
    ceo: str
    address: str
    business_type: str
    business_class: str

    @classmethod
    def of(cls, identity: Identity, version: int) -> Self:
        """Return what the API shows of `identity`."""
        return cls(
            version=version,
            name=identity.name,
            registration=identity.registration,
            mail=identity.mail,
            ceo=identity.ceo,
            address=identity.address,
            business_type=identity.business_type,
            business_class=identity.business_class,
        )


class WorkloadIn(Struct, forbid_unknown_fields=True):
    """A shop's own numbers: contacts a day, usually and at promotions, and how it would answer them itself.

    Days are those of a month, `promotion_days` among them; hours are those of a day, `wage` won an hour. `plan`
    is one that is offered now; without it the cheapest one is taken.
    """

    usual: _PER_DAY
    promotion: _PER_DAY
    handling_minutes: Annotated[int, Meta(ge=1, le=240)]
    hours_open: Annotated[int, Meta(ge=1, le=24)]
    days_open: Annotated[int, Meta(ge=1, le=31)] = 30
    promotion_days: Annotated[int, Meta(ge=0, le=31)] = 0
    wage: Annotated[Won, Meta(ge=1, le=1_000_000)] = int(MINIMUM_WAGE.value)
    plan: Annotated[str, Meta(max_length=30)] | None = None

    @property
    def workload(self) -> Workload:
        """Return the numbers."""
        days = {"days_open": self.days_open, "promotion_days": self.promotion_days}
        return Workload(self.usual, self.promotion, self.handling_minutes, self.hours_open, **days, wage=self.wage)


class StepView(Struct):
    """One summand and how it was reckoned."""

    label: WordsView
    won: Won
    how: str

    @classmethod
    def of(cls, step: Step) -> Self:
        """Return what the API shows of `step`."""
        return cls(WordsView(step.label_ko, step.label_en), step.won, step.how)


class WayView(Struct):
    """One way to have a month's contacts answered, and what it costs without VAT.

    `share_percent` is that of the dearest way.
    """

    key: str
    name: WordsView
    won: Won
    share_percent: int
    steps: list[StepView]

    @classmethod
    def of(cls, way: Way, share_percent: int) -> Self:
        """Return what the API shows of `way`."""
        steps = [StepView.of(step) for step in way.steps]
        return cls(way.key, WordsView(way.name_ko, way.name_en), way.won, share_percent, steps)


class FigureView(Struct):
    """A constant of the comparison and its source; an `assumed` one is our own guess."""

    name: WordsView
    value: float
    year: int
    source: str
    assumed: bool

    @classmethod
    def of(cls, figure: Figure) -> Self:
        """Return what the API shows of `figure`."""
        named = WordsView(figure.name_ko, figure.name_en)
        return cls(named, float(figure.value), figure.year, figure.source, figure.assumed)


class VerdictView(Struct):
    """Whether the shared desk suits the shop, and why not."""

    fits: bool
    reasons: list[WordsView]


class ComparisonView(Struct):
    """The ways side by side for a month of `contacts`; of own people only pay is counted.

    `aws` is what we pay for the same contacts.
    """

    contacts: int
    plan: str
    ways: list[WayView]
    aws: StepView
    figures: list[FigureView]
    verdict: VerdictView

    @classmethod
    def of(cls, found: Comparison, plan: str, against: Sequence[Reason]) -> Self:
        """Return what the API shows of `found`, and of what speaks `against` us."""
        return cls(
            contacts=found.contacts,
            plan=plan,
            ways=[WayView.of(way, found.share_percent(way)) for way in found.ways],
            aws=StepView.of(found.aws),
            figures=[FigureView.of(figure) for figure in found.figures],
            verdict=VerdictView(not against, [WordsView(one.ko, one.en) for one in against]),
        )
