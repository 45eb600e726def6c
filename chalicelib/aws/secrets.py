"""Secrets, read from Secrets Manager when they are first needed: no variable and no template holds one."""

from functools import cache
from typing import Any

from chalicelib.aws.clients import client

_MAX_AGE_SECONDS = 300


def read_secret(arn: str, region: str) -> str:
    """Return the secret's text, at most five minutes old."""
    # Powertools brings boto3 along, which a cold start shall not wait for unless its first request needs a secret.
    from aws_lambda_powertools.utilities.parameters import GetParameterError  # noqa: PLC0415

    try:
        return str(_reader(region).get(arn, max_age=_MAX_AGE_SECONDS))
    except GetParameterError as error:
        # What the service itself said tells whether the same request may succeed in a moment.
        raise error.__context__ or error from None


@cache
def _reader(region: str) -> Any:
    from aws_lambda_powertools.utilities.parameters import SecretsProvider  # noqa: PLC0415

    # Half the time that boto3 takes to make one.
    return SecretsProvider(boto3_client=client("secretsmanager", region))
