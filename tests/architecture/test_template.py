"""What is packaged is what the design promises: read from the template, since the emulator drops much."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from chalicelib.web.edge import SECURITY
from infra.alarms import LINES
from infra.deploy import LOCAL_CLOCK, refusals
from infra.package import MAX_ZIP_BYTES, package
from infra.stages import STAGES
from infra.template import VISIBILITY_PER_TIMEOUT

Json = dict[str, Any]

FORBIDDEN = {"dynamodb:Scan", "dynamodb:DeleteItem", "dynamodb:BatchWriteItem"}
FUNCTIONS = {
    *("APIHandler", "Authorize", "RelayChanges", "SendUsage", "Sweep", "Reconcile"),
    *("Errands", "Egress", "Diagnose"),
}


@pytest.fixture(scope="session", params=["prod", "local"])
def packaged(request: pytest.FixtureRequest) -> Path:
    """The packaged template of a stage that goes to AWS, and of the one that does not."""
    return package(STAGES[request.param])


@pytest.fixture
def template(packaged: Path) -> Json:
    found: Json = json.loads(packaged.read_text(encoding="utf-8"))
    return found


@pytest.fixture
def is_local(packaged: Path) -> bool:
    return packaged.parent.name == "local"


def of_type(template: Json, kind: str) -> dict[str, Json]:
    return {name: entry for name, entry in template["Resources"].items() if entry["Type"] == kind}


def properties(template: Json, kind: str) -> dict[str, Json]:
    return {name: entry["Properties"] for name, entry in of_type(template, kind).items()}


def functions(template: Json) -> dict[str, Json]:
    return properties(template, "AWS::Serverless::Function")


def statements(template: Json) -> list[tuple[str, Json]]:
    roles = properties(template, "AWS::IAM::Role")
    return [
        (name, statement)
        for name, role in roles.items()
        for policy in role["Policies"]
        for statement in policy["PolicyDocument"]["Statement"]
    ]


def mappings(template: Json) -> dict[str, Json]:
    return {
        name: event["Properties"]
        for name, function in functions(template).items()
        for event in function.get("Events", {}).values()
        if event["Type"] in {"SQS", "DynamoDB"}
    }


def test_every_mapping_reports_partial_failures(template: Json) -> None:
    assert set(mappings(template)) == {"RelayChanges", "SendUsage", "Errands", "Diagnose"}
    for mapping in mappings(template).values():
        assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


def test_no_placeholder_is_left(template: Json) -> None:
    assert "placeholder" not in json.dumps(template)


def test_stream_mapping_bisects_filters_and_keeps_what_failed(template: Json) -> None:
    mapping = mappings(template)["RelayChanges"]
    assert mapping["BisectBatchOnFunctionError"] is True
    assert mapping["DestinationConfig"]["OnFailure"]["Destination"] == {"Fn::GetAtt": ["StreamDeadLetters", "Arn"]}
    wanted = [json.loads(each["Pattern"])["dynamodb"]["NewImage"] for each in mapping["FilterCriteria"]["Filters"]]
    assert wanted == [
        {"kind": {"S": ["window"]}, "dirty_since": {"N": [{"exists": True}]}},
        {"kind": {"S": ["contact"]}, "status": {"S": ["overflow"]}},
        {"kind": {"S": ["provider_event"]}, "done_at": {"N": ["0"]}},
        {"kind": {"S": ["tenant"]}},
        {"kind": {"S": ["letter", "delivery", "incident"]}, "state": {"S": ["due"]}, "tries": {"N": ["0"]}},
    ]


def test_usage_mapping_bounds_its_concurrency(template: Json) -> None:
    assert mappings(template)["SendUsage"]["ScalingConfig"]["MaximumConcurrency"] >= 2


def test_functions_are_all_entered_through_app(template: Json) -> None:
    assert set(functions(template)) == FUNCTIONS
    assert all(function["Handler"].startswith("app.") for function in functions(template).values())


def test_every_function_has_its_own_role(template: Json) -> None:
    roles = [function["Role"]["Fn::GetAtt"][0] for function in functions(template).values()]
    # The second wall's role is nobody's own: sessions of it are taken.
    assert sorted([*roles, "DataRole"]) == sorted(properties(template, "AWS::IAM::Role"))


def test_no_role_may_scan_delete_or_reach_beyond_named_resources(template: Json, is_local: bool) -> None:
    for name, statement in statements(template):
        actions = statement["Action"]
        # What a session may delete is named by its keys, see tests/isolation/test_wall.py.
        allowed = (
            {"dynamodb:DeleteItem"} if name == "DataRole" and "LeadingKeys" in json.dumps(statement) else set()
        )
        assert not FORBIDDEN & set(actions) - allowed, name
        assert not any("*" in action for action in actions), name
        # A session's own objects have their tenant's name before the wildcard.
        own = json.dumps(statement["Resource"]).replace("/${aws:PrincipalTag/tenant, '-'}/*", "")
        own = own.replace("/*/*", "") if is_local else own
        if is_local and actions == ["ses:SendEmail"]:
            own = own.replace("*", "")
        assert "*" not in own, name


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        ("AuthorizeRole", {"dynamodb:GetItem"}),
        ("SweepRole", {"sqs:SendMessage", "sts:AssumeRole"}),
        ("DataRole", {"dynamodb:PutItem"}),
    ],
)
def test_roles_hold_what_they_need(template: Json, role: str, allowed: set[str]) -> None:
    held = {action for name, entry in statements(template) if name == role for action in entry["Action"]}
    assert allowed <= held


def test_authorizer_only_gets_items(template: Json) -> None:
    held = {act for name, entry in statements(template) if name == "AuthorizeRole" for act in entry["Action"]}
    assert {action for action in held if action.startswith(("dynamodb:", "sqs:"))} == {"dynamodb:GetItem"}


def test_table_is_encrypted_recoverable_and_streamed(template: Json, is_local: bool) -> None:
    table = of_type(template, "AWS::DynamoDB::Table")["Desk"]
    settings = table["Properties"]
    assert settings["SSESpecification"]["SSEType"] == "KMS"
    assert settings["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert settings["StreamSpecification"] == {"StreamViewType": "NEW_AND_OLD_IMAGES"}
    assert settings["DeletionProtectionEnabled"] is not is_local
    assert table["DeletionPolicy"] == ("Delete" if is_local else "Retain")
    assert template["Resources"]["DeskKey"]["Properties"]["EnableKeyRotation"] is True


def test_keys_of_tenants_leave_the_backups_within_days(template: Json, is_local: bool) -> None:
    # Five days after an erasure nothing of it may be left anywhere.
    table = of_type(template, "AWS::DynamoDB::Table")["Keyring"]
    settings = table["Properties"]
    recovery = {"PointInTimeRecoveryEnabled": True, "RecoveryPeriodInDays": 4}
    assert settings["PointInTimeRecoverySpecification"] == recovery
    assert "StreamSpecification" not in settings
    assert settings["SSESpecification"]["SSEType"] == "KMS"
    assert settings["DeletionProtectionEnabled"] is not is_local
    assert table["DeletionPolicy"] == ("Delete" if is_local else "Retain")


def test_only_sessions_of_a_tenant_unwrap_its_key(template: Json, is_local: bool) -> None:
    key = {"Fn::GetAtt": ["FieldKey", "Arn"]}
    [(role, statement)] = [found for found in statements(template) if key in found[1]["Resource"]]
    assert role == "DataRole"
    assert set(statement["Action"]) == {"kms:GenerateDataKey", "kms:Decrypt"}
    mine = {"StringEquals": {"kms:EncryptionContext:tenant": "${aws:PrincipalTag/tenant, '-'}"}}
    assert statement.get("Condition") == (None if is_local else mine)


def test_every_queue_ends_in_dead_letters_and_alarms(template: Json) -> None:
    queues = properties(template, "AWS::SQS::Queue")
    alarms = properties(template, "AWS::CloudWatch::Alarm").values()
    watched = {(alarm["MetricName"], json.dumps(one["Value"])) for alarm in alarms for one in alarm["Dimensions"]}
    for name, queue in queues.items():
        reference = json.dumps({"Fn::GetAtt": [name, "QueueName"]})
        assert ("ApproximateAgeOfOldestMessage", reference) in watched
        if name.endswith("DeadLetters"):
            assert queue["MessageRetentionPeriod"] == 14 * 86400
            assert ("ApproximateNumberOfMessagesVisible", reference) in watched
        else:
            assert queue["RedrivePolicy"]["maxReceiveCount"] >= 5
            assert queue["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0] in queues


@pytest.mark.parametrize(
    ("queue", "worker"),
    [("UsageQueue", "SendUsage"), ("ErrandQueue", "Errands"), ("DiagnosisQueue", "Diagnose")],
)
def test_a_message_stays_invisible_for_six_timeouts(template: Json, queue: str, worker: str) -> None:
    settings = properties(template, "AWS::SQS::Queue")[queue]
    assert settings["VisibilityTimeout"] >= VISIBILITY_PER_TIMEOUT * functions(template)[worker]["Timeout"]
    assert settings["FifoQueue"] is True


def test_what_calls_shops_addresses_may_write_its_log_and_nothing_else(template: Json) -> None:
    held = [statement for name, statement in statements(template) if name == "EgressRole"]
    assert [set(one["Action"]) for one in held] == [{"logs:CreateLogStream", "logs:PutLogEvents"}]
    callers = {name for name, one in statements(template) if "lambda:InvokeFunction" in one["Action"]}
    assert callers == {"ErrandsRole"}
    variables = {name: one["Environment"]["Variables"] for name, one in functions(template).items()}
    assert [name for name, given in variables.items() if "EGRESS_FUNCTION" in given] == ["Errands"]


def test_only_errands_send_mail_and_only_as_the_product(template: Json, is_local: bool) -> None:
    sending = [(name, one["Resource"]) for name, one in statements(template) if "ses:SendEmail" in one["Action"]]
    [(role, resources)] = sending
    assert role == "ErrandsRole"
    if is_local:
        assert resources == ["*"]
        return
    names = [resource["Fn::Sub"].rpartition(":")[2] for resource in resources]
    assert names == ["identity/${MailIdentity}", "configuration-set/${MailSet}"]


def test_alarms_watch_functions_stream_and_api_and_reach_the_topic(template: Json) -> None:
    alarms = properties(template, "AWS::CloudWatch::Alarm")
    assert {f"{name}Errors" for name in FUNCTIONS} <= set(alarms)
    assert {"RelayChangesIteratorAge", "ApiServerErrors"} <= set(alarms)
    assert all(alarm["AlarmActions"] == [{"Ref": "Alarms"}] for alarm in alarms.values())


def test_gateway_errors_carry_security_headers_and_no_cors(template: Json) -> None:
    responses = template["Resources"]["RestAPI"]["Properties"]["GatewayResponses"]
    # Whoever the authorizer lets in may call every route, so a denial is always an unknown key.
    assert responses["ACCESS_DENIED"]["StatusCode"] == "401"
    assert {"DEFAULT_4XX", "DEFAULT_5XX", "ACCESS_DENIED", "THROTTLED"} <= set(responses)
    for response in responses.values():
        headers = response["ResponseParameters"]["Headers"]
        assert {name: value[1:-1] for name, value in headers.items() if name in SECURITY} == SECURITY
        assert not [name for name in headers if name.startswith("Access-Control")]
    assert responses["THROTTLED"]["ResponseParameters"]["Headers"]["Retry-After"] == "'1'"


def test_only_visitors_routes_answer_preflights_and_none_allows_credentials(template: Json) -> None:
    paths = template["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]["paths"]
    asked = {path: methods["options"] for path, methods in paths.items() if "options" in methods}
    assert set(asked) == {
        "/v1/tenants/{tenant}/contacts/{contact}",
        "/v1/tenants/{tenant}/contacts/{contact}/files",
        "/v1/tenants/{tenant}/contacts/{contact}/files/send",
        "/v1/tenants/{tenant}/contacts/{contact}/files/{file}",
        "/v1/tenants/{tenant}/contacts/{contact}/files/{file}/ready",
        "/v1/tenants/{tenant}/contacts/{contact}/messages",
        "/v1/tenants/{tenant}/contacts/{contact}/prefer",
        "/v1/tenants/{tenant}/contacts/{contact}/rating",
        "/v1/tenants/{tenant}/contacts/{contact}/ratings",
        "/v1/tenants/{tenant}/contacts/{contact}/wait",
        "/v1/widget/contacts",
        "/v1/widget/renew",
        "/v1/widget/shop",
    }
    for options in asked.values():
        integration = options["x-amazon-apigateway-integration"]
        shown = integration["responses"]["default"]["responseParameters"]
        assert integration["type"] == "mock"
        assert shown["method.response.header.Access-Control-Allow-Origin"] == "'*'"
        assert "method.response.header.Access-Control-Allow-Credentials" not in shown
        assert "security" not in options


def test_whole_stage_is_throttled(template: Json) -> None:
    [every] = template["Resources"]["RestAPI"]["Properties"]["MethodSettings"]
    assert (every["ResourcePath"], every["HttpMethod"]) == ("/*", "*")
    assert every["ThrottlingRateLimit"] > 0
    assert every["ThrottlingBurstLimit"] > 0


def test_every_log_group_expires(template: Json) -> None:
    groups = properties(template, "AWS::Logs::LogGroup")
    used = [function["LoggingConfig"]["LogGroup"]["Ref"] for function in functions(template).values()]
    assert sorted(used) == sorted(groups)
    assert all(group["RetentionInDays"] > 0 for group in groups.values())


@pytest.mark.parametrize("variable", LOCAL_CLOCK)
def test_only_the_local_clock_can_be_shifted(template: Json, variable: str, is_local: bool) -> None:
    assert (variable in json.dumps(template)) is is_local


def arn(secret: str) -> Json:
    # On AWS a reference would do; the local AWS answers it with the name.
    return {"Fn::GetAtt": [secret, "Id"]}


def test_no_secret_is_in_the_template(template: Json) -> None:
    assert template["Parameters"]["StripeApiKey"]["NoEcho"] is True
    # The distribution can only be told its secret; it is resolved when the stack is made.
    named = {key for key, entry in template["Resources"].items() if "resolve:secretsmanager" in json.dumps(entry)}
    assert named <= {"Site"}
    for function in functions(template).values():
        variables = function["Environment"]["Variables"]
        assert (variables["ID_SECRET"], variables["STRIPE_API_KEY"]) == (arn("IdSecret"), arn("StripeKey"))
        assert variables["STRIPE_WEBHOOK_SECRETS"] == arn("StripeWebhookSecrets")


def test_what_signs_webhooks_is_random_until_it_is_put_there(template: Json, is_local: bool) -> None:
    secret = template["Resources"]["StripeWebhookSecrets"]["Properties"]
    # A secret that stands in the source would let anybody sign.
    assert ("SecretString" in secret) is is_local
    assert ("GenerateSecretString" in secret) is not is_local


def test_only_functions_that_need_a_secret_may_read_it(template: Json) -> None:
    secrets = ("IdSecret", "SiteSecret", "StripeKey", "StripeWebhookSecrets")
    readers: dict[str, set[str]] = {secret: set() for secret in secrets}
    for role, statement in statements(template):
        if "secretsmanager:GetSecretValue" in statement["Action"]:
            for secret in statement["Resource"]:
                readers[secret["Fn::GetAtt"][0]].add(role)
    # The API makes out the pages on which a shop pays.
    assert readers["StripeKey"] == {"APIHandlerRole", "SendUsageRole", "ReconcileRole"}
    assert readers["SiteSecret"] == {"APIHandlerRole"}
    assert readers["StripeWebhookSecrets"] == {"APIHandlerRole"}
    assert {"APIHandlerRole", "AuthorizeRole"} <= readers["IdSecret"]
    assert readers["IdSecret"] & readers["StripeKey"] == {"APIHandlerRole"}


def test_deployment_refuses_a_mapping_that_loses_messages(template: Json, packaged: Path) -> None:
    stage = STAGES[packaged.parent.name]
    assert refusals(template, stage) == []
    [event] = template["Resources"]["SendUsage"]["Properties"]["Events"].values()
    del event["Properties"]["FunctionResponseTypes"]
    assert refusals(template, stage) == ["SendUsage would lose the failed messages of a batch"]


@pytest.mark.parametrize("variable", LOCAL_CLOCK)
def test_deployment_refuses_a_clock_that_can_be_shifted(template: Json, variable: str) -> None:
    environments = [function["Environment"]["Variables"] for function in functions(template).values()]
    for name in LOCAL_CLOCK:
        for variables in environments:
            variables.pop(name, None)
    assert refusals(template, STAGES["prod"]) == []
    environments[0][variable] = "0"
    assert refusals(template, STAGES["prod"]) == ["the clock of stage prod could be shifted"]


def test_template_is_clean_for_cfn_lint(packaged: Path) -> None:
    linter = Path(sys.executable).with_name("cfn-lint")
    command: list[str | Path] = [linter, "--non-zero-exit-code", "informational", packaged]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout


def test_package_is_small(packaged: Path) -> None:
    zips = list(packaged.parent.glob("*.zip"))
    assert {path.name for path in zips} == {"deployment.zip", "layer.zip"}
    assert sum(path.stat().st_size for path in zips) <= MAX_ZIP_BYTES


@pytest.mark.parametrize("line", [line for _, line in LINES.values()])
def test_an_alarm_waits_for_a_line_that_is_written(line: str) -> None:
    sources = (Path(__file__).parents[2] / "chalicelib").rglob("*.py")
    assert [path for path in sources if f'"{line}"' in path.read_text(encoding="utf-8")]
