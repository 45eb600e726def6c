"""Programmable misbehaviour: what the network and Stripe do on a bad day."""

import random
from dataclasses import asdict, dataclass, fields

from tests.fakestripe.errors import ApiError, Doc
from tests.fakestripe.wire import Request

NETWORK = frozenset({"lost", "timeout", "rate_limit", "conflict"})
EXECUTION = frozenset({"server_error", "late", "reject"})


@dataclass
class Fault:
    """One fault, applied to the next `times` matching requests with probability `share`.

    lost: dropped before anything is done. timeout: done, then no answer. rate_limit: 429. conflict: 409.
    server_error: 500, stored under the idempotency key; with `accepted` the work was done all the same.
    late: the event is applied `seconds` later, or (seconds 0) right after the next event of its window.
    reject: accepted with 200, then refused asynchronously with `code`.
    """

    kind: str
    times: int = 1
    share: float = 1.0
    path: str = "/v1/billing/meter_events"
    containing: str = ""
    seconds: float = 0.0
    should_retry: bool | None = None
    accepted: bool = False
    code: str = "archived_meter"

    def matches(self, request: Request) -> bool:
        """Tell whether the request is one that this fault is meant for."""
        return request.path.startswith(self.path) and self.containing in request.text

    def headers(self) -> dict[str, str]:
        """Give the advice header, or none."""
        return {} if self.should_retry is None else {"Stripe-Should-Retry": str(self.should_retry).lower()}

    def error(self) -> ApiError:
        """Give the refusal that this fault stands for."""
        if self.kind == "rate_limit":
            refusal = ApiError(429, "Request rate limit exceeded.", code="rate_limit")
        elif self.kind == "conflict":
            # [doc] recording-usage-api: "one concurrent call per customer per meter".
            refusal = ApiError(
                409,
                "Cannot create multiple usage events for the same customer, meter concurrently.",
                code="too_many_concurrent_requests",
            )
        else:
            refusal = ApiError(500, "An unknown error occurred.", kind="api_error")
        refusal.headers.update(self.headers())
        return refusal


class Faults:
    """The faults still to come, first come first served."""

    def __init__(self, seed: int = 0) -> None:
        """Seed the choice for faults that hit only a share of the requests."""
        self._waiting: list[Fault] = []
        self._random = random.Random(seed)

    def add(self, fault: Fault) -> None:
        """Queue a fault."""
        if fault.kind not in NETWORK | EXECUTION:
            raise ApiError(400, f"unknown fault kind: {fault.kind}")
        self._waiting.append(fault)

    def parse(self, doc: Doc) -> Fault:
        """Read a fault from JSON, refusing unknown fields."""
        strange = set(doc) - {item.name for item in fields(Fault)}
        if strange or "kind" not in doc:
            raise ApiError(400, f"a fault needs a kind, and has no {sorted(strange)}")
        return Fault(**doc)

    def take(self, kinds: frozenset[str], request: Request) -> Fault | None:
        """Use up one occurrence of the first fault that matches and whose lot falls."""
        for fault in self._waiting:
            fits = fault.kind in kinds and fault.matches(request)
            if fits and self._random.random() < fault.share:
                fault.times -= 1
                if fault.times <= 0:
                    self._waiting.remove(fault)
                return fault
        return None

    def clear(self) -> None:
        """Forget all faults."""
        self._waiting.clear()

    def listing(self) -> list[Doc]:
        """Show the faults still to come."""
        return [asdict(fault) for fault in self._waiting]
