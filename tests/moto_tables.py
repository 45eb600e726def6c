"""moto, made quick: queries read their partition, transactions keep what they touch, and desks are copies.

Nobody reads moto's stream, nor its list of all that it ever made: both would keep each row that ever was.
"""

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import pytest
from moto.core.common_models import BaseModel
from moto.dynamodb.models import DynamoDBBackend, dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.table import StreamShard, Table

from tests.wall import ACCOUNT, REGION


@dataclass
class Transaction:
    """The partitions that a transaction names, and the tables as they were before it, by their identity."""

    touched: list[DynamoType]
    before: dict[int, Table] = field(default_factory=dict)


_asked: ContextVar[tuple[DynamoType, str] | None] = ContextVar("asked", default=None)
"""The partition that a query is for, and the attribute that holds it; an empty one is the table's own key."""

_transaction: ContextVar[Transaction | None] = ContextVar("transaction", default=None)


def tables() -> dict[str, Any]:
    """Return moto's tables by their names."""
    found: dict[str, Any] = dynamodb_backends[ACCOUNT][REGION].tables
    return found


def partitions(params: Any) -> Iterator[str]:
    """Yield every partition that a request names, however deep."""
    if isinstance(params, dict):
        for name, value in params.items():
            if name == "pk" and isinstance(value, dict) and "S" in value:
                yield value["S"]
            else:
                yield from partitions(value)
    elif isinstance(params, list):
        for value in params:
            yield from partitions(value)


def _partly(table: Table, touched: list[DynamoType]) -> Table:
    """Return a table with rows of its own in the partitions that are touched."""
    twin = copy.copy(table)
    twin.items = copy.copy(table.items)
    twin.items |= {key: copy.deepcopy(table.items[key]) for key in touched if key in table.items}
    return twin


def _wholly(table: Table, memo: Any) -> Table:
    twin = copy.copy(table)
    vars(twin).update(copy.deepcopy(vars(table), memo))
    return twin


def _query(table: Table, key: Any, *args: Any, **options: Any) -> Any:
    # Past moto's own seven arguments comes the index's name.
    index = args[6] if len(args) > _INDEX else options.get("index_name")
    token = _asked.set((key, f"{index}_pk" if index else ""))
    try:
        return _whole_query(table, key, *args, **options)
    finally:
        _asked.reset(token)


def _items(table: Table) -> list[Any]:
    """Return the items that a query can find: moto sorts and looks through all there are."""
    asked = _asked.get()
    if asked is None:
        return _all_items(table)
    key, name = asked
    if not name:
        return list(table.items.get(key, {}).values())
    every = (item for part in table.items.values() for item in part.values())
    return [item for item in every if name in item.attrs and item.attrs[name] == key]


_INDEX = 6
_whole_query, _all_items = Table.query, Table.all_items


@contextmanager
def quick_moto() -> Iterator[None]:
    """Let moto copy a table once for all writes of a transaction, and only what it touches."""
    whole = DynamoDBBackend.transact_write_items

    def transact(backend: DynamoDBBackend, items: list[Any]) -> None:
        token = _transaction.set(Transaction([DynamoType({"S": key}) for key in partitions(items)]))
        try:
            whole(backend, items)
        finally:
            _transaction.reset(token)

    def kept(table: Table, memo: Any) -> Table:
        transaction = _transaction.get()
        if transaction is None:
            return _wholly(table, memo)
        if id(table) not in transaction.before:
            transaction.before[id(table)] = _partly(table, transaction.touched)
        return transaction.before[id(table)]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DynamoDBBackend, "transact_write_items", transact)
        patch.setattr(Table, "__deepcopy__", kept, raising=False)
        patch.setattr(Table, "query", _query)
        patch.setattr(Table, "all_items", _items)
        patch.setattr(StreamShard, "add", lambda *_: None)
        patch.setattr(BaseModel, "__new__", lambda model, *_, **__: object.__new__(model))
        yield
