"""Every route, every kind of caller, every place: tried, judged and counted."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from chalicelib.access.rules import Policy
from chalicelib.contacts import rules
from chalicelib.kernel.caller import Caller, Kind
from chalicelib.kernel.errors import Forbidden
from chalicelib.web.api import Route
from tests import wall
from tests.isolation.places import Things
from tests.isolation.positions import Attempt, Party, attempts
from tests.isolation.world import CANARY_SHOP, ORIGIN, ROUTES, Sent, World, kinds, visitor
from tests.moto_desk import KEY, NOBODY, STRANGER, Answer, shop
from tests.wall import judge

SHOPS = {"server": Kind.SHOP, "owner": Kind.OWNER, "staff": Kind.STAFF, "viewer": Kind.VIEWER}
# Everybody there is, by the kind that a credential stands for. Finance and admins work for every shop, so that
# only what is not theirs at all is tried.
PARTIES: dict[str, Kind] = {
    **SHOPS,
    "server of another pool": Kind.SHOP,
    "newcomer": Kind.OWNER,
    "visitor": Kind.VISITOR,
    "neighbour": Kind.VISITOR,
    "agent": Kind.AGENT,
    "lead": Kind.LEAD,
    "finance": Kind.FINANCE,
    "admin": Kind.ADMIN,
    "nobody": Kind.NOBODY,
}
EVERYWHERE = {Kind.FINANCE, Kind.ADMIN}

# Where a foreign thing is answered otherwise than one that does not exist, and why that may be.
TOLD_APART = {
    ("POST /v1/tenants", "body id"): "ids of shops stand in their addresses: one that is taken must be refused",
    (
        "POST /v1/tenants/{tenant}/people",
        "body mail",
    ): "one account for a mail address: an owner learns that it is taken",
    ("POST /v1/team", "body mail"): "one account for a mail address: a lead learns that it is taken",
    ("POST /v1/team", "body agent"): "agents' ids are one name space: one that is taken must be refused",
    (
        "POST /v1/widget/contacts",
        "header X-Widget-Key",
    ): "a widget key stands in the shop's page, and is no secret",
    ("GET /v1/widget/shop", "header X-Widget-Key"): "it shows what stands in the shop's page",
}

ON_THE_PAGE = {CANARY_SHOP.name, CANARY_SHOP.name_en, CANARY_SHOP.persona.greeting}

_CHANGING = re.compile(
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32}|[0-9a-f]{16}|ddv\.[\w.-]+"
    r"|20\d\d-\d\d-\d\dT[\d:.]+Z?"
    # How a form for a file is signed, and until when.
    r"|20\d{6}T\d{6}Z|(?<=\"policy\": \")[\w=+/]+"
    # A cursor holds when it was made.
    r"|(?<=\"cursor\": \")[\w=.-]+"
)
# Inside one shop there is no second wall: its session opens all of the shop's rows.
WITHIN_A_SHOP = {"neighbour"}
SHOP_SIDE_PARTIES = ("server", "owner", "staff", "viewer", "visitor")
# Who calls a public route makes no difference: nobody is asked.
TRIED = [(route, name) for route in ROUTES for name in PARTIES if name == "nobody" or not route.policy.public]


def each(tried: list[tuple[Route, str]]) -> pytest.MarkDecorator:
    """Return the mark that runs a test for each of these routes and callers, under their names."""
    ids = [f"{route.name}-{name}" for route, name in tried]
    return pytest.mark.parametrize(("route", "name"), tried, ids=ids)


LOCAL = Path(__file__).resolve().parents[2] / ".local"


def told_to(route: Route, name: str) -> bool:
    """Return whether a caller of this name is of a kind that the route is for."""
    return route.policy.public or PARTIES[name] in kinds(route)


def party(world: World, name: str) -> Party:
    """Return a caller of this name; KeyError for one whom nobody has thought of yet."""
    danbi, other, far = (world.things[tenant] for tenant in ("danbi", "mungmeal", "faraway"))
    staff, owner, viewer = other.all("person")[:3]
    lead = Caller(Kind.LEAD, KEY, agent=STRANGER.agent, pool=STRANGER.pool, person=far.all("person")[3])
    own: dict[str, tuple[Caller | None, Things]] = {
        "server": (shop("mungmeal"), other),
        "owner": (Caller(Kind.OWNER, "", tenant="mungmeal", person=owner), other),
        "staff": (Caller(Kind.STAFF, "", tenant="mungmeal", person=staff), other),
        "viewer": (Caller(Kind.VIEWER, "", tenant="mungmeal", person=viewer), other),
        "server of another pool": (shop("faraway"), far),
        "newcomer": (world.people[Kind.OWNER], other),
        "visitor": (visitor("mungmeal", other.contacts["visited"]), other),
        "neighbour": (visitor("danbi", danbi.contacts["visited"]), danbi),
        "agent": (STRANGER, far),
        "lead": (lead, far),
        "finance": (world.people[Kind.FINANCE], other),
        "admin": (world.people[Kind.ADMIN], other),
        "nobody": (NOBODY, other),
    }
    who, things = own[name]
    return Party(name, who, things, _others(danbi) if name == "neighbour" else danbi)


def _others(danbi: Things) -> Things:
    """Return danbi's conversations but the visitor's own one."""
    contacts = {state: one for state, one in danbi.contacts.items() if state != "visited"}
    # The second one is the visitor's own.
    files = danbi.all("file")[::2]
    return Things("mungmeal", {**danbi.many, "file": files}, contacts)


@dataclass
class Tally:
    """How many combinations were tried, and what became of them."""

    tried: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    places: Counter[str] = field(default_factory=Counter)
    told_apart: set[tuple[str, str]] = field(default_factory=set)

    def write(self, name: str) -> None:
        """Put the figures beside those of the other runs."""
        LOCAL.mkdir(exist_ok=True)
        path = LOCAL / "isolation.json"
        known: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        known[name] = {
            "tried": self.tried,
            "outcomes": dict(sorted(self.outcomes.items())),
            "places": dict(sorted(self.places.items())),
        }
        path.write_text(json.dumps(known, indent=2) + "\n", encoding="utf-8")


@contextmanager
def unchecked() -> Iterator[None]:
    """Let every caller of the right kind in, at every tenant's door and at every pool's contacts."""

    def only_the_kind(policy: Policy, caller: Caller, _: Mapping[str, str]) -> None:
        if not policy.public and caller.kind not in policy.kinds:
            raise Forbidden("forbidden", f"this is for {policy.name}")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Policy, "check", only_the_kind)
        patch.setattr(rules, "serves", lambda _contact, _pool: None)
        yield


@contextmanager
def unjudged() -> Iterator[None]:
    """Take the second wall away too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wall, "allowed", lambda _function, _scope, _asked: True)
        yield


@dataclass(frozen=True)
class Outcome:
    """What became of one request: the answer, the rows written, and how often the second wall said no."""

    answer: Answer
    written: list[str]
    walls: int


def send(world: World, route: Route, sent: Sent) -> Outcome:
    """Send one request on the tables as they were in the beginning."""
    before = len(judge.refused)
    answer = world.send(route, sent)
    outcome = Outcome(answer, list(world.written), len(judge.refused) - before)
    world.restore()
    return outcome


def run(world: World, route: Route, who: Party, tally: Tally) -> Iterator[str]:
    """Try every attempt of `who` on `route`, and yield what is wrong."""
    for attempt in attempts(world, route, who):
        if who.who is not None and who.who.kind in EVERYWHERE & kinds(route):
            continue
        foreign, absent = send(world, route, attempt.foreign), send(world, route, attempt.absent)
        tally.tried += 1
        tally.places[attempt.place.partition(" ")[0]] += 1
        tally.outcomes[_kind_of(foreign, who)] += 1
        shown = f"{who.name}, {attempt.place}={attempt.values[0]}: {foreign.answer.status} {foreign.answer.code}"
        yield from (f"{shown}: {flaw}" for flaw in flaws(world, who, attempt, foreign))
        if told(foreign.answer, attempt.values[0]) != told(absent.answer, attempt.values[1]):
            if (route.name, attempt.place) in TOLD_APART:
                tally.told_apart.add((route.name, attempt.place))
            else:
                yield f"{shown}: an absent one gets {absent.answer.status} {absent.answer.body}"


def flaws(world: World, who: Party, attempt: Attempt, outcome: Outcome) -> list[str]:
    """Return what a caller got or did that nobody may."""
    found = []
    if leaked := leaks(world, who, attempt.foreign, outcome.answer):
        found.append(f"told {leaked}")
    if rows := [key for key in outcome.written if is_foreign(who, key)]:
        found.append(f"wrote {rows}")
    if attempt.names_foreign_tenant and outcome.answer.status < 400:
        found.append(f"was let in: {outcome.answer.body}")
    if outcome.answer.status >= 500:
        found.append("failed")
    return found


def leaks(world: World, who: Party, sent: Sent, answer: Answer) -> list[str]:
    """Return which secrets stand in an answer, and did not stand in the request."""
    text = json.dumps([answer.body, dict(answer.headers)], ensure_ascii=False)
    own = _own_secrets(world, who) if who.own is world.things["danbi"] else set()
    if sent.headers.get("X-Widget-Key") == world.things["danbi"].one("widget"):
        # Whoever has it has seen the shop's page, where this stands.
        own |= ON_THE_PAGE
    return [one for one in world.secrets if one in text and one not in sent.told and one not in own]


def _own_secrets(world: World, who: Party) -> set[str]:
    """Return what danbi's own visitor knows: what was said in the conversation, and who answers."""
    own = who.own.contacts["visited"]
    text = json.dumps(world.desk.call(who.who, f"GET /v1/tenants/danbi/contacts/{own}", headers=_page()).body)
    text = json.dumps(json.loads(text), ensure_ascii=False)
    return {one for one in world.secrets if one in text}


def _page() -> dict[str, str]:
    return {"Origin": ORIGIN.format("danbi")}


def is_foreign(who: Party, key: str) -> bool:
    """Return whether a row is danbi's, or one of its people's or its pool's agents', and not the caller's own."""
    if who.name == "neighbour":
        return any(f"#{contact}" in key for contact in who.foreign.contacts.values())
    theirs = [f"~person#{one}" for one in who.foreign.all("person")]
    agents = [] if who.own.one("pool") == "main" else [f"~agent#{one}" for one in who.foreign.all("agent")]
    return key.startswith("danbi#") or key in {*theirs, *agents}


def told(answer: Answer, values: tuple[str, ...]) -> str:
    """Return what a caller can learn: the answer but its own id, what was sent, and new ids and times."""
    body: Any = json.loads(json.dumps(answer.body))
    if body and "error" in body:
        del body["error"]["request_id"]
    headers = {name: value for name, value in answer.headers.items() if name != "X-Request-Id"}
    text = json.dumps(body, sort_keys=True, ensure_ascii=False)
    for value in values:
        text = text.replace(json.dumps(value, ensure_ascii=False)[1:-1], "<sent>")
    text += json.dumps([answer.status, headers], sort_keys=True)
    return _CHANGING.sub("<new>", text) if answer.status < 400 else text


def _kind_of(outcome: Outcome, who: Party) -> str:
    status = outcome.answer.status
    if status < 400:
        return "harmless: the caller's own"
    if outcome.walls:
        return "refused by the second wall"
    if outcome.answer.refusal == (403, "forbidden"):
        return "refused by kind"
    if outcome.answer.refusal == (404, "not_found"):
        team = who.who is not None and who.who.kind in {Kind.AGENT, Kind.LEAD}
        return "refused as absent: the pool's grant" if team else "refused as absent by our own check"
    return f"refused otherwise: {outcome.answer.code}"
