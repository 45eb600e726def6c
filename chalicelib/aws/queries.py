"""Rows by the partition, and what the queue's index shows."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from pynamodb.expressions.condition import Condition

from chalicelib.aws.credentials import own
from chalicelib.aws.tables import Row

Scoping = Callable[[], AbstractContextManager[None]]


def partition(pk: str, *, within: Condition | None = None, consistent: bool = True) -> list[Row]:
    """Return all rows of a partition, strongly consistent unless told otherwise, each as its own kind.

    `within` narrows it to a range of `Row.sk`.
    """
    found = _pages(pk, consistent_read=consistent, range_key_condition=within)
    return [Row.from_raw_data(item) for page in found for item in page["Items"]]


def hints(key: str, names: list[str], *, page: int, within: Condition | None = None) -> Iterator[dict[str, str]]:
    """Yield the attributes `names`, as text, of what `work` shows under `key`, in order, a `page` at a time.

    `within` narrows it to a range of `Row.work_sk`. Rows are not made into models: what an index shows is only a
    hint, and this is the hot path of a pull.
    """
    narrowed = {"range_key_condition": within, "index_name": "work", "attributes_to_get": names, "limit": page}
    for found in _pages(key, scope=own, **narrowed):
        for item in found["Items"]:
            yield {name: next(iter(value.values())) for name, value in item.items()}


def count(key: str, within: Condition) -> int:
    """Return how many things `work` shows under `key` within a range of `Row.work_sk`: a hint."""
    found = _pages(key, scope=own, range_key_condition=within, index_name="work", select="COUNT")
    return sum(page["Count"] for page in found)


def _pages(key: str, *, scope: Scoping = nullcontext, **query: Any) -> Iterator[dict[str, Any]]:
    # Not PynamoDB's own query: it would filter by all kinds of rows that there are.
    after = None
    while True:
        with scope():
            found = Row._get_connection().query(key, exclusive_start_key=after, **query)
        yield found
        after = found.get("LastEvaluatedKey")
        if after is None:
            return
