"""The second wall in tests: every call of a function is judged by the deployed roles' own policies.

moto and the local AWS know no leading keys, so the judge stands in the client: it reads each request's real keys,
index and table, takes the statements from the packaged template, puts the session's tags into them and leaves the
rest (actions, resources, operators) to the evaluator of the local AWS.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from ministack.core.iam_evaluator import EvalContext, evaluate, parse_policy_document

import app
from chalicelib.aws.credentials import Scope, current
from chalicelib.aws.settings import settings
from infra.functions import logical_id
from infra.stages import STAGES, resource
from infra.template import merge_template

Json = dict[str, Any]

REGION, ACCOUNT = "ap-northeast-2", "123456789012"
_VARIABLE = re.compile(r"\$\{aws:PrincipalTag/(\w+)(?:, *'([^']*)')?\}")
_EQUALITY = re.compile(r"(#?\w+) = (:\w+)")
_WRITES = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
}
# What the evaluator and AWS agree on; a policy with anything else must first be looked at here.
OPERATORS = {"ForAllValues:StringLike", "Null", "StringEquals", "StringLike"}


@dataclass(frozen=True)
class Asked:
    """One action on one resource, with the condition keys that AWS would know of it."""

    action: str
    resource: str
    keys: dict[str, Any]


@dataclass
class Judge:
    """Who calls, and what was refused."""

    seen: Counter[str] = field(default_factory=Counter)
    refused: list[tuple[str, Scope | None, Asked]] = field(default_factory=list)


judge = Judge()
_function: ContextVar[str] = ContextVar("function", default="")


@contextmanager
def behind(function: str) -> Iterator[None]:
    """Make the calls within as the deployed `function` would; outside, a test is its own operator."""
    token = _function.set(function)
    try:
        yield
    finally:
        _function.reset(token)


def walled(function: str, handler: Callable[..., Any]) -> Callable[..., Any]:
    """Return `handler` behind the wall."""

    def handle(event: Any, context: Any) -> Any:
        with behind(function):
            return handler(event, context)

    return handle


def watch(client: Any) -> None:
    """Let the judge see every call of `client`."""
    for service in ("dynamodb", "kms"):
        client.meta.events.register(f"before-call.{service}", _before, unique_id=f"wall-{service}")


def allowed(function: str, scope: Scope | None, asked: Asked) -> bool:
    """Return whether the deployed roles let `function` do what is asked, with a session of `scope` if any."""
    statements = _role(f"{logical_id(function)}Role")
    if scope is not None:
        if not _allows(statements, {}, Asked("sts:AssumeRole", _arn("DataRole", "Arn"), {})):
            return False
        statements = _role("DataRole")
    return _allows(statements, scope.tags if scope else {}, asked)


def _before(model: Any, params: Json, **_: Any) -> tuple[Any, Json] | None:
    function = _function.get()
    if not function:
        return None
    for asked in _asked(model.service_model.service_name, model.name, json.loads(params["body"])):
        judge.seen[asked.action] += 1
        if not allowed(function, current(), asked):
            judge.refused.append((function, current(), asked))
            return _Refusal(), _denied(asked)
    return None


@dataclass(frozen=True)
class _Refusal:
    status_code: int = 400


def _denied(asked: Asked) -> Json:
    error = {"Code": "AccessDeniedException", "Message": f"not authorized to perform: {asked.action}"}
    return {"Error": error, "ResponseMetadata": {"HTTPStatusCode": 400, "HTTPHeaders": {}, "RequestId": "x"}}


def _allows(statements: list[Json], tags: dict[str, str], asked: Asked) -> bool:
    document = json.loads(_VARIABLE.sub(lambda found: tags.get(found[1], found[2]), json.dumps(statements)))
    context = EvalContext(
        principal_arn=f"arn:aws:iam::{ACCOUNT}:role/x",
        principal_type="AssumedRole",
        principal_account=ACCOUNT,
        action=asked.action,
        resource_arn=asked.resource,
        region=REGION,
        service_context={name.lower(): value for name, value in asked.keys.items()},
    )
    decision: str = evaluate(context, [parse_policy_document({"Statement": document})]).decision
    return decision == "Allow"


def _asked(service: str, operation: str, params: Json) -> Iterator[Asked]:
    if service == "kms":
        context = {f"kms:EncryptionContext:{name}": value for name, value in params["EncryptionContext"].items()}
        yield Asked(f"kms:{operation}", _arn("FieldKey", "Arn"), context)
    elif operation == "TransactWriteItems":
        for item in params["TransactItems"]:
            [(kind, write)] = item.items()
            yield _on_table(_WRITES[kind], write["TableName"], [_key(write)])
    elif operation == "BatchGetItem":
        for table, wanted in params["RequestItems"].items():
            yield _on_table(operation, table, [key["pk"]["S"] for key in wanted["Keys"]])
    elif operation == "Query":
        yield _on_table(operation, params["TableName"], [_queried(params)], params.get("IndexName", ""))
    else:
        yield _on_table(operation, params["TableName"], [_key(params)])


def _on_table(action: str, table: str, keys: list[str], index: str = "") -> Asked:
    arn = _arn(_tables()[table], "Arn") + (f"/index/{index}" if index else "")
    return Asked(f"dynamodb:{action}", arn, {"dynamodb:LeadingKeys": keys})


def _tables() -> dict[str, str]:
    return {settings().table: "Desk", settings().keyring_table: "Keyring"}


def _key(params: Json) -> str:
    row: Json = params.get("Item") or params["Key"]
    key: str = row["pk"]["S"]
    return key


def _queried(params: Json) -> str:
    names = params.get("ExpressionAttributeNames", {})
    wanted = {"lists": "lists_pk", "work": "work_pk"}.get(params.get("IndexName", ""), "pk")
    for name, value in _EQUALITY.findall(params["KeyConditionExpression"]):
        if names.get(name, name) == wanted:
            key: str = params["ExpressionAttributeValues"][value]["S"]
            return key
    raise AssertionError(f"a query without its partition: {params}")


@cache
def template() -> Json:
    """Return what the production stage adds to the packaged template."""
    return merge_template(app.app, STAGES["prod"], routes=app.routes())


@cache
def _role(name: str) -> list[Json]:
    properties = template()["Resources"][name]["Properties"]
    statements: list[Json] = _resolved(
        [statement for policy in properties["Policies"] for statement in policy["PolicyDocument"]["Statement"]]
    )
    unknown = {operator for statement in statements for operator in statement.get("Condition", {})} - OPERATORS
    if unknown:
        raise AssertionError(f"{name}: nobody has looked at how {unknown} are judged")
    return statements


def _resolved(value: Any) -> Any:
    match value:
        case list():
            value = [_resolved(item) for item in value]
        case {"Fn::GetAtt": [name, attribute]}:
            value = _arn(name, attribute)
        case {"Fn::Join": [between, parts]}:
            value = between.join(_resolved(parts))
        case {"Ref": name}:
            value = _arn(name, "Ref")
        case {"Fn::Sub": text}:
            value = re.sub(r"\$\{(\w+)\.(\w+)\}", lambda found: _arn(found[1], found[2]), text)
        case dict():
            value = {name: _resolved(item) for name, item in value.items()}
    return value


def _arn(name: str, attribute: str) -> str:
    return f"arn:aws:any:{REGION}:{ACCOUNT}:{name}/{attribute}"


FUNCTIONS = sorted(resource("functions"))
