"""Requests made from the OpenAPI document: by its rules, and against them; with real ids in many places."""

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import schemathesis
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.core.result import Ok

Json = dict[str, Any]

# What a schema cannot know to be interesting.
ODD = [
    "",
    "..",
    "%2e%2e",
    "%2F",
    "%00",
    "~agent%23mina",
    "danbi%23tenant",
    "%ff",
    "％",
    "a" * 300,
    "*",
    "null",
    "{}",
]
_KEYS = ["", "k", "used-used-used-used-used", "k" * 129, "a b", "\x7f", "6f1c8f2e-8a4e-4f1d-9b0e-2f6f0c1d7a55"]
_VERSIONS = ["", '"1"', "1", "*", 'W/"1"', "999999999", "-1"]
_LATIN_1 = 255


@dataclass(frozen=True)
class Sent:
    """One request as it stands on the wire; `who` chooses among the callers that a run knows."""

    operation: str
    path: str
    who: int
    headers: dict[str, str] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    body: str | None = None

    @property
    def method(self) -> str:
        return self.operation.partition(" ")[0]


def requests_of(document: Json, known: dict[str, list[str]]) -> st.SearchStrategy[Sent]:
    """Return a strategy of requests; `known` gives real ids by the name of their place."""
    schema = schemathesis.openapi.from_dict(document)
    operations = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
    if len(operations) != sum(map(len, document["paths"].values())):
        raise AssertionError("the document describes an operation that cannot be read")
    modes = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    cases = st.one_of([one.as_strategy(generation_mode=mode) for one in operations for mode in modes])
    return st.tuples(cases, st.randoms(use_true_random=False), st.integers(0, 999)).map(
        lambda drawn: _sent(drawn[0], drawn[1], drawn[2], known)
    )


def _sent(case: Case[Any], chance: Any, who: int, known: dict[str, list[str]]) -> Sent:
    path = case.path
    for name, value in (case.path_parameters or {}).items():
        given = quote(str(value), safe="%") or "-"
        # Mostly real ids: an unknown one is refused before anything else can go wrong.
        if chance.random() < 0.8 and known.get(name):
            given = chance.choice(known[name])
        elif chance.random() < 0.3:
            given = chance.choice(ODD) or "-"
        path = path.replace("{" + name + "}", given)
    headers = {name: _printable(str(value)) for name, value in dict(case.headers or {}).items()}
    headers.pop("Authorization", None)
    for name, values in (("Idempotency-Key", _KEYS), ("If-Match", _VERSIONS)):
        if chance.random() < 0.8:
            headers.pop(name, None)
        elif chance.random() < 0.5:
            headers[name] = chance.choice(values)
    query = {str(name): str(value) for name, value in dict(case.query or {}).items()}
    return Sent(f"{case.method} {case.operation.path}", path, who, headers, query, _body(case, chance, known))


def _body(case: Case[Any], chance: Any, known: dict[str, list[str]]) -> str | None:
    body = case.body
    if isinstance(body, bytes):
        return body.decode("latin-1")
    if body is None or isinstance(body, schemathesis.core.NotSet):
        return None
    if isinstance(body, dict):
        for name in ("into", "to", "customer", "mail"):
            if name in body and known.get(name) and chance.random() < 0.7:
                body = {**body, name: chance.choice(known[name])}
    return json.dumps(body, ensure_ascii=chance.random() < 0.5)


def _printable(value: str) -> str:
    # Other characters cannot stand in a header: an HTTP client refuses to send them.
    return "".join(letter for letter in value if letter.isprintable() and ord(letter) <= _LATIN_1)
