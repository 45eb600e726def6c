"""Our own stand-in for Stripe, from meters to payouts, with its rules as documented and its bad days on demand."""

from tests.fakestripe.fake import API_KEY, FakeStripe
from tests.fakestripe.server import running, wsgi

__all__ = ["API_KEY", "FakeStripe", "running", "wsgi"]
