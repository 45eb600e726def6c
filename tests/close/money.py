"""Who pays how, who asks back, and what finance does about it: by the product's own hands."""

from contextlib import suppress
from dataclasses import dataclass, field

from chalicelib.aws.tables import commit
from chalicelib.billing.invoices import refresh
from chalicelib.billing.model import InvoiceStatus, Mirrored
from chalicelib.billing.wiring import till_of
from chalicelib.bills.service import Ruling, decide, open_dispute
from chalicelib.bills.wiring import claims
from chalicelib.finance.service import record_tax_invoice
from chalicelib.finance.store import TaxRecords
from chalicelib.finance.wiring import month_of
from chalicelib.kernel.clock import DAY, Millis, kst_month, month_span, utc
from chalicelib.kernel.errors import Conflict
from chalicelib.kernel.money import Won
from tests.billing.paying import Paying
from tests.close.scenario import Quarrel, Refund, Shop

DISPUTED, DECIDED = 8 * DAY, 9 * DAY
OWNER, FINANCE = "owner:o1", "finance:f1"


@dataclass
class Money:
    """One desk's money; `refunded` are the won that finance gave back."""

    world: Paying
    refunded: Won = 0
    cards: int = 0
    _numbers: dict[str, int] = field(default_factory=dict)

    def register_cards(self, shops: tuple[Shop, ...]) -> None:
        """Let every other shop register a card, with a double click."""
        for shop in shops[::2]:
            with till_of(shop.id) as till:
                customer = till.customers.find()
                if customer is None:
                    continue
                for _ in range(2):
                    till.gateway.setup_link(customer, "https://duredesk.example/shop/invoices", "k1")
                [page] = [
                    one for one in self.world.fake.objects("checkout.session") if one["customer"] == customer
                ]
                self.world.fake.complete_checkout(page["id"])
                till.gateway.use_card(customer, page["id"])
                self.cards += 1

    def transfer(self, shops: tuple[Shop, ...], month: str) -> None:
        """Let the shops without a card pay a month by transfer."""
        for shop in shops:
            found = self._mirrored(shop.id, month)
            if found is not None and found.invoice.status is InvoiceStatus.OPEN:
                with till_of(shop.id) as till:
                    till.gateway.pay_by_transfer(found.invoice.id)

    def dispute(self, quarrel: Quarrel) -> None:
        """Open a dispute; called again, decide it."""
        here, now = claims(quarrel.tenant), self.world.now
        if now - month_span(quarrel.month)[1] < DECIDED:
            open_dispute(here, quarrel.contact, 1, "두 번 문의한 것이 아닙니다.", by=OWNER, now=now)
        else:
            decide(here, f"{quarrel.contact}-1", Ruling(quarrel.upheld, "확인했습니다.", by=FINANCE, at=now))

    def give_back(self, refund: Refund) -> None:
        """Refund a part of a paid invoice, twice under one key, and put its corrected tax invoice on record."""
        found = self._mirrored(refund.tenant, refund.month)
        if found is None or found.invoice.total < refund.won:
            return
        with till_of(refund.tenant) as till:
            for _ in range(2):
                note = till.gateway.credit(
                    found.invoice.id, key=f"refund:{refund.month}", won=refund.won, reason="호의", refund=True
                )
        self.refunded += refund.won
        self.record_tax(refund.tenant, refund.month, note.id)

    def record_tax(self, tenant: str, month: str, note: str = "") -> None:
        """Put on record what the tax office numbered; a month without an invoice has none."""
        with till_of(tenant) as till:
            if note:
                found = self._mirrored(tenant, month)
                assert found is not None
                refresh(till, found.invoice.id, self.world.now)
            with suppress(Conflict):
                _, writes = record_tax_invoice(
                    month_of(tenant, month),
                    self._number(month),
                    note,
                    by=FINANCE,
                    at=self.world.now,
                    add=TaxRecords(tenant).add,
                )
                commit(*writes)

    def _number(self, month: str) -> str:
        self._numbers[month] = self._numbers.get(month, 0) + 1
        return f"{utc(self.world.now):%Y%m%d}{self._numbers[month]:016d}"

    def _mirrored(self, tenant: str, month: str) -> Mirrored | None:
        with till_of(tenant) as till:
            return till.mirror.find(month)


def decided_in(quarrel: Quarrel) -> tuple[str, Millis]:
    """Return the month whose bill an upheld dispute is credited on, and when it is decided."""
    at = month_span(quarrel.month)[1] + DECIDED
    return kst_month(at), at
