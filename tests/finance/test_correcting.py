"""Credit notes and refunds: one person asks, another one approves, and the provider makes each once."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from chalicelib.aws.tables import Write, commit
from chalicelib.billing import wiring
from chalicelib.billing.mirror import Mirror
from chalicelib.billing.model import GatewayUnavailable, InvoiceStatus
from chalicelib.billing.store import StripeCustomers
from chalicelib.finance.correcting import approve, ask, refuse
from chalicelib.finance.corrections import Corrections
from chalicelib.finance.model import Correction, CorrectionState
from chalicelib.kernel.caller import Caller, Kind
from chalicelib.kernel.clock import iso
from chalicelib.kernel.errors import BadInput, Busy, Conflict, DeskError, Forbidden, Mismatch, NotFound
from tests import fakes
from tests.billing.fake_gateway import FakeGateway
from tests.billing.world import Died
from tests.closing.world import Shop, dying
from tests.fakes import Step
from tests.finance.samples import a_correction, a_final_invoice, billed
from tests.moto_desk import MINA, SHOP, Answer, Desk
from tests.samples import NOON

ANN, BOB = "finance:ann", "finance:bob"
MADE, APPROVED, ASKED, REFUSED = (
    CorrectionState.MADE,
    CorrectionState.APPROVED,
    CorrectionState.ASKED,
    CorrectionState.REFUSED,
)


@dataclass
class FakeCorrections:
    rows: dict[str, Correction] = field(default_factory=dict)

    def find(self, correction: str) -> Correction | None:
        return self.rows.get(correction)

    def all(self) -> list[Correction]:
        return list(self.rows.values())

    def save(self, before: Correction | None, after: Correction) -> Write:
        def refusal() -> Exception | None:
            return None if self.rows.get(after.id) == before else Mismatch("version_mismatch", "changed")

        return Step(("correction", after.id), lambda: self.rows.update({after.id: after}), refusal)


@dataclass
class House:
    """A shop whose month is invoiced, and what finance asks for."""

    shop: Shop = field(default_factory=Shop)
    store: FakeCorrections = field(default_factory=FakeCorrections)

    def __post_init__(self) -> None:
        for n in range(3):
            self.shop.answer(f"c{n}")
        self.shop.closed()

    @property
    def invoice(self) -> str:
        return self.shop.invoice().id

    def asked(self, won: int = 1_100, **changes: Any) -> Correction:
        wanted = {"invoice": self.invoice, "won": won, "asked_by": ANN, "asked_at": self.shop.now, **changes}
        return ask(self.shop.till, self.store, a_correction(**wanted))

    def approve(self, by: str = BOB, correction: str = "c" * 32) -> Correction:
        return approve(self.shop.till, self.store, correction, by, self.shop.now)

    def refuse(self, by: str = BOB) -> Correction:
        return refuse(self.shop.till, self.store, "c" * 32, "아닙니다", by=by, now=self.shop.now)


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(DeskError) as refusal:
        call()
    return refusal.value.code


def test_credit_note_takes_two_people_and_is_then_on_the_invoice() -> None:
    house = House()
    before = house.shop.invoice()
    assert house.asked().state is ASKED
    assert house.shop.gateway.notes == []
    with pytest.raises(Forbidden) as refusal:
        house.approve(ANN)
    assert (refusal.value.code, house.shop.gateway.notes) == ("same_person", [])
    made = house.approve()
    [note] = house.shop.gateway.notes
    assert (made.state, made.note, made.decided_by, made.decided_at) == (MADE, note.id, BOB, house.shop.now)
    assert (note.won, note.reason, note.key, note.refunded) == (1_100, "이의", made.id, 0)
    mirrored = house.shop.mirror.of(before.id)
    assert mirrored is not None
    assert mirrored.credit_notes == (note,)
    assert mirrored.invoice.remaining == before.remaining - 1_100


def test_refund_gives_back_what_was_paid() -> None:
    house = House()
    house.shop.gateway.pay_by_transfer(house.invoice)
    house.asked(refund=True)
    house.approve()
    assert house.shop.gateway.notes[0].refunded == 1_100


def test_repeats_make_nothing_twice() -> None:
    house = House()
    first = house.asked()
    assert house.asked() == first
    assert refused(lambda: house.asked(won=5, digest="other")) == "idempotency_mismatch"
    made = house.approve()
    assert house.approve() == house.approve("finance:eve") == made
    assert len(house.shop.gateway.notes) == 1


@pytest.mark.parametrize("at", range(1, 13))
def test_death_at_each_call_and_approving_again_make_one_note(at: int) -> None:
    house = House()
    house.asked()
    house.shop.at_call = dying(at)
    with suppress(Died):
        house.approve()
    house.shop.at_call = lambda _: None
    made = house.approve()
    [note] = house.shop.gateway.notes
    mirrored = house.shop.mirror.of(house.invoice)
    assert (made.state, made.note, made.decided_by) == (MADE, note.id, BOB)
    assert mirrored is not None
    assert mirrored.credit_notes == (note,)


def test_provider_that_does_not_answer_leaves_it_approved_for_another_try() -> None:
    house = House()
    house.asked()

    def silent(name: str) -> None:
        if name == "credit":
            raise GatewayUnavailable

    house.shop.at_call = silent
    with pytest.raises(Busy, match="does not answer"):
        house.approve()
    assert house.store.rows["c" * 32].state is APPROVED
    assert refused(house.refuse) == "wrong_state"
    assert refused(lambda: house.approve(ANN)) == "same_person"
    house.shop.at_call = lambda _: None
    assert house.approve("finance:eve").decided_by == BOB


def test_what_the_provider_refuses_is_refused() -> None:
    house = House()
    house.asked()
    house.shop.change_invoice(status=InvoiceStatus.VOID)
    with pytest.raises(Conflict) as refusal:
        house.approve()
    assert refusal.value.code == "provider_refused"
    one = house.store.rows["c" * 32]
    assert (one.state, one.why.partition(":")[0], house.shop.gateway.notes) == (REFUSED, "not_creditable", [])
    assert refused(house.approve) == "wrong_state"


@pytest.mark.parametrize("by", [ANN, BOB])
def test_what_nobody_approved_is_refused_or_taken_back(by: str) -> None:
    house = House()
    house.asked()
    one = house.refuse(by)
    assert (one.state, one.why, one.decided_by) == (REFUSED, "아닙니다", by)
    assert refused(house.approve) == refused(house.refuse) == "wrong_state"


def test_no_more_than_is_left_of_the_invoice_with_all_that_waits() -> None:
    house = House()
    total = house.shop.invoice().total
    house.asked(won=total - 1_000)
    with pytest.raises(BadInput) as refusal:
        house.asked(won=1_001, id="d" * 32)
    assert (refusal.value.code, refusal.value.details["left_won"]) == ("over_remaining", 1_000)
    assert house.asked(won=1_000, id="d" * 32).state is ASKED
    house.refuse()
    assert house.asked(won=total - 1_000, id="e" * 32).state is ASKED
    house.approve(correction="d" * 32)
    assert refused(lambda: house.asked(won=1, id="f" * 32)) == "over_remaining"


def test_only_an_invoice_that_is_final_is_corrected() -> None:
    house = House()
    with pytest.raises(NotFound):
        house.asked(invoice="in_nosuch")
    for status in (InvoiceStatus.DRAFT, InvoiceStatus.VOID):
        one = house.shop.mirror.rows[house.invoice]
        house.shop.mirror.rows["in_x"] = replace(one, invoice=replace(one.invoice, id="in_x", status=status))
        assert refused(lambda: house.asked(invoice="in_x")) == "not_invoiced"


def test_who_comes_second_is_told() -> None:
    house = House()
    before = house.asked()
    house.refuse()
    with pytest.raises(Mismatch):
        fakes.commit(house.store.save(before, replace(before, state=APPROVED)))


FINANCE, OTHER = (Caller(Kind.FINANCE, "", person=f"0000000{n}-0000-4000-8000-000000000000") for n in (4, 5))
NOTES = "/v1/tenants/danbi/credit-notes"
NOTE = {"invoice": "in_danbi", "won": 550, "reason": "이의 인정", "refund": True}


@pytest.fixture
def provider(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> FakeGateway:
    """A provider that holds danbi's invoice, as our copy of it does."""
    fake = FakeGateway(now=NOON)
    monkeypatch.setattr(wiring, "gateway", lambda: fake)
    bill = replace(a_final_invoice("danbi").invoice, customer="cus_danbi", remaining=5_000)
    fake.bills[bill.id] = bill
    commit(Mirror("danbi").save(None, billed(bill)))
    commit(StripeCustomers("danbi").bind("cus_danbi"))
    return fake


def post(desk: Desk, path: str, body: Any = None, who: Caller = FINANCE, key: str = "") -> Answer:
    return desk.call(who, f"POST {NOTES}{path}", body, headers={"Idempotency-Key": key} if key else {})


def test_finance_asks_approves_and_refuses_over_http(desk: Desk, provider: FakeGateway) -> None:
    asked = post(desk, "", NOTE, key="k1")
    assert asked.status == 201, asked
    assert post(desk, "", NOTE, key="k1").body == asked.body
    assert post(desk, "", {**NOTE, "won": 5}, key="k1").refusal == (409, "idempotency_mismatch")
    one = asked.body
    assert (one["state"], one["asked_by"], one["won"], one["note"]) == ("asked", FINANCE.name, 550, "")
    listed = desk.call(FINANCE, "GET /v1/finance/corrections").body["corrections"]
    assert listed == [one]
    assert post(desk, f"/{one['id']}/approve").refusal == (403, "same_person")
    made = post(desk, f"/{one['id']}/approve", who=OTHER)
    assert (made.status, made.body["state"], made.body["decided_by"]) == (200, "made", OTHER.name)
    assert made.body["note"] == provider.notes[0].id
    assert made.body["decided_at"] >= iso(NOON)
    second = post(desk, "", NOTE).body
    assert post(desk, f"/{second['id']}/refuse", {"reason": "중복"}).body["why"] == "중복"
    assert desk.call(FINANCE, "GET /v1/finance/corrections").body == {"corrections": []}
    mirrored = Mirror("danbi").of("in_danbi")
    assert mirrored is not None
    assert [note.won for note in mirrored.credit_notes] == [550]
    assert [stored.state for stored in Corrections("danbi").all()].count(MADE) == 1


def test_credit_notes_are_finance_s_alone(desk: Desk) -> None:
    for who in (SHOP, MINA, Caller(Kind.OWNER, "", tenant="danbi", person="p")):
        assert post(desk, "", NOTE, who).refusal == (403, "forbidden")
        assert desk.call(who, "GET /v1/finance/corrections").refusal == (403, "forbidden")
    assert post(desk, "/" + "f" * 32 + "/approve").refusal == (404, "not_found")
