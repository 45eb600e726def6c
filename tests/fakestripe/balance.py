"""Our balance at Stripe: its transactions, refunds and payouts."""

from decimal import Decimal

from tests.fakestripe.books import Books
from tests.fakestripe.errors import ApiError, Doc, invalid, missing
from tests.fakestripe.form import Params
from tests.fakestripe.pages import page, wanted
from tests.fakestripe.prices import rounded
from tests.fakestripe.shape import PRIVATE

DAY = 24 * 3600
KST = 9 * 3600
# [doc] payouts: funds are available after some days, by country. Two is ours; no value for Korea is documented.
AVAILABLE_DAYS = 2


class Balance:
    """What Stripe holds for us and pays out."""

    def __init__(self, books: Books) -> None:
        self._books = books
        books.runners["payout"] = lambda _: self._pay_out_daily()
        self.index()

    def index(self) -> None:
        """Plan the payouts that the stored transactions wait for."""
        txns = self._books.newest("balance_transaction")
        # In the order of their entry, as a set of strings has another one in each process.
        self._waiting = {txn["id"]: None for txn in reversed(txns) if not txn[PRIVATE]["payout"]}
        for txn in self._waiting:
            self._books.plan(self._books.find("balance_transaction", txn)["available_on"], "payout", txn)

    def book(self, kind: str, amount: int, source: str, *, fee: bool) -> str:
        """Enter a movement and return the transaction's id; a fee is rounded to whole won."""
        cost = rounded(Decimal(amount) * Decimal(str(self._books.setting("fee_percent"))) / 100) if fee else 0
        txn = self._books.make(
            "balance_transaction", "txn", amount=amount, currency="krw", type=kind, source=source
        )
        for name in ("livemode", "metadata"):
            del txn[name]
        txn |= {"fee": cost, "net": amount - cost, "reporting_category": kind, "status": "pending"}
        txn |= {"description": None, "exchange_rate": None, "balance_type": "payments", PRIVATE: {"payout": None}}
        detail = {
            "amount": cost,
            "currency": "krw",
            "type": "stripe_fee",
            "application": None,
            "description": None,
        }
        txn["fee_details"] = [detail] if cost else []
        midnight = (self._books.time + KST) // DAY * DAY - KST
        txn["available_on"] = midnight + AVAILABLE_DAYS * DAY
        self._books.save(txn)
        self._waiting[txn["id"]] = None
        self._books.plan(txn["available_on"], "payout", txn["id"])
        return str(txn["id"])

    def refund(self, charge: Doc, won: int, **details: object) -> Doc:
        """Give back part of a charge."""
        if not 0 < won <= charge["amount"] - charge["amount_refunded"]:
            # [doc] api/refunds/create: "You can refund multiple times, until the entire charge has been refunded".
            raise invalid("amount", f"Refund amount (₩{won}) is greater than unrefunded amount on charge.")
        refund = self._books.make(
            "refund", "re", amount=won, currency="krw", charge=charge["id"], status="succeeded"
        )
        refund |= {"payment_intent": charge["payment_intent"], "customer": charge["customer"], "reason": None}
        refund |= details
        # [doc] support: the fees of the charge are not given back, and a refund has none of its own.
        refund["balance_transaction"] = self.book("refund", -won, refund["id"], fee=False)
        charge["amount_refunded"] += won
        charge["refunded"] = charge["amount_refunded"] == charge["amount"]
        for doc in (refund, charge):
            self._books.save(doc)
        self._books.tell("refund.created", refund)
        self._books.tell("charge.refunded", charge)
        return refund

    def create_refund(self, form: Params) -> Doc:
        """POST /v1/refunds."""
        charge, intent = form.optional("charge"), form.optional("payment_intent")
        if intent is not None:
            charge = self._books.find("payment_intent", intent, status=400)["latest_charge"]
        if charge is None:
            raise missing("charge")
        found = self._books.find("charge", charge, status=400)
        won = form.integer("amount", found["amount"] - found["amount_refunded"])
        details = {"reason": form.optional("reason"), "metadata": form.mapping("metadata")}
        form.finish()
        return self.refund(found, won, **details)

    def list_refunds(self, query: Params) -> Doc:
        """GET /v1/refunds."""
        created = query.span("created")
        rows = wanted(self._books.newest("refund"), query, "charge", "payment_intent")
        return page([row for row in rows if created(row["created"])], query, "/v1/refunds")

    def listing(self, query: Params) -> Doc:
        """GET /v1/balance_transactions; those of a payout have the payout's own among them."""
        created, payout = query.span("created"), query.optional("payout")
        rows = [row for row in self._books.newest("balance_transaction") if created(row["created"])]
        if payout is not None:
            # [doc] reports/payout-reconciliation: "pass the payout ID" lists what is in an automatic payout.
            self._books.find("payout", payout, status=400)
            rows = [row for row in rows if row[PRIVATE]["payout"] == payout]
        return page(wanted(rows, query, "source", "type", "currency"), query, "/v1/balance_transactions")

    def list_payouts(self, query: Params) -> Doc:
        """GET /v1/payouts."""
        created, arrives = query.span("created"), query.span("arrival_date")
        rows = [row for row in wanted(self._books.newest("payout"), query, "status") if created(row["created"])]
        return page([row for row in rows if arrives(row["arrival_date"])], query, "/v1/payouts")

    def pay_out(self) -> Doc | None:
        """Pay out all that has not been yet, available or not; a balance that is not positive stays."""
        return self._pay([self._books.find("balance_transaction", txn) for txn in self._waiting])

    def _pay_out_daily(self) -> None:
        waiting = [self._books.find("balance_transaction", txn) for txn in self._waiting]
        self._pay([txn for txn in waiting if txn["available_on"] <= self._books.time])

    def _pay(self, txns: list[Doc]) -> Doc | None:
        won = sum(txn["net"] for txn in txns)
        if won <= 0:
            return None
        payout = self._books.make("payout", "po", amount=won, currency="krw", arrival_date=self._books.time)
        payout |= {"automatic": True, "status": "paid", "type": "bank_account", "method": "standard"}
        payout |= {"reconciliation_status": "completed", "source_type": "card", "failure_code": None}
        own = self.book("payout", -won, payout["id"], fee=False)
        payout |= {"balance_transaction": own, "description": "STRIPE PAYOUT", "destination": None}
        for txn in [*txns, self._books.find("balance_transaction", own)]:
            self._books.save(txn | {"status": "available", PRIVATE: {"payout": payout["id"]}})
            self._waiting.pop(txn["id"], None)
        self._books.save(payout)
        for kind in ("payout.created", "payout.paid", "payout.reconciliation_completed"):
            self._books.tell(kind, payout)
        return payout

    def forget_in_payout(self, ident: str, txn: str) -> None:
        """Have a payout no longer name one of its transactions."""
        found = self._books.find("balance_transaction", txn)
        if found[PRIVATE]["payout"] != ident:
            raise ApiError(400, f"{txn} is not in {ident}")
        self._books.save(found | {PRIVATE: {"payout": "dropped"}})
