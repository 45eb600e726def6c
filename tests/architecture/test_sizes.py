"""Modules, functions and signatures stay small, and some things are not written at all."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = [ROOT / "app.py", *sorted((ROOT / "chalicelib").rglob("*.py")), *sorted((ROOT / "infra").rglob("*.py"))]
TESTS = sorted((ROOT / "tests").rglob("*.py"))
VAGUE = {"utils", "util", "helpers", "helper", "common", "base", "misc", "shared"}

LINES = {"app.py": 120}
MAX_LINES = 200
MAX_FUNCTION_LINES = 25
MAX_PARAMETERS = 5

Function = ast.FunctionDef | ast.AsyncFunctionDef
each = pytest.mark.parametrize("path", PRODUCT, ids=lambda path: str(path.relative_to(ROOT)))


def functions(path: Path) -> Iterator[Function]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, Function):
            yield node


def length(function: Function) -> int:
    """Lines of statements: without signature and docstring."""
    body = function.body
    documented = isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)
    body = body[1:] if documented else body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def positional(function: Function) -> list[str]:
    names = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
    return [name for name in names if name not in {"self", "cls"}]


@each
def test_module_is_short(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= LINES.get(path.name, MAX_LINES)


@each
def test_functions_are_short(path: Path) -> None:
    assert {function.name: length(function) for function in functions(path) if length(function) > 25} == {}


@each
def test_functions_take_few_parameters(path: Path) -> None:
    many = {function.name: positional(function) for function in functions(path)}
    assert {name: taken for name, taken in many.items() if len(taken) > MAX_PARAMETERS} == {}


@pytest.mark.parametrize(
    "path",
    [path for path in PRODUCT if path.name == "store.py"],
    ids=lambda path: str(path.parent.name),
)
def test_store_has_one_public_class(path: Path) -> None:
    body = ast.parse(path.read_text(encoding="utf-8")).body
    public = [node.name for node in body if isinstance(node, ast.ClassDef) and not node.name.startswith("_")]
    assert len(public) == 1


def test_no_module_has_a_vague_name() -> None:
    names = {path.stem for path in PRODUCT} | {path.parent.name for path in PRODUCT}
    assert names & VAGUE == set()


def test_packages_hold_one_sentence_and_no_imports() -> None:
    for path in (ROOT / "chalicelib").rglob("__init__.py"):
        [only] = ast.parse(path.read_text(encoding="utf-8")).body
        assert isinstance(only, ast.Expr), path


def found(paths: list[Path], pattern: str) -> list[str]:
    here = Path(__file__).resolve()
    return [
        f"{path.relative_to(ROOT)}:{number}"
        for path in paths
        if path != here
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if re.search(pattern, line)
    ]


def test_nothing_is_left_to_do() -> None:
    assert found([*PRODUCT, *TESTS], r"\b(TODO|FIXME|XXX)\b") == []


def test_suppressions_name_what_they_suppress() -> None:
    assert found([*PRODUCT, *TESTS], r"#\s*noqa(?!: [A-Z]+[0-9]+)|#\s*type: ignore(?!\[)") == []


def test_our_own_code_is_not_patched_in_tests() -> None:
    forbidden = (
        r"mock\.patch|from unittest import mock|import unittest\.mock|monkeypatch\.setattr\(\W*(chalicelib|app)\b"
    )
    assert found(TESTS, forbidden) == []


def test_suite_skips_nothing_for_good() -> None:
    assert found(TESTS, r"@pytest\.mark\.(skip|xfail)\b(?!if)") == []
