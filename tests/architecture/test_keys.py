"""Keys of the table are built in one place: nobody else writes the signs that part them."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BUILDER = ROOT / "chalicelib/aws/keys.py"
MODULES = [path for path in sorted((ROOT / "chalicelib").rglob("*.py")) if path != BUILDER]
# Texts that hold such a sign and are no keys: `module: text`.
NO_KEYS = {
    "chalicelib/web/openapi.py": {"#/components/schemas/{name}", "#/components/schemas/Error"},
    "chalicelib/handbook/model.py": {r"^#[0-9a-f]{6}$(?!\n)", "#495057"},  # colours
    "chalicelib/handbook/places.py": {r"(?::\d+)?(?:/([^/\s?#]*))?"},  # where a link's path ends
    "chalicelib/handbook/voices.py": {r"[.!?~]+\s"},  # how sentences end
    "chalicelib/letters/templates.py": {"{####}"},  # where the directory puts a code
    "chalicelib/customers/rules.py": {"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"},  # what a mail address may hold
}


def literals(path: Path) -> Iterator[tuple[int, str]]:
    """Every string that is written in a module, but docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documented = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documented:
            yield node.lineno, node.value


def raw_keys(path: Path) -> list[tuple[int, str]]:
    allowed = NO_KEYS.get(str(path.relative_to(ROOT)), set()) if path.is_relative_to(ROOT) else set()
    return [(line, text) for line, text in literals(path) if ("#" in text or "~" in text) and text not in allowed]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_writes_a_raw_key(path: Path) -> None:
    assert raw_keys(path) == []


@pytest.mark.parametrize("line", ['pk = f"{tenant}#contact"', 'pk = "~queue"', 'pk = tenant + "#" + kind'])
def test_a_raw_key_is_found(tmp_path: Path, line: str) -> None:
    module = tmp_path / "store.py"
    module.write_text(f'"""A docstring may say #1 and ~2."""\n{line}\n', encoding="utf-8")
    assert [number for number, _ in raw_keys(module)] == [2]
