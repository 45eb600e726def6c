"""Visitors of danbi's page, and files on their way in."""

from collections.abc import Mapping
from typing import Any

import requests

from chalicelib.kernel.caller import Caller, Kind
from tests.files.pictures import picture
from tests.moto_desk import KEY, SHOP, Answer, Desk

ORIGIN = "https://danbi.kr"
AT = "/v1/tenants/danbi/contacts"
PNG = {"name": "영수증.png", "size": 1_000, "type": "image/png"}


def visitor(contact: str, tenant: str = "danbi") -> Caller:
    """Return whoever wrote `contact` on the shop's page."""
    return Caller(Kind.VISITOR, KEY, tenant=tenant, contact=contact, origins=ORIGIN)


def ask(desk: Desk, who: Caller, request: str, body: Any = None, **headers: str) -> Answer:
    """Send a request as a page does: `Idempotency_Key` is a header."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return desk.call(who, request, body, headers={"Origin": ORIGIN, **named})


def sent_in(upload: Mapping[str, Any], content: bytes) -> int:
    """Send `content` in, as a browser does with the form; return the status."""
    answer = requests.post(upload["url"], data=upload["fields"], files={"file": content}, timeout=5)
    return answer.status_code


def uploaded(desk: Desk, contact: str, who: Caller = SHOP, content: bytes | None = None) -> str:
    """Return a file of the contact that was announced and sent in."""
    announced = ask(desk, who, f"POST {AT}/{contact}/files", PNG)
    assert announced.status == 201, announced
    assert sent_in(announced.body["upload"], picture() if content is None else content) == 204
    return str(announced.body["file"])


def ready(desk: Desk, contact: str, who: Caller = SHOP, content: bytes | None = None) -> str:
    """Return a file of the contact that can be sent."""
    file = uploaded(desk, contact, who, content)
    answer = ask(desk, who, f"POST {AT}/{contact}/files/{file}/ready")
    assert answer.status == 200, answer
    return file
