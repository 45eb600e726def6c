"""The rules by which the bench counts capacity units."""

from typing import Any

import pytest

from tests.bench.capacity import read_units, size_of, write_units


@pytest.mark.parametrize(
    ("item", "size"),
    [
        ({"pk": {"S": "danbi"}}, 7),
        ({"가": {"S": "가나"}}, 9),
        ({"n": {"N": "1763754000000"}}, 9),
        ({"b": {"BOOL": True}, "z": {"NULL": True}}, 4),
        ({"s": {"SS": ["ab", "cde"]}}, 6),
    ],
)
def test_an_item_takes_the_bytes_of_its_names_and_values(item: dict[str, dict[str, object]], size: int) -> None:
    assert size_of(item) == size


@pytest.mark.parametrize(
    ("length", "consistent", "units"), [(10, True, 1), (10, False, 0.5), (4096, True, 2), (9000, False, 1.5)]
)
def test_a_read_costs_each_started_4_kb(length: int, consistent: bool, units: float) -> None:
    answer = {"Item": {"t": {"S": "x" * length}}}
    assert read_units({"ConsistentRead": consistent}, answer) == units


def test_an_absent_item_costs_as_much_as_a_small_one() -> None:
    assert read_units({"ConsistentRead": True}, {}) == 1


def test_a_query_adds_its_items_up_before_it_rounds() -> None:
    items = [{"t": {"S": "x" * 1000}}] * 8
    assert read_units({}, {"Items": items, "ScannedCount": 8}) == 1


def test_a_batch_rounds_each_item() -> None:
    asked: dict[str, Any] = {"RequestItems": {"desk": {"Keys": [{}, {}, {}]}}}
    answer = {"Responses": {"desk": [{"t": {"S": "x"}}, {"t": {"S": "y"}}]}}
    assert read_units(asked, answer) == 1.5


def test_a_write_adds_table_and_indexes() -> None:
    consumed = {
        "CapacityUnits": 1.0,
        "Table": {"CapacityUnits": 1.0},
        "GlobalSecondaryIndexes": {"lists": {"CapacityUnits": 2.0}, "work": {"CapacityUnits": 1.0}},
    }
    assert write_units({"ConsumedCapacity": consumed}) == 4


def test_a_transaction_names_its_sum() -> None:
    consumed = {"CapacityUnits": 6.0, "GlobalSecondaryIndexes": {"lists": {"CapacityUnits": 2.0}}}
    assert write_units({"ConsumedCapacity": [consumed]}) == 6
