"""What shops are told off the clock."""

from chalicelib.aws.batches import each_of
from chalicelib.aws.credentials import Scope, acting
from chalicelib.bills.choices import tell
from chalicelib.bills.wiring import account
from chalicelib.kernel.clock import Millis
from chalicelib.tenants.store import capped_tenants


def alerts(now: Millis) -> int:
    """Tell each shop with a cap of the thresholds that its month has passed; count what was told.

    A shop that fails stops no other; the failure is raised in the end, for the alarm.
    """

    def one(tenant: str) -> int:
        with acting(Scope(tenant=tenant)):
            return tell(account(tenant), now)

    return sum(each_of("alerts", capped_tenants(), one))
