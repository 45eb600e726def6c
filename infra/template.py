"""Generates what `chalice package --merge-template` adds to the stack: every resource but the routes."""

import argparse
import importlib
import json
from pathlib import Path
from typing import Any

from chalice.app import Chalice

from chalicelib.aws.indexes import PROJECTIONS
from chalicelib.letters.rules import notice_of
from chalicelib.letters.templates import CODE, USER
from chalicelib.web.api import Route
from infra import gateway
from infra.alarms import alarms
from infra.functions import API_FUNCTION, function, logical_id, map_events
from infra.stages import LOCAL_WEBHOOK_SECRET, STAGES, Stage, resource
from infra.wall import data_role

Json = dict[str, Any]

VISIBILITY_PER_TIMEOUT = 6
DEAD_LETTERS = ("Usage", "Stream", "Overflow", "Errand", "Diagnosis")
_MAIL_IDENTITY = "arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:identity/${MailIdentity}"
LAYER = {
    "Type": "AWS::Serverless::LayerVersion",
    "Properties": {"ContentUri": "./layer.zip", "RetentionPolicy": "Delete"},
}


def merge_template(app: Chalice, stage: Stage, *, routes: list[Route]) -> Json:
    """Return the template that is merged over Chalice's own for a stage."""
    functions = _functions(app)
    resources = {**_secrets(stage), **_table(stage), **_keyring(stage)}
    resources |= {**_queues(stage), "Libraries": LAYER}
    resources |= {**_people(stage), **_files(stage), **resource("mail")}
    resources["DataRole"] = data_role(resource("wall"), stage)
    for name in functions:
        resources |= function(name, functions[name], stage=stage)
    for source in app.event_sources:
        if "mapping" in functions[source.name]:
            map_events(resources, source, mapping=functions[source.name]["mapping"])
    resources |= alarms(resources, {logical_id(name): functions[name] for name in functions})
    resources["RestAPI"] = gateway.rest_api(routes)
    if stage.is_local:
        resources |= gateway.response_resources()
    else:
        resources |= resource("pages")
    return {"Parameters": _parameters(stage), "Resources": resources, "Outputs": _outputs(functions, stage)}


def _functions(app: Chalice) -> Json:
    """Return the settings of exactly the functions that the app declares."""
    known = resource("functions")
    handlers: list[Any] = [*app.event_sources, *app.builtin_auth_handlers, *app.pure_lambda_functions]
    declared = {API_FUNCTION, *(handler.name for handler in handlers)}
    if declared != set(known):
        raise SystemExit(f"infra/resources/functions.json does not match app.py: {declared ^ set(known)}")
    return known


def _secrets(stage: Stage) -> Json:
    """Return the secrets; what signs webhooks is random until it is put there, and known in the local stage."""
    common = _kept(resource("common"), stage)
    if stage.is_local:
        common["StripeWebhookSecrets"]["Properties"] = {"SecretString": LOCAL_WEBHOOK_SECRET}
    return common


def _kept(resources: Json, stage: Stage) -> Json:
    """Let the local stage delete what every other stage retains."""
    if stage.is_local:
        for entry in resources.values():
            entry |= {key: "Delete" for key in ("DeletionPolicy", "UpdateReplacePolicy") if key in entry}
    return resources


def _table(stage: Stage) -> Json:
    table = _kept(resource("table"), stage)
    properties = table["Desk"]["Properties"]
    properties["DeletionProtectionEnabled"] = not stage.is_local
    for index in properties["GlobalSecondaryIndexes"]:
        index["Projection"]["NonKeyAttributes"] = PROJECTIONS[index["IndexName"]]
    return table


def _keyring(stage: Stage) -> Json:
    """Return the table of the tenants' data keys: its backups end within days, unlike the main table's."""
    keyring = _kept(resource("keyring"), stage)
    keyring["Keyring"]["Properties"]["DeletionProtectionEnabled"] = not stage.is_local
    return keyring


def _queues(stage: Stage) -> Json:
    queues = resource("queues")
    queues["UsageQueue"]["Properties"] |= {
        "DelaySeconds": stage.usage_delay,
        "VisibilityTimeout": VISIBILITY_PER_TIMEOUT * stage.usage_timeout,
    }
    return queues


def _people(stage: Stage) -> Json:
    people = _kept(resource("people"), stage)
    pool = people["People"]["Properties"]
    pool["DeletionProtection"] = "INACTIVE" if stage.is_local else "ACTIVE"
    # The local stage's pages are wherever there was a free port.
    pages = "${PagesBase}" if stage.is_local else stage.pages_url
    filled = {"code": CODE, "user": USER, "pages_url": pages}
    told, invited = (notice_of(name, **filled) for name in ("verification", "invitation"))
    pool["VerificationMessageTemplate"] |= {"EmailSubject": told.subject, "EmailMessage": told.html}
    html = {"Fn::Sub": invited.html} if stage.is_local else invited.html
    invitation = {"EmailSubject": invited.subject, "EmailMessage": html}
    pool["AdminCreateUserConfig"]["InviteMessageTemplate"] = invitation
    if not stage.is_local:
        pool["EmailConfiguration"] = {
            "EmailSendingAccount": "DEVELOPER",
            "From": stage.mail_from,
            "SourceArn": {"Fn::Sub": _MAIL_IDENTITY},
            "ConfigurationSet": {"Ref": "MailSet"},
        }
    return people


def _files(stage: Stage) -> Json:
    """Return the bucket of files; the local AWS is reached without TLS, and its bucket is named by the stack."""
    files = _kept(resource("files"), stage)
    if stage.is_local:
        del files["FilesPolicy"]
    return files


def _parameters(stage: Stage) -> Json:
    parameters: Json = {"StripeApiKey": {"Type": "String", "NoEcho": True, "MinLength": 1}}
    if stage.is_local:
        parameters |= {
            "Endpoint": {"Type": "String", "Description": "Address of the local AWS"},
            "StripeBase": {"Type": "String", "Description": "Address of the Stripe stand-in"},
            "PagesBase": {"Type": "String", "Description": "Address of the pages"},
            "ClockOffsetSeconds": {"Type": "Number", "Default": 0},
        }
    return parameters


def _outputs(functions: Json, stage: Stage) -> Json:
    gateway = "https://${RestAPI}.execute-api.${AWS::Region}.${AWS::URLSuffix}/api"
    values = {
        "ApiUrl": {"Fn::Sub": "${Endpoint}/_aws/execute-api/${RestAPI}/api" if stage.is_local else gateway},
        "TableName": {"Ref": "Desk"},
        "UsageQueueUrl": {"Ref": "UsageQueue"},
        "OverflowQueueUrl": {"Ref": "OverflowQueue"},
        "ErrandQueueUrl": {"Ref": "ErrandQueue"},
        "DiagnosisQueueUrl": {"Ref": "DiagnosisQueue"},
        "UserPoolId": {"Ref": "People"},
        "UserPoolClientId": {"Ref": "Console"},
        "DlqUrls": {"Fn::Join": [",", [{"Ref": f"{name}DeadLetters"} for name in DEAD_LETTERS]]},
    } | {f"{logical_id(name)}Function": {"Ref": logical_id(name)} for name in functions}
    if not stage.is_local:
        values |= {"PagesUrl": {"Fn::Sub": "https://${Site.DomainName}"}, "PagesBucket": {"Ref": "Pages"}}
    return {name: {"Value": value} for name, value in values.items()}


def main() -> None:
    """Write the merge template of the stage to the file, both named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stage", choices=STAGES)
    parser.add_argument("file", type=Path)
    options = parser.parse_args()
    product = importlib.import_module("app")
    merged = merge_template(product.app, STAGES[options.stage], routes=product.routes())
    options.file.write_text(json.dumps(merged), encoding="utf-8")


if __name__ == "__main__":
    main()
