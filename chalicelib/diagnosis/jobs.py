"""Diagnosing off the queue."""

import json

from chalicelib.aws.credentials import Scope, acting
from chalicelib.diagnosis import service
from chalicelib.diagnosis.wiring import library_of
from chalicelib.kernel.clock import Millis


def work(body: str, now: Millis) -> None:
    """Read the file that a queue message names; raises so that the message comes again if that may help."""
    named = json.loads(body)
    with acting(Scope(tenant=named["tenant"])):
        service.work(named["id"], library_of(named["tenant"]), now=now)
