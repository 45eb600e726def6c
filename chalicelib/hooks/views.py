"""What the API shows of hooks and their deliveries; times are ISO 8601 UTC."""

from typing import Annotated, Self

from msgspec import Meta, Struct

from chalicelib.hooks.model import Delivery, Event, Hook, State
from chalicelib.kernel.clock import iso


class HookIn(Struct, forbid_unknown_fields=True):
    """Which https address is told of which events, and what for."""

    url: Annotated[str, Meta(min_length=1, max_length=500)]
    events: Annotated[list[Event], Meta(min_length=1, max_length=10)]
    label: Annotated[str, Meta(max_length=400)]


class HookView(Struct):
    """A hook; `failures` counts sendings in a row that were not heard, 50 of which pause it."""

    id: str
    url: str
    events: list[Event]
    label: str
    by: str
    created_at: str
    failures: int
    paused_at: str | None

    @classmethod
    def of(cls, hook: Hook) -> Self:
        """Return what the API shows of `hook`."""
        paused = iso(hook.paused_at) if hook.paused_at else None
        made = (hook.by, iso(hook.created_at))
        return cls(hook.id, hook.url, list(hook.events), hook.label, *made, hook.failures, paused)


class HooksView(Struct):
    """The shop's hooks, the oldest first, and the events that there are."""

    hooks: list[HookView]
    events: list[Event]


class NewHookView(Struct):
    """A new hook, and the secret that proves its deliveries: it is shown this once."""

    hook: HookView
    secret: str


class DeliveryView(Struct):
    """One telling of an event.

    `status` is the last answer's, null when none came; `failure` says in one word why. `next_at` is when it is
    sent next, null once it is done or given up.
    """

    id: str
    event: Event
    at: str
    state: State
    tries: int
    next_at: str | None
    status: int | None
    ms: int
    failure: str
    body: str

    @classmethod
    def of(cls, one: Delivery) -> Self:
        """Return what the API shows of a delivery."""
        coming = iso(one.next_at or one.at) if one.state is State.DUE else None
        came = (one.status or None, one.ms, one.error)
        return cls(one.id, one.event, iso(one.at), one.state, one.tries, coming, *came, one.body)


class DeliveriesView(Struct):
    """What a hook was told within 30 days, the newest first."""

    deliveries: list[DeliveryView]
    cursor: str | None
