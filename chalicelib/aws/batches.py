"""Batches from queues and streams: each record by itself, and only the failed ones come again."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from chalicelib.aws.observe import log

# Powertools' batch module brings asyncio and data classes along: 40 ms that the API's cold start shall not pay.
# ruff: noqa: PLC0415

Answer = Mapping[str, Any]
T = TypeVar("T")
A = TypeVar("A")


def each_message(event: dict[str, Any], work: Callable[[str], None]) -> Answer:
    """Do `work` with each body of a FIFO queue's event; what follows a failure of its group comes again too."""
    from aws_lambda_powertools.utilities.batch import SqsFifoPartialProcessor

    processor = SqsFifoPartialProcessor(skip_group_on_error=True)
    # A batch of one that fails is no crash of the function: its message comes again, and its queue has alarms.
    processor.raise_on_entire_batch_failure = False
    return _run(event, lambda record: work(record["body"]), processor)


def each_change(event: dict[str, Any], relays: Mapping[str, Callable[[Mapping[str, Any]], None]]) -> Answer:
    """Give each record of a table's stream to the relay of its row's kind; it goes on from the first failure."""
    from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType

    processor = BatchProcessor(EventType.DynamoDBStreams, raise_on_entire_batch_failure=False)

    def relay(record: Mapping[str, Any]) -> None:
        kind = record["dynamodb"].get("NewImage", {}).get("kind", {}).get("S", "")
        if kind in relays:
            relays[kind](record)

    return _run(event, relay, processor)


def _run(event: dict[str, Any], work: Callable[[Any], None], processor: Any) -> Answer:
    from aws_lambda_powertools.utilities.batch import process_partial_response
    from aws_lambda_powertools.utilities.typing import LambdaContext

    log().info("batch", records=len(event["Records"]))
    if not event["Records"]:
        return {"batchItemFailures": []}

    def one(record: Any) -> None:
        try:
            work(record.raw_event)
        except Exception:
            log().exception("record failed")
            raise

    answer: Answer = process_partial_response(event, one, processor, LambdaContext())
    return answer


def each_job(**jobs: Callable[[], A]) -> dict[str, A]:
    """Do each of `jobs` whatever becomes of the others; return their answers, or raise all that went wrong."""
    answers = each_of("job", jobs, lambda name: jobs[name]())
    return dict(zip(jobs, answers, strict=True))


def each_of(what: str, things: Iterable[T], work: Callable[[T], A]) -> list[A]:
    """Do `work` with each of `things` whatever becomes of the others; return the answers in order.

    What goes wrong is logged with its thing, and raised in one ExceptionGroup in the end, for the alarm.
    """
    answers, errors = list[A](), list[Exception]()
    for thing in things:
        try:
            answers.append(work(thing))
        except Exception as error:
            log().exception(f"{what} failed", thing=str(thing))
            errors.append(error)
    if errors:
        raise ExceptionGroup(f"{what}: {len(errors)} failed", errors)
    return answers
