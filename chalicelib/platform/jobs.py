"""Errands, letters and deliveries of events, off the stream, the queue and the clock."""

import json
import zlib
from collections.abc import Mapping
from typing import Any

from chalicelib.aws import queues
from chalicelib.aws.batches import each_job, each_of
from chalicelib.aws.credentials import Scope, acting
from chalicelib.aws.observe import log
from chalicelib.aws.settings import settings
from chalicelib.aws.tables import commit
from chalicelib.hooks import service as hooks
from chalicelib.hooks.history import open_deliveries
from chalicelib.hooks.wiring import desk
from chalicelib.incidents import service as incidents
from chalicelib.incidents.wiring import board
from chalicelib.kernel.clock import MINUTE, Millis
from chalicelib.letters import service as letters
from chalicelib.letters.store import Letters, open_letters
from chalicelib.platform.rules import terms_letter, trial_letter
from chalicelib.platform.wiring import mailroom
from chalicelib.rights.wiring import has_left
from chalicelib.tenants.acceptance import Acceptances
from chalicelib.tenants.entrustment import TERMS
from chalicelib.tenants.store import Tenants, all_tenants

_AT_ONCE = 100
_MINUTES = 60
_AGAIN: Millis = 5 * MINUTE


def relay_letter(record: Mapping[str, Any]) -> None:
    """Queue a letter when its stream `record` shows that it is new."""
    if new := _fresh(record):
        _send_letter(new["tenant"]["S"], new["sk"]["S"], record["dynamodb"]["SequenceNumber"])


def relay_delivery(record: Mapping[str, Any]) -> None:
    """Queue a delivery when its stream `record` shows that it is new, or to be sent anew."""
    if new := _fresh(record):
        sent = record["dynamodb"]["SequenceNumber"]
        _send_delivery(new["tenant"]["S"], new["hook"]["S"], new["sk"]["S"], sent)


def relay_incident(record: Mapping[str, Any]) -> None:
    """Queue the letters about an incident when its stream `record` shows that it is new."""
    if new := _fresh(record):
        incident = new["sk"]["S"]
        _queue({"incident": incident}, incident, incident)


def run_errand(body: str, now: Millis) -> None:
    """Send the letter, tell the hook, or write the letters about an incident, that a queue message names."""
    named = json.loads(body)
    if "incident" in named:
        incidents.tell(board(), named["incident"])
        return
    with acting(Scope(tenant=named["tenant"])):
        if "letter" in named:
            letters.send(mailroom(named["tenant"]), named["letter"], now)
        else:
            hooks.deliver(desk(named["tenant"]), named["hook"], named["delivery"], now)


def sweep_errands(now: Millis) -> int:
    """Queue again what should have been sent or is to be tried again, and remind shops; return how many of all.

    A shop that cannot be reminded stops no other; its error is raised in the end, for the alarm.
    """
    found = each_job(
        letters=lambda: _sweep_letters(now),
        deliveries=lambda: _sweep_deliveries(now),
        reminders=lambda: remind(now),
    )
    return sum(found.values())


def remind(now: Millis) -> int:
    """Write to the shops whose minute of the hour it is what they should know by now; return how many letters."""
    minute = now // MINUTE % _MINUTES
    turn = [tenant for tenant in all_tenants() if zlib.crc32(tenant.encode()) % _MINUTES == minute]
    return sum(each_of("remind", turn, lambda tenant: _remind(tenant, now)))


def _remind(tenant: str, now: Millis) -> int:
    with acting(Scope(tenant=tenant)):
        letters = Letters(tenant)
        accepted = {one.version for one in Acceptances(tenant).all() if one.document == "terms"}
        due = (trial_letter(Tenants(tenant).profile(), now), terms_letter(tenant, accepted, TERMS, now))
        new = [letter for letter in due if letter and letters.find(letter.id) is None]
        if new and has_left(tenant):
            return 0
        for letter in new:
            commit(letters.add(letter))
    return len(new)


def _sweep_letters(now: Millis) -> int:
    late = open_letters(now, _AT_ONCE)
    for tenant, letter in late:
        _send_letter(tenant, letter, f"s{now // _AGAIN}")
    if late:
        log().warning("letters wait", letters=len(late))
    return len(late)


def _sweep_deliveries(now: Millis) -> int:
    due = open_deliveries(now, _AT_ONCE)
    for tenant, hook, delivery in due:
        _send_delivery(tenant, hook, delivery, f"s{now // MINUTE}")
    return len(due)


def _fresh(record: Mapping[str, Any]) -> Mapping[str, Any] | None:
    new: Mapping[str, Any] = record["dynamodb"].get("NewImage", {})
    return new if new["state"]["S"] == "due" and new["tries"]["N"] == "0" else None


def _send_letter(tenant: str, letter: str, once: str) -> None:
    _queue({"tenant": tenant, "letter": letter}, f"{tenant}.mail", f"{letter}.{once}")


def _send_delivery(tenant: str, hook: str, delivery: str, once: str) -> None:
    # A hook is a group of its own: one that is slow holds up nobody's mail, and no other hook.
    _queue({"tenant": tenant, "hook": hook, "delivery": delivery}, f"{tenant}.{hook}", f"{delivery}.{once}")


def _queue(body: dict[str, str], group: str, once: str) -> None:
    queues.send(settings().errand_queue_url, body, group=group, once=once)
