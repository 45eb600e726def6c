"""A module's mutants: every place of its program, and what may stand there instead."""

import ast
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from types import CodeType
from typing import Any

from tests.mutants.mutations import alternatives, conditions, results
from tests.mutants.targets import ROOT

Function = ast.FunctionDef | ast.AsyncFunctionDef
_SKIPPED = {"annotation", "returns", "decorator_list", "format_spec", "bases", "ctx", "op", "ops"}
_WIDEST, _AROUND, _ALIKE = 60, 20, 12


@dataclass(frozen=True)
class Place:
    """A node of a program: where it hangs, the function it is in (empty: none), and its statement's lines."""

    holder: Any
    key: str | int
    node: ast.AST
    function: str
    lines: range

    def put(self, node: ast.AST) -> None:
        """Let `node` stand in this place."""
        if isinstance(self.key, int):
            self.holder[self.key] = node
        else:
            setattr(self.holder, self.key, node)


@dataclass(frozen=True)
class Mutant:
    """One mistake: `before` becomes `after` in a `line` of `function` (empty: outside of any).

    `nth` tells the same mistakes of one line apart.
    """

    function: str
    line: str
    before: str
    after: str
    place: Place = field(compare=False, repr=False)
    node: ast.AST = field(compare=False, repr=False)
    nth: int = 1


class Program:
    """A module under test: its syntax tree, in which one mutant at a time is put."""

    def __init__(self, module: str) -> None:
        self.module, self.path = module, ROOT / module
        self.name = module.removesuffix(".py").replace("/", ".")
        self._lines = self.path.read_text(encoding="utf-8").splitlines()
        self._tree = ast.parse("\n".join(self._lines))
        self.mutants = _numbered(self._mutants())

    def compiled(self, mutant: Mutant | None) -> CodeType:
        """Return the code of the module, with the mutant in it if there is one."""
        if mutant is not None:
            mutant.place.put(ast.fix_missing_locations(ast.copy_location(mutant.node, mutant.place.node)))
        code: CodeType = compile(self._tree, str(self.path), "exec")
        if mutant is not None:
            mutant.place.put(mutant.place.node)
        return code

    def _mutants(self) -> Iterator[Mutant]:
        members = _members(self._tree)
        for place in list(_places(self._tree)):
            others = list(alternatives(place.node, members))
            if isinstance(place.node, ast.Return) and place.node.value is not None:
                returned = _returned(self._tree, place.function)
                others += [ast.Return(value) for value in results(returned)]
            for other in others:
                yield from self._mutant(place, other)
            for test in conditions(place.node):
                yield from self._mutant(_of(place, test), ast.UnaryOp(ast.Not(), test))

    def _mutant(self, place: Place, node: ast.AST) -> Iterator[Mutant]:
        before, after = (ast.unparse(ast.fix_missing_locations(one)).strip() for one in (place.node, node))
        if before != after:
            line = getattr(place.node, "lineno", place.lines.start)
            yield Mutant(place.function, self._lines[line - 1].strip(), *_difference(before, after), place, node)


def _numbered(mutants: Iterable[Mutant]) -> list[Mutant]:
    met: Counter[Mutant] = Counter()
    numbered = []
    for mutant in mutants:
        met[mutant] += 1
        numbered.append(replace(mutant, nth=met[mutant]))
    return numbered


def _members(tree: ast.Module) -> dict[str, list[str]]:
    """Return which members a module names of each enum, in their order: `Cause.FEE` is one of `Cause`."""
    named: dict[str, dict[str, None]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.attr.isupper():
            named.setdefault(node.value.id, {})[node.attr] = None
    return {enum: sorted(members) for enum, members in named.items()}


def _places(node: Any, function: str = "", owner: str = "", lines: range = range(1)) -> Iterator[Place]:
    """Yield all places under `node`; what is in a nested function is in the outer one, and a default in none."""
    body = f"{owner}{node.name}" if isinstance(node, Function) and not function else function
    for name, value in ast.iter_fields(node):
        within = body if name == "body" else function
        items = list(enumerate(value)) if isinstance(value, list) else [(name, value)]
        for key, child in items if name not in _SKIPPED else []:
            if not isinstance(child, ast.AST) or _is_nothing_to_mutate(node, name, child):
                continue
            span = range(child.lineno, (child.end_lineno or 0) + 1) if isinstance(child, ast.stmt) else lines
            yield Place(value if isinstance(value, list) else node, key, child, within, span)
            yield from _places(child, within, f"{node.name}." if isinstance(node, ast.ClassDef) else "", span)


def _is_nothing_to_mutate(node: ast.AST, name: str, child: ast.AST) -> bool:
    """Return whether `child` is documentation, an import, a type's other name, or what is unpacked at once."""
    match child:
        case ast.Import() | ast.ImportFrom() | ast.Expr(value=ast.Constant()):
            return True
        case ast.Assign(value=ast.Subscript() | ast.BinOp(op=ast.BitOr())):
            return isinstance(node, ast.Module)
        case ast.Tuple():
            unpacked = isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple)
            return unpacked or name in {"target", "targets", "slice"}
    return False


def _of(place: Place, test: ast.expr) -> Place:
    """Return the place of a condition of the node in `place`."""
    node: Any = place.node
    if isinstance(node, ast.comprehension):
        return Place(node.ifs, node.ifs.index(test), test, place.function, place.lines)
    return Place(node, "test", test, place.function, place.lines)


def _returned(tree: ast.Module, function: str) -> str:
    name = function.rpartition(".")[2]
    for node in ast.walk(tree):
        if isinstance(node, Function) and node.name == name and node.returns is not None:
            return ast.unparse(node.returns)
    return ""


def _difference(before: str, after: str) -> tuple[str, str]:
    """Return the two texts, in one line each, without what is far from where they differ."""
    start = _alike(before, after)
    end = _alike(before[start:][::-1], after[start:][::-1])
    if start + end < _ALIKE:
        return _head(before), _head(after)
    return _cut(before, start, end), _cut(after, start, end)


def _alike(left: str, right: str) -> int:
    """Return with how many characters both begin."""
    pairs = enumerate(zip(left, right, strict=False))
    return next((i for i, (one, other) in pairs if one != other), min(len(left), len(right)))


def _head(text: str) -> str:
    first = text.partition("\n")[0][:_WIDEST]
    return f"{first}…" if first != text else text


def _cut(text: str, start: int, end: int) -> str:
    if len(text) > _WIDEST or "\n" in text:
        first, last = max(0, start - _AROUND), len(text) - max(0, end - _AROUND)
        text = "…" * (first > 0) + text[first:last] + "…" * (last < len(text))
    return " ".join(text.split())
