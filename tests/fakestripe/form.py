"""Reading Stripe's form encoding, and refusing what an endpoint does not know."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
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
        self._inner: list[Params] = []

    def __contains__(self, name: str) -> bool:
        """Tell whether the parameter was sent and has not been read yet."""
        return name in self._left

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

    def moment(self, name: str) -> int | None:
        """Read a time in seconds that may be absent."""
        return self.integer(name) if name in self else None

    def flag(self, name: str, *, default: bool) -> bool:
        """Read `true` or `false`."""
        value = self.optional(name)
        if value not in (None, "true", "false"):
            raise invalid(name, f"Invalid boolean: {value}")
        return default if value is None else value == "true"

    def decimal(self, name: str) -> Decimal:
        """Read a required decimal number."""
        value = self.text(name)
        try:
            return Decimal(value)
        except InvalidOperation as error:
            raise invalid(name, f"Invalid decimal: {value}") from error

    def nested(self, name: str) -> "Params":
        """Read a hash of whatever; absent means empty."""
        value = self._left.pop(name, {})
        if not isinstance(value, Mapping):
            raise invalid(name, "Invalid hash")
        self._inner.append(Params(dict(value)))
        return self._inner[-1]

    def rows(self, name: str) -> list["Params"]:
        """Read an array of hashes, in the order sent."""
        inner = self.nested(name)
        return [inner.nested(place) for place in list(inner._left)]

    def strings(self, name: str) -> list[str]:
        """Read an array of strings; absent and empty are alike."""
        if self._left.get(name) == "":
            del self._left[name]
        return list(self.mapping(name).values())

    def merged(self, name: str, old: dict[str, str]) -> dict[str, str]:
        """Read a change of metadata: an empty value takes its key away, an empty hash takes all of them."""
        # [doc] api/metadata: "Individual keys can be unset by posting an empty value to them".
        if self._left.get(name) == "":
            del self._left[name]
            return {}
        return {key: value for key, value in (old | self.mapping(name)).items() if value}

    def span(self, name: str) -> Callable[[int], bool]:
        """Read a range filter: a number, or any of gt, gte, lt and lte."""
        if isinstance(self._left.get(name), str):
            exact = self.integer(name)
            return lambda moment: moment == exact
        bounds = self.nested(name)
        after = bounds.integer("gte", bounds.integer("gt", -1) + 1)
        before = bounds.integer("lt", bounds.integer("lte", 2**60) + 1)
        return lambda moment: after <= moment < before

    def expansions(self) -> list[str]:
        """Read the fields that the answer shall hold in full."""
        return self.strings("expand")

    def mapping(self, name: str) -> dict[str, str]:
        """Read a flat hash of strings; absent means empty."""
        value = self._left.pop(name, {})
        flat = isinstance(value, Mapping) and all(isinstance(item, str) for item in value.values())
        if not flat:
            raise invalid(name, "Invalid hash")
        return dict(value)

    def finish(self) -> None:
        """Refuse what is left over, as Stripe does."""
        for name in self._left:
            raise unknown(name)
        for inner in self._inner:
            inner.finish()
