"""Structured logs: one line of JSON a request or job, ids only, never what people wrote."""

import sys
from functools import cache

from aws_lambda_powertools.logging import Logger


@cache
def log() -> Logger:
    """Return the logger of this process."""
    return Logger(service="duredesk-platform", stream=sys.stderr)
