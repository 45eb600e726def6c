"""A small history on a bad day, by clients who ask again as they are told to."""

import random
import time
from functools import partial
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBException

from chalicelib.agents.model import Agent
from chalicelib.kernel.errors import Busy
from infra.operate import now
from tests.stack import calls, world
from tests.stack.calls import Answer, Request
from tests.stack.forks import fork
from tests.stack.ground import Ground
from tests.stack.invariants import read, violations
from tests.stack.settling import at, settle, stripe_totals, unsettled
from tests.stack.trouble import Trouble

POOL = "faulty"
_PATIENCE = 60
_HASTE = 50

Json = dict[str, Any]


def bad_day(here: Ground, seeds: list[int], contacts: int) -> Json:
    """Let one shop for each seed have its bad day at the same time; return what was wrong in the end."""
    world.warm()
    here.messages()
    fork(partial(_found, seeds)).result()
    days: list[Json] = [each.result() for each in [fork(partial(_day, seed, contacts)) for seed in seeds]]
    return {**_total(days), **fork(partial(_check, here, seeds, contacts)).result()}


def _found(seeds: list[int]) -> None:
    tenants = [world.tenant(f"faulty{seed}", f"{POOL}{seed}") for seed in seeds]
    world.found(tenants, [Agent(f"agent{seed}", f"agent{seed}", f"{POOL}{seed}", 6) for seed in seeds])


def _day(seed: int, contacts: int) -> Json:
    random.seed(seed)
    _hasten()
    trouble = Trouble(seed)
    client = _Client()
    for number in range(contacts):
        _life(client, seed, number)
    return {**trouble.done, "refused": client.refused, "strange": client.strange}


def _hasten() -> None:
    """Back off as often as ever, but not as long: a test has not the time."""
    sleep = time.sleep
    time.sleep = lambda seconds: sleep(float(seconds) / _HASTE)


class _Client:
    """Sends the same request again for as long as it is answered 503; notes every other failure."""

    def __init__(self) -> None:
        self.refused = 0
        self.strange: list[str] = []

    def send(self, request: Request) -> Answer:
        for _ in range(_PATIENCE):
            answer = calls.send(request)
            if answer.status == 503 and answer.headers.get("Retry-After"):
                self.refused += 1
                time.sleep(int(answer.headers["Retry-After"]))
                continue
            if answer.status >= 500:
                self.strange.append(f"{request}: {answer}")
                continue
            return answer
        raise AssertionError(f"refused for ever: {request}")


def _life(client: _Client, seed: int, number: int) -> None:
    tenant = f"faulty{seed}"
    shop, agent, path = (
        calls.shop(tenant),
        calls.agent(f"agent{seed}", f"{POOL}{seed}"),
        f"/v1/tenants/{tenant}/contacts",
    )
    body = {"channel": "chat", "customer": {"id": "c-1"}, "text": "문의합니다"}
    opened = client.send(Request(shop, "POST", path, body, f"open-{number}"))
    contact = f"{path}/{opened.body['id']}"
    _until(client, contact, agent, "claim", "claimed")
    for turn in range(2):
        said = client.send(Request(agent, "POST", f"{contact}/replies", {"text": "네"}, f"reply-{number}-{turn}"))
        if said.status != 201:
            client.strange.append(f"reply: {said}")
    _until(client, contact, agent, "resolve", "resolved")
    if number % 3 == 0:
        _until(client, contact, agent, "spam", "spam")


def _until(client: _Client, contact: str, caller: Any, what: str, status: str) -> None:
    """Do it at the version seen, and look whether it was done if the answer says that something moved on."""
    seen = client.send(Request(caller, "GET", contact)).body["contact"]["version"]
    answer = client.send(Request(caller, "POST", f"{contact}/{what}", if_match=seen))
    found = client.send(Request(caller, "GET", contact)).body["contact"]
    if found["status"] != status or found["version"] != seen + 1:
        client.strange.append(f"{what}: {answer}, then {found}")


def _total(days: list[Json]) -> Json:
    numbers = ("throttled", "failed", "lost", "passed", "refused")
    found: Json = {name: sum(day[name] for day in days) for name in numbers}
    return found | {"strange": [text for day in days for text in day["strange"]]}


def _check(here: Ground, seeds: list[int], contacts: int) -> Json:
    """Bring every change to Stripe through the same trouble, then settle in peace and look."""
    wrong = violations(read(here.items()))
    _hasten()
    trouble = Trouble(seeds[0])
    began = now()
    for minute in range(10):
        with at(began + minute * 180_000):
            trouble.on = True
            _background()
            trouble.on = False
            bodies = here.messages()
            trouble.on = True
            calls.deliver_usage(bodies)
            trouble.on = False
    settle(here, began + 3_600_000)
    rows, stripe = read(here.items()), stripe_totals(here)
    with at(began + 7_200_000):
        wrong += unsettled(rows, stripe)
    wrong += [] if len(rows.contacts) == len(seeds) * contacts else [f"{len(rows.contacts)} contacts"]
    wrong += [] if len(rows.messages) == 3 * len(rows.contacts) else [f"{len(rows.messages)} messages"]
    billed = sum(entry["delta"] for entry in rows.usage)
    return {"wrong": wrong, "contacts": len(rows.contacts), "billed": billed, "stripe": sum(stripe.values())}


def _background() -> None:
    # A sweep that fails is followed by another one in a minute.
    try:
        calls.sweep()
    except* (Busy, ClientError, PynamoDBException, BotoCoreError):
        pass
