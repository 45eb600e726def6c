"""Each function's settings, its own role and its own log group."""

from typing import Any

from chalice.utils import to_cfn_resource_name

from infra.stages import Stage, resource
from infra.wall import guarded

Json = dict[str, Any]

API_FUNCTION = "api_handler"
EVENT_SUFFIX = {"DynamoDBEventConfig": "DynamodbEventSource", "SQSEventConfig": "SqsEventSource"}


def logical_id(function: str) -> str:
    """Return Chalice's logical id of a function."""
    return "APIHandler" if function == API_FUNCTION else str(to_cfn_resource_name(function))


def function(name: str, settings: Json, *, stage: Stage) -> Json:
    """Return a function's settings, its own role and its own log group."""
    base = logical_id(name)
    return {
        f"{base}Logs": {
            "Type": "AWS::Logs::LogGroup",
            "DeletionPolicy": "Delete",
            "UpdateReplacePolicy": "Delete",
            "Properties": {
                "LogGroupName": f"/aws/lambda/{stage.stack}-{name}",
                "RetentionInDays": stage.log_days,
            },
        },
        f"{base}Role": {"Type": "AWS::IAM::Role", "Properties": _role(base, settings["allow"], stage)},
        base: {
            "Properties": {
                "MemorySize": settings["MemorySize"],
                "Timeout": stage.usage_timeout if name == "send_usage" else settings["Timeout"],
                "Role": {"Fn::GetAtt": [f"{base}Role", "Arn"]},
                "Layers": [{"Ref": "Libraries"}],
                "LoggingConfig": {"LogGroup": {"Ref": f"{base}Logs"}},
                "Environment": {"Variables": _environment(stage) | _OF_ONE.get(name, {})},
            }
        },
    }


def _role(base: str, allow: list[str], stage: Stage) -> Json:
    statements = guarded(resource("policies"), stage)
    logs = {
        "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
        "Resource": [{"Fn::GetAtt": [f"{base}Logs", "Arn"]}],
    }
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    policy = [{"Effect": "Allow", **statement} for statement in (logs, *(statements[key] for key in allow))]
    return {
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
        "Policies": [
            {"PolicyName": "own", "PolicyDocument": {"Version": "2012-10-17", "Statement": policy}},
        ],
    }


def _environment(stage: Stage) -> Json:
    """Return the variables of every function; the emulator itself adds AWS_ENDPOINT_URL to its own."""
    shared: Json = {
        **_QUEUES,
        "STAGE": stage.name,
        "POWERTOOLS_LOG_LEVEL": "INFO",
        "TABLE_NAME": {"Ref": "Desk"},
        "KEYRING_TABLE": {"Ref": "Keyring"},
        "KEY_ID": {"Fn::GetAtt": ["FieldKey", "Arn"]},
        "DATA_ROLE": {"Fn::GetAtt": ["DataRole", "Arn"]},
        "FILES_BUCKET": {"Ref": "Files"},
        "ID_SECRET": {"Fn::GetAtt": ["IdSecret", "Id"]},
        "SITE_SECRET": {"Fn::GetAtt": ["SiteSecret", "Id"]},
        "STRIPE_API_KEY": {"Fn::GetAtt": ["StripeKey", "Id"]},
        "STRIPE_WEBHOOK_SECRETS": {"Fn::GetAtt": ["StripeWebhookSecrets", "Id"]},
        "USER_POOL": {"Ref": "People"},
        "USER_POOL_CLIENT": {"Ref": "Console"},
        "PAGES_URL": stage.pages_url,
        "MAIL_FROM": stage.mail_from,
        "MAIL_SET": {"Ref": "MailSet"},
        "TOKEN_KEYS_URL": "",
        "STRIPE_API_BASE": "",
        "STRIPE_METER_EVENTS_BASE": "",
        "GUARD_SHARE": "",
    }
    return shared | _LOCAL if stage.is_local else shared


_QUEUES: Json = {
    "USAGE_QUEUE_URL": {"Ref": "UsageQueue"},
    "OVERFLOW_QUEUE_URL": {"Ref": "OverflowQueue"},
    "ERRAND_QUEUE_URL": {"Ref": "ErrandQueue"},
    "DIAGNOSIS_QUEUE_URL": {"Ref": "DiagnosisQueue"},
}
# What one function alone is told: a function cannot be told its own name.
_OF_ONE: Json = {"errands": {"EGRESS_FUNCTION": {"Ref": "Egress"}}}


# What only the emulator's functions are told: where its stand-ins are, and that their time may be another one.
_LOCAL: Json = {
    "TOKEN_KEYS_URL": {"Fn::Sub": "${Endpoint}/${People}/.well-known/jwks.json"},
    "STRIPE_API_BASE": {"Ref": "StripeBase"},
    "STRIPE_METER_EVENTS_BASE": {"Ref": "StripeBase"},
    "PAGES_URL": {"Ref": "PagesBase"},
    "CLOCK_OFFSET_SECONDS": {"Ref": "ClockOffsetSeconds"},
    "CLOCK_HEADER": "0",
}


def map_events(resources: Json, source: Any, *, mapping: Json) -> None:
    """Add the event source of a function to its resource."""
    base = logical_id(source.name)
    event = f"{base}{EVENT_SUFFIX[type(source).__name__]}"
    # Chalice passes a handler's partial failures on but never asks Lambda to read them.
    properties = {**mapping, "FunctionResponseTypes": ["ReportBatchItemFailures"]}
    resources[base]["Properties"]["Events"] = {event: {"Properties": properties}}
