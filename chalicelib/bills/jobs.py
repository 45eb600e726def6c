"""What shops are told off the clock."""

from chalicelib.aws.credentials import Scope, acting
from chalicelib.aws.observe import log
from chalicelib.bills.choices import tell
from chalicelib.bills.wiring import account
from chalicelib.kernel.clock import Millis
from chalicelib.tenants.store import capped_tenants


def alerts(now: Millis) -> int:
    """Tell each shop with a cap of the thresholds that its month has passed; count what was told.

    A shop that fails stops no other; the failure is raised in the end, for the alarm.
    """
    told, errors = 0, list[Exception]()
    for tenant in capped_tenants():
        try:
            with acting(Scope(tenant=tenant)):
                told += tell(account(tenant), now)
        except Exception as error:
            log().exception("alerts failed", tenant=tenant)
            errors.append(error)
    if errors:
        raise ExceptionGroup("alerts failed", errors)
    return told
