"""Puts a module's mutants before its tests: each in a process of its own, forked off when all is imported.

A mutant of a function's body takes the place of the function's code after the tests were collected, and only the
tests that run its lines are asked. One outside of functions is there when the module is imported, after all that
is ours has been forgotten, and all tests are asked.
"""

import gc
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import pytest
from coverage import Coverage
from hypothesis import HealthCheck, Phase, settings

from tests.mutants.program import Mutant, Program
from tests.mutants.targets import TARGETS

CPU_SECONDS = 60
"""How long a mutant may run: more is an endless loop, which any test notices."""

MEMORY = 2 << 30
"""How many bytes a mutant may take more than the tests do."""

_SURVIVED, _KILLED, _BROKEN = 0, 1, 99
_OPTIONS = [
    "-q",
    "-x",
    "--noconftest",
    "-p",
    "no:cacheprovider",
    "-W",
    "ignore::pytest.PytestAssertRewriteWarning",
]


@dataclass(frozen=True)
class Verdict:
    """What became of a module's mutants; `seconds` of time, not of work."""

    module: str
    total: int
    survivors: tuple[Mutant, ...]
    seconds: float


def examine(module: str) -> Verdict:
    """Return which of a module's mutants no test notices. To be called in a process that did not import it."""
    began = time.monotonic()
    _quiet()
    settings.register_profile(
        "mutants",
        deadline=None,
        derandomize=True,
        database=None,
        max_examples=60,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=[HealthCheck.too_slow],
    )
    settings.load_profile("mutants")
    program = Program(module)
    late = _Late(program)
    pytest.main([*_OPTIONS, *TARGETS[module]], plugins=[late])
    if late.survivors is None or _fate(partial(_from_the_start, program, None)):
        raise RuntimeError(f"{module}: its tests are red without a mutant, or were not run")
    # What a test module reckons when it is imported knows nothing of a late mutant: it gets a second trial.
    left = [one for one in program.mutants if not one.function or one in late.survivors]
    survivors = [one for one in left if not _fate(partial(_from_the_start, program, one))]
    return Verdict(module, len(program.mutants), tuple(survivors), time.monotonic() - began)


def _from_the_start(program: Program, mutant: Mutant | None) -> int:
    """Import all that is ours anew, with the mutant in the module, and run all tests."""
    for name in [name for name in sys.modules if name.partition(".")[0] in {"chalicelib", "tests"}]:
        del sys.modules[name]
    sys.meta_path.insert(0, _Finder(program.name, program.compiled(mutant)))
    code = pytest.ExitCode(pytest.main([*_OPTIONS, *TARGETS[program.module]]))
    # Interrupted is a module or a test that could not be imported.
    failed = code in {pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.INTERRUPTED}
    return _SURVIVED if code is pytest.ExitCode.OK else _KILLED if failed else _BROKEN


class _Finder(MetaPathFinder, Loader):
    """Imports one module from code at hand."""

    def __init__(self, name: str, code: CodeType) -> None:
        self._name, self._code = name, code

    def find_spec(self, name: str, path: Any, target: Any = None) -> ModuleSpec | None:
        return ModuleSpec(name, self, origin=self._code.co_filename) if name == self._name else None

    def exec_module(self, module: ModuleType) -> None:
        exec(self._code, module.__dict__)


class _Late:
    """As a plugin of pytest: once the tests are collected, tries the mutants of function bodies on them."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._failed = False
        self.survivors: list[Mutant] | None = None

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self._failed = True

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        tests, lines = self._lines_of(session.items)
        # A collection in a child would touch, and so copy, all that it shares with this process.
        gc.freeze()
        self.survivors = []
        for mutant in self._program.mutants:
            if mutant.function:
                met = [test for test in tests if not lines[test.nodeid].isdisjoint(mutant.place.lines)]
                if not _fate(partial(self._noticed, mutant, met)):
                    self.survivors.append(mutant)
        return True

    def _lines_of(self, items: Sequence[pytest.Item]) -> tuple[list[pytest.Item], dict[str, set[int]]]:
        """Return the tests, the quickest first, and which lines of the module each runs."""
        path = str(self._program.path)
        took: dict[str, float] = {}
        watch = Coverage(data_file=None, include=[path], config_file=False)
        watch.start()
        for item in items:
            watch.switch_context(item.nodeid)
            began = time.monotonic()
            self._run(item)
            took[item.nodeid] = time.monotonic() - began
        watch.stop()
        if self._failed:
            raise RuntimeError(f"{path}: its tests are red without a mutant")
        lines: dict[str, set[int]] = {item.nodeid: set() for item in items}
        for line, contexts in watch.get_data().contexts_by_lineno(path).items():
            for context in contexts:
                lines.get(context, set()).add(line)
        return sorted(items, key=lambda item: took[item.nodeid]), lines

    def _noticed(self, mutant: Mutant, tests: Sequence[pytest.Item]) -> int:
        _function(self._program.name, mutant.function).__code__ = code_of(
            self._program.compiled(mutant), mutant.function
        )
        for test in tests:
            self._run(test)
            if self._failed:
                return _KILLED
        return _SURVIVED

    def _run(self, item: pytest.Item) -> None:
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)


def _function(module: str, name: str) -> FunctionType:
    found: Any = sys.modules[module]
    for part in name.split("."):
        found = vars(found)[part]
    function: FunctionType = getattr(found, "fget", found)
    return function


def code_of(code: CodeType, name: str) -> CodeType:
    return next(one for one in _codes(code) if one.co_qualname == name)


def _codes(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _codes(constant)


def _fate(trial: Callable[[], int]) -> bool:
    """Return whether a mutant is killed by its `trial`, held in a process of its own."""
    child = os.fork()
    if not child:
        with _leaving():
            _limit()
            os._exit(trial())
    status = os.waitpid(child, 0)[1]
    if os.WIFEXITED(status) and os.WEXITSTATUS(status) == _BROKEN:
        raise RuntimeError("a trial could not be held; see above")
    return status != _SURVIVED


@contextmanager
def _leaving() -> Iterator[None]:
    """End this process, a copy of another one, even if something is wrong in it."""
    try:
        yield
    except MemoryError:
        os._exit(_KILLED)
    except BaseException as error:
        sys.__stderr__.write(f"{error!r}\n")  # type: ignore[union-attr]
        os._exit(_BROKEN)


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    used = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, used + MEMORY))


def _quiet() -> None:
    """Let pytest write nowhere: what it says of mutants that are killed is of no interest."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
