"""Reading Stripe's form encoding, and refusing what an endpoint does not know."""

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl

from tests.fakestripe.errors import Doc, invalid, missing, unknown

_INTEGER = re.compile(r"-?[0-9]+", re.ASCII)


def decode(text: str) -> Doc:
    """Turn `a[b]=1` pairs into nested dictionaries."""
    tree: Doc = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        *parents, leaf = name.replace("]", "").split("[")
        node = tree
        for parent in parents:
            node = node.setdefault(parent, {})
            if not isinstance(node, dict):
                raise invalid(parent, "Invalid hash")
        node[leaf] = value
    return tree


class Params:
    """The parameters of one request; whatever nobody asked for is refused at the end."""

    def __init__(self, tree: Doc) -> None:
        """Take the decoded form or query."""
        self._left = dict(tree)

    def text(self, name: str, *, longest: int = 5000) -> str:
        """Read a required string of at most `longest` characters."""
        value = self.optional(name, longest=longest)
        if not value:
            raise missing(name)
        return value

    def optional(self, name: str, *, longest: int = 5000) -> str | None:
        """Read a string that may be absent."""
        value = self._left.pop(name, None)
        if value is None:
            return None
        if not isinstance(value, str):
            raise invalid(name, "Invalid string: {}")
        if len(value) > longest:
            raise invalid(name, f"Invalid string: must be at most {longest} characters")
        return value

    def integer(self, name: str, default: int | None = None) -> int:
        """Read an integer; without a default it is required."""
        value = self.optional(name)
        if value is None:
            if default is None:
                raise missing(name)
            return default
        if not _INTEGER.fullmatch(value):
            raise invalid(name, f"Invalid integer: {value}")
        return int(value)

    def mapping(self, name: str) -> dict[str, str]:
        """Read a flat hash of strings; absent means empty."""
        value = self._left.pop(name, {})
        flat = isinstance(value, Mapping) and all(isinstance(item, str) for item in value.values())
        if not flat:
            raise invalid(name, "Invalid hash")
        return dict(value)

    def finish(self) -> None:
        """Refuse what is left over, as Stripe does."""
        self._left.pop("expand", None)
        for name in self._left:
            raise unknown(name)
