"""Replays every inquiry and proves the bill: `python -m tests.demo`; exit 1 if anything is not as it must be."""

import json
import sys
import time
from datetime import datetime

from rich.console import Console

from infra.stages import LOCAL
from tests.demo import checks, errands, people, report, stage
from tests.demo.agents import clear
from tests.demo.client import Client, Traffic
from tests.demo.customers import Customers
from tests.demo.floor import Floor, Talk
from tests.demo.progress import Progress
from tests.demo.scenario import Shop, load_inquiries, load_shops
from tests.demo.shift import PROMOTED, Desk, play
from tests.demo.team import CAPACITY, NAMES, Agent
from tests.stack.people import PASSWORD

WIDTH = 120
PAST = LOCAL / "past.csv"
# So many contacts are asked for once more by an agent who holds none of them.
_LOOKED_AT = 10


def main() -> None:
    """Play, check, show, and leave the figures in `.local/demo.json`."""
    begin = time.monotonic()
    console = Console(width=None if sys.stdout.isatty() else WIDTH)
    place, shops = stage.find_stage(), load_shops()
    # While the stage's clock is people's own: an invitation is good for a week.
    doors = people.settle(place, list(shops))
    errands.run(errands.write_past, PAST)
    talks = [Talk(inquiry) for inquiry in load_inquiries()]
    keys = errands.run(errands.issue_keys, tuple(shops), NAMES, CAPACITY)
    total = len(talks) + sum(talk.inquiry.reopening is not None for talk in talks)
    with Progress(console, total) as progress:
        desk = _open_desk(place, shops, talks, keys=keys, progress=progress)
        progress.phase("getting ready")
        closed = clear(desk.agents)
        if closed:
            console.print(f"  {closed} contacts that were left open were closed")
        errands.run(errands.empty_outbox)
        first, before = place.now, stage.stripe_totals(place)
        play(desk)
        progress.phase("usage travels to Stripe")
        helped = errands.run(errands.empty_outbox)
        progress.phase("everything is compared")
        lines, faults = _compare(desk, shops, before, first)
        reconciled = errands.run(errands.reconcile)
        looks, flaws = errands.run(errands.verify_records)
    figures = _figures(desk, reconciled, helped=helped, seconds=time.monotonic() - begin)
    faults += [*reconciled.breaks, *flaws]
    if helped:
        faults.append("usage did not reach Stripe by itself: the operator had to send it")
    if not figures.held.promoted:
        faults.append("nothing was held back at the promotion")
    if figures.reconciled_difference_won:
        faults.append(f"the reconciliation finds a difference:\n{reconciled.printed}")
    (LOCAL / "demo.json").write_text(
        json.dumps(report.summary(lines, figures, desk.floor), ensure_ascii=False, indent=2) + "\n",
        encoding="utf-8",
    )
    report.show(console, lines, figures, desk.floor)
    console.print(f"  looks at personal data: {looks}", highlight=False)
    if faults:
        console.print(f"\n[{report.BAD}]{len(faults)} things are not as they must be[/]")
        for fault in faults:
            console.print(f"  {fault}", markup=False, highlight=False, soft_wrap=True)
        sys.exit(1)
    addresses = {
        "API": place.api,
        "OpenAPI": f"{place.api}/v1/openapi.json",
        "AWS": place.found["Endpoint"],
        "Stripe": f"{place.stripe} (what it holds: {place.stripe}/_fake/dump)",
        **doors,
    }
    shop, agent = "danbi", NAMES[0]
    errands.run(errands.revoke_keys, [key for name, key in keys.items() if name not in {shop, agent}])
    report.where(console, addresses, keys, shop, agent)
    report.who(console, people.sign_ins(), PASSWORD, PAST.relative_to(LOCAL.parent))


def _open_desk(
    place: stage.Stage, shops: dict[str, Shop], talks: list[Talk], *, keys: dict[str, str], progress: Progress
) -> Desk:
    traffic, floor = Traffic(), Floor(talks)
    clients = {name: Client(place.api, key, traffic) for name, key in keys.items()}
    customers = Customers({shop: clients[shop] for shop in shops}, floor, run=f"demo-{time.time_ns():x}")
    agents = [
        Agent(name, clients[name], floor, customers, progress, goes_silent=name == NAMES[-1]) for name in NAMES
    ]
    return Desk(place, floor, customers, agents, traffic, progress)


def _compare(
    desk: Desk, shops: dict[str, Shop], before: dict[str, int], first: datetime
) -> tuple[list[report.Line], list[str]]:
    """Return a line for each shop, and everything that differs from the scenario."""
    talks = desk.floor.talks
    held = stage.stripe_totals(desk.stage)
    faults = [*desk.traffic.wrong, *checks.floor_faults(desk.floor)]
    faults += checks.story_faults(talks, checks.stories(desk.customers.clients, talks))
    faults += checks.withheld_faults(desk.agents[0], talks[:_LOOKED_AT])
    lines = []
    for shop in shops.values():
        client = desk.customers.clients[shop.id]
        booked = checks.read_ledger(client, shop, talks, (first, desk.stage.now))
        faults += checks.ledger_faults(shop, booked, talks)
        stripe = held.get(shop.id, 0) - before.get(shop.id, 0)
        sums = {"entries": booked.entries, "billable": booked.billable, "won": booked.won}
        lines.append(report.line(shop, desk.floor, talks, **sums, stripe=stripe))
        if lines[-1].difference_won:
            faults.append(f"{shop.id}: Stripe holds {stripe} contacts, the ledger {booked.billable}")
    return lines, faults


def _figures(desk: Desk, reconciled: errands.Reconciled, *, helped: bool, seconds: float) -> report.Figures:
    inquiries = [talk.inquiry for talk in desk.floor.talks]
    back = [inquiry.reopening for inquiry in inquiries if inquiry.reopening]
    return report.Figures(
        answered=len(desk.floor.first_replies),
        reconciled_difference_won=reconciled.difference_won,
        double_claims=desk.floor.double_claims,
        seconds=round(seconds, 1),
        requests=desk.traffic.requests,
        repeats=desk.traffic.repeats,
        reused_keys=desk.traffic.reuses,
        reopened_same_episode=sum(one.is_free for one in back),
        reopened_new_episode=sum(not one.is_free for one in back),
        spam=sum(inquiry.outcome == "spam" for inquiry in inquiries),
        spam_undone=sum(inquiry.spam_undone for inquiry in inquiries),
        merged=sum(inquiry.outcome == "merged" for inquiry in inquiries),
        lapsed=desk.floor.lapsed,
        transfers=desk.floor.transfers,
        releases=desk.floor.releases,
        strays=desk.floor.strays,
        sent_by_operator=helped,
        held=report.held(desk.floor, PROMOTED),
    )


if __name__ == "__main__":
    main()
