"""What finance is shown of periods, breaks, registers, aging and the journal."""

from collections import Counter
from collections.abc import Iterable
from typing import Self

from msgspec import Struct

from chalicelib.closing.model import BreakHint
from chalicelib.finance.aging import AgingRow, Bucket
from chalicelib.finance.days import kst_time
from chalicelib.finance.journal import JournalRow
from chalicelib.finance.tables import Cell
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


class PeriodsView(Struct):
    """All shops' periods of a month that were ever looked at, and how many there are in each state."""

    month: str
    shops: int
    states: dict[str, int]
    contacts: int
    won: Won
    breaks: int
    periods: list[PeriodLine]

    @classmethod
    def of(cls, month: str, hints: Iterable[PeriodHint]) -> Self:
        """Return what the API shows of a month."""
        lines = [PeriodLine(one.tenant, one.state, one.contacts, one.won, one.breaks) for one in hints]
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
    """The breaks of all shops that block a close, the longest known first."""

    total: int
    breaks: list[BreakLine]


class RegisterView(Struct):
    """A page of a register: `sums` are those of the whole, as of its first page; `cursor` leads to the next."""

    register: str
    month: str
    columns: dict[str, str]
    sums: dict[str, int]
    rows: list[dict[str, Cell]]
    cursor: str | None


class AgingLine(Struct):
    """What one shop owes, by how many days it is overdue."""

    tenant: str
    buckets: dict[str, Won]
    total: Won


class AgingView(Struct):
    """What all shops owe at the end of a day in Seoul, or now."""

    as_of: str
    buckets: dict[str, Won]
    total: Won
    shops: list[AgingLine]

    @classmethod
    def of(cls, as_of: str, rows: Iterable[AgingRow]) -> Self:
        """Return what the API shows of open invoices."""
        by_shop: dict[str, Counter[str]] = {}
        for row in rows:
            by_shop.setdefault(row.tenant_id, Counter())[row.bucket] += row.remaining_krw
        shops = [AgingLine(tenant, _buckets(won), won.total()) for tenant, won in by_shop.items()]
        all_shops = sum(by_shop.values(), Counter[str]())
        return cls(as_of, _buckets(all_shops), all_shops.total(), shops)


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
