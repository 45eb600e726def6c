"""Brings a CloudFormation stack to a template, by change set, and reads its outputs."""

import time
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from infra.stages import REGION

WAIT_SECONDS = 900
POLL_SECONDS = 0.5
UNCHANGED = ("didn't contain changes", "No updates are to be performed")


def client(service: str, endpoint: str | None) -> Any:
    """Return an AWS client, of the emulator when an endpoint is given."""
    if endpoint is None:
        return boto3.client(service, region_name=REGION)
    fixed = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "endpoint_url": endpoint}
    config = Config(s3={"addressing_style": "path"}, retries={"mode": "standard"})
    return boto3.client(service, region_name=REGION, config=config, **fixed)


def change(cloudformation: Any, stack: str, *, url: str, parameters: dict[str, str]) -> None:
    """Create or update a stack and wait; a template that changes nothing is fine."""
    kind = "UPDATE" if _exists(cloudformation, stack) else "CREATE"
    given: list[dict[str, Any]] = [
        {"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()
    ]
    if kind == "UPDATE" and "StripeApiKey" not in parameters:
        given.append({"ParameterKey": "StripeApiKey", "UsePreviousValue": True})
    change_set = cloudformation.create_change_set(
        StackName=stack,
        ChangeSetName=f"deploy-{time.time_ns()}",
        ChangeSetType=kind,
        TemplateURL=url,
        Parameters=given,
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
    )["Id"]
    if not _ready(cloudformation, change_set):
        cloudformation.delete_change_set(ChangeSetName=change_set)
        print(f"{stack}: no changes")
        return
    cloudformation.execute_change_set(ChangeSetName=change_set)
    _finished(cloudformation, stack)


def _exists(cloudformation: Any, stack: str) -> bool:
    try:
        status = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"]
    except ClientError:
        return False
    return bool(status != "REVIEW_IN_PROGRESS")


def _ready(cloudformation: Any, change_set: str) -> bool:
    """Wait for a change set; false when it would change nothing."""
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        found = cloudformation.describe_change_set(ChangeSetName=change_set)
        if found["Status"] == "CREATE_COMPLETE":
            return True
        if found["Status"] == "FAILED":
            reason = found.get("StatusReason", "")
            if any(text in reason for text in UNCHANGED):
                return False
            raise SystemExit(f"the change set failed: {reason}")
        time.sleep(POLL_SECONDS)
    raise SystemExit("the change set is not ready in time")


def _finished(cloudformation: Any, stack: str) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        status = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"]
        if status in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}:
            return
        if status.endswith(("FAILED", "ROLLBACK_COMPLETE")):
            raise SystemExit(f"{stack} is {status}: {_reason(cloudformation, stack)}")
        time.sleep(POLL_SECONDS)
    raise SystemExit(f"{stack} is not done in time")


def _reason(cloudformation: Any, stack: str) -> str:
    """Return why the first resource failed."""
    events = cloudformation.describe_stack_events(StackName=stack)["StackEvents"]
    failed = [event for event in events if event["ResourceStatus"].endswith("FAILED")]
    return "; ".join(f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason')}" for event in failed)


def outputs(cloudformation: Any, stack: str) -> dict[str, str]:
    """Return the outputs of a stack by name."""
    found = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]["Outputs"]
    return {output["OutputKey"]: output["OutputValue"] for output in found}
