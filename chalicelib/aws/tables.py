"""The one table: its row base, and `commit`, the only way to change a row."""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, Self, cast

from botocore.config import Config
from botocore.exceptions import ClientError
from pynamodb.attributes import DiscriminatorAttribute, UnicodeAttribute
from pynamodb.connection import TableConnection
from pynamodb.constants import ALL_OLD
from pynamodb.exceptions import TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.models import Model

from chalicelib.aws.credentials import guard
from chalicelib.aws.failures import is_passing, reasons
from chalicelib.aws.indexes import Lists, Work
from chalicelib.aws.retries import bounded, may_repeat, watched
from chalicelib.aws.settings import settings
from chalicelib.kernel.errors import Busy

_ATTEMPTS = 10
_PASSING = {
    "None",
    "ProvisionedThroughputExceeded",
    "ThrottlingError",
    "TransactionConflict",
    "TransactionConflictException",
    "TransactionInProgressException",
}


class Row(Model):
    """Every row of the table; a store's own rows are subclasses named by their `kind`."""

    class Meta:
        """Where the table is."""

        table_name = settings().table
        region = settings().region
        max_pool_connections = 64
        connect_timeout_seconds = 2
        read_timeout_seconds = 5
        # `bounded` repeats calls, not the SDK.
        max_retry_attempts = 0

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    kind = DiscriminatorAttribute()
    lists_pk = UnicodeAttribute(null=True)
    lists_sk = UnicodeAttribute(null=True)
    work_pk = UnicodeAttribute(null=True)
    work_sk = UnicodeAttribute(null=True)
    lists = Lists()
    work = Work()

    @classmethod
    def _get_connection(cls) -> TableConnection:
        # PynamoDB would open one client per subclass; all rows live in one table, so one is enough.
        if Row._connection is None:
            opened: TableConnection = Model._get_connection.__func__(Row)  # type: ignore[attr-defined]
            # botocore would write its user agent anew for every call: a twentieth of a call's CPU.
            opened.connection.session.set_default_client_config(Config(user_agent="duredesk"))
            guard(opened.connection.client)
            bounded(opened.connection.client)
            watched(opened.connection.client)
        return cast(TableConnection, Row._connection)

    @classmethod
    def find(cls, pk: str, sk: str, *, consistent: bool = True) -> Self | None:
        """Return the row, strongly consistent unless told otherwise; None when it is absent."""
        try:
            return cls.get(pk, sk, consistent_read=consistent)
        except cls.DoesNotExist:
            return None


def _impossible(old: Row | None) -> Exception:
    return AssertionError(f"an unconditional write was refused over {old!r}")


class Write(Protocol):
    """One conditional change of one row, opaque to services: they only collect and commit them."""


@dataclass(frozen=True, slots=True)
class Put:
    """Store a new row if `condition` holds of the old one; `refused` gets the old row, or None."""

    row: Row
    condition: Condition | None = None
    refused: Callable[[Any], Exception] = _impossible


@dataclass(frozen=True, slots=True)
class Update:
    """Change a row if `condition` holds (None: always); `refused` gets the old row, or None."""

    row: Row
    actions: Sequence[Action]
    condition: Condition | None = None
    refused: Callable[[Any], Exception] = _impossible


@dataclass(frozen=True, slots=True)
class Delete:
    """Take a row away if `condition` holds (None: always); `refused` gets the old row, or None."""

    row: Row
    condition: Condition | None = None
    refused: Callable[[Any], Exception] = _impossible


@dataclass(frozen=True, slots=True)
class Check:
    """Change nothing, and refuse the transaction unless `condition` holds; `refused` gets None."""

    row: Row
    condition: Condition
    refused: Callable[[Any], Exception]


@dataclass(frozen=True, slots=True)
class Together:
    """What a store does to several rows, where one write is asked of it."""

    writes: Sequence[Write]


_Known = Check | Delete | Put | Update
_ORDER = (Check, Delete, Put, Update)


def commit(*writes: Write) -> None:
    """Carry out all `writes` or none; several are one transaction.

    Raises what the first refused write says, or Busy when others kept changing the same rows.
    """
    ordered = _as_sent(writes)
    for attempt in range(_ATTEMPTS):
        try:
            _send(ordered)
        except (ClientError, TransactWriteError) as error:
            _raise_refusal(ordered, error)
            # What others are changing is no fault, and passes; a storage that is throttled is spared.
            if is_passing(error) and not may_repeat():
                raise
        else:
            return
        time.sleep(random.uniform(0.005, 0.02) * (attempt + 1))
    raise Busy("busy", "others are changing the same thing; try again")


def _as_sent(writes: Sequence[Any]) -> list[_Known]:
    # A cancelled transaction names its reasons by position, and this is the order in which PynamoDB sends them.
    each: list[Any] = []
    for write in writes:
        each += write.writes if isinstance(write, Together) else [write]
    if not all(isinstance(write, _ORDER) for write in each):
        raise TypeError("commit takes Check, Delete, Put and Update only")
    return sorted(each, key=lambda write: _ORDER.index(type(write)))


def _send(writes: Sequence[_Known]) -> None:
    connection = Row._get_connection().connection
    sent = [_request(write) for write in writes]
    if len(sent) == 1 and not isinstance(writes[0], Check):
        # A lone write costs half of a transaction of one, and still answers with the old row when refused.
        connection.dispatch(*sent[0])
        return
    kinds = ("ConditionCheck", "DeleteItem", "PutItem", "UpdateItem")
    checks, deletes, puts, updates = ([what for kind, what in sent if kind == each] for each in kinds)
    connection.transact_write_items(checks, deletes, puts, updates)


def _request(write: _Known) -> tuple[str, dict[str, Any]]:
    if isinstance(write, Check):
        row = write.row
        return "ConditionCheck", row.get_operation_kwargs_from_class(row.pk, row.sk, condition=write.condition)
    if isinstance(write, Delete):
        return "DeleteItem", write.row.get_delete_kwargs_from_instance(write.condition, ALL_OLD)
    if isinstance(write, Put):
        return "PutItem", write.row.get_save_kwargs_from_instance(write.condition, ALL_OLD)
    actions = list(write.actions)
    return "UpdateItem", write.row.get_update_kwargs_from_instance(actions, write.condition, ALL_OLD)


def _raise_refusal(writes: Sequence[_Known], error: Exception) -> None:
    """Raise the refusal behind `error`; return only if the same writes may simply be tried again."""
    codes = set()
    for write, (code, item) in zip(writes, reasons(error), strict=False):
        if code in {"ConditionalCheckFailed", "ConditionalCheckFailedException"}:
            raise write.refused(type(write.row).from_raw_data(item) if item else None) from None
        codes.add(code)
    if not codes or not codes <= _PASSING:
        raise error
