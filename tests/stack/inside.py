"""The product's own code in processes of its own: settings and connections are a process's, and end with it."""

import importlib
import multiprocessing
import os
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from infra.session import enter

if TYPE_CHECKING:
    from tests.stack.conftest import Stack
    from tests.stack.ground import Ground

Run = Callable[..., "Future[Any]"]


@contextmanager
def inside(stack: "Stack", here: "Ground | None" = None) -> Iterator[Run]:
    """Yield what runs a function, named as `module:function`, in a process that has taken on the stack.

    The name is resolved there, so that this process never imports the product. With `here`, the
    function works on that ground and gets it as its first argument.
    """
    started = (stack.functions["APIHandlerFunction"], stack.endpoint, here.environment if here else {})
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context, initializer=_start, initargs=started) as process:

        def run(name: str, *args: Any) -> "Future[Any]":
            return process.submit(_run, name, (here, *args) if here else args)

        yield run


def _start(function: str, endpoint: str, environment: dict[str, str]) -> None:
    enter(function, endpoint)
    os.environ.update(environment)


def _run(name: str, args: tuple[Any, ...]) -> Any:
    module, _, function = name.partition(":")
    try:
        return getattr(importlib.import_module(module), function)(*args)
    except Exception as error:
        # The product's own errors cannot be read in a process that does not import it.
        raise AssertionError("".join(traceback.format_exception(error))) from None
