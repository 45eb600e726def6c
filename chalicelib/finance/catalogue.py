"""Which registers there are, and how each is made from a shop's month."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from chalicelib.billing.model import Payout
from chalicelib.closing.model import BreakRecord
from chalicelib.finance import columns, registers
from chalicelib.finance.aging import AgingRow, aging_rows
from chalicelib.finance.journal import JournalRow, journal_rows
from chalicelib.finance.ledger import usage_rows
from chalicelib.finance.model import ShopMonth
from chalicelib.finance.payouts import Paid, paid_by, payout_rows
from chalicelib.finance.tables import Register
from chalicelib.kernel.clock import month_span

BREAKS, JOURNAL, PAYOUTS = "recon_breaks", "journal", "payout_register"
"""Registers by name; that of payouts is of our own account at the provider, all the others of one shop each."""


def _aging(shop: ShopMonth) -> list[AgingRow]:
    return aging_rows(shop.tenant, shop.invoices, month_span(shop.month)[1] - 1)


def _breaks(shop: ShopMonth) -> list[columns.BreakRow]:
    return registers.break_rows(shop.breaks)


OF_A_SHOP: Mapping[str, tuple[type, Callable[[ShopMonth], list[Any]]]] = {
    "period_register": (columns.PeriodRow, registers.period_rows),
    "usage_ledger": (columns.UsageRow, usage_rows),
    BREAKS: (columns.BreakRow, _breaks),
    "invoice_register": (columns.InvoiceRow, registers.invoice_rows),
    "invoice_lines": (columns.InvoiceLineRow, registers.invoice_line_rows),
    "payment_register": (columns.PaymentRow, registers.payment_rows),
    "credit_register": (columns.CreditRow, registers.credit_rows),
    "ar_aging": (AgingRow, _aging),
    JOURNAL: (JournalRow, journal_rows),
}

NAMES = (*OF_A_SHOP, PAYOUTS)


def columns_of(name: str) -> type:
    """Return the row of a register."""
    return columns.PayoutRow if name == PAYOUTS else OF_A_SHOP[name][0]


def all_registers(
    month: str, shops: Iterable[ShopMonth], payouts: Iterable[Payout], house: Iterable[BreakRecord]
) -> list[Register]:
    """Return every register of a KST month, shop by shop; `house` are the breaks of our own account."""
    made: dict[str, list[Any]] = {name: [] for name in OF_A_SHOP}
    made[BREAKS] += registers.break_rows(house)
    paid: dict[str, Paid] = {}
    for shop in shops:
        paid.update(paid_by(shop.tenant, shop.invoices))
        for name, (_, make) in OF_A_SHOP.items():
            made[name] += make(shop)
    made[PAYOUTS] = list(payout_rows(month, payouts, paid))
    return [Register(name, columns_of(name), tuple(made[name])) for name in NAMES]
