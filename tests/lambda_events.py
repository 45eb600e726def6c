"""Events as Lambda hands them over, each record with an id of its own."""

from collections.abc import Iterable
from typing import Any

Json = dict[str, Any]


def queue_event(*bodies: str, groups: Iterable[str] = ()) -> Json:
    """Return an event of a FIFO queue: message `m0`, `m1`, …, each in its group (default: all in one)."""
    names = list(groups) or ["g"] * len(bodies)
    return {
        "Records": [
            {
                "messageId": f"m{number}",
                "receiptHandle": f"r{number}",
                "body": body,
                "attributes": {
                    "ApproximateReceiveCount": "1",
                    "MessageGroupId": group,
                    "SequenceNumber": str(number),
                },
                "messageAttributes": {},
                "md5OfBody": "",
                "eventSource": "aws:sqs",
                "eventSourceARN": "arn:aws:sqs:ap-northeast-2:123456789012:usage.fifo",
                "awsRegion": "ap-northeast-2",
            }
            for number, (body, group) in enumerate(zip(bodies, names, strict=True))
        ]
    }


def change(new: Json | None, old: Json | None = None) -> Json:
    """Return what a table's stream says of a row that changed."""
    images = {"NewImage": new, "OldImage": old}
    row = new or old or {}
    return {
        "Keys": {name: row[name] for name in ("pk", "sk") if name in row},
        "StreamViewType": "NEW_AND_OLD_IMAGES",
        **{name: image for name, image in images.items() if image},
    }


def stream_event(*changes: Json) -> Json:
    """Return an event of a table's stream: record `s0`, `s1`, …"""
    return {
        "Records": [
            {
                "eventID": f"e{number}",
                "eventName": "MODIFY" if "OldImage" in said else "INSERT",
                "eventVersion": "1.1",
                "eventSource": "aws:dynamodb",
                "awsRegion": "ap-northeast-2",
                "eventSourceARN": "arn:aws:dynamodb:ap-northeast-2:123456789012:table/t/stream/s",
                "dynamodb": {**said, "SequenceNumber": f"s{number}"},
            }
            for number, said in enumerate(changes)
        ]
    }


def schedule_event() -> Json:
    """Return an event of a schedule."""
    return {
        "version": "0",
        "id": "1",
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "123456789012",
        "time": "2026-11-21T03:00:00Z",
        "region": "ap-northeast-2",
        "resources": ["arn:aws:events:ap-northeast-2:123456789012:rule/sweep"],
        "detail": {},
    }


def failed(answer: Any) -> list[str]:
    """Return the ids that Lambda shall bring again."""
    return [item["itemIdentifier"] for item in answer["batchItemFailures"]]
