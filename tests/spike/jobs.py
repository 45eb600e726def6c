"""What runs with the product's own code beside the deployed stack, in processes that have taken it on."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBException

from chalicelib.aws.observe import log
from chalicelib.kernel.clock import Millis
from chalicelib.overflow import jobs as overflow
from chalicelib.queue import jobs as queue
from chalicelib.tenants.model import Channel, Contract
from infra import operate
from tests.stack import world


def found(contracts: Mapping[str, Contract], agents: Sequence[str], pool: str, capacity: int) -> dict[str, str]:
    """Store shops with these contracts and agents of one pool, and return an API key for each, by id."""
    # No shop of the day does anything but write mails.
    shops = [
        replace(world.tenant(tenant, pool), contract=contract, channels=(Channel.EMAIL,))
        for tenant, contract in contracts.items()
    ]
    operate.apply_tenants(shops)
    keys = {shop.id: operate.issue_for_shop(shop.id) for shop in shops}
    return keys | {agent: operate.issue_for_agent(agent, pool, capacity) for agent in agents}


def sweep(now: Millis) -> dict[str, Any]:
    """Do what the schedule does every minute, as far as it moves contacts; what fails comes again."""
    # What fails on purpose would fill the screen.
    log().setLevel("CRITICAL")
    done: dict[str, Any] = {}
    for name, job in {"leases": queue.sweep_leases, "overflow": overflow.sweep_overflow}.items():
        try:
            done[name] = job(now)
        except (ClientError, PynamoDBException, BotoCoreError, ExceptionGroup) as error:
            done[name] = repr(error)
    return done
