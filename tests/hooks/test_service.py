"""Hooks are told what they asked for, again until they hear it, and paused when they never do."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import pytest

from chalicelib.aws.tables import commit
from chalicelib.aws.vault import Vault
from chalicelib.hooks import service, wiring
from chalicelib.hooks.history import Deliveries, open_deliveries
from chalicelib.hooks.model import Answer, Delivery, Event, Hook, State
from chalicelib.hooks.ports import Desk as Hooked
from chalicelib.hooks.rules import signature
from chalicelib.hooks.store import Hooks
from chalicelib.hooks.wiring import forget_hooks, outbox
from chalicelib.kernel.clock import DAY, HOUR, MINUTE
from chalicelib.kernel.errors import Conflict, NotFound
from tests.hooks.bad_input import HOOK, TOLD, a_delivery, a_hook
from tests.moto_desk import Desk, moto_desk
from tests.samples import NOON

HEARD, BUSY = Answer(204, 12), Answer(503, 40)


@dataclass
class Shop:
    """A shop with one hook; `answers` are what its server says, the last one from then on."""

    desk: Desk
    answers: list[Answer] = field(default_factory=lambda: [HEARD])
    got: list[tuple[str, str, Mapping[str, str]]] = field(default_factory=list)

    def hooked(self) -> Hooked:
        return replace(wiring.desk("danbi"), post=self._post)

    def _post(self, url: str, body: str, headers: Mapping[str, str]) -> Answer:
        self.got.append((url, body, headers))
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    def deliver(self, at: int, delivery: str = TOLD) -> Delivery:
        service.deliver(self.hooked(), HOOK, delivery, at)
        found = Deliveries("danbi", HOOK).find(delivery, at)
        assert found is not None
        return found

    def hook(self) -> Hook:
        found = Hooks("danbi", Vault("danbi")).find(HOOK)
        assert found is not None
        return found

    def letters(self) -> list[str]:
        return [row["sk"]["S"] for row in self.desk.rows() if row["kind"]["S"] == "letter"]


@pytest.fixture
def shop() -> Iterator[Shop]:
    with moto_desk() as desk:
        commit(Hooks("danbi", Vault("danbi")).add(a_hook(), "whsec_1"))
        commit(Deliveries("danbi", HOOK).add(a_delivery(body='{"id":"e1"}')))
        yield Shop(desk)


def test_a_hook_is_told_once_with_a_body_that_is_proven(shop: Shop) -> None:
    assert [shop.deliver(NOON + n).state for n in range(3)] == [State.DONE] * 3
    [(url, body, headers)] = shop.got
    assert (url, body) == ("https://hooks.danbi.kr/duredesk", '{"id":"e1"}')
    assert headers["Duredesk-Signature"] == signature("whsec_1", body, NOON)
    assert shop.desk.index("work", "~deliveries") == []


def test_who_did_not_hear_is_told_again_at_its_time_and_not_before(shop: Shop) -> None:
    shop.answers = [BUSY, Answer(0, 5000, "timeout"), HEARD]
    first = shop.deliver(NOON)
    assert (first.state, first.status, first.next_at) == (State.DUE, 503, NOON + MINUTE)
    assert shop.deliver(NOON + MINUTE - 1) == first
    assert open_deliveries(NOON + MINUTE - 1, 10) == []
    assert open_deliveries(NOON + MINUTE, 10) == [("danbi", HOOK, TOLD)]
    second = shop.deliver(NOON + MINUTE)
    assert (second.error, second.next_at, shop.hook().failures) == ("timeout", NOON + 6 * MINUTE, 2)
    assert shop.deliver(NOON + 6 * MINUTE).state is State.DONE
    assert len({body for _, body, _ in shop.got}) == 1
    assert shop.hook().failures == 0


def test_who_never_hears_is_given_up_and_the_owners_are_written_to_once_a_day(shop: Shop) -> None:
    shop.answers = [BUSY]
    at, delivery = NOON, shop.deliver(NOON)
    while delivery.state is State.DUE:
        assert shop.letters() == []
        at = delivery.next_at
        delivery = shop.deliver(at)
    assert (delivery.state, delivery.tries, len(shop.got)) == (State.FAILED, 6, 6)
    assert shop.letters() == [f"hook_failing-{HOOK}-2026-11-22"]
    another = a_delivery(id=TOLD[:-1] + "1", tries=5)
    commit(Deliveries("danbi", HOOK).add(another))
    assert shop.deliver(at, another.id).state is State.FAILED
    assert len(shop.letters()) == 1


def test_who_dies_while_telling_is_followed_at_the_next_time(shop: Shop) -> None:
    def dies(url: str, body: str, headers: Mapping[str, str]) -> Answer:
        raise RuntimeError("the process ended")

    with pytest.raises(RuntimeError):
        service.deliver(replace(shop.hooked(), post=dies), HOOK, TOLD, NOON)
    assert shop.deliver(NOON).state is State.DUE
    assert shop.got == []
    assert shop.deliver(NOON + MINUTE).state is State.DONE


def test_who_always_dies_is_not_followed_for_ever(shop: Shop) -> None:
    commit(Deliveries("danbi", HOOK).add(a_delivery(id=TOLD[:-1] + "1", tries=6)))
    assert shop.deliver(NOON, TOLD[:-1] + "1").state is State.FAILED
    assert shop.got == []


def test_two_workers_at_once_tell_once(shop: Shop) -> None:
    inner = Shop(shop.desk)

    def meanwhile(url: str, body: str, headers: Mapping[str, str]) -> Answer:
        inner.deliver(NOON)
        return HEARD

    service.deliver(replace(shop.hooked(), post=meanwhile), HOOK, TOLD, NOON)
    assert inner.got == []
    assert shop.deliver(NOON).state is State.DONE


def test_the_fiftieth_failure_in_a_row_pauses_the_hook_until_a_test_is_heard(shop: Shop) -> None:
    commit(*[Hooks("danbi", Vault("danbi")).failed(HOOK, 0)])
    for _ in range(48):
        commit(Hooks("danbi", Vault("danbi")).failed(HOOK, 0))
    shop.answers = [BUSY]
    shop.deliver(NOON)
    assert (shop.hook().failures, shop.hook().paused_at) == (50, NOON)
    assert shop.letters() == [f"hook_failing-{HOOK}-2026-11-21"]
    held = shop.deliver(NOON + MINUTE)
    assert (held.state, held.error, len(shop.got)) == (State.FAILED, "paused", 1)
    forget_hooks()
    assert outbox("danbi", Event.CONTACT_RESOLVED, {}, NOON) == []
    shop.answers = [HEARD]
    test = service.test(shop.hooked(), HOOK, NOON + HOUR)
    assert shop.deliver(NOON + HOUR, test.id).state is State.DONE
    assert (shop.hook().failures, shop.hook().paused_at) == (0, 0)
    forget_hooks()
    assert len(outbox("danbi", Event.CONTACT_RESOLVED, {}, NOON)) == 1


def test_a_hook_that_was_removed_is_told_nothing_more(shop: Shop) -> None:
    service.remove(shop.hooked(), HOOK, NOON)
    gone = shop.deliver(NOON)
    assert (gone.state, gone.error, shop.got) == (State.FAILED, "removed", [])
    with pytest.raises(NotFound):
        service.test(shop.hooked(), HOOK, NOON)
    assert open_deliveries(NOON + DAY, 10) == []


def test_a_shop_whose_key_was_destroyed_is_told_nothing_more(shop: Shop) -> None:
    Vault("danbi").destroy(NOON)
    assert (shop.deliver(NOON).error, shop.got) == ("removed", [])


def test_what_ended_is_sent_again_with_the_same_id_and_body(shop: Shop) -> None:
    with pytest.raises(Conflict, match="delivery_due"):
        service.resend(shop.hooked(), HOOK, TOLD, NOON)
    shop.deliver(NOON)
    assert service.resend(shop.hooked(), HOOK, TOLD, NOON + HOUR).state is State.DUE
    assert shop.deliver(NOON + HOUR).state is State.DONE
    assert shop.got[0][1] == shop.got[1][1]
    assert shop.got[0][2]["Duredesk-Signature"] != shop.got[1][2]["Duredesk-Signature"]


def test_what_is_over_30_days_old_is_gone_before_it_is_deleted(shop: Shop) -> None:
    shop.deliver(NOON)
    kept = Deliveries("danbi", HOOK)
    for now, there in ((NOON + 30 * DAY - 1, True), (NOON + 30 * DAY, False)):
        assert (kept.find(TOLD, now) is not None) is there
        assert bool(kept.page(limit=9, after=None, now=now)[0]) is there
    with pytest.raises(NotFound):
        service.resend(shop.hooked(), HOOK, TOLD, NOON + 30 * DAY)


def test_only_hooks_that_asked_for_it_are_told_and_all_of_them_the_same(shop: Shop) -> None:
    stores = Hooks("danbi", Vault("danbi"))
    commit(stores.add(a_hook(hook="c" * 32, events=(Event.CONTACT_RESOLVED, Event.ALERT_REACHED)), "whsec_2"))
    assert outbox("danbi", Event.INVOICE_FINALIZED, {}, NOON) == []
    assert len(outbox("danbi", Event.ALERT_REACHED, {"percent": 80}, NOON)) == 1
    commit(*outbox("danbi", Event.CONTACT_RESOLVED, {"contact": "f" * 32}, NOON + 1))
    first, second = (
        Deliveries("danbi", hook).page(limit=1, after=None, now=NOON)[0][0] for hook in (HOOK, "c" * 32)
    )
    assert first.body == second.body
    said = json.loads(first.body)
    assert (said["event"], said["data"]) == ("contact.resolved", {"contact": "f" * 32})


def test_a_shop_without_hooks_costs_one_look_a_minute(shop: Shop) -> None:
    looks = shop.desk.watch("Query")
    assert [outbox("mungmeal", Event.CONTACT_RESOLVED, {}, NOON + n) for n in range(100)] == [[]] * 100
    assert len(looks) == 1


def test_another_shops_hook_is_told_nothing_of_this_one(shop: Shop) -> None:
    commit(*outbox("danbi", Event.CONTACT_RESOLVED, {}, NOON + 1))
    assert Deliveries("mungmeal", HOOK).page(limit=9, after=None, now=NOON)[0] == []
    with pytest.raises(NotFound):
        service.test(wiring.desk("mungmeal"), HOOK, NOON)
