"""Secrets come from Secrets Manager, once in five minutes, and from nowhere else outside the local stage."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import boto3
import pytest
from moto import mock_aws

from chalicelib.aws import secrets
from chalicelib.aws.settings import settings
from tests.moto_desk import SHOP, Desk, Http

REGION = "ap-northeast-2"


@pytest.fixture
def arn() -> Iterator[str]:
    secrets._reader.cache_clear()
    with mock_aws():
        made = boto3.client("secretsmanager", region_name=REGION).create_secret(Name="id", SecretString="s3cret")
        yield str(made["ARN"])
    secrets._reader.cache_clear()


def test_secret_is_read_by_its_arn_and_then_kept(arn: str) -> None:
    asked: list[str] = []
    events = secrets._reader(REGION).client.meta.events
    events.register("before-call.secretsmanager", lambda model, **_: asked.append(model.name))
    deployed = replace(settings(), stage="prod", id_secret_at=arn)
    assert [deployed.id_secret for _ in range(3)] == ["s3cret"] * 3
    assert asked == ["GetSecretValue"]


def test_plain_secret_is_for_the_local_stage_alone() -> None:
    local = replace(settings(), stage="local", id_secret_at="plain", stripe_api_key_at="plain")
    assert (local.id_secret, local.stripe_api_key) == ("plain", "plain")
    for stage in ("dev", "prod"):
        with pytest.raises(RuntimeError, match="Secrets Manager"):
            _ = replace(local, stage=stage).id_secret


def test_secret_that_cannot_be_read_is_our_failure_and_tells_nothing(arn: str, desk: Desk) -> None:
    settled = settings().id_secret
    desk.shift(ID_SECRET=arn.replace("id-", "gone-"))
    body = {"channel": "chat", "customer": {"id": "c1"}, "text": "언제 와요?"}
    answer = desk.call(SHOP, "POST /v1/tenants/danbi/contacts", body, headers={"Idempotency-Key": "k"})
    assert answer.status >= 500
    assert "gone" not in str(answer.body)
    desk.shift(ID_SECRET=settled)
    assert desk.call(SHOP, "POST /v1/tenants/danbi/contacts", body, headers={"Idempotency-Key": "k"}).status == 201


def test_secret_that_is_throttled_asks_the_caller_to_come_again(arn: str, desk: Desk) -> None:
    settled = settings().id_secret

    def throttled(**_: Any) -> Any:
        error = {"Code": "ThrottlingException", "Message": "slow down"}
        return Http(400), {"Error": error, "ResponseMetadata": {}}

    secrets._reader(REGION).client.meta.events.register("before-call.secretsmanager", throttled)
    desk.shift(ID_SECRET=arn)
    body = {"channel": "chat", "customer": {"id": "c1"}, "text": "언제 와요?"}
    answer = desk.call(SHOP, "POST /v1/tenants/danbi/contacts", body, headers={"Idempotency-Key": "k"})
    assert (answer.refusal, answer.headers["Retry-After"]) == ((503, "unavailable"), "1")
    desk.shift(ID_SECRET=settled)
    assert desk.call(SHOP, "POST /v1/tenants/danbi/contacts", body, headers={"Idempotency-Key": "k"}).status == 201
