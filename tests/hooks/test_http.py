"""Hooks over HTTP: the secret is shown once, and what became of each delivery is seen."""

import pytest

from chalicelib.aws.tables import commit
from chalicelib.aws.vault import Vault
from chalicelib.hooks.history import Deliveries
from chalicelib.hooks.model import State
from chalicelib.hooks.store import Hooks
from chalicelib.kernel.caller import Caller, Kind
from chalicelib.kernel.clock import MINUTE
from tests.hooks.bad_input import HOOK, HOOK_IN, TOLD, a_delivery, a_hook
from tests.moto_desk import KEY, MINA, SHOP, Desk, shop
from tests.samples import NOON

HOOKS = "/v1/tenants/danbi/hooks"
OWNER = Caller(Kind.OWNER, KEY, tenant="danbi", person="o")
REPEAT = {"Idempotency-Key": "once-once-once-once-once"}


def test_a_new_hook_shows_its_secret_to_who_made_it_and_never_again(desk: Desk) -> None:
    made = desk.call(OWNER, f"POST {HOOKS}", HOOK_IN, headers=REPEAT)
    assert made.status == 201
    assert made.body["secret"].startswith("whsec_")
    assert made.body["hook"]["events"] == ["contact.resolved"]
    again = desk.call(OWNER, f"POST {HOOKS}", HOOK_IN, headers=REPEAT)
    assert (again.status, again.body) == (201, made.body)
    listed = desk.call(SHOP, f"GET {HOOKS}")
    assert listed.body["hooks"] == [made.body["hook"]]
    assert "secret" not in str(listed.body)
    assert "test" not in listed.body["events"]
    sealed = [str(row) for row in desk.rows() if row["kind"]["S"] == "hook"]
    assert len(sealed) == 1
    assert made.body["secret"] not in sealed[0]


def test_each_hook_has_a_secret_of_its_own(desk: Desk) -> None:
    secrets = [desk.call(OWNER, f"POST {HOOKS}", HOOK_IN).body["secret"] for _ in range(2)]
    assert len(set(secrets)) == 2


def test_a_shop_has_five_hooks_and_room_for_another_when_one_is_removed(desk: Desk) -> None:
    made = [desk.call(SHOP, f"POST {HOOKS}", HOOK_IN).body["hook"]["id"] for _ in range(5)]
    assert desk.call(SHOP, f"POST {HOOKS}", HOOK_IN).refusal == (409, "too_many_hooks")
    assert desk.call(shop("mungmeal"), "POST /v1/tenants/mungmeal/hooks", HOOK_IN).status == 201
    assert desk.call(SHOP, f"POST {HOOKS}/{made[0]}/remove").status == 204
    assert desk.call(SHOP, f"POST {HOOKS}", HOOK_IN).status == 201
    assert made[0] not in str(desk.call(SHOP, f"GET {HOOKS}").body)


def test_a_test_is_a_delivery_that_is_seen_on_its_way(desk: Desk) -> None:
    hook = desk.call(SHOP, f"POST {HOOKS}", HOOK_IN).body["hook"]["id"]
    sent = desk.call(SHOP, f"POST {HOOKS}/{hook}/test")
    assert (sent.status, sent.body["event"], sent.body["state"]) == (202, "test", "due")
    assert desk.call(SHOP, f"GET {HOOKS}/{hook}/deliveries").body["deliveries"] == [sent.body]


@pytest.fixture
def told(desk: Desk) -> Desk:
    commit(Hooks("danbi", Vault("danbi")).add(a_hook(), "whsec_1"))
    return desk


def test_deliveries_are_listed_the_newest_first_page_by_page(told: Desk) -> None:
    ids = [f"{NOON - number:013d}-{'0' * 16}" for number in range(60)]
    for number, one in enumerate(ids):
        commit(Deliveries("danbi", HOOK).add(a_delivery(id=one, at=NOON - number)))
    first = told.call(SHOP, f"GET {HOOKS}/{HOOK}/deliveries").body
    second = told.call(SHOP, f"GET {HOOKS}/{HOOK}/deliveries", query={"cursor": first["cursor"]}).body
    assert [len(first["deliveries"]), len(second["deliveries"])] == [50, 10]
    assert [one["id"] for one in first["deliveries"] + second["deliveries"]] == ids
    assert second["cursor"] is None


def test_a_delivery_shows_its_last_answer_and_when_it_is_sent_next(told: Desk) -> None:
    tried = a_delivery(tries=1, next_at=NOON + MINUTE, status=503, ms=40)
    commit(Deliveries("danbi", HOOK).add(tried))
    [shown] = told.call(SHOP, f"GET {HOOKS}/{HOOK}/deliveries").body["deliveries"]
    assert (shown["status"], shown["ms"], shown["tries"]) == (503, 40, 1)
    assert shown["next_at"] == "2026-11-21T03:01:00.000Z"


def test_what_was_given_up_is_sent_again_when_asked_for(told: Desk) -> None:
    commit(Deliveries("danbi", HOOK).add(a_delivery(state=State.FAILED, tries=6, error="timeout")))
    resend = f"POST {HOOKS}/{HOOK}/deliveries/{TOLD}/resend"
    again = told.call(SHOP, resend)
    assert (again.status, again.body["state"], again.body["tries"]) == (202, "due", 0)
    assert told.call(SHOP, resend).refusal == (409, "delivery_due")


@pytest.mark.parametrize("who", [MINA, Caller(Kind.STAFF, KEY, tenant="danbi", person="s")])
def test_only_the_owner_and_the_shops_server_see_hooks(desk: Desk, who: Caller) -> None:
    assert desk.call(who, f"GET {HOOKS}").refusal == (403, "forbidden")
