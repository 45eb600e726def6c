"""Reading requests: every kind of parameter, its refusal beside it."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.fakestripe.errors import ApiError
from tests.fakestripe.form import Params, decode


@pytest.mark.parametrize(
    ("text", "read", "value"),
    [
        ("a=true", lambda form: form.flag("a", default=False), True),
        ("", lambda form: form.flag("a", default=True), True),
        ("a=1.5", lambda form: float(form.decimal("a")), 1.5),
        ("a=7", lambda form: form.moment("a"), 7),
        ("", lambda form: form.moment("a"), None),
        ("a[0]=x&a[1]=y", lambda form: form.strings("a"), ["x", "y"]),
        ("a=", lambda form: form.strings("a"), []),
        ("a[0][b]=x&a[1][b]=y", lambda form: [row.text("b") for row in form.rows("a")], ["x", "y"]),
        ("a[b]=&a[c]=2", lambda form: form.merged("a", {"b": "1"}), {"c": "2"}),
        ("a=", lambda form: form.merged("a", {"b": "1"}), {}),
        ("a[gt]=1&a[lte]=3", lambda form: list(filter(form.span("a"), range(6))), [2, 3]),
        ("a[gte]=1&a[lt]=3", lambda form: list(filter(form.span("a"), range(6))), [1, 2]),
        ("a=4", lambda form: list(filter(form.span("a"), range(6))), [4]),
        ("", lambda form: list(filter(form.span("a"), range(3))), [0, 1, 2]),
        ("expand[0]=b.c", lambda form: form.expansions(), ["b.c"]),
    ],
)
def test_parameters_are_read(text: str, read: Callable[[Params], Any], value: object) -> None:
    form = Params(decode(text))
    assert read(form) == value
    form.finish()


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("a=yes", lambda form: form.flag("a", default=False)),
        ("a=ten", lambda form: form.decimal("a")),
        ("a=soon", lambda form: form.moment("a")),
        ("a=x", lambda form: form.nested("a")),
        ("a[b][c]=x", lambda form: form.mapping("a")),
        ("a=x&a[b]=y", lambda form: form.nested("a")),
        ("a[b]=x", lambda form: form.optional("a")),
        ("a[gte]=x", lambda form: form.span("a")),
        ("a[near]=3", lambda form: form.span("a") and form.finish()),
        ("a[0][b]=x&a[0][colour]=red", lambda form: form.rows("a")[0].text("b") and form.finish()),
    ],
)
def test_malformed_parameters_are_refused(text: str, read: Callable[[Params], Any]) -> None:
    with pytest.raises(ApiError) as refusal:
        read(Params(decode(text)))
    assert refusal.value.status == 400
