"""Play the story through the product: work by the minute, totals by the hour, the close by the day, and money."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from chalicelib.billing import jobs as billing
from chalicelib.billing.model import GatewayUnavailable
from chalicelib.closing import jobs as closing
from chalicelib.closing.jobs import ReconciliationBroken
from chalicelib.finance.store import TaxRecords
from chalicelib.kernel.clock import DAY, HOUR, Millis, month_span
from tests.billing.paying import Paying
from tests.close.desk import Crew
from tests.close.money import DECIDED, DISPUTED, Money
from tests.close.plants import ONCE_PAID, WHILE_COUNTED, WHILE_DRAFTED, Kind, Planted
from tests.close.scenario import MONTHS, OUTAGE, Scenario

Deadline = tuple[Millis, Callable[[], object]]

# When the hourly function is played after the end of a month, in days: at four in the morning it looks at all.
NIGHT = 4 / 24
RUNS = (0.1, 1 + NIGHT, 3.1, 3.5, 4.5, 12 + NIGHT, 20 + NIGHT)
PAID, TAXED, REFUNDED = 6 * DAY, 5 * DAY, 14 * DAY
# In these months harm is done: while it is counted, while its invoice is a draft, and once it is paid.
HARMED = (MONTHS[0], MONTHS[2])


@dataclass
class Months:
    """One run of the story, and what it counted."""

    world: Paying
    story: Scenario
    crew: Crew = field(default_factory=Crew)
    planted: Planted = field(default_factory=Planted)
    money: Money = field(init=False)
    runs_played: int = 0
    away: int = 0
    not_sent: int = 0
    _unsent: bool = False

    def __post_init__(self) -> None:
        self.money = Money(self.world)

    def play(self) -> None:
        """Play all of it, until the last month is closed, paid and paid out."""
        self.crew.hire(self.story.shops)
        agenda = [*self._work(), *self._office()]
        for at, do in sorted(agenda, key=lambda one: one[0]):
            self._send_until(at)
            self.world.now = at
            do()

    def _work(self) -> list[Deadline]:
        return [(deed.at, partial(self._do, deed)) for deed in self.story.deeds]

    def _do(self, deed: object) -> None:
        self.crew.do(deed)  # type: ignore[arg-type]
        self._unsent = True

    def _office(self) -> list[Deadline]:
        shops, money = self.story.shops, self.money
        agenda: list[Deadline] = [(at, self.run) for at in self._runs()]
        agenda.append((month_span(MONTHS[0])[1] - DAY, partial(money.register_cards, shops)))
        for one in self.story.quarrels:
            end = month_span(one.month)[1]
            agenda += [(end + at, partial(money.dispute, one)) for at in (DISPUTED, DECIDED)]
        agenda += [
            (month_span(one.month)[1] + REFUNDED, partial(money.give_back, one)) for one in self.story.refunds
        ]
        for month in MONTHS:
            end = month_span(month)[1]
            agenda.append((end + PAID, partial(money.transfer, shops, month)))
            agenda += [(end + TAXED, partial(money.record_tax, shop.id, month)) for shop in shops]
        for month in HARMED:
            agenda += self._harm(month)
        return agenda

    def _harm(self, month: str) -> list[Deadline]:
        """Return when what is planted, and when it is undone: between two runs that see it and two that do not."""
        end, priced = month_span(month)[1], self._priced(month)
        spans: list[tuple[float, float, tuple[Kind, ...], list[str]]] = [
            (1.0, 1.5, WHILE_COUNTED, priced),
            (3.2, 3.8, WHILE_DRAFTED, priced[len(WHILE_COUNTED) :]),
            (10.0, 21.0, ONCE_PAID, [shop.id for shop in self.story.shops[::2] if shop.id in priced]),
        ]
        agenda: list[Deadline] = []
        for begins, ends, kinds, shops in spans:
            plant = partial(self.planted.plant, self.world, shops, month, kinds)
            agenda += [(end + int(begins * DAY), plant), (end + int(ends * DAY), self.planted.undo)]
        return agenda

    def _priced(self, month: str) -> list[str]:
        """Return the shops that pay for each of their contacts in `month`."""
        plans = ("flat/", "standard/", "volume/")
        return [shop.id for shop in self.story.shops if shop.plan_in(month).startswith(plans)]

    def _runs(self) -> list[Millis]:
        return [month_span(month)[1] + int(days * DAY) for month in MONTHS for days in RUNS]

    def run(self) -> None:
        """Play the hourly function; while the provider is away it fails, and that is all."""
        self.runs_played += 1
        away = self._cut()
        try:
            billing.backfill(self.world.now)
            closing.reconcile_settled(self.world.now, TaxRecords)
        except ReconciliationBroken:
            pass
        except (GatewayUnavailable, ExceptionGroup):
            if not away:
                raise
            self.away += 1
        finally:
            self.world.fake.faults.clear()

    def _send_until(self, at: Millis) -> None:
        """Send what is dirty at each full hour until `at`; while the provider is away, nothing arrives."""
        hour = self.world.now - self.world.now % HOUR + HOUR
        while self._unsent and hour <= at:
            self.world.now = hour
            away = self._cut()
            self._unsent = billing.send_all(hour) > 0
            self.world.fake.faults.clear()
            self.not_sent += self._unsent and not away
            # Six hours of an outage are like one.
            hour += 6 * HOUR if away else HOUR

    def _cut(self) -> bool:
        """Let the provider answer nothing during the outage; return whether it is one."""
        away = OUTAGE[0] <= self.world.now < OUTAGE[1]
        if away:
            self.world.fake.fault("rate_limit", times=1_000_000, path="/v1/")
        return away
