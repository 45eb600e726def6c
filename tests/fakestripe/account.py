"""The account as a whole."""

from tests.fakestripe.balance import Balance
from tests.fakestripe.books import Books
from tests.fakestripe.catalog import Catalog
from tests.fakestripe.checkout import Checkout
from tests.fakestripe.credits import Credits
from tests.fakestripe.customers import Customers
from tests.fakestripe.drafts import Drafts
from tests.fakestripe.events import Events
from tests.fakestripe.invoices import Invoices
from tests.fakestripe.issuing import Issuing
from tests.fakestripe.items import Items
from tests.fakestripe.notices import Notices
from tests.fakestripe.payments import Payments
from tests.fakestripe.prices import Prices
from tests.fakestripe.subscriptions import Subscriptions


class Account:
    """Every part of the account, made in the order in which they stand on each other."""

    def __init__(self, books: Books) -> None:
        self.books = books
        self.catalog = Catalog(books.store)
        self.events = Events(books.store, self.catalog)
        self.customers = Customers(books)
        self.prices = Prices(books)
        self.balance = Balance(books)
        self.payments = Payments(books, self.balance)
        self.drafts = Drafts(books, self.events)
        self.issuing = Issuing(books, self.drafts, self.payments)
        self.invoices = Invoices(books, self.drafts, self.payments, self.issuing)
        self.items = Items(books, self.drafts)
        self.subscriptions = Subscriptions(books, self.drafts, self.invoices, self.issuing)
        self.credits = Credits(books, self.payments, self.balance)
        self.checkout = Checkout(books)
        self.notices = Notices(books)

    def index(self) -> None:
        """Plan anew what the stored objects wait for."""
        self.books.forget()
        for part in (self.events, self.balance, self.issuing, self.subscriptions, self.checkout):
            part.index()
