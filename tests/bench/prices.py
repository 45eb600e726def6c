"""What AWS asks in Seoul, and what that makes of a measured life; `docs/costs.md` names the sources."""

import json
from collections.abc import Mapping
from typing import Any

from infra.stages import ROOT

WON_PER_USD = 1475.0  # mid-January 2026

WRITE_UNIT = 0.68e-6
READ_UNIT = 0.1355e-6
GB_SECOND = 0.0000166667
INVOCATION = 0.20e-6
REST_REQUEST = 3.50e-6
FIFO_REQUEST = 0.50e-6
STANDARD_REQUEST = 0.40e-6
LOG_GB = 0.76
GIB_OUT = 0.126

# Assumed, since no emulator can tell: what AWS's own answers take, and Stripe's over the internet.
AWS_ANSWER_MS = 8.0
STRIPE_ANSWER_MS = 300.0
# Lambda's own START, END and REPORT lines of one invocation.
PLATFORM_LOG_BYTES = 330
ANSWER_BYTES = 2_000
FULL_CPU_MB = 1769
# One message is sent, received and deleted.
QUEUE_REQUESTS = 3

_FUNCTIONS = {
    "relay": "relay_changes",
    "relay_held": "relay_changes",
    "send_usage": "send_usage",
    "authorize": "authorize",
}


def lambda_usd(step: str, measured: Mapping[str, Any]) -> float:
    """Return the price of one warm invocation: AWS calls wait, and CPU runs at the memory's share of a core."""
    memory = _memory_mb(_FUNCTIONS.get(step, "api_handler"))
    busy = measured["cpu_ms"] * FULL_CPU_MB / memory
    waiting = measured["calls"] * AWS_ANSWER_MS + (STRIPE_ANSWER_MS if step == "send_usage" else 0)
    seconds = max(1.0, busy + waiting) / 1000
    return float(INVOCATION + seconds * memory / 1024 * GB_SECOND)


def _memory_mb(function: str) -> int:
    settings = json.loads((ROOT / "infra" / "resources" / "functions.json").read_text(encoding="utf-8"))
    return int(settings[function]["MemorySize"])


def life_usd(found: Mapping[str, Any], invocations: Mapping[str, int]) -> dict[str, float]:
    """Return the price of one life by what it is paid for; the authorizer's cache is assumed never to help."""
    requests = sum(count for step, count in invocations.items() if step not in _FUNCTIONS)
    life, asked = found["life"], {**invocations, "authorize": requests}
    logged = life["log_bytes"] + PLATFORM_LOG_BYTES * sum(asked.values())
    return {
        "DynamoDB writes": life["write_units_mean"] * WRITE_UNIT,
        "DynamoDB reads": (life["read_units_mean"] + requests * found["authorize"]["read_units"]) * READ_UNIT,
        "API Gateway requests": requests * REST_REQUEST,
        "Lambda": sum(count * lambda_usd(step, found[step]) for step, count in asked.items()),
        "SQS requests": QUEUE_REQUESTS * FIFO_REQUEST,
        "CloudWatch logs": logged / 1e9 * LOG_GB,
        "data to the internet": requests * ANSWER_BYTES / 2**30 * GIB_OUT,
    }


def ticket_usd(by_operation: Mapping[str, int]) -> float:
    """Return the price of what a life asks of the overflow queue; it sends one message to the other queue."""
    asked = sum(by_operation.get(f"{what}Message", 0) for what in ("Send", "Receive", "Delete"))
    return (asked - 1) * STANDARD_REQUEST


def won_per_1000(usd: Mapping[str, float]) -> dict[str, float]:
    """Return the same in won for a thousand lives."""
    return {name: round(value * 1000 * WON_PER_USD, 1) for name, value in usd.items()}
