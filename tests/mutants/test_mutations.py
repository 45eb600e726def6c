from pathlib import Path
from typing import Any

import pytest

from tests.mutants import trial
from tests.mutants.listed import differences, entry, listed
from tests.mutants.program import Program
from tests.mutants.targets import ROOT, TARGETS
from tests.mutants.trial import Verdict

SMALL = '''"""Not to be touched."""

LIMIT = 3


class Box:
    """Not to be touched either."""

    def holds(self, n: int = 2) -> bool:
        """Nor this."""
        return n < LIMIT and n > 0


def left(n: int) -> int:
    return LIMIT - n
'''


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Program:
    (tmp_path / "small.py").write_text(SMALL, encoding="utf-8")
    monkeypatch.setattr("tests.mutants.program.ROOT", tmp_path)
    return Program("small.py")


def test_each_place_gets_its_mistakes(small: Program) -> None:
    assert [entry(one) for one in small.mutants] == [
        "`LIMIT = 3`: `3` → `4`",
        "`LIMIT = 3`: `3` → `2`",
        "`def holds(self, n: int = 2) -> bool:`: `2` → `3`",
        "`def holds(self, n: int = 2) -> bool:`: `2` → `1`",
        *(
            f"`Box.holds`, `return n < LIMIT and n > 0`: `{before}` → `{after}`"
            for before, after in [
                ("return n < LIMIT and n > 0", "return True"),
                ("return n < LIMIT and n > 0", "return False"),
                ("n < LIMIT and n > 0", "n < LIMIT or n > 0"),
                ("n < LIMIT and n > 0", "n > 0"),
                ("n < LIMIT and n > 0", "n < LIMIT"),
                ("n < LIMIT", "n <= LIMIT"),
                ("n < LIMIT", "n >= LIMIT"),
                ("n > 0", "n >= 0"),
                ("n > 0", "n <= 0"),
                ("0", "1"),
                ("0", "-1"),
            ]
        ),
        "`left`, `return LIMIT - n`: `return LIMIT - n` → `return 0`",
        "`left`, `return LIMIT - n`: `LIMIT - n` → `LIMIT + n`",
    ]


def test_a_mutant_is_in_the_code_that_is_compiled_with_it_alone(small: Program) -> None:
    answers = []
    for mutant in [*small.mutants, None]:
        found: dict[str, object] = {}
        exec(small.compiled(mutant), found)
        box: Any = found["Box"]
        left: Any = found["left"]
        asked = [box().holds(), *(box().holds(n) for n in (-1, 0, 1, 3, 4)), left(1)]
        answers.append((found["LIMIT"], *asked))
    assert answers[-1] == (3, True, False, False, True, False, False, 2)
    # Only that a default is 2 and not 1 makes no difference here.
    assert [entry(mutant) for mutant, one in zip(small.mutants, answers, strict=False) if one == answers[-1]] == [
        "`def holds(self, n: int = 2) -> bool:`: `2` → `1`"
    ]


def test_the_code_of_a_method_is_found_by_its_name(small: Program) -> None:
    code = small.compiled(None)
    assert [trial.code_of(code, name).co_name for name in ("Box.holds", "left")] == ["holds", "left"]


def test_survivors_are_listed_with_reasons_and_nothing_else_is(small: Program) -> None:
    one, other, *_ = small.mutants
    verdicts = [Verdict("small.py", 9, (one, other), 0)]
    heading = "# Title\n- no entry\n\n### `small.py`\n\n"
    text = f"{heading}- {entry(one)}\n  because\n  it is so\n- {entry(other)}\n  too\n"
    assert listed(text) == {("small.py", entry(one)): "because it is so", ("small.py", entry(other)): "too"}
    assert differences(text, verdicts) == []
    assert differences(text, [Verdict("small.py", 9, (one,), 0)]) == [
        f"listed, but killed or gone: small.py: {entry(other)}"
    ]
    assert differences(text.replace("  too\n", ""), verdicts) == [
        f"listed without a reason: small.py: {entry(other)}"
    ]
    assert differences("", verdicts) == [f"not listed: small.py: {entry(each)}" for each in (other, one)]
    assert differences(text, []) == []


def test_every_module_is_there_and_so_are_its_tests() -> None:
    files = [*TARGETS, *(path for paths in TARGETS.values() for path in paths)]
    assert [path for path in files if not (ROOT / path).exists()] == []
