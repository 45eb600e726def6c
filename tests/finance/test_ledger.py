from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.finance.ledger import broken_at, usage_rows
from chalicelib.kernel.clock import DAY
from chalicelib.metering.model import Meter, Reason, UsageEntry
from tests.finance.samples import MONTH, ORIGIN, START, a_month, an_entry, histories

FEW = [
    an_entry("c1"),
    an_entry("c1", 2, -1),
    an_entry("c1", 3, 1, reason=Reason.SPAM_UNDONE),
    an_entry("c2", meter=Meter.BOT, at=START + 2 * DAY),
    an_entry("c0", 2, -1, at=START + 3 * DAY, origin=ORIGIN),
]


def test_a_row_says_what_the_entry_is_and_where_the_provider_has_it() -> None:
    shop = a_month(FEW, sent_revs={(Meter.HUMAN, "2026-11-01T15"): 3})
    rows = usage_rows(shop)
    assert [(row.entry_id, row.kind, row.meter, row.delta) for row in rows] == [
        ("c1/1/1", "HANDLED", "human", 1),
        ("c1/1/2", "REVERSAL", "human", -1),
        ("c1/1/3", "REINSTATE", "human", 1),
        ("c2/1/1", "HANDLED", "bot", 1),
        ("c0/1/2", "ADJUST", "human", -1),
    ]
    first, adjusted = rows[0], rows[-1]
    assert (first.period, first.booked_period, first.window_hour, first.sent_rev) == (
        MONTH,
        MONTH,
        "2026-11-01T15",
        3,
    )
    assert (first.occurred_at_utc, first.occurred_at_kst) == (
        "2026-11-01T15:00:00.000Z",
        "2026-11-02T00:00:00.000+09:00",
    )
    assert (first.tier, first.unit_amount_krw, first.amount_krw) == (1, 1_000, 1_000)
    assert (first.invoice_id, first.line_id, rows[3].line_id) == ("in_2026-11", "il_usage:human", "il_usage:bot")
    assert (first.business_number, first.stripe_customer, first.reverses_entry_id) == (
        "1248100998",
        "cus_danbi",
        "",
    )
    assert rows[1].reverses_entry_id == "c1/1/1"
    assert (adjusted.period, adjusted.booked_period, adjusted.window_hour, adjusted.sent_rev) == (
        ORIGIN,
        MONTH,
        "",
        0,
    )
    assert (adjusted.line_id, adjusted.amount_krw) == (f"il_adjustment:{ORIGIN}", -1_000)


def test_before_there_is_an_invoice_no_line_is_named() -> None:
    assert {(row.invoice_id, row.line_id) for row in usage_rows(a_month(FEW, invoices=()))} == {("", "")}


def test_the_chain_is_the_same_for_ever() -> None:
    assert usage_rows(a_month(FEW))[-1].hash == "c88ac54844b8b2742c2e199ed18140c97cccb7c0ed36211a769714f69012b84f"


@given(histories(), st.data())
def test_whatever_is_done_to_a_chain_shows(entries: list[UsageEntry], data: st.DataObject) -> None:
    rows = usage_rows(a_month(entries))
    assert broken_at(rows) is None
    if len(rows) < 2:
        return
    place = data.draw(st.integers(0, len(rows) - 2))
    changed = [*rows[:place], replace(rows[place], amount_krw=rows[place].amount_krw + 1), *rows[place + 1 :]]
    assert broken_at(changed) == place
    assert broken_at([*rows[:place], *rows[place + 1 :]]) == place
    assert broken_at([*rows[:place], rows[place + 1], rows[place], *rows[place + 2 :]]) == place
    assert broken_at([*rows[: place + 1], *rows[place:]]) == place + 1


@given(histories())
def test_the_amounts_are_what_the_bill_asks_for(entries: list[UsageEntry]) -> None:
    shop = a_month(entries)
    lines = {line.id: line.won for line in shop.invoices[0].invoice.lines if line.won}
    won: dict[str, int] = {}
    for row in usage_rows(shop):
        won[row.line_id] = won.get(row.line_id, 0) + row.amount_krw
    assert {name: sum_ for name, sum_ in won.items() if sum_} == {
        name: sum_ for name, sum_ in lines.items() if "usage" in name or "adjustment" in name
    }
