"""The second wall's role: what a session that is tagged with a tenant, agents and a person may touch."""

import copy
import json
from dataclasses import fields
from typing import Any

from chalicelib.aws.credentials import Scope
from infra.stages import Stage

Json = dict[str, Any]

_TENANT = "${aws:PrincipalTag/tenant, '-'}"


def data_role(statements: Json, stage: Stage) -> Json:
    """Return the role of `infra/resources/wall.json`, which the functions' roles that may `act` assume."""
    account = {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}
    trust = {
        "Effect": "Allow",
        "Principal": {"AWS": account},
        "Action": ["sts:AssumeRole", "sts:TagSession"],
        "Condition": {"ForAllValues:StringEquals": {"aws:TagKeys": [field.name for field in fields(Scope)]}},
    }
    policy = [{"Effect": "Allow", **statement} for statement in guarded(statements, stage).values()]
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
            "Policies": [{"PolicyName": "own", "PolicyDocument": {"Version": "2012-10-17", "Statement": policy}}],
        },
    }


def guarded(statements: Json, stage: Stage) -> Json:
    """Return `statements` for a stage; the local AWS names no leading keys, so their guard would refuse all."""
    found = copy.deepcopy(statements)
    if stage.is_local:
        for statement in found.values():
            statement.get("Condition", {}).pop("Null", None)
        # Nor does it name what a key is used for, or where one looks for objects.
        for name in ("unwrap", "list_files", "seal_files"):
            found.get(name, {}).pop("Condition", None)
        # Nor does it name in whose name a mail is sent.
        if "send_mail" in found:
            found["send_mail"]["Resource"] = ["*"]
        # And it reads no tag inside the name of a resource.
        if "files" in found:
            found["files"]["Resource"] = json.loads(json.dumps(found["files"]["Resource"]).replace(_TENANT, "*"))
    return found
