"""Finance's view over all shops: each shop's month is read with a session of that shop alone."""

from collections.abc import Iterable, Iterator
from typing import Any

from cachetools import TTLCache

from chalicelib.aws import objects
from chalicelib.aws.credentials import Scope, acting
from chalicelib.billing.mirror import Mirror
from chalicelib.billing.model import Identity, Mirrored, Payout
from chalicelib.billing.wiring import gateway, till
from chalicelib.bills import wiring as bills
from chalicelib.closing.model import BreakRecord
from chalicelib.closing.shelf import books
from chalicelib.closing.store import Breaks
from chalicelib.files.model import LINK_SECONDS
from chalicelib.files.rules import disposition
from chalicelib.finance.catalogue import BREAKS, OF_A_SHOP, PAYOUTS, all_registers, columns_of
from chalicelib.finance.model import ShopMonth
from chalicelib.finance.payouts import Paid, paid_by, payout_rows
from chalicelib.finance.registers import break_rows
from chalicelib.finance.service import Page, Place, page
from chalicelib.finance.store import TaxRecords
from chalicelib.finance.tables import Register, to_csv
from chalicelib.kernel.clock import Millis, kst_month, month_span
from chalicelib.kernel.errors import Conflict
from chalicelib.metering.model import PeriodState
from chalicelib.metering.periods import PeriodHint, periods_of
from chalicelib.tenants.model import HOUSE
from chalicelib.tenants.store import all_tenants

_CSV = "text/csv; charset=utf-8"
_SORTED = 20_000
# Two of the largest: who leafs through a sorted register, or sorts it otherwise, must not wait for it again.
_assembled: TTLCache[tuple[str, str, str], Register] = TTLCache(
    maxsize=2 * _SORTED, ttl=30, getsizeof=lambda one: len(one.rows)
)


def month_of(tenant: str, month: str) -> ShopMonth:
    """Return a shop's month; raise NotFound for an unknown shop."""
    with acting(Scope(tenant=tenant)):
        ours, theirs = books(tenant), till(tenant)
        return ShopMonth(
            tenant=tenant,
            period=ours.periods.find(month),
            identity=theirs.identities.find() or Identity(theirs.tenant.name, ""),
            customer=theirs.customers.find() or "",
            rated=tuple(bills.statement(tenant, month)),
            sent_revs={(one.meter, one.hour): one.sent_rev for one in bills.windows(tenant, month)},
            bill=bills.bill(tenant, month),
            invoices=tuple(theirs.mirror.all()),
            credits=tuple(ours.credits.booked(month)),
            breaks=tuple(ours.breaks.of_month(month)),
            tax=tuple(TaxRecords(tenant).of_month(month)),
        )


def months_of(tenants: Iterable[str], month: str) -> Iterator[ShopMonth]:
    """Yield the month of each shop, one at a time."""
    return (month_of(tenant, month) for tenant in tenants)


def period_hints(month: str, now: Millis) -> list[PeriodHint]:
    """Return the periods of a month, by tenant: those on record, and in the month that runs those of all shops."""
    found = {hint.tenant: hint for hint in periods_of(month)}
    if month == kst_month(now):
        # A month gets its row when the hourly job first looks at it, and is open before that, too.
        for tenant in all_tenants():
            found.setdefault(tenant, PeriodHint(tenant, PeriodState.OPEN, 0, 0, 0))
    return [found[tenant] for tenant in sorted(found)]


def invoices_of(tenants: Iterable[str]) -> Iterator[tuple[str, list[Mirrored]]]:
    """Yield each shop's invoices of all months."""
    for tenant in tenants:
        with acting(Scope(tenant=tenant)):
            found = Mirror(tenant).all()
        yield tenant, found


def house_breaks(month: str) -> list[BreakRecord]:
    """Return the breaks of our own account at the provider."""
    with acting(Scope(tenant=HOUSE)):
        return Breaks(HOUSE).of_month(month)


def month_registers(month: str, shops: Iterable[ShopMonth], now: Millis) -> list[Register]:
    """Return every register of a KST month of `shops`, which are all that there are."""
    return all_registers(month, shops, _payouts(month, now), house_breaks(month))


def register_page(name: str, month: str, tenant: str, now: Millis, after: Place | None) -> Page:
    """Return a page of a register: of all shops, or of `tenant` alone."""
    return page(name, columns_of(name), _chunks_of(name, month, tenant, now, after), after)


def whole_register(name: str, month: str, tenant: str, now: Millis) -> Register:
    """Return all of a register, as it was at most 30 s ago; raise Conflict `too_many_rows`."""
    asked = (name, month, tenant)
    known = _assembled.get(asked)
    if known is None:
        rows: list[Any] = []
        for _, more in _chunks_of(name, month, tenant, now, None):
            rows += more
            if len(rows) > _SORTED:
                message = f"over {_SORTED} rows are neither sorted nor filtered; name a shop, or export the month"
                raise Conflict("too_many_rows", message)
        known = _assembled[asked] = Register(name, columns_of(name), tuple(rows))
    return known


def file_link(chosen: Register, name: str, request: str) -> str:
    """Return a link for five minutes to a register as a CSV file of this name; it is gone after a day."""
    key, content = objects.file_key(HOUSE, "exports", request), to_csv(list(chosen.columns), chosen.cells)
    with acting(Scope(tenant=HOUSE)):
        objects.put(key, content, _CSV)
        return objects.link(key, disposition=disposition(name), kind=_CSV, seconds=LINK_SECONDS)


def forget_registers() -> None:
    """Forget what this process has assembled: for tests."""
    _assembled.clear()


def _chunks_of(
    name: str, month: str, tenant: str, now: Millis, after: Place | None
) -> Iterator[tuple[str, list[Any]]]:
    tenants = [tenant] if tenant else all_tenants()
    if name == PAYOUTS:
        paid: dict[str, Paid] = {}
        for one, invoices in invoices_of(all_tenants()):
            paid.update(paid_by(one, invoices))
        rows = payout_rows(month, _payouts(month, now), paid)
        return iter([("", [row for row in rows if tenant in {"", row.tenant_id}])])
    rest = [one for one in tenants if after is None or one >= after.tenant]
    # Our own account's breaks come before those of all shops.
    house = name == BREAKS and not tenant and (after is None or not after.tenant)
    return _chunks(name, month, rest, house=house)


def _chunks(name: str, month: str, tenants: list[str], *, house: bool) -> Iterator[tuple[str, list[Any]]]:
    make = OF_A_SHOP[name][1]
    if house:
        yield "", break_rows(house_breaks(month))
    for shop in months_of(tenants, month):
        yield shop.tenant, make(shop)


def _payouts(month: str, now: Millis) -> list[Payout]:
    # Whatever was paid for the month was paid after it began, and reached the bank after that.
    return gateway().payouts(month_span(month)[0], now)
