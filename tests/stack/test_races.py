"""Agents who all act at once: no contact with two of them, no load above capacity, nothing left over."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.stack.conftest import Stack
from tests.stack.deployed import Api
from tests.stack.ground import ground
from tests.stack.inside import inside

pytestmark = pytest.mark.stack


@pytest.mark.parametrize(
    ("contacts", "agents", "pulls"),
    [(400, 50, 1000), pytest.param(2000, 50, 10_000, marks=pytest.mark.soak)],
)
def test_pulls_of_a_whole_team(stack: Stack, contacts: int, agents: int, pulls: int) -> None:
    with ground(stack, "race") as here, inside(stack, here) as run:
        found = run("tests.stack.racing:race", contacts, agents, pulls).result()

    assert found["wrong"] == []
    assert found["contacts"] == contacts
    assert found["pulls"] >= pulls
    # Releases put contacts back, so there are more claims than contacts.
    assert found["claims"] > contacts


@pytest.mark.parametrize("claimants", [200])
def test_all_claim_one_contact(stack: Stack, claimants: int) -> None:
    with ground(stack, "crowd") as here, inside(stack, here) as run:
        found = run("tests.stack.racing:crowd", claimants).result()

    assert found["wrong"] == []
    answers = Counter(answer.partition(" by ")[0] for answer in found["answers"])
    assert answers == {"claimed": 1, "wrong_state": claimants - 1}


def test_claims_over_http(stack: Stack) -> None:
    agents = [f"http{number}" for number in range(5)]
    with inside(stack) as run:
        keys = run("tests.stack.world:found_with_keys", ["httprace"], agents, "httprace", 30).result()
    shop = Api(stack.api_url, keys["httprace"])
    contacts = [shop.open("httprace", f"race-{number}") for number in range(10)]

    def claim(number: int) -> tuple[str, int, str]:
        contact, name = contacts[number % 10], agents[number // 10]
        answer = Api(stack.api_url, keys[name]).post(f"/v1/tenants/httprace/contacts/{contact}/claim")
        return contact, answer.status_code, name

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(claim, range(50)))

    won = {contact: name for contact, status, name in answers if status == 200}
    assert Counter(status for _, status, _ in answers) == {200: 10, 409: 40}
    assert won.keys() == set(contacts)
    for name in agents:
        me = Api(stack.api_url, keys[name]).get("/v1/agents/me").json()
        mine = sorted(f"httprace/{contact}" for contact, winner in won.items() if winner == name)
        assert (me["holding"], me["load"]) == (mine, len(mine))
