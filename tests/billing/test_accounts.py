"""What the provider holds of a shop's account is what the shop's plans say, whatever dies on the way."""

from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.aws.tables import Write
from chalicelib.billing.accounts import ensure
from chalicelib.billing.model import GatewayRefused, GatewayUnavailable, Identity
from chalicelib.billing.ports import Till
from chalicelib.billing.rules import covers
from chalicelib.billing.service import send_window
from chalicelib.kernel.clock import DAY, HOUR, Millis, hour_start, kst_month, month_span, months_between
from chalicelib.metering.model import Meter, Window
from chalicelib.tenants.model import Tenant, Term
from tests.billing.fakes import Gateway
from tests.billing.world import AT, Died, FakeCustomers, FakeIdentities, FakeMirror, World
from tests.fakes import FakeWindows, commit
from tests.samples import NOON, SHOP

NEXT = month_span("2026-12")[0]
TRIAL, STANDARD, VOLUME = "trial/1", "standard/1", "volume/1"


@dataclass
class Account:
    """A shop and its account at a provider of which every step can fail."""

    shop: Tenant = SHOP
    gateway: Gateway = field(default_factory=Gateway)
    customers: FakeCustomers = field(default_factory=FakeCustomers)
    identities: FakeIdentities = field(default_factory=FakeIdentities)
    dies_at_commit: bool = False

    def ensure(self, now: Millis = NOON, since: str = "") -> str:
        self.gateway.now = max(self.gateway.now, now)
        return ensure(self.till, now, since=since)

    @property
    def till(self) -> Till:
        windows = FakeWindows()
        stores = (windows, self.customers, self.gateway)
        self.customers.identities = self.identities
        return Till(self.shop, "test", *stores, self._commit, FakeMirror(), self.identities)

    def _commit(self, *writes: Write) -> None:
        if self.dies_at_commit:
            raise Died
        commit(*writes)

    def runs(self) -> list[tuple[str, str, str]]:
        """Return (plan, first month, last month) of each subscription; '' is open."""
        held = sorted(self.gateway.runs.values(), key=lambda run: run.since)
        return [(run.plan, run.since, kst_month(run.ends_at - 1) if run.ends_at else "") for run in held]

    def calls(self) -> list[str]:
        """Return a list that fills with the provider's calls."""
        seen: list[str] = []
        self.gateway.step = seen.append
        return seen


def test_a_shop_without_terms_has_its_own_price_from_the_month_of_its_first_usage() -> None:
    account = Account()
    assert account.ensure() == "cus_danbi"
    assert account.runs() == [("flat/900", "2026-11", "")]
    assert account.customers.row == "cus_danbi"


def test_usage_of_an_earlier_month_is_covered_too() -> None:
    account = Account()
    account.ensure(NEXT + HOUR, since="2026-11")
    assert account.runs() == [("flat/900", "2026-11", "")]
    account = Account()
    account.ensure(NEXT + HOUR)
    account.ensure(NEXT + 2 * HOUR, since="2026-11")
    assert [since for _, since, _ in account.runs()] == ["2026-11", "2026-12"]


def test_a_plan_change_ends_one_subscription_and_begins_another_with_the_month() -> None:
    account = Account(replace(SHOP, plans=(Term("2026-11", TRIAL),)))
    account.ensure()
    account.shop = replace(SHOP, plans=(Term("2026-11", TRIAL), Term("2026-12", STANDARD)))
    account.ensure()
    assert account.runs() == [(TRIAL, "2026-11", "2026-11")]
    account.ensure(NEXT - 1)
    assert len(account.runs()) == 1
    account.ensure(NEXT)
    assert account.runs() == [(TRIAL, "2026-11", "2026-11"), (STANDARD, "2026-12", "")]


def test_a_change_that_was_withdrawn_leaves_no_month_without_a_subscription() -> None:
    account = Account(replace(SHOP, plans=(Term("2026-11", STANDARD), Term("2026-12", VOLUME))))
    account.ensure()
    account.shop = replace(SHOP, plans=(Term("2026-11", STANDARD),))
    account.ensure()
    account.ensure(NEXT)
    assert account.runs() == [(STANDARD, "2026-11", "2026-11"), (STANDARD, "2026-12", "")]


def test_a_change_that_came_too_late_keeps_the_month_that_has_begun() -> None:
    account = Account(replace(SHOP, plans=(Term("2026-11", STANDARD),)))
    account.ensure()
    account.shop = replace(SHOP, plans=(Term("2026-11", STANDARD), Term("2026-12", VOLUME)))
    account.ensure(NEXT)
    assert account.runs() == [(STANDARD, "2026-11", "2026-12")]
    account.ensure(month_span("2027-01")[0])
    assert account.runs()[1:] == [(VOLUME, "2027-01", "")]


@pytest.mark.parametrize("is_forgotten", [False, True])
def test_months_that_nobody_looked_at_are_covered_afterwards(is_forgotten: bool) -> None:
    account = Account(replace(SHOP, plans=(Term("2026-11", TRIAL), Term("2026-12", STANDARD))))
    account.ensure()
    if is_forgotten:
        account.customers.what = ""
    account.ensure(month_span("2027-02")[0] + DAY)
    assert account.runs() == [(TRIAL, "2026-11", "2026-11"), (STANDARD, "2026-12", "")]


def test_the_provider_is_asked_nothing_while_it_knows_all() -> None:
    account = Account()
    account.ensure()
    seen = account.calls()
    account.ensure(NOON + DAY)
    account.ensure(NOON + DAY, since="2026-11")
    assert seen == []
    account.ensure(NEXT)
    assert seen == ["subscriptions"]


@pytest.mark.parametrize(
    "change",
    [
        lambda account: setattr(account, "shop", replace(SHOP, plans=(Term("2026-12", STANDARD),))),
        lambda account: setattr(account, "shop", replace(SHOP, price_won=1_000)),
        lambda account: setattr(account.identities, "identity", Identity("단비상사", "a@danbi.example")),
        lambda account: setattr(account.customers, "what", ""),
    ],
)
def test_whatever_changes_is_told(change: object) -> None:
    account = Account()
    account.ensure()
    seen = account.calls()
    change(account)  # type: ignore[operator]
    account.ensure()
    assert "subscriptions" in seen


def test_the_identity_is_told_and_told_again_when_it_changes() -> None:
    account = Account()
    account.identities.identity = Identity("단비상사", "a@danbi.example", "1234567891")
    account.ensure()
    assert account.gateway.identities == {"cus_danbi": account.identities.identity}
    account.identities.identity = Identity("단비상사", "b@danbi.example", "1234567891")
    account.ensure()
    assert account.gateway.identities == {"cus_danbi": account.identities.identity}


def test_an_identity_that_the_provider_refuses_keeps_nothing_from_being_counted_and_is_told_again() -> None:
    account = Account()
    account.identities.identity = Identity("단비상사", "a@danbi.example", "1234567891")

    def refuse(step: str) -> None:
        if step == "identify":
            raise GatewayRefused("tax_id_invalid", "no such company")

    account.gateway.step = refuse
    account.ensure()
    assert len(account.runs()) == 1
    assert account.gateway.identities == {}
    account.gateway.step = lambda _: None
    account.ensure()
    assert account.gateway.identities == {"cus_danbi": account.identities.identity}


STEPS = ["create_customer", "identify", "subscriptions", "subscribe", "keep_drafts", "end_subscription"]
CHANGING = replace(SHOP, plans=(Term("2026-11", TRIAL), Term("2026-12", STANDARD)))
WHERE = [name + after for name in STEPS for after in ("", " done")]


@pytest.mark.parametrize("where", [*WHERE, "commit"])
@pytest.mark.parametrize("error", [Died, GatewayUnavailable])
def test_an_account_that_died_half_way_is_mended_by_the_next_try(where: str, error: type[Exception]) -> None:
    account = Account(CHANGING)
    account.identities.identity = Identity("단비상사", "a@danbi.example")

    def fail(step: str) -> None:
        if step == where:
            raise error

    account.gateway.step = fail
    account.dies_at_commit = where == "commit"
    if where != "subscriptions done":
        with pytest.raises((error, Died)):
            account.ensure()
    account.gateway.step = lambda _: None
    account.dies_at_commit = False
    account.ensure()
    assert account.runs() == [(TRIAL, "2026-11", "2026-11")]
    assert all(run.keeps_drafts for run in account.gateway.runs.values())
    assert list(account.gateway.customers) == ["danbi"]
    assert account.gateway.identities == {"cus_danbi": account.identities.identity}


def test_two_at_once_make_one_account() -> None:
    account, nested = Account(CHANGING), list[str]()

    def meanwhile(step: str) -> None:
        if step == "subscribe" and not nested:
            nested.append(step)
            account.ensure()

    account.gateway.step = meanwhile
    account.ensure()
    assert account.runs() == [(TRIAL, "2026-11", "2026-11")]


MONTHS = months_between(NOON, month_span("2027-04")[0])
PLANS = [TRIAL, STANDARD, VOLUME]
LOOKS = st.tuples(st.integers(0, 150), st.sampled_from(MONTHS), st.sampled_from(PLANS), st.booleans())


@given(st.lists(LOOKS, min_size=1, max_size=12))
def test_every_month_that_has_begun_has_exactly_one_subscription(looks: list[tuple[int, str, str, bool]]) -> None:
    account, terms = Account(), dict[str, str]()
    for day, since, plan, dies in sorted(looks):
        now = NOON + day * DAY
        if since > kst_month(now):
            terms[since] = plan
        account.shop = replace(SHOP, plans=tuple(Term(*term) for term in sorted(terms.items())))
        account.dies_at_commit = dies and account.customers.row is not None
        try:
            account.ensure(now)
        except Died:
            account.dies_at_commit = False
            account.ensure(now)
        for month in months_between(NOON, now):
            if month >= account.runs()[0][1]:
                assert sum(covers(run, month) for run in account.gateway.runs.values()) == 1, month


def test_a_window_is_not_sent_before_its_month_has_a_subscription() -> None:
    world = World()
    world.answer("c1")

    def unavailable(step: str) -> None:
        if step == "subscribe":
            raise GatewayUnavailable

    world.stripe.step = unavailable
    with pytest.raises(GatewayUnavailable):
        world.send()
    assert (world.stripe.hours, world.window().dirty_since) == ({}, NOON)
    world.stripe.step = lambda _: None
    assert world.send(NOON + HOUR)
    assert world.stripe.hours == {hour_start(AT): 1}
    assert [run.since for run in world.stripe.runs] == ["2026-11"]


def test_a_window_whose_subscription_is_refused_is_held_under_its_name() -> None:
    world = World()
    world.answer("c1")

    def refused(step: str) -> None:
        if step == "subscribe":
            raise GatewayRefused("too_old", "this month cannot be subscribed to any more")

    world.stripe.step = refused
    with pytest.raises(GatewayRefused):
        world.send()
    assert (world.stripe.hours, world.window().refused) == ({}, "too_old")


def test_both_meters_are_sent_under_their_names() -> None:
    account, sent = Account(), list[bool]()
    windows = FakeWindows()
    for meter in Meter:
        windows.rows[meter, AT] = Window("danbi", meter, AT, 3, 1, dirty_since=NOON)
    account.gateway.now = NOON
    till = replace(account.till, windows=windows)
    for meter in Meter:
        sent.append(send_window(till, meter, AT, NOON))
    assert sent == [True, True]
    assert {(name, total) for (name, _, _), total in account.gateway.hours.items()} == {
        ("duredesk_human_contacts", 3),
        ("duredesk_bot_contacts", 3),
    }
