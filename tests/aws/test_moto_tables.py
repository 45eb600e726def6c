"""Our quick moto: a transaction that fails has changed nothing, and one that succeeds has changed all."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.moto_desk import Desk

Json = dict[str, Any]


def at(pk: str, sk: str = "row") -> Json:
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def writes(desk: Desk, condition: str) -> list[Json]:
    """Return writes to old and new partitions, and last a check of `condition`."""
    said = {":n": {"N": "2"}}
    update: Json = {"Key": at("old"), "UpdateExpression": "SET n = :n", "ExpressionAttributeValues": said}
    check: Json = {"Key": at("checked"), "ConditionExpression": condition}
    asked: list[Json] = [
        {"Update": update},
        {"Delete": {"Key": at("old", "gone")}},
        {"Put": {"Item": at("old", "new")}},
        {"Put": {"Item": at("fresh")}},
        {"ConditionCheck": check},
    ]
    for one in asked:
        next(iter(one.values()))["TableName"] = desk.table
    return asked


@pytest.fixture
def filled(desk: Desk) -> Desk:
    for row in (at("old") | {"n": {"N": "1"}}, at("old", "gone"), at("checked"), at("bystander")):
        desk.dynamodb.put_item(TableName=desk.table, Item=row)
    return desk


def test_failed_transaction_leaves_every_row_as_it_was(filled: Desk) -> None:
    before = filled.rows()
    for _ in range(2):
        with pytest.raises(ClientError, match="TransactionCanceled"):
            filled.dynamodb.transact_write_items(TransactItems=writes(filled, "attribute_not_exists(pk)"))
        assert filled.rows() == before


def test_transaction_writes_all_and_a_later_failure_takes_nothing_of_it_back(filled: Desk) -> None:
    filled.dynamodb.transact_write_items(TransactItems=writes(filled, "attribute_exists(pk)"))
    assert filled.raw("old", "row") == at("old") | {"n": {"N": "2"}}
    assert (filled.raw("old", "gone"), filled.raw("fresh", "row")) == (None, at("fresh"))
    after = filled.rows()
    with pytest.raises(ClientError, match="TransactionCanceled"):
        filled.dynamodb.transact_write_items(TransactItems=writes(filled, "attribute_not_exists(pk)"))
    assert filled.rows() == after
