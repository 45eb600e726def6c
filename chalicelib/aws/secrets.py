"""Secrets, read from Secrets Manager when they are first needed: no variable and no template holds one."""

from functools import cache
from typing import Any

from botocore.config import Config

from chalicelib.aws.clients import session

_MAX_AGE_SECONDS = 300


def read_secret(arn: str, region: str) -> str:
    """Return the secret's text, at most five minutes old."""
    return str(_reader(region).get(arn, max_age=_MAX_AGE_SECONDS))


@cache
def _reader(region: str) -> Any:
    # Powertools brings boto3 along, which a cold start shall not wait for unless its first request needs a secret.
    from aws_lambda_powertools.utilities.parameters import SecretsProvider  # noqa: PLC0415

    retries = {"total_max_attempts": 3, "mode": "standard"}
    config = Config(connect_timeout=2, read_timeout=5, retries=retries)
    # The same timeouts and retries as the table's client, and half the time that boto3 takes to make one.
    return SecretsProvider(boto3_client=session().create_client("secretsmanager", region, config=config))
