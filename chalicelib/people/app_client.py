"""The one app client of the user pool, and the secret without which nobody else makes its calls."""

import base64
import hashlib
import hmac
import time
from collections.abc import Callable
from functools import cache
from typing import Any

from botocore.config import Config
from botocore.session import get_session

from chalicelib.aws.settings import settings

Seconds = float

_MAX_AGE: Seconds = 300


@cache
def client() -> Any:
    """Return this process's client of Cognito."""
    retries = {"total_max_attempts": 2, "mode": "standard"}
    config = Config(connect_timeout=2, read_timeout=5, retries=retries)
    return get_session().create_client("cognito-idp", settings().region, config=config)


class AppClient:
    """An app client with a secret, which is read from the pool when it is needed, and kept nowhere else."""

    # The wall clock counts: a frozen function's own clock may stand still.
    def __init__(self, pool: str, app: str, clock: Callable[[], Seconds] = time.time) -> None:
        self.id = app
        self._pool = pool
        self._clock = clock
        self._secret = ""
        self._read_at: Seconds = 0

    @property
    def secret(self) -> str:
        """Return the secret, at most five minutes old."""
        now = self._clock()
        if not self._secret or now - self._read_at >= _MAX_AGE:
            found = client().describe_user_pool_client(UserPoolId=self._pool, ClientId=self.id)
            self._secret, self._read_at = str(found["UserPoolClient"]["ClientSecret"]), now
        return self._secret

    def hash_of(self, user: str) -> str:
        """Return what proves, for a call about `user` as the call names the user, that we know the secret."""
        proof = hmac.new(self.secret.encode(), f"{user}{self.id}".encode(), hashlib.sha256)
        return base64.b64encode(proof.digest()).decode()
