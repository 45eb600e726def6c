"""A shop chooses its plan, says who pays, and is sent to the payment provider's pages."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from chalicelib.aws.settings import settings
from chalicelib.billing.identities import Identities
from chalicelib.billing.model import GatewayRefused, GatewayUnavailable
from chalicelib.billing.store import StripeCustomers
from chalicelib.billing.wiring import gateway, till
from chalicelib.bills.choices import choose_plan
from chalicelib.bills.payment import card_page, portal_page
from chalicelib.bills.wiring import account
from chalicelib.kernel.clock import MINUTE, month_span
from chalicelib.kernel.errors import Busy, Conflict
from chalicelib.tenants.aims import By
from chalicelib.tenants.history import Choices
from chalicelib.tenants.model import Term
from chalicelib.tenants.store import Tenants
from tests.billing.fake_gateway import FakeGateway
from tests.bills.samples import MONTH
from tests.bills.world import AT, FINANCE, OWNER, STAFF, VIEWER, get, post, put, subscribed
from tests.fakestripe import API_KEY, FakeStripe, running
from tests.moto_desk import MINA, NOBODY, SHOP, Desk, moto_desk, shop
from tests.samples import NOON

DECEMBER = month_span("2026-12")[0]
STANDARD = {"plan": "standard/2", "since": "2026-12"}
COMPANY = {
    "name": "주식회사 단비",
    "registration": "120-81-47521",
    "mail": "Tax@Danbi.example",
    "ceo": "김단비",
    "address": "서울 마포구 어딘가로 1",
    "business_type": "도소매",
    "business_class": "전자상거래",
}
LOAD = {"usual": 40, "promotion": 200, "handling_minutes": 6, "hours_open": 10, "promotion_days": 3}

BACK = "https://duredesk.example/shop/invoices"


# Plans.


def test_everybody_sees_what_is_offered_this_month_and_the_next(desk: Desk) -> None:
    shown = desk.call(NOBODY, "GET /v1/plans").body["offers"]
    found = {one["month"]: [plan["version"] for plan in one["plans"]] for one in shown}
    assert found == {
        "2026-11": ["starter/1", "standard/1", "volume/1"],
        "2026-12": ["starter/1", "standard/2", "volume/1"],
    }
    starter = shown[0]["plans"][0]
    assert starter["name"] == {"ko": "스타터", "en": "Starter"}
    assert starter["rates"][0] == {
        "meter": "human",
        "tiers": [{"won": 0, "up_to": 10}, {"won": 1_200, "up_to": 100}, {"won": 1_100}],
    }
    assert (starter["base_won"], starter["minimum_won"], starter["trial"]) == (0, 0, False)


def test_shop_sees_its_plan_and_chooses_the_next(desk: Desk) -> None:
    before = get(desk, "plan")
    assert (before["now"]["plan"]["version"], "since" in before["now"], before["next"]) == ("flat/900", False, [])
    chosen = put(desk, "plan", STANDARD)
    assert chosen.status == 200
    assert [(one["since"], one["plan"]["version"]) for one in chosen.body["next"]] == [("2026-12", "standard/2")]
    assert get(desk, "plan") == chosen.body
    assert chosen.body["version"] != before["version"]
    desk.answered()
    assert get(desk, "usage")["entries"][0]["price_version"] == "flat/900"
    desk.later((DECEMBER - NOON) // 1000 + 60)
    assert get(desk, "plan")["now"]["plan"]["version"] == "standard/2"
    assert get(desk, "plan")["now"]["since"] == "2026-12"
    desk.answered()
    assert get(desk, "usage")["entries"][0]["price_version"] == "standard/2"
    assert get(desk, "bill", month=MONTH)["subtotal_won"] == 900


def test_each_choice_of_plan_and_cap_is_kept_with_who_and_when(desk: Desk) -> None:
    for _ in range(2):
        put(desk, "plan", STANDARD)
    put(desk, "cap", {"won": 100_000, "cap": "hard"})
    put(desk, "cap", {"won": 200_000, "cap": "soft"})
    [plan], _ = Choices("danbi").page("plan", limit=9, after=None)
    assert (plan.version, plan.by.name, plan.by.source) == (1, OWNER.name, "192.0.2.1")
    assert plan.body == {"plans": [STANDARD]}
    caps, _ = Choices("danbi").page("cap", limit=9, after=None)
    assert [(one.version, one.body["cap_won"], one.body["cap"]) for one in caps] == [
        (2, 200_000, "soft"),
        (1, 100_000, "hard"),
    ]


def test_plan_that_is_confirmed_as_it_is_is_a_choice_too(desk: Desk) -> None:
    goes_on = {"plan": "flat/900", "since": "2026-12"}
    for _ in range(2):
        assert put(desk, "plan", goes_on).status == 200
        assert get(desk, "plan")["next"] == []
    [plan], _ = Choices("danbi").page("plan", limit=9, after=None)
    assert plan.version == 1


def test_choice_is_replaced_and_taken_back_until_its_month_begins(desk: Desk) -> None:
    put(desk, "plan", STANDARD)
    put(desk, "plan", {"plan": "volume/1", "since": "2026-12"})
    assert [one["plan"]["version"] for one in get(desk, "plan")["next"]] == ["volume/1"]
    put(desk, "plan", {"plan": "flat/900", "since": "2026-12"})
    assert get(desk, "plan")["next"] == []


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        ({**STANDARD, "since": "2026-11"}, (409, "term_begun")),
        ({**STANDARD, "since": "2026-10"}, (409, "term_begun")),
        ({**STANDARD, "since": "2027-12"}, (400, "too_far_ahead")),
        ({**STANDARD, "plan": "standard/1"}, (409, "not_offered")),
        ({**STANDARD, "plan": "trial/1"}, (409, "not_offered")),
        ({**STANDARD, "plan": "flat/1"}, (409, "not_offered")),
        ({**STANDARD, "plan": "nosuch/1"}, (400, "unknown_plan")),
    ],
)
def test_plan_that_cannot_be_had_is_refused(desk: Desk, body: dict[str, str], refusal: tuple[int, str]) -> None:
    assert put(desk, "plan", body).refusal == refusal
    assert put(desk, "plan", STANDARD).status == 200


def test_plan_is_settled_five_minutes_before_its_month(desk: Desk) -> None:
    desk.later((DECEMBER - 6 * MINUTE - NOON) // 1000)
    assert put(desk, "plan", STANDARD).status == 200
    desk.later((DECEMBER - 5 * MINUTE - NOON) // 1000)
    assert put(desk, "plan", {**STANDARD, "plan": "volume/1"}).refusal == (409, "term_begun")
    assert put(desk, "plan", {"plan": "volume/1", "since": "2027-01"}).status == 200


def test_plan_is_chosen_upon_the_version_that_was_seen(desk: Desk) -> None:
    seen = get(desk, "plan")["version"]
    first = put(desk, "plan", STANDARD, If_Match=f'"{seen}"')
    assert first.status == 200
    other = {"plan": "volume/1", "since": "2027-01"}
    assert put(desk, "plan", other, If_Match=f'"{seen}"').refusal == (412, "version_mismatch")
    assert put(desk, "plan", STANDARD, If_Match=f'"{seen}"').body == first.body
    assert put(desk, "plan", other, If_Match=f'"{first.body["version"]}"').status == 200


def test_choice_is_refused_when_the_profile_changes_under_it(desk: Desk) -> None:
    here = account("danbi")

    def slow(*writes: Any) -> None:
        subscribed(("2026-11", "starter/1"))
        here.commit(*writes)

    with pytest.raises(Conflict, match="tenant_changed"):
        choose_plan(
            replace(here, commit=slow),
            Term("2026-12", "volume/1"),
            By("owner:x", "192.0.2.1", NOON),
            expected=None,
        )
    assert Tenants("danbi").profile().plan_in("2026-12") == "starter/1"


def test_plan_is_the_owners_to_choose(desk: Desk) -> None:
    for who in (SHOP, STAFF, VIEWER, FINANCE, MINA):
        assert put(desk, "plan", STANDARD, who).refusal == (403, "forbidden")
    for who in (SHOP, STAFF, VIEWER, FINANCE):
        assert get(desk, "plan", who)["next"] == []
    assert desk.call(MINA, f"GET {AT}/plan").refusal == (403, "forbidden")
    assert desk.call(shop("mungmeal"), f"GET {AT}/plan").refusal == (404, "not_found")
    assert desk.call(FINANCE, "GET /v1/tenants/nosuchshop/plan").refusal == (404, "not_found")


# Who pays.


def test_company_is_kept_in_one_form_with_its_version(desk: Desk) -> None:
    assert desk.call(OWNER, f"GET {AT}/billing-identity").refusal == (404, "not_found")
    first = put(desk, "billing-identity", COMPANY)
    kept = {**COMPANY, "registration": "1208147521", "mail": "tax@danbi.example", "version": 1}
    assert (first.status, first.body) == (200, kept)
    assert get(desk, "billing-identity") == kept
    assert put(desk, "billing-identity", COMPANY).body == kept
    moved = {**COMPANY, "address": "부산 해운대구 어딘가로 2"}
    assert put(desk, "billing-identity", moved, If_Match='"2"').refusal == (412, "version_mismatch")
    assert put(desk, "billing-identity", moved, If_Match='"1"').body["version"] == 2
    found = Identities("danbi").find()
    assert found is not None
    assert (found.registration, found.address) == ("1208147521", moved["address"])


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"registration": "120-81-47522"}, "invalid_registration"),
        ({"registration": "12081475210"}, "invalid_registration"),
        ({"registration": ""}, "invalid_registration"),
        ({"mail": "tax"}, "invalid_mail"),
        ({"name": " "}, "text_empty"),
        ({"ceo": "김" * 71}, "text_too_long"),
        ({"address": "서울\x00"}, "control_character"),
    ],
)
def test_company_that_cannot_be_is_refused(desk: Desk, changes: dict[str, str], code: str) -> None:
    assert put(desk, "billing-identity", {**COMPANY, **changes}).refusal == (400, code)
    assert put(desk, "billing-identity", COMPANY).status == 200


def test_company_is_the_owners_business(desk: Desk) -> None:
    put(desk, "billing-identity", COMPANY)
    for who in (SHOP, STAFF, VIEWER, FINANCE, MINA):
        assert put(desk, "billing-identity", COMPANY, who).refusal == (403, "forbidden")
        assert desk.call(who, f"GET {AT}/billing-identity").refusal == (403, "forbidden")
    stranger = replace(OWNER, tenant="mungmeal")
    assert desk.call(stranger, f"GET {AT}/billing-identity").refusal == (404, "not_found")


# The provider's pages.


@dataclass(frozen=True)
class Paid:
    desk: Desk
    fake: FakeStripe

    def sent(self, path: str) -> list[dict[str, Any]]:
        return [row for row in self.fake.requests if row["path"] == path and row["method"] == "POST"]


@pytest.fixture
def paid() -> Iterator[Paid]:
    fake = FakeStripe(now=lambda: time.time() + settings().clock_offset_seconds)
    with running(fake) as base, moto_desk() as desk:
        desk.shift(STRIPE_API_KEY=API_KEY, STRIPE_API_BASE=base, STRIPE_METER_EVENTS_BASE=base)
        gateway.cache_clear()
        yield Paid(desk, fake)
    gateway.cache_clear()
    fake.close()


def test_owner_is_sent_to_register_a_card_and_comes_back_to_our_page(paid: Paid) -> None:
    first = post(paid.desk, "card-setup", Idempotency_Key="card-1")
    assert first.status == 200
    assert first.body["url"].startswith("https://checkout.stripe.com/")
    assert post(paid.desk, "card-setup", Idempotency_Key="card-1").body == first.body
    assert post(paid.desk, "card-setup").body != first.body
    sent = paid.sent("/v1/checkout/sessions")
    assert len(sent) == 2
    assert "https://duredesk.example/shop/invoices" in str(sent[0]).replace("%3A", ":").replace("%2F", "/")
    assert StripeCustomers("danbi").find() is not None


def test_owner_is_sent_to_the_portal(paid: Paid) -> None:
    answer = post(paid.desk, "payment-portal")
    assert (answer.status, answer.body["url"][:8]) == (200, "https://")
    again = post(paid.desk, "payment-portal")
    assert again.status == 200
    assert len(paid.sent("/v1/customers")) == 1


def test_pages_are_the_owners(paid: Paid) -> None:
    for who in (SHOP, STAFF, VIEWER, FINANCE, MINA):
        for page in ("card-setup", "payment-portal"):
            assert post(paid.desk, page, None, who).refusal == (403, "forbidden")
    assert not paid.fake.requests
    for body in ({"back": "https://evil.example"}, {"url": "https://evil.example"}):
        assert post(paid.desk, "card-setup", body).refusal == (400, "unknown_field")


def test_provider_that_is_down_is_a_503_and_nothing_is_half_done(desk: Desk) -> None:
    desk.shift(STRIPE_API_KEY=API_KEY, STRIPE_API_BASE="http://127.0.0.1:9", STRIPE_METER_EVENTS_BASE="")
    gateway.cache_clear()
    try:
        for page in ("card-setup", "payment-portal"):
            answer = post(desk, page)
            assert answer.refusal == (503, "provider_unavailable")
            assert "Retry-After" in answer.headers
    finally:
        gateway.cache_clear()
    assert StripeCustomers("danbi").find() is None


STEPS = ["create_customer", "create_customer done", "subscribe", "subscribe done", "setup_link"]


@pytest.mark.parametrize("fails_at", STEPS)
def test_page_that_was_not_made_is_made_by_asking_again(desk: Desk, fails_at: str) -> None:
    provider, down = FakeGateway(now=NOON), [True]

    def step(name: str) -> None:
        if name == fails_at and down:
            down.clear()
            raise GatewayUnavailable("timeout")

    provider.step = step
    here = replace(till("danbi"), gateway=provider)
    with pytest.raises(Busy) as refused:
        card_page(here, BACK, "k1", NOON)
    assert refused.value.code == "provider_unavailable"
    assert card_page(here, BACK, "k1", NOON) == "https://pay.invalid/setup/cus_danbi/k1"
    assert (len(provider.customers), len(provider.runs)) == (1, 1)


def test_refusal_of_the_provider_is_a_conflict_and_tells_nothing_of_it(desk: Desk) -> None:
    def refuse(name: str) -> None:
        if name in {"setup_link", "portal_link"}:
            raise GatewayRefused("account_closed", "SECRET text of the provider")

    here = replace(till("danbi"), gateway=FakeGateway(now=NOON, step=refuse))
    pages: list[Callable[[], str]] = [
        lambda: card_page(here, BACK, "k1", NOON),
        lambda: portal_page(here, BACK, NOON),
    ]
    for page in pages:
        with pytest.raises(Conflict) as refused:
            page()
        assert refused.value.code == "provider_refused"
        assert "SECRET" not in refused.value.message


def test_page_that_was_used_is_not_given_out_again(desk: Desk) -> None:
    class Used(FakeGateway):
        def setup_link(self, customer: str, back: str, key: str) -> str:
            return ""

    with pytest.raises(Conflict, match="page_used"):
        card_page(replace(till("danbi"), gateway=Used(now=NOON)), BACK, "k1", NOON)


# What it would cost elsewhere.


def test_everybody_compares_costs_step_by_step_with_sources(desk: Desk) -> None:
    answer = desk.call(NOBODY, "POST /v1/cost-comparison", LOAD)
    assert answer.status == 200
    shown = answer.body
    assert (shown["contacts"], shown["plan"]) == (40 * 27 + 200 * 3, "standard/1")
    assert shown["ways"][0]["key"] == "shared"
    assert all(way["won"] == sum(step["won"] for step in way["steps"]) for way in shown["ways"])
    assert all(step["how"] and step["label"]["ko"] for way in shown["ways"] for step in way["steps"])
    assert all(figure["source"] and figure["year"] for figure in shown["figures"])
    assert any(figure["assumed"] for figure in shown["figures"])
    assert max(way["share_percent"] for way in shown["ways"]) == 100
    assert shown["verdict"] == {"fits": True, "reasons": []}
    big = desk.call(NOBODY, "POST /v1/cost-comparison", {**LOAD, "usual": 900, "plan": "starter/1"}).body
    assert (big["plan"], big["verdict"]["fits"]) == ("starter/1", False)
    assert all(reason["ko"] and reason["en"] for reason in big["verdict"]["reasons"])
    dearer = desk.call(NOBODY, "POST /v1/cost-comparison", {**LOAD, "wage": 20_000}).body
    own = [next(way["won"] for way in found["ways"] if way["key"] == "own_present") for found in (shown, dearer)]
    assert own[0] < own[1]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"plan": "standard/2"}, "unknown_plan"),
        ({"plan": "flat/1"}, "unknown_plan"),
        ({"usual": -1}, "invalid_field"),
        ({"promotion_days": 31, "days_open": 30}, "promotion_days"),
        ({"name": "x"}, "unknown_field"),
    ],
)
def test_comparison_of_what_cannot_be_is_refused(desk: Desk, changes: dict[str, Any], code: str) -> None:
    assert desk.call(NOBODY, "POST /v1/cost-comparison", {**LOAD, **changes}).refusal == (400, code)
    assert desk.call(NOBODY, "POST /v1/cost-comparison", {**LOAD, "plan": "standard/1"}).status == 200
