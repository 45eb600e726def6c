"""A look at personal data: within the budget, on record, and only then allowed."""

from collections.abc import Callable

from chalicelib.kernel.errors import Forbidden
from chalicelib.privacy.model import Access
from chalicelib.privacy.ports import BreadthStore, RecordStore


def look(
    access: Access,
    records: RecordStore,
    *,
    tenant: str,
    breadth: BreadthStore | None,
    alert: Callable[[Access], None],
) -> None:
    """Return only when the data of `access.whose`, customers of `tenant`, may be returned: it is on record then.

    `breadth` is that of the agent who looks, None for everyone else. Raises Forbidden `breadth_exceeded`, after
    `alert` was called for the first time that day, and whatever fails the record: nothing may be returned then.
    """
    if breadth is not None:
        try:
            breadth.look(tenant, access.whose, now=access.at)
        except Forbidden:
            if breadth.alert(access.at):
                alert(access)
            raise
    records.append(access)
