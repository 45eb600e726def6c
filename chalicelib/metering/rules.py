"""What a change of a contact books: a contact is billable once an episode, on the first human reply."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from chalicelib.kernel.clock import HOUR, Millis, kst_month, month_span, utc_hour
from chalicelib.metering.model import Episode, Meter, Price, Reason, UsageEntry

SAME_EPISODE: Millis = 72 * HOUR
"""A customer who comes back within this time of the resolution continues the same episode, free."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What an entry stands on: the contact, the message or event, who acted, and when."""

    tenant: str
    contact: str
    message: str
    actor: str
    channel: str
    at: Millis


Booking = tuple[Episode, UsageEntry | None]


def handled(episode: Episode, evidence: Evidence, price: Price) -> Booking:
    """Book a human reply at `price`: +1 on the first of the episode, nothing on any later one."""
    if episode.n:
        return episode, None
    return _book(replace(episode, price=price, billed_at=evidence.at), evidence, Reason.HANDLED, 1)


def answered(
    episode: Episode, evidence: Evidence, price: Price, *, test: bool
) -> tuple[Episode, tuple[UsageEntry, ...]]:
    """Book a human reply like `handled`; a `test` is taken off again in the same breath."""
    episode, entry = handled(episode, evidence, price)
    if entry is None or not test:
        return episode, (entry,) if entry else ()
    episode, back = reversed_(episode, evidence, Reason.TEST)
    return episode, (entry, back) if back else (entry,)


def inherited(episode: Episode, evidence: Evidence, from_: Episode) -> Booking:
    """Book the answer that a merged contact brings along, as it was billed there, unless this one has its own."""
    if episode.n:
        return episode, None
    carried = replace(episode, price=from_.price, billed_at=from_.billed_at)
    return _book(carried, evidence, Reason.HANDLED_BEFORE_MERGE, 1)


def reversed_(episode: Episode, evidence: Evidence, reason: Reason) -> Booking:
    """Take the episode's contact off the bill, if it is on it."""
    if not episode.net:
        return episode, None
    return _book(episode, evidence, reason, -1)


def reinstated(episode: Episode, evidence: Evidence) -> Booking:
    """Put back what a reversal took off; an episode that was never billed stays unbilled."""
    if episode.net or not episode.n:
        return episode, None
    return _book(episode, evidence, Reason.SPAM_UNDONE, 1)


def reopened(episode: Episode, resolved_at: Millis, now: Millis) -> Episode:
    """Return the episode that a reopening at `now` belongs to: the same within 72 h, else a new one."""
    if now - resolved_at <= SAME_EPISODE:
        return episode
    return Episode(number=episode.number + 1)


def window_of(entry: UsageEntry) -> tuple[Meter, str]:
    """Return the meter and UTC hour whose window holds `entry`."""
    return entry.meter, utc_hour(entry.booked_at)


def month_of(entry: UsageEntry) -> str:
    """Return the KST billing month of `entry`."""
    return kst_month(entry.booked_at)


def postponed(entry: UsageEntry, month: str) -> UsageEntry:
    """Return `entry`, booked at the beginning of the month after `month`, which is closed."""
    return replace(entry, booked_at=month_span(month)[1])


def is_adjustment(entry: UsageEntry) -> bool:
    """Return whether `entry` changes the bill of a month that had passed when it was booked."""
    return entry.origin != month_of(entry)


def window_deltas(entries: Iterable[UsageEntry]) -> dict[tuple[Meter, str], int]:
    """Return what `entries` add to each window; a window whose sum is 0 is still touched."""
    deltas: dict[tuple[Meter, str], int] = {}
    for entry in entries:
        if is_adjustment(entry):
            continue
        key = window_of(entry)
        deltas[key] = deltas.get(key, 0) + entry.delta
    return deltas


def _book(episode: Episode, evidence: Evidence, reason: Reason, delta: int) -> Booking:
    if episode.price is None:
        raise AssertionError("an episode is billed before it is corrected")
    origin = kst_month(episode.billed_at)
    entry = UsageEntry(
        tenant=evidence.tenant,
        contact=evidence.contact,
        episode=episode.number,
        n=episode.n + 1,
        delta=delta,
        reason=reason,
        evidence=evidence.message,
        price=episode.price,
        occurred_at=evidence.at,
        # Within the month a correction goes to the hour of what it corrects, so that no hour's sum turns negative
        # by it. A month that has passed stays as it was counted: later corrections adjust its bill.
        booked_at=evidence.at if kst_month(evidence.at) > origin else episode.billed_at,
        origin=origin,
        actor=evidence.actor,
        channel=evidence.channel,
        reverses=episode.n,
    )
    return replace(episode, n=entry.n, net=episode.net + delta), entry
