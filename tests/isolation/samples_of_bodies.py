"""Bodies made from the types that routes declare: the smallest good one, and where in it a text stands."""

from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any

import msgspec
from msgspec import inspect

from chalicelib.tenants.entrustment import SUBPROCESSORS, TERMS

Path = tuple[str | int, ...]

# What a name or type alone does not tell. The others are texts, first choices and least numbers.
SAMPLES: Mapping[str, Any] = {
    "AnswerIn.code": "123456",
    "HookIn.url": "https://hooks.own.example/a",
    "HookIn.events": ["contact.resolved"],
    "IncidentIn.until": "2026-11-21T15:00+09:00",
    "ShopIn.id": "newshop",
    "ShopIn.registration": "124-81-00998",
    "AcceptsIn.terms": TERMS[-1].version,
    "AcceptsIn.subprocessors": SUBPROCESSORS[-1].version,
    "ShopPersonIn.kind": "viewer",
    "ShopRoleIn.kind": "staff",
    "ShopPersonIn.mail": "newcomer@own.example",
    "TeamPersonIn.kind": "agent",
    "TeamRoleIn.kind": "lead",
    "TeamPersonIn.mail": "colleague@own.example",
    "TeamPersonIn.agent": "newbie",
    "TeamPersonIn.pool": "other",
    "HandbookIn.colour": "#1971c2",
    "Link.url": "https://own.example/guide",
    "ScriptStep.id": "order",
    "CannedIn.intent": "delivery",
    "CannedIn.shortcut": "배송",
    "FileIn.type": "image/png",
    "RatingIn.score": 5,
    "WidgetKeyIn.origins": ["https://own.example"],
    "LaterIn.until": "2026-11-22T03:00:00Z",
    "LaterIn.kind": "snooze",
    "ReserveIn.until": "2026-11-21T14:00+09:00",
    "PromotionIn.starts_at": "2026-12-20T10:00+09:00",
    "PromotionIn.ends_at": "2026-12-20T12:00+09:00",
    "PromotionIn.multiple": 5,
    "PreferIn.phone": "010-2468-1357",
    "TermIn.plan": "volume/1",
    "TermIn.since": "2026-12",
    "IdentityIn.registration": "120-81-47521",
    "CorrectionIn.invoice": "in_own",
    "TaxInvoiceIn.number": "20261210" + "0" * 16,
    "TaxInvoiceIn.credit_note": "",
    "code": "123456",
    "mail": "somebody@own.example",
    "password": "another horse battery",
}
# Under which name a value of the place is known, where the field has another one.
NAMES: Mapping[str, str] = {
    "BeatIn.looking": "ref",
    "CustomerIn.id": "customer",
    "EraseTenantIn.confirm": "tenant",
    "MergeIn.into": "contact",
    "ReplyIn.files": "file",
    "SendIn.files": "file",
    "ShopIn.id": "tenant",
    "TransferIn.to": "agent",
    "ReassignIn.to": "agent",
    "CertifyIn.tenants": "tenant",
    "IncidentIn.pool": "pool",
    "IncidentIn.tenants": "tenant",
}


def good_body(shape: type, given: Mapping[str, Any]) -> Any:
    """Return the smallest good body of `shape`; `given` says by the field's place what is the caller's own.

    Raises msgspec.ValidationError when a field is of a kind that nobody has thought of yet.
    """
    body = _sample(inspect.type_info(shape), "", given)
    msgspec.convert(body, shape, strict=True)
    return body


def texts(shape: type) -> Iterator[tuple[Path, str, inspect.Type]]:
    """Yield where a text stands in a body of `shape`, under which name its values are known, and its type."""
    yield from _texts(inspect.type_info(shape), (), "")


def put(body: Any, path: Path, value: str) -> Any:
    """Return `body` with `value` at `path`."""
    if not path:
        return value
    head, *rest = path
    if isinstance(head, int):
        return [put(body[0] if body else None, tuple(rest), value)]
    inner = (body or {}).get(head)
    return {**(body or {}), head: put(inner, tuple(rest), value)}


def takes(kind: inspect.Type, value: str) -> bool:
    """Return whether a text of `kind` can be `value`."""
    if not isinstance(kind, inspect.StrType):
        return False
    bounds = msgspec.Meta(pattern=kind.pattern, min_length=kind.min_length, max_length=kind.max_length)
    try:
        msgspec.convert(value, Annotated[str, bounds])
    except msgspec.ValidationError:
        return False
    return True


def _sample(kind: inspect.Type, place: str, given: Mapping[str, Any]) -> Any:
    match kind:
        case inspect.StructType():
            return _struct(kind, given)
        case inspect.ListType() | inspect.VarTupleType():
            return [_sample(kind.item_type, place, given)]
        case inspect.UnionType():
            return _sample(kind.types[0], place, given)
        case _:
            return _value(kind)


def _struct(kind: inspect.StructType, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields that are required, and those that somebody has thought of."""
    names = {f"{kind.cls.__name__}.{one.name}": one for one in kind.fields}
    wanted = {name: one for name, one in names.items() if one.required or name in given or name in SAMPLES}
    return {one.encode_name: _named(one, name, given) for name, one in wanted.items()}


def _value(kind: inspect.Type) -> Any:
    first: dict[type, Callable[[Any], Any]] = {
        inspect.EnumType: lambda enum: next(iter(enum.cls)).value,
        inspect.LiteralType: lambda literal: literal.values[0],
        inspect.IntType: lambda integer: integer.ge or 1,
        inspect.BoolType: lambda _: True,
    }
    value = first.get(type(kind))
    return value(kind) if value else "안녕하세요 잘 부탁드려요"


def _named(one: inspect.Field, qualified: str, given: Mapping[str, Any]) -> Any:
    for known in (given, SAMPLES):
        for name in (qualified, one.name):
            if name in known:
                return known[name]
    return _sample(one.type, qualified, given)


def _texts(kind: inspect.Type, path: Path, name: str) -> Iterator[tuple[Path, str, inspect.Type]]:
    match kind:
        case inspect.StructType():
            for one in kind.fields:
                qualified = f"{kind.cls.__name__}.{one.name}"
                yield from _texts(one.type, (*path, one.encode_name), NAMES.get(qualified, one.name))
        case inspect.ListType() | inspect.VarTupleType():
            yield from _texts(kind.item_type, (*path, 0), name)
        case inspect.UnionType():
            for choice in kind.types:
                yield from _texts(choice, path, name)
        case inspect.StrType() | inspect.EnumType() | inspect.LiteralType():
            yield path, name, kind
        case inspect.IntType() | inspect.FloatType() | inspect.BoolType() | inspect.NoneType():
            return
        case _:
            raise AssertionError(f"nobody has thought of texts in {kind} at {path}")
