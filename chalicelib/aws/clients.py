"""One botocore session for all clients but the table's, which PynamoDB makes itself."""

from functools import cache

from botocore.session import Session, get_session


@cache
def session() -> Session:
    """Return the session of this process: each further one reads all endpoints anew: 60 ms of CPU."""
    return get_session()
