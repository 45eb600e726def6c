"""The mails of the local stage, read in the browser: no mail leaves the laptop."""

import http.client
import json
from datetime import UTC, datetime
from html import escape
from typing import Any
from urllib.parse import urlsplit

Json = dict[str, Any]

TIMEOUT_SECONDS = 10
# A mail may style itself, and nothing else: no script, no picture, nothing from anywhere.
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
_STYLE = (
    "body{font:16px/1.6 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}table{width:100%;"
    "border-collapse:collapse}td,th{text-align:left;padding:.4rem;border-bottom:1px solid silver}"
    "iframe{width:100%;height:40rem;border:1px solid silver}pre{white-space:pre-wrap}"
)


def show(endpoint: str, name: str, to: str) -> str:
    """Return the page of the mail that is `name`d by its number, or of all mails `to` an address, newest first.

    Empty when there is no such mail. Raises OSError when the local AWS at `endpoint` does not answer.
    """
    mails = _mails(endpoint)
    if not name:
        listed = [(number, mail) for number, mail in enumerate(mails, start=1) if not to or to in mail["To"]]
        return _framed("메일함 / Mailbox", _list(listed[::-1]))
    number = int(name) if name.isdecimal() else 0
    return _framed(mails[number - 1]["Subject"], _mail(mails[number - 1])) if 0 < number <= len(mails) else ""


def _mails(endpoint: str) -> list[Json]:
    """Return what the local AWS was given to send, the oldest first, so that numbers stay."""
    upstream = http.client.HTTPConnection(urlsplit(endpoint).netloc, timeout=TIMEOUT_SECONDS)
    try:
        upstream.request("GET", "/_ministack/ses/messages")
        found: dict[str, list[Json]] = json.loads(upstream.getresponse().read())["messages"]
    finally:
        upstream.close()
    return sorted((mail for mails in found.values() for mail in mails), key=lambda mail: float(mail["Timestamp"]))


def _list(mails: list[tuple[int, Json]]) -> str:
    rows = [
        f"<tr><td>{_time(mail)}</td><td>{escape(', '.join(mail['To']))}</td>"
        f'<td><a href="/mail/{number}">{escape(mail["Subject"])}</a></td></tr>'
        for number, mail in mails
    ]
    head = "<tr><th>시각 / Time</th><th>받는 사람 / To</th><th>제목 / Subject</th></tr>"
    return f"<table>{head}{''.join(rows)}</table>"


def _mail(mail: Json) -> str:
    shown = f"<p>{_time(mail)} · {escape(', '.join(mail['To']))}</p>"
    if mail["BodyHtml"]:
        shown += f'<iframe sandbox title="{escape(mail["Subject"])}" srcdoc="{escape(mail["BodyHtml"])}"></iframe>'
    return shown + (f"<pre>{escape(mail['BodyText'])}</pre>" if mail["BodyText"] else "")


def _time(mail: Json) -> str:
    return datetime.fromtimestamp(float(mail["Timestamp"]), UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def _framed(title: str, content: str) -> str:
    return (
        f'<!doctype html><html lang="ko"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style></head><body><h1>{escape(title)}</h1>{content}</body></html>"
    )
