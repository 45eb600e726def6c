"""SQS: send ids, never content."""

import json
from functools import cache
from typing import Any

from chalicelib.aws.clients import client
from chalicelib.aws.settings import settings


@cache
def _client() -> Any:
    return client("sqs", settings().region)


def send(url: str, body: dict[str, str], *, group: str, once: str = "") -> None:
    """Send `body` to a queue, for `group`.

    A FIFO queue keeps the order within a group, and drops a repeat of `once` within 5 minutes; no other takes it.
    """
    dropped = {"MessageDeduplicationId": once} if once else {}
    _client().send_message(QueueUrl=url, MessageBody=json.dumps(body), MessageGroupId=group, **dropped)


def receive(url: str, most: int) -> list[tuple[str, str]]:
    """Return up to `most` (at most ten) messages that are there now, each as its body and its receipt."""
    found = _client().receive_message(QueueUrl=url, MaxNumberOfMessages=most).get("Messages", [])
    return [(message["Body"], message["ReceiptHandle"]) for message in found]


def delete(url: str, receipt: str) -> None:
    """Take a received message off its queue for good."""
    _client().delete_message(QueueUrl=url, ReceiptHandle=receipt)
