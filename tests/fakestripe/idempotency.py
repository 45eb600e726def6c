"""Stripe's v1 idempotency layer."""

from tests.fakestripe.errors import ApiError, Doc
from tests.fakestripe.store import Store
from tests.fakestripe.wire import Reply, Request

# [doc] docs.stripe.com/api/idempotent_requests: keys may be removed once they are at least 24 hours old.
KEPT_SECONDS = 24 * 3600
LONGEST_KEY = 255


class Keys:
    """The first reply to each Idempotency-Key, 500s included."""

    def __init__(self, store: Store) -> None:
        """Keep the replies in the given store."""
        self._store = store

    def replay(self, request: Request, now: float) -> Reply | None:
        """Return the stored reply, refuse another request under the same key, or return None."""
        if request.key is None:
            return None
        if len(request.key) > LONGEST_KEY:
            raise ApiError(
                400, f"Idempotency-Key must be at most {LONGEST_KEY} characters", kind="idempotency_error"
            )
        stored = self._store.kind("key").get(request.key)
        if stored is None or stored["at"] + KEPT_SECONDS <= now:
            return None
        self._same(stored, request)
        headers = {**stored["headers"], "Idempotent-Replayed": "true"}
        return Reply(stored["status"], stored["body"], headers)

    def remember(self, request: Request, reply: Reply, now: float) -> None:
        """Store a reply; only one whose endpoint began to execute may come here."""
        if request.key is None:
            return
        stored = {"at": now, "path": request.path, "text": request.text}
        stored |= {"status": reply.status, "body": reply.body, "headers": reply.headers}
        self._store.put("key", request.key, stored)

    @staticmethod
    def _same(stored: Doc, request: Request) -> None:
        """Refuse a key that comes back with another endpoint or other parameters."""
        # [doc] the layer "compares incoming parameters to those of the original request and errors if they're
        # not the same".
        if stored["path"] != request.path:
            what = f"for the same endpoint they were first used for ('{stored['path']}')"
        elif stored["text"] != request.text:
            what = "with the same parameters they were first used with"
        else:
            return
        message = (
            f"Keys for idempotent requests can only be used {what}. "
            f"Try using a key other than '{request.key}' if you meant to execute a different request."
        )
        raise ApiError(400, message, kind="idempotency_error")
