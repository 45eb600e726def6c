"""The three queries that docs/finance.md prints, put to an export as a person would: in a process of its own."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parents[2] / "docs/finance.md"
_ASK = """
import duckdb, json, sys
told = duckdb.sql(sys.stdin.read())
rows = [[cell if cell is None or isinstance(cell, str) else int(cell) for cell in row] for row in told.fetchall()]
print(json.dumps(rows))
"""


def queries() -> list[str]:
    """Return the SQL of the page, in its order."""
    return re.findall(r"```sql\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)


def ask(sql: str, exports: Path) -> list[list[Any]]:
    """Return what a query answers in the directory of the exports."""
    command = [sys.executable, "-c", _ASK]
    done = subprocess.run(command, cwd=exports, input=sql, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    rows: list[list[Any]] = json.loads(done.stdout)
    return rows
