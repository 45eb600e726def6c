"""The mistakes that can be made in one place of a program: other expressions and statements for a given one."""

import ast
import copy
from collections.abc import Iterator, Mapping
from typing import Any

_COMPARED: Mapping[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_RECKONED: Mapping[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
_NAMES: Mapping[str, str] = {"min": "max", "any": "all", "floor": "ceil", "startswith": "endswith"}
_OTHER_NAMES = {**_NAMES, **{there: here for here, there in _NAMES.items()}}
_ORDERING = {"sorted", "reversed"}
_OF_TYPE: Mapping[str, tuple[Any, ...]] = {"bool": (True, False), "int": (0,), "Won": (0,), "str": ("",)}


def alternatives(node: ast.AST, members: Mapping[str, list[str]]) -> Iterator[ast.AST]:
    """Yield what may stand in place of `node`; `members` are the enum members that the module names, by enum."""
    match node:
        case ast.Constant():
            yield from (ast.Constant(value) for value in _other_constants(node.value))
        case ast.Attribute():
            yield from _other_members(node, members)
        case ast.Call():
            yield from _calls(node)
        case ast.stmt():
            yield from _statements(node)
        case ast.expr():
            yield from _operations(node)
            yield from _parts(node)
        case ast.comprehension():
            yield from _shorter(node, "ifs")


def conditions(node: ast.AST) -> Iterator[ast.expr]:
    """Yield the conditions in `node` that no comparison negates already: each is to be negated as a whole."""
    found = [node.test] if isinstance(node, ast.If | ast.IfExp | ast.While) else getattr(node, "ifs", [])
    for test in found:
        simple = isinstance(test, ast.Compare) and len(test.ops) == 1
        if not simple and not isinstance(test, ast.UnaryOp):
            yield test


def results(returned: str) -> list[ast.expr]:
    """Return what a function that is annotated to return `returned` may return instead."""
    return [ast.Constant(value) for value in _OF_TYPE.get(returned, (None,))]


def _other_constants(value: object) -> list[Any]:
    match value:
        case bool():
            return [not value]
        case int():
            return [value + 1, value - 1]
        case float():
            return [value * 1.1, value * 0.9]
        case str() if " " not in value:
            return [f"XX{value}"]
    return []


def _other_members(node: ast.Attribute, members: Mapping[str, list[str]]) -> Iterator[ast.AST]:
    named = members.get(node.value.id, []) if isinstance(node.value, ast.Name) else []
    if node.attr in named and len(named) > 1:
        yield _with(node, attr=named[(named.index(node.attr) + 1) % len(named)])


def _parts(node: ast.expr) -> Iterator[ast.AST]:
    match node:
        case ast.Set() | ast.Tuple() if len(node.elts) > 1:
            yield from _shorter(node, "elts")
        case ast.Dict():
            for i in range(len(node.keys)):
                yield _with(node, keys=_without(node.keys, i), values=_without(node.values, i))
        case ast.Slice():
            yield from (_with(node, **{side: None}) for side in ("lower", "upper") if getattr(node, side))


def _operations(node: ast.expr) -> Iterator[ast.AST]:
    match node:
        case ast.Compare(ops=ops):
            for i, op in enumerate(ops):
                for other in _COMPARED.get(type(op), ()):
                    yield _with(node, ops=[*ops[:i], other(), *ops[i + 1 :]])
        case ast.BoolOp(op=op, values=values):
            yield _with(node, op=ast.And() if isinstance(op, ast.Or) else ast.Or())
            for i in range(len(values)):
                rest = _without(values, i)
                yield rest[0] if len(rest) == 1 else _with(node, values=rest)
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            yield node.operand
        case ast.BinOp(op=operator) if type(operator) in _RECKONED:
            yield _with(node, op=_RECKONED[type(operator)]())


def _calls(node: ast.Call) -> Iterator[ast.AST]:
    called = node.func
    field = "id" if isinstance(called, ast.Name) else "attr"
    name = getattr(called, field, "")
    if name in _OTHER_NAMES:
        yield _with(node, func=_with(called, **{field: _OTHER_NAMES[name]}))
    if name in _ORDERING:
        yield ast.Call(ast.Name("list", ast.Load()), node.args, [])
    if name in {"min", "max"} and len(node.args) > 1:
        yield from node.args
    if name == "get" and len(node.args) > 1:
        yield _with(node, args=node.args[:1])
    yield from _shorter(node, "keywords")


def _statements(node: ast.stmt) -> Iterator[ast.AST]:
    match node:
        case ast.Continue():
            yield ast.Break()
            yield ast.Pass()
        case ast.Break():
            yield ast.Continue()
        case ast.AugAssign(op=operator) if type(operator) in _RECKONED:
            yield _with(node, op=_RECKONED[type(operator)]())
            yield ast.Pass()
        case ast.Assign(targets=[ast.Subscript()]) | ast.Raise() | ast.If():
            yield ast.Pass()
        case ast.Expr(value=ast.Call() | ast.YieldFrom() | ast.Yield()):
            yield ast.Pass()


def _shorter(node: ast.AST, field: str) -> Iterator[ast.AST]:
    items = getattr(node, field)
    for i in range(len(items)):
        yield _with(node, **{field: _without(items, i)})


def _without(items: list[Any], index: int) -> list[Any]:
    return [*items[:index], *items[index + 1 :]]


def _with(node: ast.AST, **fields: Any) -> ast.AST:
    other = copy.copy(node)
    for name, value in fields.items():
        setattr(other, name, value)
    return other
