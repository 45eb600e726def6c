"""Every handler but the routes' lives in `app.py`: one in a blueprint would be deployed without it."""

import importlib
from typing import Any

import pytest

import app

HANDLERS: list[Any] = [*app.app.event_sources, *app.app.builtin_auth_handlers, *app.app.pure_lambda_functions]


def test_there_are_handlers() -> None:
    assert {handler.name for handler in HANDLERS} >= {
        "authorize",
        "relay_changes",
        "send_usage",
        "sweep",
        "reconcile",
        "errands",
        "egress",
        "diagnose",
    }


@pytest.mark.parametrize("handler", HANDLERS, ids=lambda handler: str(handler.name))
def test_handler_is_entered_through_app(handler: Any) -> None:
    assert handler.handler_string.startswith("app.")
    module, _, name = handler.handler_string.rpartition(".")
    assert callable(getattr(importlib.import_module(module), name))


@pytest.mark.parametrize("handler", HANDLERS, ids=lambda handler: str(handler.name))
def test_handler_is_named_as_its_function(handler: Any) -> None:
    # Logical ids of the template follow these names.
    assert handler.handler_string == f"app.{handler.name}"
