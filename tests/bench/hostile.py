"""How long what was written to keep a function busy keeps it: the longest text, the largest body."""

import importlib
import time

from tests.bench.desk import Api, shop
from tests.hostile import BODIES, TEXTS

LONGEST = 20_000
_OPEN = "/v1/tenants/{tenant}/contacts"


def measure(api: Api) -> dict[str, float]:
    """Return the CPU milliseconds of the worst text in the censor, and of the worst body of an opening."""
    # The product can be imported only after the environment was taken on.
    censor = importlib.import_module("chalicelib.privacy.rules").censor

    def read(piece: str) -> float:
        begun = time.process_time()
        censor((piece * LONGEST)[:LONGEST], accounts=True)
        return (time.process_time() - begun) * 1000

    refusals = [api.refuse(shop("danbi"), "POST", _OPEN, raw, tenant="danbi") for raw in BODIES]
    return {
        "text": round(max(read(piece) for piece in TEXTS), 1),
        "body": round(max(sample.cpu_ms for sample in refusals), 1),
    }
