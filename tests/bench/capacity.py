"""Capacity units as AWS counts them, from what the local AWS answers."""

import math
from collections.abc import Mapping
from typing import Any

READS = {"GetItem", "BatchGetItem", "Query", "Scan", "TransactGetItems"}
_READ_BYTES = 4096
# A counting query answers without the items: what an entry of an index holds at most.
_COUNTED_BYTES = 512

Item = Mapping[str, Mapping[str, Any]]


def write_units(answer: Mapping[str, Any]) -> float:
    """Return the units of a write: the table's part, doubled in a transaction, and the indexes', never doubled.

    MiniStack sizes both as AWS does. Its TOTAL leaves parts out, so INDEXES is what is asked for.
    """
    found = answer.get("ConsumedCapacity") or []
    return sum(_written(one) for one in (found if isinstance(found, list) else [found]))


def _written(consumed: Mapping[str, Any]) -> float:
    if "Table" not in consumed:
        # Its transactions name the indexes' parts and the sum, but not the table's part.
        return float(consumed["CapacityUnits"])
    parts = [consumed["Table"], *consumed.get("GlobalSecondaryIndexes", {}).values()]
    return float(sum(part["CapacityUnits"] for part in parts))


def read_units(asked: Mapping[str, Any], answer: Mapping[str, Any]) -> float:
    """Return the units of a read: 1 for each started 4 KB, half of it when eventually consistent.

    MiniStack counts 4 KB whatever was read, so the bytes are counted here.
    """
    if "Responses" in answer or "RequestItems" in asked:
        items = [item for table in answer["Responses"].values() for item in table]
        keys = [key for table in asked["RequestItems"].values() for key in table["Keys"]]
        blocks = sum(_blocks(size_of(item)) for item in items) + len(keys) - len(items)
        consistent = any(table.get("ConsistentRead") for table in asked["RequestItems"].values())
    else:
        items = answer.get("Items") or [answer.get("Item", {})]
        counted = answer.get("ScannedCount", 0) * _COUNTED_BYTES if "Items" not in answer else 0
        blocks = _blocks(sum(size_of(item) for item in items) + counted)
        consistent = bool(asked.get("ConsistentRead"))
    return blocks * (1.0 if consistent else 0.5)


def _blocks(size: int) -> int:
    return max(1, math.ceil(size / _READ_BYTES))


def size_of(item: Item) -> int:
    """Return the bytes of an item: its attributes' names and values."""
    return sum(len(name.encode()) + _value(typed) for name, typed in item.items())


def _value(typed: Mapping[str, Any]) -> int:
    (kind, value), *_ = typed.items()
    if kind in {"BOOL", "NULL"}:
        return 1
    if kind == "B":
        return len(value)
    if kind == "L":
        return 3 + sum(1 + _value(one) for one in value)
    if kind in {"SS", "NS"}:
        return sum(_scalar(kind[0], one) for one in value)
    return _scalar(kind, value)


def _scalar(kind: str, value: str) -> int:
    # Two digits take a byte, and a number one byte more.
    return math.ceil(len(value.strip("-").replace(".", "")) / 2) + 1 if kind == "N" else len(value.encode())
