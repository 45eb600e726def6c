"""Packages and deploys the one stack: `python -m infra.deploy --stage local|dev|prod`."""

import argparse
import hashlib
import json
import os
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from infra import clock, local, web
from infra.cloud import change, client, outputs
from infra.package import package
from infra.pages import publish
from infra.stages import REGION, STAGES, Stage

Json = dict[str, Any]

# The key that the Stripe stand-in knows; it opens nothing else.
STRIPE_TEST_KEY = "sk_test_duredesk"
MAPPING_TYPES = {"SQS", "DynamoDB"}
LOCAL_CLOCK = ("CLOCK_OFFSET_SECONDS", "CLOCK_HEADER")


def refusals(template: Json, stage: Stage) -> list[str]:
    """Return the reasons why a packaged template must not go live."""
    found = []
    for name, resource in template["Resources"].items():
        properties = resource.get("Properties", {})
        for event in properties.get("Events", {}).values():
            reports = event["Properties"].get("FunctionResponseTypes") == ["ReportBatchItemFailures"]
            if event["Type"] in MAPPING_TYPES and not reports:
                found.append(f"{name} would lose the failed messages of a batch")
    if not stage.is_local and any(name in json.dumps(template) for name in LOCAL_CLOCK):
        found.append(f"the clock of stage {stage.name} could be shifted")
    return found


def deploy(stage: Stage, packaged: Path, *, parameters: dict[str, str], endpoint: str | None = None) -> Json:
    """Bring the stack to the packaged template and return its outputs."""
    template = json.loads(packaged.read_text(encoding="utf-8"))
    if reasons := refusals(template, stage):
        raise SystemExit("; ".join(reasons))
    storage = client("s3", endpoint)
    bucket = _bucket(stage, endpoint)
    _upload_code(template, packaged.parent, storage=storage, bucket=bucket)
    body = json.dumps(template, sort_keys=True).encode()
    key = _upload(body, "json", storage=storage, bucket=bucket)
    cloudformation = client("cloudformation", endpoint)
    url = f"{storage.meta.endpoint_url}/{bucket}/{key}"
    change(cloudformation, stage.stack, url=url, parameters=parameters)
    return outputs(cloudformation, stage.stack)


def _bucket(stage: Stage, endpoint: str | None) -> str:
    """Return the bucket of the stage's artifacts, made when it is missing."""
    account = client("sts", endpoint).get_caller_identity()["Account"]
    name = f"{stage.stack}-artifacts-{account}"
    storage = client("s3", endpoint)
    try:
        storage.head_bucket(Bucket=name)
    except ClientError:
        storage.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
        private = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
        storage.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=dict.fromkeys(private, True))
    return name


def _upload_code(template: Json, folder: Path, *, storage: Any, bucket: str) -> None:
    """Upload each zip once and point the template at it."""
    keys: dict[str, str] = {}
    for resource in template["Resources"].values():
        for field in ("CodeUri", "ContentUri"):
            local_path = resource.get("Properties", {}).get(field)
            if isinstance(local_path, str) and local_path.endswith(".zip"):
                if local_path not in keys:
                    content = (folder / local_path).read_bytes()
                    keys[local_path] = _upload(content, "zip", storage=storage, bucket=bucket)
                resource["Properties"][field] = f"s3://{bucket}/{keys[local_path]}"


def _upload(content: bytes, suffix: str, *, storage: Any, bucket: str) -> str:
    """Store content under its own hash, so that what is unchanged changes nothing in the stack."""
    key = f"{hashlib.sha256(content).hexdigest()}.{suffix}"
    try:
        storage.head_object(Bucket=bucket, Key=key)
    except ClientError:
        storage.put_object(Bucket=bucket, Key=key, Body=content)
    return key


def deploy_local(packaged: Path, services: local.Services, *, clock_offset: int = 0) -> Json:
    """Deploy to a running local AWS and return the outputs with the addresses of its services."""
    parameters = {
        "Endpoint": services.endpoint,
        "StripeBase": services.stripe_base,
        "PagesBase": services.pages_url,
        "StripeApiKey": STRIPE_TEST_KEY,
        "ClockOffsetSeconds": str(clock_offset),
    }
    found = deploy(STAGES["local"], packaged, parameters=parameters, endpoint=services.endpoint)
    return {**found, "Endpoint": services.endpoint, "StripeBase": services.stripe_base}


def main() -> None:
    """Package and deploy the stage named on the command line, and keep its outputs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stage", choices=STAGES, default="local")
    stage = STAGES[parser.parse_args().stage]
    packaged = package(stage)
    if stage.is_local:
        found = deploy_local(packaged, local.up(), clock_offset=clock.offset())
        local.send_webhooks(found["ApiUrl"])
        local.show_pages(found["ApiUrl"])
    else:
        # Without a key in the environment an update keeps the one that the stack already has.
        key = os.environ.get("STRIPE_API_KEY")
        found = deploy(stage, packaged, parameters={"StripeApiKey": key} if key else {})
        publish(client("s3", None), found["PagesBucket"], web.build())
    stage.state_file.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    for name, value in found.items():
        print(f"{name:24} {value}")


if __name__ == "__main__":
    main()
