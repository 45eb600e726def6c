"""What goes wrong on purpose while a month closes: each harm, the breaks it must make, and how it is undone."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from chalicelib.billing.model import EVENT_NAMES
from chalicelib.billing.store import StripeCustomers
from chalicelib.billing.wiring import gateway
from chalicelib.closing.breaks import answer, approve
from chalicelib.closing.model import Cause, Rule
from chalicelib.closing.shelf import books
from chalicelib.kernel.clock import DAY, HOUR, hour_millis, kst_month, month_span, utc_hour
from chalicelib.metering.model import Meter, UsageEntry
from chalicelib.metering.rules import is_adjustment, window_of
from chalicelib.metering.store import Ledger
from chalicelib.metering.windows import Windows
from chalicelib.tenants.model import HOUSE
from tests.billing.paying import Paying

Undo = Callable[[], None]


@dataclass
class Harm:
    """Somebody's hand in one shop's month; `house` collects what of our own balance it makes wrong."""

    world: Paying
    tenant: str
    month: str
    house: set[str] = field(default_factory=set)

    def entries(self) -> list[UsageEntry]:
        """Return the month's own entries of contacts that were billed once and stay so, oldest first."""
        found = [one for one in Ledger(self.tenant).booked(*month_span(self.month)) if not is_adjustment(one)]
        times = Counter(one.contact for one in found)
        return [one for one in found if times[one.contact] == 1 and one.delta == 1]

    def row(self, entry: UsageEntry) -> dict[str, Any]:
        """Return an entry's row as DynamoDB holds it."""
        found = self.world.desk.raw(f"{self.tenant}#contact#{entry.contact}", _sk(entry))
        assert found is not None
        return found

    def put(self, row: dict[str, Any]) -> None:
        """Write a row past all rules."""
        self.world.desk.dynamodb.put_item(TableName=self.world.desk.table, Item=row)

    def delete(self, row: dict[str, Any]) -> None:
        """Delete a row past all rules."""
        key = {name: row[name] for name in ("pk", "sk")}
        self.world.desk.dynamodb.delete_item(TableName=self.world.desk.table, Key=key)

    def told(self, hour: str, total: int) -> None:
        """Tell Stripe a total by hand."""
        customer = StripeCustomers(self.tenant).find() or ""
        name, at = EVENT_NAMES[Meter.HUMAN], hour_millis(hour) // 1000
        self.world.fake.manual_usage(name, customer, at, total)

    def draft(self) -> dict[str, Any]:
        """Return the month's invoice at Stripe, a draft still."""
        customer = StripeCustomers(self.tenant).find()
        start = month_span(self.month)[0] // 1000
        [found] = [
            one
            for one in self.world.fake.objects("invoice")
            if one["customer"] == customer and one["status"] == "draft" and one["period_start"] >= start
        ]
        return dict(found)


def lost_entry(harm: Harm) -> Undo:
    """An entry vanishes from the ledger."""
    row = harm.row(harm.entries()[0])
    harm.delete(row)
    return lambda: harm.put(row)


def invented_entry(harm: Harm) -> Undo:
    """The ledger has an entry of a contact that there never was."""
    row = harm.row(harm.entries()[0])
    name = "invented0001"
    listed = row["lists_sk"]["S"].replace(row["contact"]["S"], name)
    forged = {**row, "pk": {"S": f"{harm.tenant}#contact#{name}"}, "contact": {"S": name}}
    forged["lists_sk"] = {"S": listed}
    harm.put(forged)
    return lambda: harm.delete(forged)


def wrong_price(harm: Harm) -> Undo:
    """An entry's price is changed by one won."""
    row = harm.row(harm.entries()[0])
    won = int(row["price_won"]["N"]) + 1
    harm.put({**row, "price_won": {"N": str(won)}})
    return lambda: harm.put(row)


def wrong_sum(harm: Harm) -> Undo:
    """A window's total is changed by one contact."""
    meter, hour = window_of(harm.entries()[0])
    row = harm.world.desk.raw(f"{harm.tenant}#window#{meter}", hour)
    assert row is not None
    harm.put({**row, "total": {"N": str(int(row["total"]["N"]) + 1)}})
    return lambda: harm.put(row)


def usage_by_hand(harm: Harm) -> Undo:
    """Somebody reports usage in the Dashboard, in an hour of which we never told anything."""
    busy = {window.hour for window in Windows(harm.tenant).between(Meter.HUMAN, "0", "9")}
    start = month_span(harm.month)[0]
    hour = next(hour for n in range(600) if (hour := utc_hour(start + n * HOUR)) not in busy)
    harm.told(hour, 3)
    return lambda: harm.told(hour, 0)


def overwritten(harm: Harm) -> Undo:
    """Somebody overwrites what we told: the close tells it again by itself."""
    harm.told(window_of(harm.entries()[0])[1], 9)
    return lambda: None


def edited_quantity(harm: Harm) -> Undo:
    """Somebody edits the contacts of the draft."""
    draft = harm.draft()
    line = next(one for one in draft["lines"]["data"] if one["quantity"] and one["quantity"] > 1)
    harm.world.fake.edit_line(draft["id"], line["id"], quantity=line["quantity"] - 1, won=line["amount"])
    return lambda: harm.world.fake.edit_line(
        draft["id"], line["id"], quantity=line["quantity"], won=line["amount"]
    )


def edited_won(harm: Harm) -> Undo:
    """Somebody edits the won of the draft by one."""
    draft = harm.draft()
    line = next(one for one in draft["lines"]["data"] if one["amount"] > 0)
    harm.world.fake.edit_line(draft["id"], line["id"], won=line["amount"] + 1)
    return lambda: harm.world.fake.edit_line(draft["id"], line["id"], won=line["amount"])


def edited_tax(harm: Harm) -> Undo:
    """Somebody edits the tax of the draft."""
    draft = harm.draft()
    line = next(one for one in draft["lines"]["data"] if one["amount"] > 0)
    before = sum(tax["amount"] for tax in line["taxes"])
    harm.world.fake.edit_tax(draft["id"], line["id"], before + 50)
    return lambda: harm.world.fake.edit_tax(draft["id"], line["id"], before)


def edited_fee(harm: Harm) -> Undo:
    """The provider takes another fee than it told before, which its payout does not show."""
    moved = _charge(harm)
    harm.house.add(_payout(harm, moved["id"]))
    harm.world.fake.edit_fee(moved["id"], moved["fee"] + 7)
    return lambda: harm.world.fake.edit_fee(moved["id"], moved["fee"])


def dropped_from_payout(harm: Harm) -> Undo:
    """A payout no longer names a movement whose won it transfers: two people explain both sides of it."""
    moved = _charge(harm)
    payout = _payout(harm, moved["id"])
    harm.world.fake.drop_from_payout(payout, moved["id"])
    harm.house |= {payout, moved["id"]}
    return lambda: _explain(harm)


def _explain(harm: Harm) -> None:
    ours = books(HOUSE)
    for one in ours.breaks.open():
        if one.rule is Rule.BALANCE_PAYOUT:
            answer(ours, one.id, Cause.MISSED, "은행 입금액과 일치", by="finance:f1")
            approve(ours, one.id, by="finance:f2")


def edited_tax_invoice(harm: Harm) -> Undo:
    """The tax invoice on record is of another amount."""
    [row] = [
        row
        for row in harm.world.desk.rows()
        if row["kind"]["S"] == "tax_invoice"
        and (row["tenant"]["S"], row["month"]["S"]) == (harm.tenant, harm.month)
    ]
    harm.put({**row, "supply": {"N": str(int(row["supply"]["N"]) + 1)}})
    return lambda: harm.put(row)


def changed_lock(harm: Harm) -> Undo:
    """An entry of a locked month names somebody else."""
    row = harm.row(harm.entries()[0])
    harm.put({**row, "actor": {"S": "agent:nobody"}})
    return lambda: harm.put(row)


def _charge(harm: Harm) -> dict[str, Any]:
    """Return the balance transaction of the month's payment."""
    customer = StripeCustomers(harm.tenant).find()
    end = month_span(harm.month)[1] // 1000
    charge = next(
        one
        for one in harm.world.fake.objects("charge")
        if one["customer"] == customer and end <= one["created"] < end + 20 * 24 * 3600
    )
    moved = harm.world.fake.objects("balance_transaction")
    return dict(next(one for one in moved if one["id"] == charge["balance_transaction"]))


def _payout(harm: Harm, moved: str) -> str:
    now = harm.world.now
    payouts = gateway().payouts(now - 20 * DAY, now + DAY)
    return next(one.id for one in payouts if moved in [txn.id for txn in one.transactions])


def _sk(entry: UsageEntry) -> str:
    return f"usage#{entry.episode:04d}#{entry.n:04d}"


Kind = tuple[Callable[[Harm], Undo], tuple[Rule, ...]]
"""A harm, and the rules of the breaks that it makes, one of each."""

WHILE_COUNTED: tuple[Kind, ...] = (
    (lost_entry, (Rule.CONTACT_LEDGER, Rule.LEDGER_WINDOW)),
    (invented_entry, (Rule.CONTACT_LEDGER, Rule.LEDGER_WINDOW)),
    (wrong_price, (Rule.CONTACT_LEDGER,)),
    (wrong_sum, (Rule.LEDGER_WINDOW, Rule.WINDOW_STRIPE)),
    (usage_by_hand, (Rule.WINDOW_STRIPE,)),
    (overwritten, (Rule.WINDOW_STRIPE,)),
)
WHILE_DRAFTED: tuple[Kind, ...] = (
    (edited_quantity, (Rule.SUMMARY_LINE, Rule.BILL_LINE)),
    (edited_won, (Rule.BILL_LINE,)),
    (edited_tax, (Rule.TAX,)),
)
ONCE_PAID: tuple[Kind, ...] = (
    (dropped_from_payout, ()),
    (edited_fee, ()),
    (edited_tax_invoice, (Rule.INVOICE_TAX_INVOICE,)),
    (changed_lock, (Rule.SEAL,)),
)


@dataclass
class Planted:
    """What was planted where, and how what still stands is undone."""

    expected: Counter[tuple[str, str, Rule]] = field(default_factory=Counter)
    _undo: list[Undo] = field(default_factory=list)

    def plant(self, world: Paying, shops: list[str], month: str, kinds: tuple[Kind, ...]) -> None:
        """Do each harm of `kinds` to a shop of its own."""
        house: set[str] = set()
        for tenant, (harm, rules) in zip(shops, kinds, strict=False):
            self._undo.append(harm(Harm(world, tenant, month, house)))
            self.expected.update((tenant, month, rule) for rule in rules)
        # Payments of a month come in the next one, and are paid out days later.
        self.expected[HOUSE, kst_month(world.now), Rule.BALANCE_PAYOUT] += len(house)

    def undo(self) -> None:
        """Put right whatever is still wrong."""
        while self._undo:
            self._undo.pop()()
