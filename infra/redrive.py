"""Brings dead letters back once their cause is repaired: `python -m infra.redrive overflow --stage local`."""

import argparse
import json
from typing import Any

from infra.cloud import client
from infra.session import deployed
from infra.stages import STAGES

QUEUES = {
    "overflow": "OverflowQueueUrl",
    "usage": "UsageQueueUrl",
    "errands": "ErrandQueueUrl",
    "diagnosis": "DiagnosisQueueUrl",
}
# A short poll may find nothing where something is; a long one asks every server of the queue.
_WAIT_SECONDS = 2


def redrive(sqs: Any, source: str) -> int:
    """Move all dead letters of the queue `source` back to it, one by one, and return how many.

    Each is sent before it is deleted: a crash in between leaves a second one, which does no harm. A ticket of the
    overflow queue lets in whoever is held back, or nobody; a window is sent as the total that it has by then, and
    letters, deliveries and diagnoses know how far they are.
    """
    dead, moved = dead_letters_of(sqs, source), 0
    while found := _receive(sqs, dead):
        for message in found:
            sqs.send_message(QueueUrl=source, MessageBody=message["Body"], **_group(source, message))
            sqs.delete_message(QueueUrl=dead, ReceiptHandle=message["ReceiptHandle"])
            moved += 1
    return moved


def count(sqs: Any, source: str) -> int:
    """Return about how many dead letters of the queue `source` there are, without touching them."""
    name = "ApproximateNumberOfMessages"
    found = sqs.get_queue_attributes(QueueUrl=dead_letters_of(sqs, source), AttributeNames=[name])
    return int(found["Attributes"][name])


def dead_letters_of(sqs: Any, source: str) -> str:
    """Return the address of the queue in which the dead letters of `source` end."""
    found = sqs.get_queue_attributes(QueueUrl=source, AttributeNames=["RedrivePolicy"])["Attributes"]
    arn = json.loads(found["RedrivePolicy"])["deadLetterTargetArn"]
    return str(sqs.get_queue_url(QueueName=arn.rpartition(":")[2])["QueueUrl"])


def _receive(sqs: Any, queue: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = sqs.receive_message(
        QueueUrl=queue,
        MaxNumberOfMessages=10,
        WaitTimeSeconds=_WAIT_SECONDS,
        MessageSystemAttributeNames=["MessageGroupId"],
    ).get("Messages", [])
    return found


def _group(source: str, message: dict[str, Any]) -> dict[str, str]:
    group = message.get("Attributes", {}).get("MessageGroupId")
    kept = {"MessageGroupId": group} if group else {}
    # The id that it once had would be dropped as a repeat; this one is dropped only if it was moved just now.
    fresh = {"MessageDeduplicationId": f"redrive-{message['MessageId']}"} if source.endswith(".fifo") else {}
    return kept | fresh


def main() -> None:
    """Redrive the queue that the command line names, and print how many messages were moved."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("queue", choices=QUEUES)
    parser.add_argument("--stage", choices=STAGES, default="local")
    parser.add_argument("--dry-run", action="store_true", help="count them, and move nothing")
    options = parser.parse_args()
    found = deployed(options.stage)
    sqs, source = client("sqs", found.get("Endpoint")), found[QUEUES[options.queue]]
    if options.dry_run:
        print(f"{count(sqs, source)} dead letters of {options.queue}, none moved")
    else:
        print(f"{redrive(sqs, source)} messages back in {options.queue}")


if __name__ == "__main__":
    main()
