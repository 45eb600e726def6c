"""The six declared shops on a desk: what their agents send arrives at home and nowhere else."""

from collections.abc import Iterator

import pytest

from chalicelib.agents.model import Agent
from chalicelib.agents.store import Agents
from chalicelib.aws.tables import commit
from chalicelib.handbook.store import Handbooks
from infra import operate
from tests.handbook.shops import shops
from tests.moto_desk import Desk, agent, moto_desk, shop

DANA = agent("dana")


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    with moto_desk() as found:
        commit(Agents().add(Agent("dana", "Dana", "main", 60)))
        operate.apply_tenants(operate.declared_tenants())
        operate.apply_handbooks(operate.declared_handbooks())
        yield found


def held(desk: Desk, tenant: str) -> str:
    """Return a contact of a shop that an agent holds."""
    channel = shops()[tenant].tenant.channels[0]
    return desk.claimed(DANA, tenant=tenant, channel=channel)


def test_what_is_declared_is_applied_once(desk: Desk) -> None:
    assert set(map(tuple, operate.apply_handbooks(operate.declared_handbooks()).values())) == {()}
    for tenant, found in shops().items():
        assert desk.call(shop(tenant), f"GET /v1/tenants/{tenant}/handbook").body["version"] == 1
        assert len(Handbooks(tenant).shelf().offered) == len(found.shelf.offered)


@pytest.mark.parametrize("home", sorted(shops()))
def test_answers_arrive_at_home_and_nowhere_else(desk: Desk, home: str) -> None:
    at = "POST /v1/tenants/{}/contacts/{}/{}"
    everywhere = {tenant: held(desk, tenant) for tenant in shops()}
    refused = []
    for shortcut, text in shops()[home].filled():
        for tenant, contact in everywhere.items():
            if tenant != home:
                answer = desk.call(DANA, at.format(tenant, contact, "replies"), {"text": text, "sure": True})
                refused.append((shortcut, tenant, answer.refusal))
        sent = desk.call(DANA, at.format(home, everywhere[home], "replies"), {"text": text})
        assert sent.status == 201, (shortcut, sent)
    assert {refusal for _, _, refusal in refused} == {(409, "wrong_shop")}
    for tenant, contact in everywhere.items():
        done = desk.call(DANA, at.format(tenant, contact, "resolve"), {"steps": ["space"]})
        assert done.status == 200, done


def test_a_needed_step_is_asked_for(desk: Desk) -> None:
    contact = held(desk, "namujip")
    path = f"POST /v1/tenants/namujip/contacts/{contact}/resolve"
    assert desk.call(DANA, path).refusal == (409, "script_step_missing")
    assert desk.call(DANA, path, {"sure": True}).status == 200
