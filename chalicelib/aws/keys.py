"""Every key of the table is built and taken apart here: whose it is comes first, no part runs into the next."""

import re

_TENANT = re.compile(r"[a-z0-9]{4,32}")
_PART = re.compile(r"[^#~\x00-\x1f]+")

# What no part can contain, and what sorts after every part: the end of a range.
_BETWEEN = "#"
_AFTER = "~"


def tenant_key(tenant: str, *parts: str) -> str:
    """Return the partition key of something of `tenant`: `danbi#contact#0a1b`.

    Raises ValueError for what is no tenant id, or a part that could run into the next one.
    """
    if not _TENANT.fullmatch(tenant):
        raise ValueError(f"{tenant!r} is no tenant id")
    return _BETWEEN.join([tenant, *map(_checked, parts)])


def desk_key(*parts: str) -> str:
    """Return the partition key of something of the desk itself, which no tenant's can equal: `~queue#main`."""
    return _AFTER + _BETWEEN.join(map(_checked, parts))


def sort_key(*parts: str) -> str:
    """Return a sort key: `usage#0001#0002`."""
    return _BETWEEN.join(map(_checked, parts))


def prefix(*parts: str) -> str:
    """Return what all sort keys that begin with `parts` have in common, and no others."""
    return sort_key(*parts) + _BETWEEN


def up_to(*parts: str) -> str:
    """Return the end of the range of sort keys that begin with `parts`, or with a lesser last one of them."""
    return sort_key(*parts) + _AFTER


def split(key: str) -> list[str]:
    """Return the parts of a key."""
    return key.removeprefix(_AFTER).split(_BETWEEN)


def _checked(part: str) -> str:
    if not _PART.fullmatch(part):
        raise ValueError(f"{part!r} cannot be a part of a key")
    return part
