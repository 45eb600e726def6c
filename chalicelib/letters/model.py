"""Letters: what a shop is told by mail, once for each cause."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from chalicelib.kernel.clock import Millis


class Name(StrEnum):
    """What a letter is about: the name of its template."""

    WELCOME = "welcome"
    ALERT = "alert"
    INVOICE = "invoice"
    INCIDENT = "incident"
    SHOP_WAITS = "shop_waits"
    TRIAL_ENDS = "trial_ends"
    HOOK_FAILING = "hook_failing"
    TERMS_CHANGED = "terms_changed"


class To(StrEnum):
    """Who of a shop a letter goes to: `BILLING` is the address of its billing identity."""

    OWNERS = "owners"
    STAFF = "staff"
    BILLING = "billing"


class Post(StrEnum):
    """Where a letter is on its way: `LATER` was certainly not sent, of `SENDING` nobody knows."""

    DUE = "due"
    LATER = "later"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Readers:
    """Whom a letter reaches: their mail addresses, and the language (`ko` or `en`) that they read."""

    mails: tuple[str, ...]
    language: str


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as it is sent, once as plain text and once as HTML."""

    subject: str
    text: str
    html: str


class MailRefused(Exception):
    """The mail was refused for good."""


class MailUnavailable(Exception):
    """The mail was certainly not sent; later it may be."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter to people of `tenant`; in which language they read is looked up when it is sent.

    `id` names the cause (`alert-2026-11-080-1`), so that one cause is told once. `values` are what the template of
    `name` is filled with: numbers, names and links of ours, never a text that somebody sent us. `tries` counts
    the sendings that may have reached somebody, the last of which began at `tried_at`.
    """

    tenant: str
    id: str
    name: Name
    to: To
    at: Millis
    values: Mapping[str, str | int] = field(default_factory=dict)
    state: Post = Post.DUE
    tries: int = 0
    tried_at: Millis = 0
    sent_at: Millis = 0
