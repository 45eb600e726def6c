"""A desk on moto: the deployed table's layout, and the real app, called as Lambda calls it."""

import copy
import json
import os
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from moto import mock_aws
from moto.kms.models import kms_backends
from moto.s3.models import s3_backends
from moto.sqs.models import sqs_backends

import app
from chalicelib.access.rules import Token, parse_token
from chalicelib.access.service import issue
from chalicelib.access.store import Keys
from chalicelib.agents.model import Agent
from chalicelib.agents.store import Agents, forget_presence
from chalicelib.aws.indexes import PROJECTIONS
from chalicelib.aws.settings import settings
from chalicelib.aws.tables import Row, commit
from chalicelib.aws.vault import forget_keys, key_client
from chalicelib.contacts.outlooks import forget_counts
from chalicelib.finance.wiring import forget_registers
from chalicelib.floor.wiring import forget_floor
from chalicelib.handbook.store import forget_handbooks
from chalicelib.hooks.wiring import forget_hooks
from chalicelib.incidents.wiring import forget_incidents
from chalicelib.kernel.caller import Caller, Kind
from chalicelib.metering.periods import forget_closed
from chalicelib.overflow.wiring import forget_calm
from chalicelib.privacy.breadth import forget_breadth
from chalicelib.privacy.store import forget_heads
from chalicelib.promotions.store import forget_promotions
from chalicelib.queue.wiring import forget_waiting
from chalicelib.routing.store import forget_clocks
from chalicelib.tenants.declared import parse_tenant
from chalicelib.tenants.model import Tenant
from chalicelib.tenants.service import apply
from chalicelib.tenants.store import Tenants, forget_profiles
from chalicelib.visitors.wiring import forget_pages
from chalicelib.web.api import Route
from chalicelib.web.limits import limiter
from tests.moto_tables import quick_moto, tables
from tests.people.fake_directory import POOL_SETTINGS, FakeCognito, fake_cognito
from tests.samples import NOON
from tests.wall import ACCOUNT, FUNCTIONS, REGION, behind, walled, watch

ROOT = Path(__file__).resolve().parents[1]
KEY = "0123456789abcdef"
Json = dict[str, Any]


def declared(tenant: str) -> Tenant:
    """Return a shop as `tenants/` declares it."""
    return parse_tenant((ROOT / f"tenants/{tenant}.toml").read_text(encoding="utf-8"), f"{tenant}.toml")


DANBI, MUNGMEAL = declared("danbi"), declared("mungmeal")
# A shop of another pool, which the agents of `main` do not serve.
FARAWAY = replace(declared("namujip"), id="faraway", pool="other", channels=DANBI.channels)


def shop(tenant: str) -> Caller:
    """Return the server of a shop."""
    return Caller(Kind.SHOP, KEY, tenant=tenant)


def agent(name: str, pool: str = "main") -> Caller:
    """Return an agent."""
    return Caller(Kind.AGENT, KEY, agent=name, pool=pool)


SHOP, MINA, JUNO, STRANGER = shop("danbi"), agent("mina"), agent("juno"), agent("solbi", "other")
NOBODY: Caller | None = None


@dataclass(frozen=True)
class Answer:
    """What API Gateway would send on."""

    status: int
    body: Any
    headers: Mapping[str, str]

    @property
    def code(self) -> str:
        """Return the code of a refusal, or an empty string."""
        return str(self.body["error"]["code"]) if self.body and "error" in self.body else ""

    @property
    def refusal(self) -> tuple[int, str]:
        """Return what a caller's program decides on."""
        return self.status, self.code


for function in FUNCTIONS:
    if function != "api_handler":
        setattr(app, function, walled(function, getattr(app, function)))


class Desk:
    """The app over a table of its own."""

    def __init__(self, people: FakeCognito) -> None:
        self.people = people
        self.table = settings().table
        self.dynamodb = client()
        self._hooks: list[tuple[str, Any]] = []
        # Tests send as fast as they can, and only those of the limits want to meet them.
        self.limited = False
        # Noon of 2026-11-21 in Seoul: no test may meet the end of an hour or of a month by chance.
        self._offset = NOON // 1000 - int(time.time())
        self.later(0)

    def call(
        self,
        who: Caller | None,
        request: str,
        body: Any = None,
        *,
        raw: str | None = None,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
        parts: Mapping[str, Any] | None = None,
    ) -> Answer:
        """Send `request` (`POST /v1/...`, as it stands in the request line) and return the answer."""
        event = api_event(who, request, raw if body is None else json.dumps(body), headers or {}, query)
        return self.send({**event, **(parts or {})})

    def send(self, event: Json) -> Answer:
        """Hand an event of API Gateway to the function."""
        if not self.limited:
            limiter.forget()
        with behind("api_handler"):
            given = app.app(event, None)
        return Answer(given["statusCode"], json.loads(given["body"] or "null"), given["headers"])

    def open(self, tenant: str = "danbi", text: str = "언제 와요?", **fields: Any) -> str:
        """Open a contact and return its id."""
        body = {"channel": "chat", "customer": {"id": "c1"}, "text": text, **fields}
        answer = self.call(shop(tenant), f"POST /v1/tenants/{tenant}/contacts", body)
        assert answer.status == 201, answer
        return str(answer.body["id"])

    def act(self, who: Caller, contact: str, action: str, body: Any = None, tenant: str = "danbi") -> Answer:
        """Do something with a contact, which must succeed."""
        answer = self.call(who, f"POST /v1/tenants/{tenant}/contacts/{contact}/{action}", body)
        assert answer.status < 300, answer
        return answer

    def claimed(self, who: Caller = MINA, tenant: str = "danbi", **fields: Any) -> str:
        """Return a contact that `who` holds."""
        contact = self.open(tenant, **fields)
        self.act(who, contact, "claim", tenant=tenant)
        return contact

    def answered(self, who: Caller = MINA, tenant: str = "danbi") -> str:
        """Return a contact that is on the bill, and still held."""
        contact = self.claimed(who, tenant)
        self.act(who, contact, "replies", {"text": "내일 도착해요."}, tenant)
        return contact

    def rows(self, index: str | None = None) -> list[Json]:
        """Return every row as DynamoDB holds it."""
        named = {"IndexName": index} if index else {}
        found: list[Json] = self.dynamodb.scan(TableName=self.table, **named)["Items"]
        return found

    def index(self, name: str, partition: str) -> list[str]:
        """Return the sort keys in one partition of an index, in order."""
        rows = [row for row in self.rows(name) if row[f"{name}_pk"]["S"] == partition]
        return sorted(row[f"{name}_sk"]["S"] for row in rows)

    def raw(self, pk: str, sk: str) -> Json | None:
        """Return one row as DynamoDB holds it."""
        found: Json | None = self.dynamodb.get_item(
            TableName=self.table, Key={"pk": {"S": pk}, "sk": {"S": sk}}
        ).get("Item")
        return found

    def fail(self, operation: str, code: str, *, status: int = 400, times: int = 1) -> list[str]:
        """Let the table answer the next `times` calls of `operation` with an error; return the calls it saw."""
        seen: list[str] = []

        def answer(model: Any, **_: Any) -> tuple[Any, Json] | None:
            seen.append(model.name)
            if len(seen) > times:
                return None
            refused: Json = {"Error": {"Code": code, "Message": "SECRET storage text"}}
            if code == "TransactionCanceledException":
                refused["CancellationReasons"] = [{"Code": "None"}, {"Code": "TransactionConflict"}]
            refused["ResponseMetadata"] = {"HTTPStatusCode": status, "HTTPHeaders": {}, "RequestId": "x"}
            return Http(status), refused

        self._hook(f"before-call.dynamodb.{operation}", answer)
        return seen

    @contextmanager
    def atomic(self) -> Iterator[None]:
        """Let threads take turns call by call: moto checks a condition and writes in two steps."""
        turn, call = threading.Lock(), self.dynamodb._make_api_call

        def one(*args: Any) -> Any:
            with turn:
                return call(*args)

        self.dynamodb._make_api_call = one
        try:
            yield
        finally:
            del self.dynamodb._make_api_call

    def watch(self, operation: str) -> list[Json]:
        """Return a list that fills with the parameters of each call of `operation`."""
        seen: list[Json] = []
        self._hook(f"provide-client-params.dynamodb.{operation}", lambda params, **_: seen.append(params))
        return seen

    def written(self) -> list[str]:
        """Return a list that fills with the names of the writes that the table carried out."""
        seen: list[str] = []

        def note(http_response: Any, model: Any, **_: Any) -> None:
            if http_response.status_code == 200 and model.name in _WRITES:
                seen.append(model.name)

        self._hook("after-call.dynamodb", note)
        return seen

    def _hook(self, event: str, handler: Any) -> None:
        self.dynamodb.meta.events.register_first(event, handler)
        self._hooks.append((event, handler))

    def close(self) -> None:
        """Let the table answer for itself again."""
        for event, handler in self._hooks:
            self.dynamodb.meta.events.unregister(event, handler)

    def shift(self, **env: str) -> None:
        """Change the environment, and let the function read it again."""
        os.environ.update(env)
        settings.cache_clear()

    def later(self, seconds: int) -> None:
        """Let so much time have passed since the desk was opened."""
        self.shift(CLOCK_OFFSET_SECONDS=str(self._offset + seconds))

    @property
    def now(self) -> int:
        """Return the domain time in milliseconds UTC."""
        return app.now()

    def token(self, caller: Caller) -> Token:
        """Issue a key of `caller`."""
        owner = caller.agent or caller.tenant
        key = issue(caller, Keys(caller.kind, owner), commit)
        return parse_token(key)

    def authorize(self, token: str) -> Json:
        """Ask the authorizer, as API Gateway does."""
        arn = "arn:aws:execute-api:ap-northeast-2:123456789012:api/api/GET/v1/agents/me"
        event = {"type": "TOKEN", "authorizationToken": token, "methodArn": arn}
        answer: Json = app.authorize(event, None)
        return answer


@dataclass(frozen=True)
class Http:
    """As much of an HTTP answer as botocore looks at."""

    status_code: int


def client() -> Any:
    """Return the client that the product itself uses."""
    return Row._get_connection().connection.client


def api_event(
    who: Caller | None,
    request: str,
    raw: str | None,
    headers: Mapping[str, str],
    query: Mapping[str, str] | None,
) -> Json:
    """Return the event that API Gateway sends for a request line."""
    method, path = request.split(" ")
    route, params = match(method, path)
    proven = {} if who is None else who.context
    return {
        "resource": route.path,
        "path": path,
        "httpMethod": method,
        "headers": {"content-type": "application/json", **headers},
        "multiValueHeaders": {},
        "multiValueQueryStringParameters": {name: [value] for name, value in query.items()} if query else None,
        "pathParameters": params or None,
        "stageVariables": None,
        "body": raw,
        "isBase64Encoded": False,
        "requestContext": {
            "httpMethod": method,
            "resourcePath": route.path,
            "path": path,
            "requestId": "req-1",
            "identity": {"sourceIp": "192.0.2.1"},
            **({"authorizer": proven} if proven else {}),
        },
    }


_WRITES = {"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "BatchWriteItem"}


def match(method: str, path: str) -> tuple[Route, dict[str, str]]:
    """Return the route that API Gateway chooses for a path, and the parameters, which it leaves encoded."""
    given = path.split("/")
    for route in app.routes():
        wanted = route.path.split("/")
        pairs = list(zip(wanted, given, strict=False))
        fits = len(wanted) == len(given) and all(a == b or (a.startswith("{") and b) for a, b in pairs)
        if route.method == method and fits:
            return route, {a[1:-1]: b for a, b in pairs if a.startswith("{")}
    raise AssertionError(f"no route: {method} {path}")


def _create_table(dynamodb: Any) -> None:
    layout = json.loads((ROOT / "infra/resources/table.json").read_text(encoding="utf-8"))["Desk"]["Properties"]
    names = ("BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")
    layout = {name: layout[name] for name in names}
    for index in layout["GlobalSecondaryIndexes"]:
        index["Projection"]["NonKeyAttributes"] = PROJECTIONS[index["IndexName"]]
    dynamodb.create_table(TableName=settings().table, **layout)


def _create_keyring(dynamodb: Any) -> None:
    layout = json.loads((ROOT / "infra/resources/keyring.json").read_text(encoding="utf-8"))["Keyring"]
    names = ("BillingMode", "AttributeDefinitions", "KeySchema")
    layout = {name: layout["Properties"][name] for name in names}
    dynamodb.create_table(TableName=settings().keyring_table, **layout)


def _overflow_queue() -> str:
    queue = sqs_backends[ACCOUNT][REGION].create_queue("overflow", {"VisibilityTimeout": "30"})
    return f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{queue.name}"


def _diagnosis_queue() -> str:
    kept = {"FifoQueue": "true", "VisibilityTimeout": "180", "DeduplicationScope": "messageGroup"}
    queue = sqs_backends[ACCOUNT][REGION].create_queue("diagnosis.fifo", kept)
    return f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{queue.name}"


def _create_key() -> None:
    # moto takes a tenth of a second to make a key: all desks get the one that the first one made.
    backend = kms_backends[ACCOUNT][settings().region]
    if not _made:
        made = key_client().create_key()["KeyMetadata"]["KeyId"]
        key_client().create_alias(AliasName=settings().key_id, TargetKeyId=made)
        _made.append(backend.keys[made])
    backend.keys[_made[0].id] = _made[0]


_made: list[Any] = []


# A client takes longer to make than a test to run; between tests on moto it is kept here, out of others' reach.
_kept: list[Any] = []


def _forget() -> None:
    Row._connection = None
    settings.cache_clear()
    _forget_rows()


def _forget_rows() -> None:
    for forget in (forget_clocks, forget_presence, forget_profiles, forget_keys, forget_heads, forget_breadth):
        forget()
    forget_promotions()
    forget_handbooks()
    forget_calm()
    forget_counts()
    forget_waiting()
    forget_closed()
    forget_pages()
    forget_hooks()
    forget_incidents()
    forget_registers()
    forget_floor()


@contextmanager
def moto_desk() -> Iterator[Desk]:
    """Yield a desk with three shops in two pools and their agents."""
    before = dict(os.environ)
    _forget()
    try:
        with mock_aws(), quick_moto(), fake_cognito() as people:
            os.environ.update(POOL_SETTINGS)
            os.environ["OVERFLOW_QUEUE_URL"] = _overflow_queue()
            os.environ["DIAGNOSIS_QUEUE_URL"] = _diagnosis_queue()
            s3_backends[ACCOUNT]["aws"].create_bucket(settings().files_bucket, REGION)
            settings.cache_clear()
            Row._connection = _kept[0] if _kept else None
            desk = Desk(people)
            _kept[:] = [Row._connection]
            watch(desk.dynamodb)
            watch(key_client())
            _create_key()
            _furnish(desk.dynamodb)
            try:
                yield desk
            finally:
                desk.close()
    finally:
        _restore(before)


def _furnish(dynamodb: Any) -> None:
    """Make the tables and fill them, once in a process: every desk gets a copy of what the first one got."""
    if not _stock:
        _create_table(dynamodb)
        _create_keyring(dynamodb)
        _populate()
        _stock.update(copy.deepcopy(tables()))
        _forget_rows()
    tables().update(copy.deepcopy(_stock))


_stock: Json = {}


def _populate() -> None:
    for profile in (DANBI, MUNGMEAL, FARAWAY):
        apply(profile, Tenants(profile.id), commit)
    team = Agents()
    commit(team.add_pool("main"))
    commit(team.add_pool("other"))
    for who in (MINA, JUNO, STRANGER):
        commit(team.add(Agent(who.agent, who.agent.title(), who.pool, 6)))


def _restore(before: Mapping[str, str]) -> None:
    for name in os.environ.keys() - before.keys():
        del os.environ[name]
    os.environ.update(before)
    _forget()


@pytest.fixture
def desk() -> Iterator[Desk]:
    """A desk for one test."""
    with moto_desk() as found:
        yield found


@pytest.fixture(scope="module")
def shared_desk() -> Iterator[Desk]:
    """A desk for all tests of a module: for those that change nothing."""
    with moto_desk() as found:
        yield found
