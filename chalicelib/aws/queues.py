"""SQS: send ids, never content."""

import json
from functools import cache
from typing import Any

from botocore.config import Config

from chalicelib.aws.clients import session
from chalicelib.aws.settings import settings


@cache
def _client() -> Any:
    retries = {"total_max_attempts": 3, "mode": "standard"}
    config = Config(connect_timeout=2, read_timeout=5, retries=retries)
    return session().create_client("sqs", settings().region, config=config)


def send(url: str, body: dict[str, str], *, group: str, once: str) -> None:
    """Send `body` to a FIFO queue, in order within `group`; a repeat of `once` within 5 minutes is dropped."""
    _client().send_message(
        QueueUrl=url,
        MessageBody=json.dumps(body),
        MessageGroupId=group,
        MessageDeduplicationId=once,
    )
