"""A thousand requests made from the deployed OpenAPI document: no answer is a 5xx that is not explained.

By its name the last of this folder: it leaves the limit for unknown addresses used up.
"""

import random
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests
from hypothesis import HealthCheck, Phase, given, seed
from hypothesis import settings as hypothesis

from tests.fuzz.requests_of import Sent, requests_of
from tests.stack.conftest import Stack
from tests.stack.deployed import Api
from tests.stack.inside import inside

pytestmark = pytest.mark.stack

CASES = 1_000
WORKERS = 8
ORIGIN = "https://fuzz.example"


def drawn(document: dict[str, Any], known: dict[str, list[str]]) -> list[Sent]:
    """Return so many requests, the same ones in each run."""
    found: list[Sent] = []

    @seed(1)
    @hypothesis(
        max_examples=CASES,
        deadline=None,
        database=None,
        derandomize=False,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(requests_of(document, known))
    def draw(sent: Sent) -> None:
        found.append(sent)

    draw()
    return found


def passing(answers: Iterable[tuple[Sent, requests.Response]]) -> Counter[int]:
    """Return how often each status came; 503 says when to come again, so it is explained."""
    seen: Counter[int] = Counter()
    for sent, answer in answers:
        seen[answer.status_code] += 1
        explained = answer.status_code == 503 and "Retry-After" in answer.headers
        assert answer.status_code < 500 or explained, (sent, answer.status_code, answer.text)
        assert answer.status_code < 400 or answer.json()["error"]["code"], (sent, answer.text)
    return seen


def test_no_request_makes_a_5xx(stack: Stack) -> None:
    with inside(stack) as run:
        keys = run("tests.stack.world:found_with_keys", ["fuzzshop"], ["fuzzy"], "fuzz", 6).result()
    shop, agent = (Api(stack.api_url, keys[name]) for name in ("fuzzshop", "fuzzy"))
    contacts = [shop.open("fuzzshop", f"fuzz-{number}") for number in range(6)]
    body = {"origins": [ORIGIN], "label": "fuzz"}
    widget = shop.post("/v1/tenants/fuzzshop/widget-keys", body, key="fuzz").json()
    headers = {"X-Widget-Key": widget["key"], "Origin": ORIGIN, "Idempotency-Key": "f" * 32}
    opened = requests.post(f"{stack.api_url}/v1/widget/contacts", json={"text": "?"}, headers=headers, timeout=60)
    credentials = [shop.key, agent.key, opened.json()["token"], "", "Bearer", "ey.x.y"]
    known = {"tenant": ["fuzzshop"], "contact": contacts, "key": [widget["id"]], "to": ["fuzzy"], "into": contacts}
    document = requests.get(f"{stack.api_url}/v1/openapi.json", timeout=60).json()

    def send(sent: Sent) -> tuple[Sent, requests.Response]:
        who = random.Random(sent.who).choices(credentials, weights=[5, 5, 2, 1, 1, 1])[0]
        given = {"X-Widget-Key": widget["key"], "Origin": ORIGIN, **sent.headers}
        given |= {"Authorization": f"Bearer {who}"} if who else {}
        encoded = {name: value.encode("latin-1") for name, value in given.items()}
        body = sent.body.encode(errors="surrogatepass") if sent.body else None
        url = stack.api_url + sent.path
        return sent, requests.request(sent.method, url, params=sent.query, data=body, headers=encoded, timeout=60)

    with ThreadPoolExecutor(WORKERS) as pool:
        seen = passing(pool.map(send, drawn(document, known)))
    assert sum(seen.values()) >= CASES * 0.9
    # Most of what is made up is refused; some of it must reach what it names, or the refusals would prove little.
    assert seen[200] + seen[201] >= CASES * 0.01, seen
