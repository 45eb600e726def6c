"""Which addresses may be told, what is said to them and how it is proven, and when it is said again."""

import hashlib
import hmac
import ipaddress
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from chalicelib.hooks.model import OFFERED, Answer, Delivery, Event, Hook, State
from chalicelib.kernel.clock import DAY, HOUR, KST, MINUTE, SECOND, Millis, iso
from chalicelib.kernel.errors import BadInput, Conflict

MAX_HOOKS = 5
KEPT: Millis = 30 * DAY
_MAX_URL = 500
_HTTPS = 443
_URL = re.compile(r"[\x21-\x7e]+")
_HOST = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
_PAUSES: tuple[Millis, ...] = (MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 12 * HOUR)
_DONE = range(200, 300)
_MOST_FAILURES = 50


def check_url(url: str, *, is_local: bool) -> None:
    """Raise BadInput `hook_url` unless `url` is an https address by name, at the usual port, without a password.

    In the local stage a plain address of the same machine will do, too.
    """
    wrong = BadInput("hook_url", "a hook is an https address by name, at port 443 and without a password")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise wrong from None
    if len(url) > _MAX_URL or not _URL.fullmatch(url) or parts.username is not None or parts.fragment:
        raise wrong
    host = parts.hostname or ""
    if is_local and parts.scheme == "http" and host == "127.0.0.1":
        return
    if parts.scheme != "https" or port not in {None, _HTTPS} or _is_number(host) or not _HOST.fullmatch(host):
        raise wrong


def check_events(events: tuple[Event, ...]) -> None:
    """Raise BadInput `invalid_events` unless there is one at least, each once, and each on offer."""
    if not events or len(set(events)) < len(events) or not set(events) <= set(OFFERED):
        raise BadInput("invalid_events", f"events are one or more of: {', '.join(OFFERED)}")


def check_room(hooks: list[Hook]) -> None:
    """Raise Conflict `too_many_hooks` when a shop has as many as it may."""
    if len(hooks) >= MAX_HOOKS:
        raise Conflict("too_many_hooks", f"a shop has {MAX_HOOKS} hooks at most")


def body_of(tenant: str, event: Event, data: Mapping[str, str | int], event_id: str, at: Millis) -> str:
    """Return what receivers get: the same id whenever the same event is told again."""
    said = {"id": event_id, "event": event, "tenant": tenant, "at": iso(at), "data": dict(data)}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def signature(secret: str, body: str, at: Millis) -> str:
    """Return the header that proves a body: `t=<seconds>,v1=<HMAC-SHA256 of "seconds.body">`."""
    seconds = at // SECOND
    proof = hmac.new(secret.encode(), f"{seconds}.{body}".encode(), hashlib.sha256).hexdigest()
    return f"t={seconds},v1={proof}"


def is_due(delivery: Delivery, now: Millis) -> bool:
    """Return whether the delivery is to be sent by `now`."""
    return delivery.state is State.DUE and delivery.next_at <= now


def begun(delivery: Delivery, now: Millis) -> Delivery:
    """Return the delivery while it is sent once more: the next time it would be; failed after the last one."""
    if delivery.tries > len(_PAUSES):
        return replace(delivery, state=State.FAILED, next_at=0)
    pause = _PAUSES[min(delivery.tries, len(_PAUSES) - 1)]
    return replace(delivery, tries=delivery.tries + 1, next_at=now + pause)


def after(trying: Delivery, answer: Answer) -> Delivery:
    """Return a delivery that was `begun` after the answer: done, to be sent again, or given up."""
    told = replace(trying, status=answer.status, ms=answer.ms, error=answer.error)
    if answer.status in _DONE:
        return replace(told, state=State.DONE, next_at=0)
    if trying.tries > len(_PAUSES):
        return replace(told, state=State.FAILED, next_at=0)
    return told


def pauses(hook: Hook) -> bool:
    """Return whether one more failure pauses the hook."""
    return not hook.paused_at and hook.failures + 1 >= _MOST_FAILURES


def resent(delivery: Delivery, now: Millis) -> Delivery:
    """Return the delivery as new, to be told once more; raise Conflict `delivery_due` while it is on its way."""
    if delivery.state is State.DUE:
        raise Conflict("delivery_due", "this delivery is sent by itself already")
    return replace(delivery, state=State.DUE, tries=0, next_at=now)


def day_of(at: Millis) -> str:
    """Return the day of `at` in Asia/Seoul: `2026-11-21`."""
    return datetime.fromtimestamp(at / SECOND, KST).date().isoformat()


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
