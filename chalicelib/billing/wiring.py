"""One tenant's till, and the desk's ear, with the real stores and the real provider."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from chalicelib.aws.credentials import Scope, acting
from chalicelib.aws.settings import settings
from chalicelib.aws.tables import commit
from chalicelib.billing.events import Events
from chalicelib.billing.identities import Identities
from chalicelib.billing.listening import Ear
from chalicelib.billing.mirror import Mirror
from chalicelib.billing.ports import Gateway, Till
from chalicelib.billing.store import StripeCustomers, owner_of
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
        mirror=Mirror(tenant),
        identities=Identities(tenant),
    )


@contextmanager
def till_of(tenant: str) -> Iterator[Till]:
    """Give the till of `tenant`, and make the calls within with a session of that tenant."""
    with acting(Scope(tenant=tenant)):
        yield till(tenant)


def ear() -> Ear:
    """Return where the provider's events are heard."""
    return Ear(gateway(), Events(), owner_of, till_of)
