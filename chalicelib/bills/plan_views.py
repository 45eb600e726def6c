"""What the API shows of plans and takes of a shop's choices, of who pays, and of the cost comparison."""

from typing import Annotated, Self

from msgspec import Meta, Struct

from chalicelib.bills.words import plan_name
from chalicelib.contacts.receipts import WordsView
from chalicelib.kernel.clock import kst_month
from chalicelib.kernel.money import Won
from chalicelib.metering.model import Meter
from chalicelib.pricing.model import Plan
from chalicelib.pricing.plans import offered, plan
from chalicelib.tenants.model import Cap, Tenant
from chalicelib.tenants.rules import version_of


class TierView(Struct, omit_defaults=True):
    """What each contact costs up to and including the `up_to`-th of a month; without it: all that follow."""

    won: Won
    up_to: int | None = None


class RateView(Struct):
    """The graduated prices of one meter."""

    meter: Meter
    tiers: list[TierView]


class PlanView(Struct):
    """A plan: its prices for a contact, base fee and minimum, in won without VAT; a trial is not billed."""

    version: str
    name: WordsView
    rates: list[RateView]
    base_won: Won
    minimum_won: Won
    trial: bool

    @classmethod
    def of(cls, terms: Plan) -> Self:
        """Return what the API shows of a plan."""
        rates = [
            RateView(rate.meter, [TierView(tier.won, tier.up_to) for tier in rate.tiers]) for rate in terms.rates
        ]
        return cls(terms.version, plan_name(terms), rates, terms.base_won, terms.minimum_won, terms.trial)


class OfferView(Struct):
    """What may be chosen from a month on."""

    month: str
    plans: list[PlanView]

    @classmethod
    def of(cls, month: str) -> Self:
        """Return what the API shows of a month's offer."""
        return cls(month, [PlanView.of(one) for one in offered(month)])


class OffersView(Struct):
    """What may be chosen from this month on, and from the next."""

    offers: list[OfferView]


class TermView(Struct, omit_defaults=True):
    """A plan and the month from which the shop has it; without `since` it is the one that the shop began with."""

    plan: PlanView
    since: str = ""


class TermsView(Struct):
    """The plan in force, and those that follow; `version` is for `If-Match`."""

    version: int
    now: TermView
    next: list[TermView]

    @classmethod
    def of(cls, profile: Tenant, now: int) -> Self:
        """Return what the API shows of a shop's plans."""
        month = kst_month(now)
        begun = [term for term in profile.plans if term.since <= month]
        coming = [term for term in profile.plans if term.since > month]
        since = begun[-1].since if begun else ""
        return cls(
            version_of(profile),
            TermView(PlanView.of(plan(profile.plan_in(month))), since),
            [TermView(PlanView.of(plan(term.plan)), term.since) for term in coming],
        )


class TermIn(Struct, forbid_unknown_fields=True):
    """The plan that the shop wants, and the month from whose beginning on."""

    plan: Annotated[str, Meta(pattern=r"^[a-z]{2,16}/[0-9]{1,7}$(?!\n)")]
    since: Annotated[str, Meta(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$(?!\n)")]


class CapIn(Struct, forbid_unknown_fields=True):
    """The most that a month shall cost without VAT (0: no cap), and whether it also ends the admission."""

    won: Annotated[Won, Meta(ge=0, le=1_000_000_000)]
    cap: Cap


class CapChosenView(Struct):
    """The cap that the shop has now; `version` is for `If-Match`."""

    won: Won
    cap: Cap
    version: int

    @classmethod
    def of(cls, profile: Tenant) -> Self:
        """Return what the API shows of a shop's cap."""
        return cls(profile.surge.cap_won, profile.surge.cap, version_of(profile))
