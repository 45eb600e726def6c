"""One botocore session for all clients but the table's, which PynamoDB makes itself."""

from functools import cache
from typing import Any

from botocore.config import Config
from botocore.session import Session, get_session

from chalicelib.aws.retries import NO_RETRIES, bounded


@cache
def session() -> Session:
    """Return the session of this process: each further one reads all endpoints anew: 60 ms of CPU."""
    return get_session()


def client(service: str, region: str, *, repeats: bool = True, **options: Any) -> Any:
    """Return a client with short timeouts, whose retries come out of the budget of this process.

    Without `repeats` it makes none: for calls that must not be carried out twice.
    `options` are what botocore's `Config` takes besides, or instead.
    """
    config = Config(**{"connect_timeout": 2, "read_timeout": 5, "retries": NO_RETRIES, **options})
    made = session().create_client(service, region, config=config)
    if repeats:
        bounded(made)
    return made
