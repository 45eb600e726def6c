"""The demo's shops as their customers see them: a page with products and the widget's script tag."""

import json
from dataclasses import dataclass
from html import escape
from string import Template
from typing import Any

from infra.stages import ROOT

DEMO = ROOT / "web" / "demo"
# A shop may be as strict as this: the widget needs one script, its own server, and where files are uploaded to.
_POLICY = (
    "default-src 'none'; style-src 'self'; script-src {pages}; connect-src {pages} {files}; img-src 'self' blob:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


Query = dict[str, list[str]]


@dataclass(frozen=True)
class Front:
    """Where the pages are and files are uploaded to, and the shops' widget keys by tenant."""

    pages: str
    files: str
    keys: dict[str, str]


def show(front: Front, name: str, query: Query) -> tuple[bytes, dict[str, str]]:
    """Return content and headers of a shop's page, or of a file of it; nothing if there is none of this name.

    The query says in which `lang`uage, and with whose widget `key` if with another shop's than its own.
    """
    shops = json.loads((DEMO / "shops.json").read_text(encoding="utf-8"))
    stem, _, suffix = name.partition(".")
    if name == "shop.css":
        return (DEMO / name).read_bytes(), _typed("text/css")
    if stem not in shops or suffix not in {"", "css"}:
        return b"", {}
    if suffix:
        return f":root {{ --shop: {shops[stem]['colour']}; }}\n".encode(), _typed("text/css")
    language, key = "en" if query.get("lang") == ["en"] else "ko", query.get("key", [front.keys.get(stem, "")])[0]
    shown = _page(front, stem, shops[stem], language=language, key=key)
    policy = _POLICY.format(pages=front.pages, files=front.files)
    return shown.encode(), _typed("text/html") | {"Content-Security-Policy": policy}


def _page(front: Front, tenant: str, shop: dict[str, Any], *, language: str, key: str) -> str:
    told = shop[language]
    items = [
        f'<li><span class="picture" aria-hidden="true">{escape(item["sign"])}</span>'
        f"<h3>{escape(item[language])}</h3><p>{item['won']:,}{'원' if language == 'ko' else ' won'}</p></li>"
        for item in shop["items"]
    ]
    words = {name: escape(text) for name, text in told.items()}
    page = Template((DEMO / f"shop.{language}.html").read_text(encoding="utf-8"))
    own = {"tenant": tenant, "pages": front.pages, "key": escape(key), "items": "".join(items)}
    return page.substitute(own | words)


def _typed(kind: str) -> dict[str, str]:
    return {"Content-Type": f"{kind}; charset=utf-8"}
