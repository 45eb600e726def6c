"""The alarms of the stack, one topic for all of them."""

from typing import Any

Json = dict[str, Any]

MINUTE = 60
STALE_SECONDS = 15 * MINUTE
ITERATOR_AGE_MS = 5 * MINUTE * 1000

# What a function's log must never hold without somebody hearing of it.
LINES = {
    "Breadth": ("APIHandler", "breadth exceeded"),
    "Pressure": ("APIHandler", "pressure rose"),
    "Wall": ("APIHandler", "the second wall refused"),
    "Provider": ("SendUsage", "the provider reports"),
}


def alarms(resources: Json, functions: Json) -> Json:
    """Return the alarms of every queue, function and stream mapping, and of the API."""
    found: Json = {}
    for name, entry in resources.items():
        if entry.get("Type") == "AWS::SQS::Queue":
            found |= _queue(name, dead_letters=name.endswith("DeadLetters"))
    for name, settings in functions.items():
        found[f"{name}Errors"] = _alarm("AWS/Lambda/Errors", ("FunctionName", name))
        if "StartingPosition" in settings.get("mapping", {}):
            found[f"{name}IteratorAge"] = _alarm(
                "AWS/Lambda/IteratorAge", ("FunctionName", name), above=ITERATOR_AGE_MS, statistic="Maximum"
            )
    for name, (function, line) in LINES.items():
        found |= _line(name, function, line)
    found["ApiServerErrors"] = _alarm("AWS/ApiGateway/5XXError", ("ApiName", "duredesk"))
    return found


def _queue(name: str, *, dead_letters: bool) -> Json:
    """Return the alarms of a queue; anything at all in a dead-letter queue is one."""
    dimension = ("QueueName", name)
    age = _alarm("AWS/SQS/ApproximateAgeOfOldestMessage", dimension, above=STALE_SECONDS, statistic="Maximum")
    if not dead_letters:
        return {f"{name}Age": age}
    depth = _alarm("AWS/SQS/ApproximateNumberOfMessagesVisible", dimension, statistic="Maximum")
    return {f"{name}Age": age, f"{name}Depth": depth}


def _line(name: str, function: str, line: str) -> Json:
    """Return the filter that counts a line of a function's log, and its alarm."""
    metric = {"MetricNamespace": "Duredesk", "MetricName": name, "MetricValue": "1"}
    return {
        f"{name}Lines": {
            "Type": "AWS::Logs::MetricFilter",
            "Properties": {
                "LogGroupName": {"Ref": f"{function}Logs"},
                "FilterPattern": f'{{ $.message = "{line}" }}',
                "MetricTransformations": [metric],
            },
        },
        f"{name}Alarm": _alarm(f"Duredesk/{name}"),
    }


def _alarm(
    metric: str, dimension: tuple[str, str] | None = None, *, above: int = 0, statistic: str = "Sum"
) -> Json:
    namespace, _, name = metric.rpartition("/")
    key, resource = dimension or ("", "")
    value: Any = resource
    if key == "QueueName":
        value = {"Fn::GetAtt": [resource, "QueueName"]}
    elif key == "FunctionName":
        value = {"Ref": resource}
    return {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "Namespace": namespace,
            "MetricName": name,
            "Dimensions": [{"Name": key, "Value": value}] if dimension else [],
            "Statistic": statistic,
            "Period": MINUTE,
            "EvaluationPeriods": 1,
            "ComparisonOperator": "GreaterThanThreshold",
            "Threshold": above,
            "TreatMissingData": "notBreaching",
            "AlarmActions": [{"Ref": "Alarms"}],
        },
    }
