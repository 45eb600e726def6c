"""One tenant's till with the real stores and the real provider."""

from functools import cache

from chalicelib.aws.settings import settings
from chalicelib.aws.tables import commit
from chalicelib.billing.ports import Gateway, Till
from chalicelib.billing.store import StripeCustomers
from chalicelib.metering.windows import Windows
from chalicelib.tenants.store import Tenants


@cache
def gateway() -> Gateway:
    """Return the payment provider of this stage."""
    # Stripe's import takes longer than that of all the rest, and only billing's functions need it.
    from chalicelib.billing.stripe_gateway import StripeGateway  # noqa: PLC0415

    now = settings()
    return StripeGateway(
        now.stripe_api_key,
        api_base=now.stripe_api_base,
        meter_events_base=now.stripe_meter_events_base,
        stage=now.stage,
    )


def till(tenant: str) -> Till:
    """Return the till of `tenant`; raise NotFound for an unknown one."""
    return Till(
        tenant=Tenants(tenant).profile(),
        stage=settings().stage,
        windows=Windows(tenant),
        customers=StripeCustomers(tenant),
        gateway=gateway(),
        commit=commit,
    )
