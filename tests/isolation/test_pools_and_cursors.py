"""What the matrix cannot show with one request: pulls, pages, and the same key twice."""

from chalicelib.aws.tables import commit
from chalicelib.contacts.store import Contacts
from tests.moto_desk import JUNO, MINA, STRANGER, Desk, agent, shop
from tests.samples import a_contact


def test_pull_gives_an_agent_only_what_the_own_pool_serves(desk: Desk) -> None:
    here, there = desk.open(), desk.open("faraway")
    assert desk.call(STRANGER, "POST /v1/queue/next").body["contact"]["id"] == there
    assert desk.call(STRANGER, "POST /v1/queue/next").status == 204
    assert desk.call(MINA, "POST /v1/queue/next").body["contact"]["id"] == here
    assert desk.call(JUNO, "POST /v1/queue/next").status == 204


def test_agents_name_alone_opens_no_pool(desk: Desk) -> None:
    # No key of another pool has the name of an agent of this one; should there be one, it opens nothing.
    path = f"GET /v1/tenants/danbi/contacts/{desk.open()}"
    assert desk.call(agent("mina", "other"), path).refusal == (404, "not_found")
    assert desk.call(MINA, path).status == 200


def test_cursor_of_one_shop_opens_no_list_of_another(desk: Desk) -> None:
    for number in range(51):
        commit(Contacts("danbi").add(a_contact(f"{number:032x}")))
    cursor = {"cursor": desk.call(shop("danbi"), "GET /v1/tenants/danbi/contacts").body["cursor"]}
    assert desk.call(shop("danbi"), "GET /v1/tenants/danbi/contacts", query=cursor).status == 200
    foreign = desk.call(shop("mungmeal"), "GET /v1/tenants/mungmeal/contacts", query=cursor)
    assert foreign.refusal == (400, "invalid_cursor")


def test_same_idempotency_key_of_two_shops_makes_two_contacts(desk: Desk) -> None:
    body = {"channel": "chat", "customer": {"id": "c1"}, "text": "같은 글"}
    key = {"Idempotency-Key": "order-1"}
    ids = [
        desk.call(shop(name), f"POST /v1/tenants/{name}/contacts", body, headers=key).body["id"]
        for name in ("danbi", "faraway", "danbi")
    ]
    assert ids[0] == ids[2] != ids[1]
