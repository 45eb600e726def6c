"""Every place of a request in which somebody may put what is not theirs: generated from the route itself."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations, product
from typing import Any

from chalicelib.kernel.caller import TEAM, Caller, Kind
from chalicelib.web.api import Empty, Route
from chalicelib.web.openapi import document
from tests.isolation.places import ABSENT, Things
from tests.isolation.samples_of_bodies import Path, good_body, put, takes, texts
from tests.isolation.world import ORIGIN, ROUTES, Sent, World, cursor, kinds

# Which of an owner's things a header can name; `None`: it names nobody's.
HEADERS: Mapping[str, str | None] = {
    "Idempotency-Key": "idempotency",
    "X-Widget-Key": "widget",
    "Origin": None,
    "If-Match": None,
}
# The state that a contact of one's own is in, where the route takes no waiting one.
OWN_STATE: Mapping[str, str] = {
    "replies": "claimed",
    "unmask": "claimed",
    "transfer": "claimed",
    "resolve": "claimed",
    "check": "claimed",
    "fill": "claimed",
    "release": "claimed",
    "later": "claimed",
    "hand": "claimed",
    "stop": "claimed",
    "lower-hand": "raised",
    "wake": "later",
    "drafts": "claimed",
    "reply": "claimed",
    "note": "claimed",
    "merge": "claimed",
    "pass": "claimed",
    "give": "shop",
    "reopen": "resolved",
    "undo-spam": "spam",
    "release-hold": "resolved",
    "customer": "claimed",
    "{other}": "claimed",
    "ratings": "claimed",
    "files": "claimed",
    "{file}": "claimed",
    "ready": "claimed",
    "send": "claimed",
}
# Another server: it differs by its pool, which no body names, so that bodies are tried with the first one alone.
SECOND = "server of another pool"
# What is the same for everybody: neither a month of the calendar nor a section of all shops' choices is one's own.
EVERYBODYS = {"month", "section"}
# What a route must be asked by.
NEEDED: Mapping[str, str] = {"GET /v1/tenants/{tenant}/customers": "phone"}


@dataclass(frozen=True)
class Attempt:
    """The same request with something foreign in one place, and with what exists nowhere in the same place."""

    place: str
    foreign: Sent
    absent: Sent
    values: tuple[tuple[str, ...], tuple[str, ...]]

    @property
    def names_foreign_tenant(self) -> bool:
        """Return whether the request's path leads to another tenant, or to a thing of another one."""
        return self.place.startswith("path")


@dataclass(frozen=True)
class Party:
    """A caller, what is the caller's own, and what is not."""

    name: str
    who: Caller | None
    own: Things
    foreign: Things


def base(world: World, route: Route, party: Party) -> Sent:
    """Return the request with which a caller reaches the own things: what each attempt differs from."""
    own = party.own
    names = parameters(route)
    params = {name: own.one(name) for name in names}
    if "contact" in params:
        params["contact"] = own.contacts[OWN_STATE.get(route.path.rpartition("/")[2], "waiting")]
    if route.path.startswith("/v1/team/{person}"):
        params["person"] = own.all("person")[-1]
    if "file" in params and party.who:
        params["file"] = _own_file(party.who, own)
    given = {
        "SendIn.files": [_own_file(party.who, own)] if party.who else own.all("file")[:1],
        "MergeIn.into": own.contacts["waiting"],
        "DisputeIn.contact": own.contacts["resolved"],
        "FillIn.answer": own.one("answer"),
        "TransferIn.to": own.all("agent")[-1],
        "ReassignIn.to": own.all("agent")[-1],
        "CertifyIn.tenants": [own.tenant],
        "EraseTenantIn.confirm": own.tenant,
        "CustomerIn.id": own.one("customer"),
        "IncidentIn.pool": own.one("pool"),
        "CorrectionIn.invoice": f"in_{own.tenant}",
    }
    body = None if route.body in (Empty, bytes) else good_body(route.body, given)
    headers = {}
    if party.who and party.who.kind is Kind.VISITOR:
        headers["Origin"] = ORIGIN.format(party.who.tenant)
        params |= {"contact": party.who.contact} if "contact" in params else {}
    if route.proof:
        headers = {"Origin": ORIGIN.format(own.tenant), "X-Widget-Key": own.one("widget")}
        headers["Idempotency-Key"] = "own-idempotency-key-0000000000"
    needed = NEEDED.get(route.name)
    return Sent(party.who, params, body, headers, {needed: own.one(needed)} if needed else None)


def _own_file(who: Caller, own: Things) -> str:
    """Return a file that the caller itself brought: a shop's, a visitor's or an agent's."""
    return own.all("file")[2 if who.kind in TEAM else 1 if who.kind is Kind.VISITOR else 0]


def attempts(world: World, route: Route, party: Party) -> Iterator[Attempt]:
    """Yield every attempt of a caller on a route; one for each place where the caller is not let in at all."""
    start = base(world, route, party)
    let_in = route.policy.public or (party.who is not None and party.who.kind in kinds(route))
    yield from _paths(start, route, party, few=not let_in)
    if not let_in:
        return
    yield from _queries(world, start, route, party)
    if party.name != SECOND:
        yield from _bodies(start, route, party)
    yield from _headers(start, route, party)
    yield from _tokens(start, route, party)


def parameters(route: Route) -> list[str]:
    """Return the names in the route's path."""
    return [part[1:-1] for part in route.path.split("/") if part.startswith("{")]


def _paths(start: Sent, route: Route, party: Party, *, few: bool) -> Iterator[Attempt]:
    names = parameters(route)
    for count in range(1, len(names) + 1):
        for chosen in combinations(names, count):
            if set(chosen) <= EVERYBODYS:
                continue
            spots = [party.foreign.all(name)[: 1 if few else None] for name in chosen]
            for values in product(*spots):
                nowhere = tuple(ABSENT.one(name) for name in chosen)
                wanted = NEEDED.get(route.name)
                start = replace(start, query={wanted: party.foreign.one(wanted)}) if wanted else start
                yield Attempt(
                    f"path {' and '.join(chosen)}",
                    _at(start, chosen, values),
                    _at(start, chosen, nowhere),
                    (values, nowhere),
                )


def _at(start: Sent, names: tuple[str, ...], values: tuple[str, ...]) -> Sent:
    changed = dict(zip(names, values, strict=True))
    body = start.body
    if isinstance(body, dict) and "confirm" in body and "tenant" in changed:
        body = {**body, "confirm": changed["tenant"]}
    return replace(start, params={**start.params, **changed}, body=body)


def _queries(world: World, start: Sent, route: Route, party: Party) -> Iterator[Attempt]:
    for name in route.query:
        if name == "cursor":
            # Signed for danbi's own server; the other one for nobody's list.
            whose = Caller(Kind.SHOP, "", tenant=party.foreign.tenant)
            theirs = cursor(world, route, whose, party.foreign)
            nobodys = cursor(world, route, replace(whose, tenant=ABSENT.tenant), ABSENT)
            pairs = [(theirs, nobodys)]
        elif party.foreign.knows(name) and name not in EVERYBODYS:
            pairs = [(value, ABSENT.one(name)) for value in party.foreign.all(name)]
        else:
            pairs = _anything(party.foreign)
        for value, nowhere in pairs:
            foreign, absent = (replace(start, query={name: one}) for one in (value, nowhere))
            yield Attempt(f"query {name}", foreign, absent, ((value,), (nowhere,)))


def _bodies(start: Sent, route: Route, party: Party) -> Iterator[Attempt]:
    for path, name, kind in () if route.body in (Empty, bytes) else texts(route.body):
        if party.foreign.knows(name):
            pairs = [(value, ABSENT.one(name)) for value in party.foreign.all(name)]
        else:
            pairs = [pair for pair in _anything(party.foreign) if takes(kind, pair[0])]
            # A choice among words, or a text of another form: refused, and alike.
            pairs = pairs or [(party.foreign.one("contact"), ABSENT.one("contact"))]
        for value, nowhere in pairs:
            yield Attempt(
                f"body {_shown(path)}",
                replace(start, body=put(start.body, path, value)),
                replace(start, body=put(start.body, path, nowhere)),
                ((value,), (nowhere,)),
            )


def _anything(foreign: Things) -> list[tuple[str, str]]:
    """Return an id of each sort, for a text that is known under no name."""
    return [(foreign.one(name), ABSENT.one(name)) for name in ("contact", "customer", "person", "mail", "tenant")]


def _headers(start: Sent, route: Route, party: Party) -> Iterator[Attempt]:
    for name in headers_of(route):
        thing = HEADERS[name]
        if thing is None:
            continue
        value, nowhere = party.foreign.one(thing), ABSENT.one(thing)
        foreign, absent = (replace(start, headers={**start.headers, name: one}) for one in (value, nowhere))
        yield Attempt(f"header {name}", foreign, absent, ((value,), (nowhere,)))


def _tokens(start: Sent, route: Route, party: Party) -> Iterator[Attempt]:
    """A visitor whose token names a conversation of another shop: none is ever signed, and it opens nothing."""
    who = party.who
    if who is None or who.kind is not Kind.VISITOR or party.name == "neighbour":
        return
    nowhere = ABSENT.one("contact")
    for contact in party.foreign.all("contact"):
        foreign, absent = (
            replace(
                start,
                who=replace(who, contact=one),
                params={**start.params, **({"contact": one} if "contact" in start.params else {})},
            )
            for one in (contact, nowhere)
        )
        yield Attempt("token contact", foreign, absent, ((contact,), (nowhere,)))


@cache
def _document() -> Mapping[str, Any]:
    return document(ROUTES)


def headers_of(route: Route) -> list[str]:
    """Return the headers that the OpenAPI document says a route minds, and a key for whatever creates."""
    operation = _document()["paths"][route.path][route.method.lower()]
    named = [one["name"] for one in operation["parameters"] if one["in"] == "header"]
    creates = route.method == "POST" and route.body is not Empty
    return [*named, *(["Idempotency-Key"] if creates and "Idempotency-Key" not in named else [])]


def _shown(path: Path) -> str:
    return ".".join(map(str, path))
