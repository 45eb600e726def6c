"""The table's two indexes."""

from pynamodb.attributes import UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, IncludeProjection
from pynamodb.models import Model

# What an index carries beside its keys: enough to list and to choose, and nothing personal.
PROJECTIONS: dict[str, list[str]] = {
    "lists": ["kind", "tenant", "contact", "marks"],
    "work": [
        *("kind", "tenant", "contact", "channel", "weight", "preferred"),
        *("agent", "capacity", "load", "finished", "worked"),
    ],
}


class Lists(GlobalSecondaryIndex[Model]):  # type: ignore[no-untyped-call]
    """A tenant's things by state, ordered by the time of the last change of state."""

    class Meta:
        """How PynamoDB names it."""

        index_name = "lists"
        projection = IncludeProjection(PROJECTIONS["lists"])

    lists_pk = UnicodeAttribute(hash_key=True)
    lists_sk = UnicodeAttribute(range_key=True)


class Work(GlobalSecondaryIndex[Model]):  # type: ignore[no-untyped-call]
    """Sparse: only what some worker or agent must still look at."""

    class Meta:
        """How PynamoDB names it."""

        index_name = "work"
        projection = IncludeProjection(PROJECTIONS["work"])

    work_pk = UnicodeAttribute(hash_key=True)
    work_sk = UnicodeAttribute(range_key=True)
