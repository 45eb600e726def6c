"""What finance is shown of periods, breaks, registers, aging and the journal."""

from collections import Counter
from collections.abc import Iterable
from typing import Self

from msgspec import Struct

from chalicelib.closing.model import BreakHint
from chalicelib.finance.aging import AgingRow, Bucket
from chalicelib.finance.days import kst_time
from chalicelib.finance.journal import JournalRow
from chalicelib.finance.service import Page
from chalicelib.finance.tables import Cell, Selection
from chalicelib.kernel.clock import DAY
from chalicelib.kernel.money import Won
from chalicelib.metering.model import PeriodState
from chalicelib.metering.periods import PeriodHint


class PeriodLine(Struct):
    """How far one shop's month is."""

    tenant: str
    state: PeriodState
    contacts: int
    won: Won
    breaks: int

    @classmethod
    def of(cls, hint: PeriodHint) -> Self:
        """Return what the API shows of a period."""
        return cls(hint.tenant, hint.state, hint.contacts, hint.won, hint.breaks)


class PeriodsView(Struct):
    """Shops' periods of a month; counts and sums are of all that are shown, and an open one is not counted yet."""

    month: str
    shops: int
    states: dict[str, int]
    contacts: int
    won: Won
    breaks: int
    periods: list[PeriodLine]

    @classmethod
    def of(cls, month: str, lines: list[PeriodLine]) -> Self:
        """Return what the API shows of a month."""
        states = Counter(line.state.value for line in lines)
        return cls(
            month=month,
            shops=len(lines),
            states={state.value: states[state.value] for state in PeriodState},
            contacts=sum(line.contacts for line in lines),
            won=sum(line.won for line in lines),
            breaks=sum(line.breaks for line in lines),
            periods=lines,
        )


class BreakLine(Struct):
    """A break that blocks a shop's close: `difference` is right less left, `since` the time in Seoul."""

    tenant: str
    id: str
    rule: str
    cause: str
    status: str
    owner: str
    difference: int
    since: str
    days: int

    @classmethod
    def of(cls, hint: BreakHint, now: int) -> Self:
        """Return what the API shows of a break."""
        return cls(
            tenant=hint.tenant,
            id=hint.id,
            rule=hint.rule,
            cause=hint.cause,
            status=hint.status,
            owner=hint.owner,
            difference=hint.difference,
            since=kst_time(hint.first_seen),
            days=(now - hint.first_seen) // DAY,
        )


class OpenBreaksView(Struct):
    """The breaks of all shops that block a close, the longest known first; `total` counts those that are shown."""

    total: int
    breaks: list[BreakLine]


class RegisterView(Struct):
    """A page of a register: `sums` are those of all that is asked for, whatever the page; `cursor` leads on.

    As it stands in the books the sums are as of the first page; sorted or filtered, as of half a minute ago.
    """

    register: str
    month: str
    columns: dict[str, str]
    sums: dict[str, int]
    rows: list[dict[str, Cell]]
    cursor: str | None

    @classmethod
    def of(cls, month: str, page: Page, cursor: str | None) -> Self:
        """Return what the API shows of a page."""
        shown, columns = page.register, page.register.columns
        kinds = {column: sort.value for column, sort in columns.items()}
        rows = [dict(zip(columns, cells, strict=True)) for cells in shown.cells]
        return cls(shown.name, month, kinds, page.sums, rows, cursor)


class AgingLine(Struct):
    """What one shop owes, by how many days it is overdue."""

    tenant: str
    buckets: dict[str, Won]
    total: Won


class AgingView(Struct):
    """What shops owe at the end of a day in Seoul, or now; the sums are of all that are shown."""

    as_of: str
    buckets: dict[str, Won]
    total: Won
    shops: list[AgingLine]

    @classmethod
    def of(cls, as_of: str, rows: Iterable[AgingRow], selection: Selection) -> Self:
        """Return what the API shows of open invoices, of the shops that are selected."""
        by_shop: dict[str, Counter[str]] = {}
        for row in rows:
            by_shop.setdefault(row.tenant_id, Counter())[row.bucket] += row.remaining_krw
        shops = selection.of(AgingLine(tenant, _buckets(won), won.total()) for tenant, won in by_shop.items())
        shown = sum((by_shop[one.tenant] for one in shops), Counter[str]())
        return cls(as_of, _buckets(shown), shown.total(), shops)


class AccountLine(Struct):
    """An account in one month of posting: `balance` is debit less credit."""

    period: str
    account: str
    debit: Won
    credit: Won
    balance: Won


class JournalView(Struct):
    """The balances of the entries that come from a month; the entries are the register `journal`."""

    month: str
    debit: Won
    credit: Won
    accounts: list[AccountLine]

    @classmethod
    def of(cls, month: str, rows: Iterable[JournalRow]) -> Self:
        """Return what the API shows of a month's entries."""
        debit: Counter[tuple[str, str]] = Counter()
        credit: Counter[tuple[str, str]] = Counter()
        for row in rows:
            debit[row.period, row.account] += row.debit_krw
            credit[row.period, row.account] += row.credit_krw
        keys = sorted(debit.keys() | credit.keys())
        lines = [AccountLine(*key, debit[key], credit[key], debit[key] - credit[key]) for key in keys]
        return cls(month, debit.total(), credit.total(), lines)


def _buckets(won: Counter[str]) -> dict[str, Won]:
    return {bucket.value: won[bucket] for bucket in Bucket}
