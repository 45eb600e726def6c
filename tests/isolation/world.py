"""A desk on which one shop's things are known by name, and everybody who may try to get at them."""

import copy
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from moto.dynamodb.models.dynamo_type import DynamoType

import app
from chalicelib.access.rules import Policy
from chalicelib.access.store import Keys
from chalicelib.agents.model import Agent
from chalicelib.agents.store import Agents, forget_presence
from chalicelib.aws import objects
from chalicelib.aws.tables import commit
from chalicelib.billing.mirror import Mirror
from chalicelib.billing.wiring import gateway
from chalicelib.closing.model import Break, Cause, Rule
from chalicelib.closing.rules_records import seen
from chalicelib.closing.store import Breaks
from chalicelib.contacts.outlooks import forget_counts
from chalicelib.files.model import File, Side
from chalicelib.files.model import Kind as FileKind
from chalicelib.files.store import Files
from chalicelib.finance.corrections import Corrections
from chalicelib.handbook.store import forget_handbooks
from chalicelib.hooks.history import Deliveries
from chalicelib.hooks.model import State
from chalicelib.hooks.wiring import forget_hooks
from chalicelib.incidents.store import Incidents
from chalicelib.incidents.wiring import forget_incidents
from chalicelib.kernel.caller import Caller, Kind
from chalicelib.kernel.clock import kst_month
from chalicelib.kernel.ids import derived_id
from chalicelib.metering.periods import forget_closed
from chalicelib.overflow.model import Happening, SurgeEvent, SurgeState
from chalicelib.overflow.store import Surges
from chalicelib.panel.model import Rating
from chalicelib.panel.store import Ratings
from chalicelib.people.changes import Changes
from chalicelib.people.model import Deed, PermissionChange, Person
from chalicelib.people.store import People
from chalicelib.privacy.breadth import forget_breadth
from chalicelib.privacy.store import forget_heads
from chalicelib.promotions.store import forget_promotions
from chalicelib.routing.store import forget_clocks
from chalicelib.tenants.model import Step, Tenant
from chalicelib.tenants.service import apply
from chalicelib.tenants.store import Tenants, forget_profiles
from chalicelib.web.api import Call, Empty, Route
from chalicelib.web.cursors import write_cursor
from tests import canaries
from tests.bills.bad_input import COMPANY
from tests.fakestripe import API_KEY, FakeStripe, running
from tests.finance.samples import a_correction, a_final_invoice
from tests.hooks.bad_input import a_delivery
from tests.incidents.bad_input import an_incident
from tests.isolation.places import STATES, Things
from tests.moto_desk import DANBI, FARAWAY, KEY, MINA, MUNGMEAL, STRANGER, Answer, Desk, moto_desk, shop
from tests.moto_tables import partitions, tables
from tests.people.fake_directory import FakeCognito, User
from tests.samples import NOON

ROUTES = app.routes()
ORIGIN = "https://{}.example"

# A shop whose every text is found wherever it leaks.
CANARY_SHOP = replace(
    DANBI,
    name="카나리아옷장",
    name_en="Canary Closet",
    price_won=98_731,
    persona=replace(
        DANBI.persona,
        agent_name="카나리아상담",
        tone="카나리아말투",
        greeting="카나리아입니다 어서오세요",
        signature="카나리아옷장 드림",
    ),
)
# A shop of the same pool, which takes what danbi takes.
OTHER_SHOP = replace(MUNGMEAL, channels=DANBI.channels)
TOLD = {
    "customer": "canary-customer-7731",
    "name": canaries.NAME,
    "phone": canaries.PHONE,
    "mail": canaries.MAIL,
    "address": canaries.ADDRESS,
    "order_number": canaries.ORDER_NUMBER,
    "account": canaries.ACCOUNT,
    "subject": "카나리아 제목",
    "text": "카나리아 문의",
    "reply": "카나리아 답변",
    "note": "카나리아 메모",
    "unmask": "카나리아 열람 사유",
    "hold": "카나리아 분쟁 사유",
    "label": "카나리아 위젯",
    "incident": "카나리아 장애",
    "promotion": "카나리아 행사",
    "canned": "카나리아 정형 답변은 이 상점에서만 보내 드려요",
    "company": "카나리아상사",
    "dispute": "카나리아 이의",
    "file": "카나리아 영수증",
    "rating": "카나리아 후기",
    "past": "카나리아 지난 문의.csv",
    "idempotency": "canary-idempotency-key-77310000",
}
"""What only the shop `danbi`, its customers and its agents know."""


def kinds(route: Route) -> frozenset[Kind]:
    """Return who may call a route."""
    assert isinstance(route.policy, Policy)
    return route.policy.kinds


@dataclass(frozen=True)
class Sent:
    """A request, with its path's parameters by name."""

    who: Caller | None
    params: Mapping[str, str]
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] | None = None

    @property
    def told(self) -> str:
        """Return all that the request itself says."""
        caller = list(self.who.context.values()) if self.who else []
        said = [dict(self.params), self.body, dict(self.headers), dict(self.query or {}), caller]
        return json.dumps(said, ensure_ascii=False)


@dataclass
class World:
    """Three shops in two pools, and a memory of the table to go back to.

    `written` grows by the partition of every row that a request wrote.
    """

    desk: Desk
    cognito: FakeCognito
    things: dict[str, Things] = field(default_factory=dict)
    written: list[str] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)
    people: dict[str, Caller] = field(default_factory=dict)
    _kept: dict[str, Any] = field(default_factory=dict)
    _users: dict[str, User] = field(default_factory=dict)

    def send(self, route: Route, sent: Sent) -> Answer:
        """Send a request as its caller."""
        path = route.path
        for name, value in sent.params.items():
            path = path.replace("{" + name + "}", value)
        return self.desk.call(
            sent.who, f"{route.method} {path}", sent.body, headers=sent.headers, query=sent.query
        )

    def must(self, who: Caller | None, request: str, body: Any = None, **headers: str) -> Any:
        """Send a request that must succeed, and return what it answers."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = self.desk.call(who, request, body, headers=named)
        assert answer.status < 300, (request, answer)
        return answer.body

    def keep(self) -> None:
        """Remember the tables and the directory as they are."""
        self._kept = {name: copy.deepcopy(table.items) for name, table in tables().items()}
        self._users = copy.deepcopy(self.cognito.users)
        self.written.clear()

    def restore(self) -> None:
        """Put back what was written since, and forget what the process knows of it."""
        if not self.written:
            return
        for name, table in tables().items():
            for key in [DynamoType({"S": one}) for one in set(self.written)]:
                if key in self._kept[name]:
                    table.items[key] = copy.deepcopy(self._kept[name][key])
                else:
                    table.items.pop(key, None)
        self.cognito.users = copy.deepcopy(self._users)
        for forget in (
            forget_heads,
            forget_breadth,
            forget_clocks,
            forget_presence,
            forget_promotions,
            forget_handbooks,
            forget_counts,
            forget_closed,
            forget_hooks,
            forget_incidents,
        ):
            forget()
        self.written.clear()

    def watch_writes(self) -> None:
        """Let `written` grow by the keys in the requests themselves, whatever the operation is called."""
        events = self.desk.dynamodb.meta.events

        def asked(params: Any, context: Any, **_: Any) -> None:
            context["keys"] = list(partitions(json.loads(params["body"])))

        def carried_out(http_response: Any, model: Any, context: Any, **_: Any) -> None:
            if http_response.status_code == 200 and model.name not in _READS:
                self.written += context["keys"]

        for name, handler in (("before-call.dynamodb", asked), ("after-call.dynamodb", carried_out)):
            events.register_first(name, handler)
            self.desk._hooks.append((name, handler))


_READS = {"GetItem", "BatchGetItem", "Query", "Scan", "TransactGetItems", "DescribeTable"}


@contextmanager
def inhabited() -> Iterator[World]:
    """Yield a desk whose shops `danbi` (full of canaries), `mungmeal` and `faraway` have a thing of every kind."""
    with running(FakeStripe()) as base, moto_desk() as desk:
        desk.shift(STRIPE_API_KEY=API_KEY, STRIPE_API_BASE=base, STRIPE_METER_EVENTS_BASE=base)
        gateway.cache_clear()
        world = World(desk, desk.people)
        for profile in (CANARY_SHOP, OTHER_SHOP):
            apply(profile, Tenants(profile.id), commit)
        commit(Agents().add(Agent("gaon", "Gaon", "other", 6)))
        forget_profiles()
        for profile, agent, colleague in (
            (CANARY_SHOP, MINA, "juno"),
            (OTHER_SHOP, MINA, "juno"),
            (FARAWAY, STRANGER, "gaon"),
        ):
            world.things[profile.id] = _inhabit(world, profile, agent, colleague)
        for kind in (Kind.OWNER, Kind.FINANCE, Kind.ADMIN):
            world.people[kind] = person(world, kind, f"{kind}@nowhere.example")
        world.secrets = _secrets(world.things["danbi"])
        world.watch_writes()
        world.keep()
        yield world


def person(world: World, kind: Kind, mail: str, **place: Any) -> Caller:
    """Return somebody who has an account and has signed in."""
    user = User(mail, "correct horse battery", "CONFIRMED")
    world.cognito.users[user.id] = user
    who = Person(user.id, kind, created_at=NOON, totp_since=1, **place)
    line = PermissionChange(
        f"{len(world.cognito.users):032x}", NOON, who.caller.name, "192.0.2.1", Deed.FOUND, who.id
    )
    writes = [People().add(who), Changes(who.tenant).add(line)]
    if kind is Kind.OWNER and who.tenant:
        writes.append(People().owners(who.tenant, +1))
    commit(*writes)
    return who.caller


def visitor(tenant: str, contact: str) -> Caller:
    """Return whoever wrote `contact` on a page of the shop."""
    return Caller(Kind.VISITOR, KEY, tenant=tenant, contact=contact, origins=ORIGIN.format(tenant))


def told_by(tenant: str) -> dict[str, str]:
    """Return what a shop and its people say: canaries for danbi, the like without a bird for the others."""
    if tenant == "danbi":
        return TOLD
    plain = {
        name: value.replace("카나리아", tenant).replace("canary", tenant).replace("CANARY", tenant.upper())
        for name, value in TOLD.items()
    }
    digits = {"mungmeal": "2", "faraway": "3"}[tenant]
    return plain | {
        "name": f"김{'뭉' if tenant == 'mungmeal' else '나'}",
        "phone": f"010-{digits * 4}-{digits * 4}",
        "mail": f"customer@{tenant}.example",
        "address": "서울 강남구 다른로 1",
        "account": f"{digits * 3}-{digits * 3}-{digits * 6}",
    }


def details(told: Mapping[str, str]) -> dict[str, str]:
    """Return a customer as a shop names them."""
    fields = ("name", "phone", "mail", "address", "order_number", "account")
    return {"id": told["customer"], **{name: told[name] for name in fields}}


def _inhabit(world: World, profile: Tenant, agent: Caller, colleague: str) -> Things:
    tenant = profile.id
    told, server, at = told_by(tenant), shop(tenant), f"/v1/tenants/{tenant}"
    owner = person(world, Kind.OWNER, f"owner@{tenant}.example", tenant=tenant)
    staff = person(world, Kind.STAFF, f"staff@{tenant}.example", tenant=tenant)
    viewer = person(world, Kind.VIEWER, f"viewer@{tenant}.example", tenant=tenant)
    lead = person(world, Kind.LEAD, f"lead@{tenant}.example", agent=f"lead{tenant}", pool=profile.pool)
    world.must(replace(agent, agent=colleague), "POST /v1/agents/me/heartbeat")
    hand = person(world, Kind.AGENT, f"agent@{tenant}.example", agent=f"hand{tenant}", pool=profile.pool)
    contacts = _contacts(world, profile, agent, told)
    reason = {"days": 30, "reason": told["hold"]}
    world.must(owner, f"POST {at}/contacts/{contacts['resolved']}/hold", reason)
    key = {"origins": [ORIGIN.format(tenant)], "label": told["label"]}
    widget = world.must(server, f"POST {at}/widget-keys", key, Idempotency_Key=told["idempotency"])
    # A path names either key by the same word.
    commit(Keys(Kind.SHOP, tenant).add(Caller(Kind.SHOP, widget["id"], tenant=tenant), "d"))
    visit = world.must(
        None,
        "POST /v1/widget/contacts",
        {"text": told["text"], "name": told["name"]},
        Origin=ORIGIN.format(tenant),
        X_Widget_Key=widget["key"],
        Idempotency_Key=told["idempotency"],
    )
    contacts["visited"] = visit["contact"]
    time = {"starts_at": "2026-12-10T10:00+09:00", "ends_at": "2026-12-10T12:00+09:00"}
    coming = {"name": told["promotion"], "multiple": 5, **time}
    promotion = world.must(owner, f"POST {at}/promotions", coming, Idempotency_Key=told["idempotency"])
    canned = {"title": told["canned"], "intent": "greeting", "shortcut": "인사", "text": told["canned"]}
    answer = world.must(owner, f"POST {at}/answers", canned, Idempotency_Key=told["idempotency"])
    world.must(owner, f"PUT {at}/handbook", {"dos": [told["canned"]]})
    claim = {"contact": contacts["claimed"], "episode": 1, "reason": told["dispute"]}
    dispute = world.must(owner, f"POST {at}/disputes", claim)
    world.must(owner, f"PUT {at}/billing-identity", {**COMPANY, "name": told["company"]})
    world.must(server, f"GET {at}/contacts/{contacts['resolved']}")
    commit(Mirror(tenant).save(None, a_final_invoice(tenant)))
    correction = a_correction(tenant=tenant, id=derived_id(tenant, "correction"), invoice=f"in_{tenant}")
    commit(Corrections(tenant).save(None, correction))
    erased = {"id": f"{told['customer']}-gone", "phone": "010-0000-0000"}
    world.desk.open(tenant, customer=erased)
    _, found = seen(Break(Rule.TAX, tenant, "tax", 1, 0, Cause.ROUNDING, kst_month(NOON)), None, NOON)
    commit(Breaks(tenant).save(None, found))
    erasure = world.must(server, f"POST {at}/customers/{erased['id']}/erase", {"reason": "request"})
    files = _files(tenant, contacts, told["file"])
    announced = {"name": told["past"], "size": 1_000}
    diagnosis = world.must(owner, f"POST {at}/diagnoses", announced, Idempotency_Key=told["idempotency"])
    commit(Ratings(tenant).add(Rating(contacts["resolved"], 1, 5, told["rating"], agent.agent, NOON, "d")))
    notify = {"url": f"https://hooks.{tenant}.example/a", "events": ["contact.resolved"], "label": told["label"]}
    hook = world.must(server, f"POST {at}/hooks", notify, Idempotency_Key=told["idempotency"])["hook"]["id"]
    named = f"{NOON:013d}-{derived_id(tenant, 'delivery')[:16]}"
    told_once = a_delivery(tenant, hook, id=named, state=State.DONE, body=json.dumps(told["label"]))
    commit(Deliveries(tenant, hook).add(told_once))
    incident = an_incident(derived_id(tenant, "incident"), profile.pool, tenants=(tenant,), text=told["incident"])
    commit(Incidents().add(incident))
    many = {
        **{name: [told[name]] for name in ("customer", "name", "address", "account", "phone", "order_number")},
        "mail": [told["mail"], f"owner@{tenant}.example", f"lead@{tenant}.example"],
        "key": [widget["id"]],
        "widget": [widget["key"]],
        "erasure": [erasure["id"]],
        "promotion": [promotion["id"]],
        "answer": [answer["id"]],
        "dispute": [dispute["id"]],
        "correction": [correction.id],
        "break": [found.id],
        "month": [kst_month(NOON)],
        "register": ["invoice_register"],
        "section": ["goals"],
        "person": [staff.person, owner.person, viewer.person, lead.person, hand.person],
        "agent": [agent.agent, colleague],
        "pool": [profile.pool],
        "ref": [f"{tenant}/{contact}" for contact in contacts.values()],
        "idempotency": [told["idempotency"]],
        "file": files,
        "diagnosis": [diagnosis["id"]],
        "other": [contacts["also waiting"]],
        "hook": [hook],
        "delivery": [told_once.id],
        "incident": [incident.id],
        "letter": ["welcome"],
    }
    # Its customers are offered another way of an answer, and its own people are called.
    steps = dict.fromkeys((Step.MESSAGE, Step.OFFER, Step.STAFF), NOON)
    event = SurgeEvent("1", Happening.OVERFLOW_ON, NOON)
    commit(Surges(tenant).save(SurgeState(), SurgeState(NOON, steps=steps)), Surges(tenant).record(event))
    return Things(tenant, many, contacts)


def _contacts(world: World, profile: Tenant, agent: Caller, told: Mapping[str, str]) -> dict[str, str]:
    """Return a contact in every state, with a reply that is on the bill, a note and a look at the customer."""
    tenant, server = profile.id, shop(profile.id)
    at = f"POST /v1/tenants/{tenant}/contacts"
    body = {"channel": "email", "customer": details(told), "text": told["text"], "subject": told["subject"]}
    found = {
        state: world.must(server, at, body, Idempotency_Key=f"{told['idempotency']}-{state}")["id"]
        for state in STATES
    }
    first = world.must(server, at, body, Idempotency_Key=told["idempotency"])["id"]
    found["also waiting"] = first
    said = {"text": told["text"]}
    world.must(server, f"{at}/{first}/messages", said, Idempotency_Key=told["idempotency"])
    for state in ("claimed", "resolved"):
        one = f"{at}/{found[state]}"
        world.must(agent, f"{one}/claim")
        world.must(agent, f"{one}/notes", {"text": told["note"]}, Idempotency_Key=told["idempotency"])
        world.must(agent, f"{one}/replies", {"text": told["reply"]}, Idempotency_Key=told["idempotency"])
        world.must(agent, f"{one}/unmask", {"field": "phone", "reason": told["unmask"]})
    world.must(agent, f"{at}/{found['resolved']}/resolve")
    for state in ("raised", "later"):
        world.must(agent, f"{at}/{found[state]}/claim")
    world.must(agent, f"{at}/{found['raised']}/hand", {"reason": told["note"]})
    later = {"until": "2026-11-22T03:00:00Z", "kind": "send", "text": told["reply"]}
    world.must(agent, f"{at}/{found['later']}/later", later)
    world.must(agent, f"{at}/{found['shop']}/claim")
    world.must(agent, f"{at}/{found['shop']}/pass", {"note": told["reply"]})
    world.must(agent, f"{at}/{found['spam']}/spam")
    world.must(agent, f"{at}/{found['merged']}/merge", {"into": found["waiting"]})
    return found


def _files(tenant: str, contacts: Mapping[str, str], name: str) -> list[str]:
    """Return a file of the shop's customer, one of the visitor's and one of the agent's: none was sent yet."""
    at = (("claimed", Side.CUSTOMER), ("visited", Side.CUSTOMER), ("claimed", Side.AGENT))
    made = []
    for number, (state, side) in enumerate(at):
        file, key = derived_id(tenant, f"{number}"), objects.file_key(tenant, f"{number}")
        objects.put(key, b"a", FileKind.PNG)
        # What the visitor's own is called, the visitor may read.
        called = "a.png" if state == "visited" else name
        commit(Files(tenant).announce(File(contacts[state], file, called, 1, side, NOON, "d", FileKind.PNG, key)))
        made.append(file)
    return made


def _secrets(danbi: Things) -> list[str]:
    """Return every text and id that nobody but danbi, its customers and its agents has ever been told."""
    persona = CANARY_SHOP.persona
    shown = [CANARY_SHOP.name, CANARY_SHOP.name_en, persona.agent_name, persona.tone, persona.greeting]
    ids = [*danbi.contacts.values(), *danbi.all("key"), *danbi.all("erasure"), *danbi.all("person")]
    ids += [*danbi.all("promotion"), *danbi.all("file"), *danbi.all("diagnosis")]
    price = [f"flat/{CANARY_SHOP.price_won}", str(CANARY_SHOP.price_won)]
    told = [*TOLD.values(), *danbi.all("mail"), canaries.PHONE_E164]
    return list(dict.fromkeys([*told, *shown, *price, *ids]))


def cursor(world: World, route: Route, who: Caller, things: Things) -> str:
    """Return a cursor as the route itself signs it for `who`: raises KeyError for a list that is new here."""
    contact = things.contacts["waiting"]
    row = {"pk": {"S": f"{things.tenant}#contact#{contact}"}, "sk": {"S": "contact"}}
    listed = {"lists_pk": {"S": f"{things.tenant}#waiting"}, "lists_sk": {"S": f"2026#{contact}"}}
    made: dict[str, Callable[[], tuple[str, dict[str, Any]]]] = {
        "GET /v1/tenants/{tenant}/contacts": lambda: ("contacts/waiting", row | listed),
        "POST /v1/tenants/{tenant}/customers/{customer}/export": lambda: (
            f"export/{things.one('customer')}",
            {"after": contact},
        ),
        "POST /v1/tenants/{tenant}/export": lambda: ("export", {"after": "customers/"}),
        "GET /v1/tenants/{tenant}/access-records": lambda: (
            f"access/{kst_month(NOON)}",
            row | {"lists_pk": {"S": f"{things.tenant}#access#{kst_month(NOON)}"}, "lists_sk": {"S": "2026#1"}},
        ),
        "GET /v1/tenants/{tenant}/usage": lambda: (
            f"usage/{kst_month(NOON)}/oldest/",
            {"after": [NOON, contact, 1, 1]},
        ),
        "GET /v1/tenants/{tenant}/bills": lambda: ("bills", {"month": kst_month(NOON)}),
        "GET /v1/tenants/{tenant}/disputes": lambda: (
            "disputes",
            {
                "pk": {"S": f"{things.tenant}#dispute"},
                "sk": {"S": things.one("dispute")},
                "lists_pk": {"S": f"{things.tenant}#disputes"},
                "lists_sk": {"S": f"2026#{things.one('dispute')}"},
            },
        ),
        "GET /v1/tenants/{tenant}/hooks/{hook}/deliveries": lambda: (
            f"deliveries/{things.one('hook')}",
            {"pk": {"S": f"{things.tenant}#delivery#{things.one('hook')}"}, "sk": {"S": things.one("delivery")}},
        ),
        "GET /v1/tenants/{tenant}/permission-changes": lambda: (
            "permission-changes",
            {"pk": {"S": f"{things.tenant}#permissions"}, "sk": {"S": "change#2026"}},
        ),
        "GET /v1/finance/registers/{register}": lambda: (
            f"register invoice_register {kst_month(NOON)} ",
            {"tenant": things.tenant, "row": 0, "sums": {}},
        ),
        "GET /v1/tenants/{tenant}/choices/{section}/versions": lambda: (
            "choices/goals",
            {"pk": {"S": f"{things.tenant}#choices"}, "sk": {"S": "goals#000002"}},
        ),
        "GET /v1/permission-changes": lambda: (
            "permission-changes",
            row | {"lists_pk": {"S": "~permissions"}, "lists_sk": {"S": "2026#1"}},
        ),
    }
    query, position = made[route.name]()
    call = Call(who, {"tenant": things.tenant}, {}, Empty(), route.name, None, None, NOON)
    signed = write_cursor(call, query, position)
    assert signed is not None
    return signed
