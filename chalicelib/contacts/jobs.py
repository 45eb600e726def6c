"""The sweeper of what was put off."""

from chalicelib.aws.credentials import Scope, acting
from chalicelib.aws.observe import log
from chalicelib.contacts.aside import end_pause
from chalicelib.contacts.due import due
from chalicelib.contacts.wiring import desk
from chalicelib.kernel.clock import Millis
from chalicelib.kernel.errors import Busy, Conflict, NotFound

_AT_ONCE = 200


def wake_later(now: Millis) -> int:
    """Send or queue what was put off until now; answer how many contacts that was.

    At most 200 at once, and more only while none of them could be: those who are refused for good stay the first
    of the index, and must not keep the others out. One that fails stops no other; the failure is raised in the
    end, for the alarm.
    """
    woken, errors = 0, list[Exception]()
    for seen, (tenant, contact) in enumerate(due(now)):
        if woken and seen >= _AT_ONCE:
            break
        try:
            with acting(Scope(tenant=tenant)):
                end_pause(desk(tenant), contact, now)
            woken += 1
        except (Conflict, Busy, NotFound) as refusal:
            # It moved on since the index showed it, or moves too fast just now: the next run sees which.
            log().info("not woken", tenant=tenant, contact=contact, code=refusal.code)
        except Exception as error:
            log().exception("pause not ended", tenant=tenant, contact=contact)
            errors.append(error)
    if errors:
        raise ExceptionGroup("pauses not ended", errors)
    return woken
