"""Those who may do reach what they ask for: without this, the 404s of the other tests would prove nothing."""

import pytest

from chalicelib.access.store import Keys
from chalicelib.aws.tables import commit
from chalicelib.contacts.model import Author, Message
from chalicelib.contacts.store import Contacts
from chalicelib.contacts.views import MergeIn
from chalicelib.kernel.caller import Kind
from chalicelib.kernel.errors import NotFound
from chalicelib.web.api import Route
from tests.isolation.world import World, by_contact, kinds, put_into
from tests.moto_desk import JUNO, MINA, STRANGER, Desk, shop
from tests.samples import a_contact
from tests.web.bad_input import GOOD, Good


@by_contact
def test_the_same_requests_reach_the_contact_for_those_who_may(desk: Desk, route: Route) -> None:
    assert desk.call(JUNO, "POST /v1/agents/me/heartbeat").status == 200
    good = GOOD.get(route.name, Good())
    survivor = {"waiting": desk.open()} if route.body is MergeIn else {}
    world = World(desk, survivor, "", [])
    contact = put_into(desk, good.contact)
    who = MINA if Kind.AGENT in kinds(route) else shop("danbi")
    assert world.send(who, route, tenant="danbi", contact=contact).status < 300


def test_pull_gives_an_agent_only_what_the_own_pool_serves(desk: Desk) -> None:
    here, there = desk.open(), desk.open("faraway")
    assert desk.call(STRANGER, "POST /v1/queue/next").body["contact"]["id"] == there
    assert desk.call(STRANGER, "POST /v1/queue/next").status == 204
    assert desk.call(MINA, "POST /v1/queue/next").body["contact"]["id"] == here


def test_cursor_of_one_shop_opens_no_list_of_another(desk: Desk) -> None:
    for number in range(51):
        commit(Contacts("danbi").add(a_contact(f"{number:032x}")))
    cursor = {"cursor": desk.call(shop("danbi"), "GET /v1/tenants/danbi/contacts").body["cursor"]}
    assert desk.call(shop("danbi"), "GET /v1/tenants/danbi/contacts", query=cursor).status == 200
    foreign = desk.call(shop("mungmeal"), "GET /v1/tenants/mungmeal/contacts", query=cursor)
    assert foreign.refusal == (400, "invalid_cursor")


def test_writes_of_one_shop_touch_no_row_of_another(desk: Desk) -> None:
    contact, key = desk.answered(), desk.token(shop("danbi")).key
    before = [row for row in desk.rows() if row["pk"]["S"].startswith("danbi#")]
    stored = Contacts("danbi").get(contact)
    said = Message("a" * 32, Author.CUSTOMER, "", "침입", 1_763_000_000_000, 1, "d")
    commit(Contacts("mungmeal").append(contact, said))
    with pytest.raises(NotFound):
        commit(Keys(Kind.SHOP, "mungmeal").revoke(key))
    assert [row for row in desk.rows() if row["pk"]["S"].startswith("danbi#")] == before
    assert Contacts("danbi").get(contact) == stored
    assert [message.text for message in Contacts("danbi").story(contact).messages][-1] != "침입"
