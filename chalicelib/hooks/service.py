"""Make hooks, tell them what happened, and tell them again."""

import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace

from chalicelib.aws.observe import log
from chalicelib.aws.tables import Write
from chalicelib.hooks.model import Answer, Delivery, Event, Hook, HookExists, State
from chalicelib.hooks.ports import Desk
from chalicelib.hooks.rules import after, begun, body_of, check_room, is_due, pauses, resent, signature
from chalicelib.kernel.clock import Millis
from chalicelib.kernel.errors import Conflict, NotFound, not_found, same_body
from chalicelib.kernel.ids import random_id

_PART = 16


def make(desk: Desk, hook: Hook) -> tuple[Hook, str]:
    """Store a new hook and return it with its secret; a repeat returns the first one.

    Raises Conflict `too_many_hooks`, or `idempotency_mismatch` when the same key came with another body before.
    """
    known = desk.hooks.find(hook.id)
    if known is None:
        check_room(desk.hooks.all())
        secret = f"whsec_{secrets.token_hex(32)}"
        with suppress(HookExists):
            desk.commit(desk.hooks.add(hook, secret))
            return hook, secret
        known = _found(desk, hook.id)
    same_body(known.digest, hook.digest)
    return known, desk.hooks.secret(known.id)


def remove(desk: Desk, hook: str, at: Millis) -> None:
    """Tell a hook nothing more; raise NotFound."""
    desk.commit(desk.hooks.remove(hook, at))


def told(desk: Desk, hook: str, event: Event, data: Mapping[str, str | int], at: Millis) -> Delivery:
    """Return a new delivery of an event to a hook."""
    body = body_of(desk.tenant, event, data, random_id(), at)
    return Delivery(desk.tenant, hook, f"{at:013d}-{random_id()[:_PART]}", event, at, body)


def test(desk: Desk, hook_id: str, at: Millis) -> Delivery:
    """Send a hook an event without a meaning, also one that is paused: if it is heard, the pause is over."""
    delivery = told(desk, _found(desk, hook_id).id, Event.TEST, {}, at)
    desk.commit(desk.deliveries(hook_id).add(delivery))
    return delivery


def resend(desk: Desk, hook_id: str, delivery_id: str, now: Millis) -> Delivery:
    """Send once more what was sent or given up; raise NotFound or Conflict `delivery_due`."""
    _found(desk, hook_id)
    before = desk.deliveries(hook_id).find(delivery_id, now)
    if before is None:
        raise not_found()
    again = resent(before, now)
    desk.commit(desk.deliveries(hook_id).save(before, again))
    return again


def deliver(desk: Desk, hook_id: str, delivery_id: str, now: Millis) -> None:
    """Send a delivery that is due and note what came of it; any other is left alone.

    The next try is noted before this one begins: who dies on the way is followed by it.
    """
    store, hook = desk.deliveries(hook_id), desk.hooks.find(hook_id)
    delivery = store.find(delivery_id, now)
    if delivery is None or not is_due(delivery, now):
        return
    trying = begun(delivery, now)
    with suppress(Conflict):
        desk.commit(store.save(delivery, trying))
        if trying.state is State.DUE:
            _tell(desk, hook, trying, now)


def _tell(desk: Desk, hook: Hook | None, trying: Delivery, now: Millis) -> None:
    answer = _answer(desk, hook, trying, now)
    ended = after(trying, answer)
    if hook is None or answer.error == "paused":
        desk.commit(desk.deliveries(trying.hook).save(trying, replace(ended, state=State.FAILED, next_at=0)))
        return
    if ended.state is State.DONE:
        heard = [desk.hooks.heard(hook.id)] if hook.failures else []
        desk.commit(desk.deliveries(hook.id).save(trying, ended), *heard)
        return
    is_paused = pauses(hook)
    if is_paused or ended.state is State.FAILED:
        # One letter a day and hook: the first one told it already.
        with suppress(Conflict):
            desk.commit(desk.warn(hook, ended, now))
    failed = desk.hooks.failed(hook.id, now if is_paused else 0)
    desk.commit(desk.deliveries(hook.id).save(trying, ended), failed)


def _answer(desk: Desk, hook: Hook | None, delivery: Delivery, now: Millis) -> Answer:
    if hook is None:
        return Answer(0, 0, "removed")
    if hook.paused_at and delivery.event is not Event.TEST:
        return Answer(0, 0, "paused")
    try:
        secret = desk.hooks.secret(hook.id)
    except NotFound:
        return Answer(0, 0, "removed")
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Duredesk-Hooks/1",
        "Duredesk-Signature": signature(secret, delivery.body, now),
    }
    answer = desk.post(hook.url, delivery.body, headers)
    log().info("hook told", hook=hook.id, status=answer.status, ms=answer.ms, error=answer.error)
    return answer


def _found(desk: Desk, hook: str) -> Hook:
    found = desk.hooks.find(hook)
    if found is None:
        raise not_found()
    return found


def writes(desk: Desk, hooks: list[Hook], event: Event, data: Mapping[str, str | int], at: Millis) -> list[Write]:
    """Return the writes that tell those of `hooks` that asked for `event`: the same event to each of them."""
    wanted = [hook for hook in hooks if event in hook.events and not hook.paused_at]
    if not wanted:
        return []
    first = told(desk, "", event, data, at)
    return [desk.deliveries(hook.id).add(replace(first, hook=hook.id)) for hook in wanted]
