"""The pages that Stripe hosts, as far as a laptop needs them: to register a card, and to see what is owed.

They are there where the stand-in is told of its own address; else links lead to Stripe's, which nobody opens.
"""

from html import escape
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from tests.fakestripe.errors import ApiError, Doc
from tests.fakestripe.wire import Reply, Request

if TYPE_CHECKING:
    from tests.fakestripe.fake import FakeStripe

PREFIX = "/hosted/"
_STYLE = (
    "body{font:16px/1.6 sans-serif;max-width:34rem;margin:3rem auto;padding:0 1rem;word-break:keep-all}"
    "button,a{font:inherit}button{padding:.5rem 1rem;margin:.25rem .5rem .25rem 0}"
    "table{width:100%;border-collapse:collapse}td{padding:.4rem 0;border-bottom:1px solid silver}"
)
_NOTE = "Stripe를 대신하는 페이지예요. 진짜 카드는 필요 없어요. / A stand-in for Stripe: no real card is needed."
_STATES = {"open": "결제 전 / open", "paid": "결제 끝 / paid", "void": "취소 / void"}


class Hosted:
    """What a browser is shown at those pages, and what is done there."""

    def __init__(self, fake: "FakeStripe") -> None:
        self._fake = fake

    def answer(self, request: Request) -> Reply:
        """Answer a browser: a page, or the way back once a card is registered."""
        kind, _, ident = request.path.removeprefix(PREFIX).partition("/")
        shown = {"checkout": self._checkout, "portal": self._portal, "invoice": self._invoice}.get(kind)
        try:
            if shown is None:
                raise ApiError(404, f"the stand-in hosts no {kind}")
            if request.method == "POST" and kind == "checkout":
                return self._register(ident, parse_qs(request.text))
            return _page(*shown(ident))
        except ApiError as error:
            return _page("없는 페이지 / No such page", f"<p>{escape(str(error))}</p>", status=error.status)

    def _register(self, ident: str, form: dict[str, list[str]]) -> Reply:
        session = self._one("checkout.session", ident)
        if session["status"] == "open":
            self._fake.complete_checkout(ident, declines=form.get("card") == ["declines"])
        return Reply(303, {}, {"Location": session["success_url"]})

    def _checkout(self, ident: str) -> tuple[str, str]:
        session = self._one("checkout.session", ident)
        if session["status"] != "open":
            return "끝난 페이지 / Done", _link(session["success_url"], "돌아가기 / Back")
        name = escape(self._one("customer", session["customer"])["name"] or "")
        return "카드 등록 / Register a card", (
            f"<p>{name}</p><form method=post>"
            "<button name=card value=good>되는 카드 / A card that works</button>"
            "<button name=card value=declines>거절되는 카드 / A card that is declined</button></form>"
            f"<p>{_link(session['cancel_url'] or session['success_url'], '등록하지 않고 돌아가기 / Back')}</p>"
        )

    def _portal(self, ident: str) -> tuple[str, str]:
        session = self._one("billing_portal.session", ident)
        customer = self._one("customer", session["customer"])
        charged = customer["invoice_settings"]["default_payment_method"]
        cards = [
            [_name(card["kr_card"]), "결제에 써요 / in use" if card["id"] == charged else ""]
            for card in self._of(customer, "payment_method")
        ]
        invoices = [
            [_link(invoice["hosted_invoice_url"], invoice["number"]), f"{invoice['total']:,}원", _state(invoice)]
            for invoice in self._of(customer, "invoice")
            if invoice["number"]
        ]
        return "결제 / Payments", (
            f"<h2>카드 / Cards</h2>{_table(cards)}<h2>청구서 / Invoices</h2>{_table(invoices)}"
            f"<p>{_link(session['return_url'], '돌아가기 / Back')}</p>"
        )

    def _invoice(self, ident: str) -> tuple[str, str]:
        invoice = self._one("invoice", ident)
        lines = [[escape(line["description"] or ""), f"{line['amount']:,}원"] for line in invoice["lines"]["data"]]
        total = [["합계 / Total", f"{invoice['total']:,}원"], ["", _state(invoice)]]
        return f"청구서 / Invoice {invoice['number'] or ''}", _table([*lines, *total])

    def _one(self, kind: str, ident: str) -> Doc:
        found = [row for row in self._fake.objects(kind) if row["id"] == ident]
        if not found:
            raise ApiError(404, f"No such {kind}: {ident}")
        return found[0]

    def _of(self, customer: Doc, kind: str) -> list[Doc]:
        return [row for row in self._fake.objects(kind) if row["customer"] == customer["id"]][::-1]


def _name(card: Doc) -> str:
    return f"{card['brand'].upper()} ···· {card['last4']}"


def _state(invoice: Doc) -> str:
    status: str = invoice["status"]
    return _STATES.get(status, status)


def _link(url: str | None, text: str) -> str:
    return f'<a href="{escape(url)}">{escape(text)}</a>' if url else escape(text)


def _table(rows: list[list[str]]) -> str:
    if not rows:
        return "<p>아직 없어요. / None yet.</p>"
    cells = ("".join(f"<td>{cell}</td>" for cell in row) for row in rows)
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>"


def _page(title: str, content: str, *, status: int = 200) -> Reply:
    shown = (
        f'<!doctype html><html lang="ko"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head>'
        f"<body><h1>{escape(title)}</h1>{content}<p><small>{_NOTE}</small></p></body></html>"
    )
    return Reply(status, {}, {"Content-Type": "text/html; charset=utf-8"}, page=shown)
