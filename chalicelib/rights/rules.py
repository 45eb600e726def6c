"""Certificates that anybody with the key can check, and exports whose parts can be."""

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from chalicelib.contacts.model import Action, Author, Contact, Event, Message, Story
from chalicelib.customers.model import Customer
from chalicelib.kernel.clock import Millis, iso
from chalicelib.kernel.errors import BadInput
from chalicelib.rights.model import BACKUP_DAYS, WHOLE_TENANT, Erasure, Kept, Part

_TITLES = {
    "details": ("고객 정보", "Customer details"),
    "contacts": ("문의와 상담 내용", "Contacts and what was said"),
    "accesses": ("개인정보 열람 기록", "Records of access to personal data"),
}
_AUTHORS = {Author.CUSTOMER: "고객", Author.AGENT: "상담원", Author.STAFF: "가게", Author.HOUSE: "상담원"}
_DONE = {
    Action.RELEASE: "상담원이 문의를 대기열로 되돌렸습니다",
    Action.LAPSE: "상담원의 응답이 끊겨 문의가 대기열로 돌아갔습니다",
    Action.TRANSFER: "다른 상담원에게 넘겼습니다",
    Action.REASSIGN: "팀장이 다른 상담원에게 맡겼습니다",
    Action.PASS: "가게에서 직접 답하도록 넘겼습니다",
    Action.GIVE: "가게가 상담원에게 맡겼습니다",
    Action.REOPEN: "문의를 다시 열었습니다",
    Action.SPAM: "스팸으로 표시했습니다",
    Action.UNDO_SPAM: "스팸 표시를 취소했습니다",
    Action.MERGE: "다른 문의에 합쳤습니다",
    Action.ABSORB: "다른 문의를 합쳐 받았습니다",
    Action.LATER: "답변을 나중으로 미루었습니다",
    Action.WAKE: "미룬 문의를 다시 꺼냈습니다",
    Action.DUE: "미룬 때가 되어 대기열로 돌아갔습니다",
    Action.STOP: "상담원을 보호하기 위해 대화를 마쳤습니다",
    Action.PREFER: "전화나 메일로 답변받기를 원한다고 알렸습니다",
}
_LEDGER = Kept("usage_entries", "five years by tax law; they hold no personal data")
_CONTRACT = Kept("choices, terms, letters, diagnoses, results", "evidence of the contract; they name no customer")


def certify(erasure: Erasure, held: Iterable[Kept], at: Millis, *, secret: str) -> str:
    """Return the signed certificate of what was erased by then, and of what is kept, until when and why."""
    whole = erasure.handle == WHOLE_TENANT
    readable = "unreadable, since the key is destroyed" if whole else "erased again after every restore"
    backups = Kept("backups", readable, at + BACKUP_DAYS)
    content = {
        "id": erasure.id,
        "tenant": erasure.tenant,
        "whose": "tenant" if whole else "customer",
        "customer": "" if whole else erasure.handle,
        "ground": erasure.ground,
        "demanded_by": erasure.by,
        "demanded_at": iso(erasure.at),
        "erased_at": iso(at),
        "erased": asdict(erasure.counts),
        "kept": [_kept(kept) for kept in (*held, backups, _LEDGER, *([_CONTRACT] if whole else []))],
    }
    return canonical({**content, "signature": _signature(content, secret)})


def verify(certificate: str, secret: str) -> dict[str, Any]:
    """Return what a certificate says; raise BadInput `invalid_certificate` unless we signed exactly this."""
    try:
        content = json.loads(certificate)
        signature = content.pop("signature")
    except (ValueError, AttributeError, KeyError, TypeError):
        raise _invalid() from None
    if not isinstance(signature, str) or not hmac.compare_digest(
        signature.encode(), _signature(content, secret).encode()
    ):
        raise _invalid()
    found: dict[str, Any] = content
    return found


def part(name: str, items: Sequence[Mapping[str, Any]]) -> Part:
    """Return a part of an export with its headings and the digest of its items in canonical JSON."""
    return Part(name, *_TITLES[name], items, hashlib.sha256(canonical(items).encode()).hexdigest())


def canonical(value: Any) -> str:
    """Return the one spelling of `value` as JSON: sorted names, no blanks, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def details_of(customer: Customer) -> dict[str, Any]:
    """Return a customer as an export shows them."""
    return {"id": customer.id, **{field.value: value for field, value in customer.details.known().items()}}


def story_of(story: Story) -> dict[str, Any]:
    """Return a contact as an export shows it: what customer and agents said, and what happened, in order of time.

    Internal notes are the agents' own and stay out.
    """
    return {
        **_contact(story.contact),
        "messages": [_said(message) for message in story.messages if message.author in _AUTHORS],
        "events": [_done(event) for event in story.events if event.action in _DONE],
    }


def _contact(contact: Contact) -> dict[str, Any]:
    return {
        "id": contact.id,
        "customer": contact.customer,
        "channel": contact.channel.value,
        "status": contact.status.value,
        "opened_at": iso(contact.opened_at),
        "changed_at": iso(contact.changed_at),
    }


def _said(said: Message) -> dict[str, str]:
    name = said.name if said.author is Author.CUSTOMER else ""
    told = {"at": iso(said.at), "author": _AUTHORS[said.author], "name": name, "subject": said.subject}
    return {**{key: value for key, value in told.items() if value}, "text": said.text}


def _done(event: Event) -> dict[str, str]:
    return {"at": iso(event.at), "what": _DONE[event.action]}


def _kept(kept: Kept) -> dict[str, str]:
    until = {"until": iso(kept.until)} if kept.until else {}
    return {"what": kept.what, **until, "why": kept.why}


def _signature(content: Any, secret: str) -> str:
    key = hmac.new(secret.encode(), b"erasure certificate", hashlib.sha256).digest()
    return hmac.new(key, canonical(content).encode(), hashlib.sha256).hexdigest()


def _invalid() -> BadInput:
    return BadInput("invalid_certificate", "this certificate was not issued here, or was changed since")
