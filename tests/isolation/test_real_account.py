"""The second wall on AWS itself: `DUREDESK_ACCOUNT_STAGE=dev pytest tests/isolation/test_real_account.py`.

The stage must have been deployed from here (`make deploy STAGE=dev`), and the caller may assume its data role.
Nothing is changed: what would write is refused, and what is read exists nowhere.
"""

import os
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from infra.cloud import client
from infra.stages import REGION, outputs

STAGE = os.environ.get("DUREDESK_ACCOUNT_STAGE", "")
pytestmark = pytest.mark.skipif(
    not STAGE, reason="needs a real account: DUREDESK_ACCOUNT_STAGE names a deployed stage"
)

MINE, FOREIGN = (
    {"pk": {"S": "wallone#probe"}, "sk": {"S": "probe"}},
    {"pk": {"S": "walltwo#probe"}, "sk": {"S": "probe"}},
)
COLLEAGUE, SELF = (
    {"pk": {"S": "~agent#other"}, "sk": {"S": "agent"}},
    {"pk": {"S": "~agent#self"}, "sk": {"S": "agent"}},
)


@pytest.fixture(scope="module")
def deployed() -> dict[str, str]:
    found: dict[str, str] = outputs(STAGE)
    function = client("lambda", None).get_function_configuration(FunctionName=found["APIHandlerFunction"])
    return {**found, **function["Environment"]["Variables"]}


@pytest.fixture(scope="module")
def session(deployed: dict[str, str]) -> Any:
    """A session of shop `wallone` and agent `self`, as the product takes it."""
    tags = [{"Key": "tenant", "Value": "wallone"}, {"Key": "agent", "Value": "self"}]
    given = client("sts", None).assume_role(RoleArn=deployed["DATA_ROLE"], RoleSessionName="wall", Tags=tags)
    keys = given["Credentials"]
    return boto3.Session(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"], region_name=REGION)


@pytest.fixture(scope="module")
def table(session: Any) -> Any:
    return session.client("dynamodb")


def denied(work: Callable[[], Any]) -> bool:
    try:
        work()
    except ClientError as error:
        return error.response["Error"]["Code"] in {"AccessDeniedException", "AccessDenied"}
    return False


def query(pk: str, name: str, index: str | None) -> dict[str, Any]:
    found = {
        "KeyConditionExpression": f"{name} = :pk",
        "ExpressionAttributeValues": {":pk": {"S": pk}},
        "Limit": 1,
    }
    return {**found, "IndexName": index} if index else found


def test_own_rows_open_and_others_do_not(table: Any, deployed: dict[str, str]) -> None:
    name = deployed["TABLE_NAME"]
    for key, refused in ((MINE, False), (SELF, False), (FOREIGN, True), (COLLEAGUE, True)):
        assert denied(lambda key=key: table.get_item(TableName=name, Key=key)) is refused, key  # type: ignore[misc]
    both = {name: {"Keys": [MINE, FOREIGN]}}
    assert denied(lambda: table.batch_get_item(RequestItems=both))
    assert not denied(lambda: table.batch_get_item(RequestItems={name: {"Keys": [MINE]}}))


def test_foreign_rows_are_not_written_alone_or_among_own_ones(table: Any, deployed: dict[str, str]) -> None:
    name = deployed["TABLE_NAME"]
    never = {"ConditionExpression": "attribute_exists(pk)", "TableName": name}
    change = {"UpdateExpression": "SET probe = :one", "ExpressionAttributeValues": {":one": {"N": "1"}}}
    assert denied(lambda: table.update_item(Key=FOREIGN, **change, **never))
    assert denied(lambda: table.put_item(Item=FOREIGN, **never))
    assert denied(lambda: table.delete_item(Key=FOREIGN, **never))
    assert denied(lambda: table.delete_item(Key=MINE, **never))
    mixed = [{"ConditionCheck": {"Key": MINE, **never}}, {"Update": {"Key": FOREIGN, **change, **never}}]
    assert denied(lambda: table.transact_write_items(TransactItems=mixed))


def test_indexes_open_by_their_own_keys_and_nothing_scans(table: Any, deployed: dict[str, str]) -> None:
    name = deployed["TABLE_NAME"]
    for index, key, pk, refused in (
        ("lists", "lists_pk", "wallone#waiting", False),
        ("lists", "lists_pk", "walltwo#waiting", True),
        ("lists", "lists_pk", "~tenants", True),
        ("work", "work_pk", "~queue#main", True),
        (None, "pk", "wallone#probe", False),
        (None, "pk", "walltwo#probe", True),
    ):
        asked = query(pk, key, index)
        assert denied(lambda asked=asked: table.query(TableName=name, **asked)) is refused, (index, pk)  # type: ignore[misc]
    assert denied(lambda: table.scan(TableName=name, Limit=1))


def test_no_other_tenants_key_is_made_or_unwrapped(session: Any, deployed: dict[str, str]) -> None:
    keys, key = session.client("kms"), deployed["KEY_ID"]
    made = keys.generate_data_key(KeyId=key, KeySpec="AES_256", EncryptionContext={"tenant": "wallone"})
    assert denied(
        lambda: keys.generate_data_key(KeyId=key, KeySpec="AES_256", EncryptionContext={"tenant": "walltwo"})
    )
    wrapped = made["CiphertextBlob"]
    assert keys.decrypt(CiphertextBlob=wrapped, EncryptionContext={"tenant": "wallone"})["Plaintext"]
    assert denied(lambda: keys.decrypt(CiphertextBlob=wrapped, EncryptionContext={"tenant": "walltwo"}))
