"""Apply a decision to a contact: load, decide, save in one transaction, and decide anew if others were faster."""

from collections.abc import Callable

from chalicelib.agents.model import NO_WORK, Agent, Work
from chalicelib.aws.tables import Write
from chalicelib.contacts import rules
from chalicelib.contacts.model import Action, AlreadyStored, Change, Contact, ContactChanged, Message, Status
from chalicelib.contacts.ports import Desk
from chalicelib.kernel.errors import Busy, Conflict, Mismatch, same_body
from chalicelib.metering.model import PeriodClosed

TRIES = 8


def act(
    desk: Desk, contact_id: str, decide: Callable[[Contact], Change], *, expected: int | None = None
) -> Contact:
    """Apply one decision to a contact and return it; if it changed meanwhile, decide anew.

    `expected` is the version that the caller saw (`If-Match`): any other is refused with Mismatch.
    """
    for _ in range(TRIES):
        contact = desk.contacts.get(contact_id)
        rules.serves(contact, desk.pool)
        expect(contact, expected)
        change = decide(contact)
        try:
            with desk.beside(contact.agent):
                desk.commit(*writes(desk, change))
        except (ContactChanged, PeriodClosed):
            continue
        if change.before.status is not change.after.status is Status.SHOP:
            desk.remind(change.after)
        return change.after
    raise too_fast()


def writes(desk: Desk, change: Change) -> list[Write]:
    """Return everything that `change` does, for one transaction."""
    return [*state(desk, change), *desk.ledger.writes(change.entries)]


def state(desk: Desk, change: Change) -> list[Write]:
    """Return what `change` does to all but the ledger."""
    before, after = change.before, change.after
    found = [desk.contacts.save(before, after)]
    if before.status is not after.status:
        found += desk.tell(after)
    if change.message:
        found += [desk.contacts.append(before.id, change.message)]
        found += desk.attach(before, change.message, change.files)
    if change.note:
        found.append(desk.contacts.append(before.id, change.note))
    if change.event:
        found.append(desk.contacts.record(before.id, change.event))
    if before.agent and before.agent != after.agent:
        found.append(_given_back(desk, change))
    if change.taker:
        found.append(_taken(desk, change, change.taker))
    return found


def say(
    desk: Desk, contact_id: str, said: Message, decide: Callable[[Contact], Change], *, expected: int | None = None
) -> Message:
    """Store something said by what is decided of its contact; a repeat returns the first answer."""
    stored: list[Message] = []

    def remember(contact: Contact) -> Change:
        require_customer(contact)
        change = decide(contact)
        stored[:] = [change.message or said]
        return change

    try:
        act(desk, contact_id, remember, expected=expected)
    except (AlreadyStored, Conflict, Mismatch):
        # A repeat that comes after the contact has moved on is refused by its state before it meets its own row.
        first = desk.contacts.message(contact_id, said)
        if first is None:
            raise
        same_body(first.digest, said.digest)
        return first
    return stored[0]


def require_customer(contact: Contact) -> None:
    """Raise Conflict `customer_erased` for a contact in which nothing more may be said."""
    if not contact.customer:
        # Nothing would erase it: the erasure has done with this contact.
        raise _customer_erased()


def require_not_erased(desk: Desk, contact: Contact) -> None:
    """Raise Conflict `customer_erased` also for what a legal hold keeps after its customer was erased."""
    require_customer(contact)
    if desk.erased(contact):
        raise _customer_erased()


def customer_of(desk: Desk, contact: Contact) -> str:
    """Return whose contact it is as agents' rows name it, `tenant/handle`; empty once that one was erased."""
    return f"{contact.tenant}/{desk.customers.handle(contact.customer)}" if contact.customer else ""


def expect(contact: Contact, version: int | None) -> None:
    """Raise Mismatch unless `contact` is of this version; None: any will do."""
    if version not in (None, contact.version):
        raise Mismatch("version_mismatch", "this contact changed since you looked", version=contact.version)


def too_fast() -> Busy:
    """Return the refusal after `TRIES`."""
    return Busy("busy", "this contact is changing too fast; try again")


def _customer_erased() -> Conflict:
    return Conflict("customer_erased", "this customer was erased; nothing more is kept here")


def _given_back(desk: Desk, change: Change) -> Write:
    before, after = change.before, change.after
    # Who was insulted did not handle anything, and is spared that customer from now on.
    stopped = bool(after.stopped_by)
    work = NO_WORK if stopped else Work.of(before.weight, before.claimed_at, after.resolved_at)
    return desk.agents.give_back(
        before.agent,
        before.ref,
        before.weight,
        lapsed_at=change.lapsed_at,
        work=work,
        barring=customer_of(desk, before) if stopped else "",
    )


def _taken(desk: Desk, change: Change, taker: Agent) -> Write:
    after = change.after
    return desk.agents.take(
        taker,
        after.ref,
        after.weight,
        now=after.claimed_at,
        # Who is given a contact by a lead must be there; who takes one shows it by that.
        claiming=not change.before.agent and not (change.event and change.event.action is Action.REASSIGN),
        version=change.taker_version,
        customer=customer_of(desk, after),
    )
