"""What the demo shows in the end, and what it leaves in `.local/demo.json`."""

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from tests.demo.floor import Floor, Talk
from tests.demo.scenario import Shop

OK, BAD = "bold green", "bold red"


@dataclass(frozen=True)
class Line:
    """One shop's part of this run; times in seconds."""

    tenant: str
    name: str
    contacts: int
    wait_p50: float
    wait_p90: float
    first_reply_p50: float
    first_reply_p90: float
    entries: int
    billable: int
    won: int
    stripe_total: int
    stripe_won: int

    @property
    def difference_won(self) -> int:
        """What Stripe would bill beyond the ledger."""
        return self.stripe_won - self.won


@dataclass(frozen=True)
class Held:
    """What was held back beyond the contracts; medians in seconds, of what was told if anything was."""

    contacts: int
    promoted: int
    shops: int
    told_p50: float | None
    waited_p50: float
    drained: float


@dataclass(frozen=True)
class Figures:
    """Totals of the run that are not per shop."""

    answered: int
    reconciled_difference_won: int
    double_claims: int
    seconds: float
    requests: int
    repeats: int
    reused_keys: int
    reopened_same_episode: int
    reopened_new_episode: int
    spam: int
    spam_undone: int
    merged: int
    lapsed: int
    transfers: int
    releases: int
    strays: int
    sent_by_operator: bool
    held: Held


def held(floor: Floor, promoted: str) -> Held:
    """Return what became of the contacts that were held back: each was claimed, or its talk had not ended."""
    shops = [talk.inquiry.tenant for talk in floor.talks if talk.contact in floor.held]
    told = [seconds for seconds in floor.held.values() if seconds is not None]
    return Held(
        contacts=len(shops),
        promoted=shops.count(promoted),
        shops=len(set(shops)),
        told_p50=statistics.median(told) if told else None,
        waited_p50=round(statistics.median([floor.waits[contact] for contact in floor.held] or [0]), 1),
        drained=round(floor.drained_seconds(), 1),
    )


def line(
    shop: Shop, floor: Floor, talks: Sequence[Talk], *, entries: int, billable: int, won: int, stripe: int
) -> Line:
    """Return a shop's line from what was seen and what was read."""
    own = [talk.contact for talk in talks if talk.inquiry.tenant == shop.id]
    waits = [floor.waits[contact] for contact in own]
    replies = [floor.first_replies[contact] for contact in own if contact in floor.first_replies]
    return Line(
        tenant=shop.id,
        name=shop.name,
        contacts=len(own),
        wait_p50=quantile(waits, 50),
        wait_p90=quantile(waits, 90),
        first_reply_p50=quantile(replies, 50),
        first_reply_p90=quantile(replies, 90),
        entries=entries,
        billable=billable,
        won=won,
        stripe_total=stripe,
        stripe_won=won + (stripe - billable) * shop.price_won,
    )


def quantile(values: Sequence[float], percent: int) -> float:
    """Return a percentile, interpolated."""
    return round(statistics.quantiles(values, n=100, method="inclusive")[percent - 1], 2)


def summary(lines: Sequence[Line], figures: Figures, floor: Floor) -> dict[str, Any]:
    """Return what `.local/demo.json` holds."""
    waits = list(floor.waits.values())
    billable, stripe = sum(one.billable for one in lines), sum(one.stripe_total for one in lines)
    return {
        "contacts": sum(one.contacts for one in lines),
        "usage_entries": sum(one.entries for one in lines),
        "billable": billable,
        "won": sum(one.won for one in lines),
        "stripe_total": stripe,
        "difference": stripe - billable,
        "difference_won": sum(one.difference_won for one in lines),
        "waits": {"p50": quantile(waits, 50), "p90": quantile(waits, 90)},
        **asdict(figures),
        "per_tenant": {one.tenant: {**asdict(one), "difference_won": one.difference_won} for one in lines},
    }


def show(console: Console, lines: Sequence[Line], figures: Figures, floor: Floor) -> None:
    """Print the table of the shops and the totals."""
    table = Table(box=box.SIMPLE_HEAVY, show_footer=True, footer_style="bold")
    waits, replies = list(floor.waits.values()), list(floor.first_replies.values())
    billable, stripe = sum(one.billable for one in lines), sum(one.stripe_total for one in lines)
    gap = sum(one.difference_won for one in lines)
    table.add_column("shop", footer="all", no_wrap=True)
    for title, footer in (
        ("contacts", str(sum(one.contacts for one in lines))),
        ("wait p50 / p90", _pair(quantile(waits, 50), quantile(waits, 90))),
        ("1st reply p50 / p90", _pair(quantile(replies, 50), quantile(replies, 90))),
        ("billable", str(billable)),
        ("won", _won(sum(one.won for one in lines))),
        ("Stripe", str(stripe)),
        ("difference", _won(gap)),
    ):
        table.add_column(title, footer=footer, justify="right", no_wrap=True)
    for one in lines:
        table.add_row(
            one.name,
            str(one.contacts),
            _pair(one.wait_p50, one.wait_p90),
            _pair(one.first_reply_p50, one.first_reply_p90),
            str(one.billable),
            _won(one.won),
            str(one.stripe_total),
            f"[{OK if one.difference_won == 0 else BAD}]{_won(one.difference_won)}[/]",
        )
    console.print(table)
    for name, text in _totals(figures).items():
        console.print(f"  {name:<12}{text}", highlight=False)
    console.print(f"\n  [{OK if gap == 0 else BAD}]difference {gap} won[/]", highlight=False)


def where(console: Console, addresses: Mapping[str, str], keys: Mapping[str, str], shop: str, agent: str) -> None:
    """Print where everything runs and what to try next."""
    console.print("\n[bold]It keeps running here[/]")
    for name, address in addresses.items():
        console.print(f"  {name:<12}{address}", highlight=False, soft_wrap=True)
    api = addresses["API"]
    body = '{"channel":"kakao","customer":{"id":"me"},"text":"배송 언제 와요?"}'
    console.print("\n[bold]Try it[/] (a shop opens a contact, an agent pulls it; both keys are fresh)")
    for command in (
        f"curl -s -H 'Authorization: Bearer {keys[shop]}' -d '{body}' {api}/v1/tenants/{shop}/contacts",
        f"curl -s -H 'Authorization: Bearer {keys[agent]}' -X POST {api}/v1/queue/next",
        f"curl -s -H 'Authorization: Bearer {keys[shop]}' {api}/v1/tenants/{shop}/usage",
        f"curl -s -H 'Authorization: Bearer {keys[shop]}' {api}/v1/tenants/{shop}/access-records",
    ):
        console.print(f"  {command}", highlight=False, markup=False, soft_wrap=True)


def who(console: Console, lines: Iterable[str], password: str, past: Path) -> None:
    """Print who signs in where, what a new shop may upload, and how it all ends."""
    console.print(f"\n[bold]Sign in[/] as somebody of every kind (password: {password})", highlight=False)
    for one in lines:
        console.print(f"  {one}", highlight=False, markup=False, soft_wrap=True)
    console.print(f"\n  a shop's past contacts, to upload while signing up: {past}", highlight=False)
    console.print("  [bold]make down[/] stops it all; what was stored stays in .local/\n", highlight=False)


def _totals(figures: Figures) -> dict[str, str]:
    reopened = (
        f"{figures.reopened_same_episode} free within 72 h, {figures.reopened_new_episode} billed anew after"
    )
    undone = f"{figures.spam} spam ({figures.spam_undone} more undone), {figures.merged} merged"
    moved = (
        f"{figures.transfers} handed over, {figures.releases} given back, {figures.lapsed} left by a silent agent"
    )
    one = figures.held
    told = (
        "no wait was promised (closed, or nobody was there)"
        if one.told_p50 is None
        else f"a wait of {one.told_p50:.0f} s was told"
    )
    waited = (
        f"{told}, {one.waited_p50:.0f} s it was (medians; nobody types here), all in within {one.drained:.0f} s"
    )
    repeats = f"{figures.repeats} repeats answered alike, {figures.reused_keys} re-used keys refused"
    sent = "by the operator: stream and queue took too long" if figures.sent_by_operator else "by itself"
    return {
        "answered": f"{figures.answered} contacts, {figures.double_claims} claimed twice",
        "reopened": reopened,
        "set aside": undone,
        "moved": moved,
        "held back": f"{one.contacts} contacts of {one.shops} shops, {one.promoted} of one's promotion",
        "": waited,
        "repeated": repeats,
        "usage sent": sent,
        "took": f"{figures.seconds:.0f} s, {figures.requests} requests",
    }


def _pair(low: float, high: float) -> str:
    return f"{low:.1f} / {high:.1f} s"


def _won(amount: int) -> str:
    return f"{amount:,}원"
