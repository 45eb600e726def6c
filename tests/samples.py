"""Ordinary values that tests vary."""

from typing import Any

from chalicelib.agents.model import Agent
from chalicelib.contacts.model import Action, Author, Contact, Event, Message
from chalicelib.kernel.clock import Millis
from chalicelib.metering.model import Price
from chalicelib.routing.model import WEIGHTS
from chalicelib.tenants.model import Channel, Contract, Hours, Persona, Tenant, Trade

NOON: Millis = 1_795_230_000_000
"""2026-11-21T03:00:00Z, noon in Seoul."""

PRICE = Price(900, "flat/900")

SHOP = Tenant(
    id="danbi",
    name="단비옷장",
    name_en="Danbi Closet",
    kind=Trade.FASHION,
    pool="main",
    price_won=PRICE.won,
    channels=(Channel.CHAT, Channel.EMAIL),
    contract=Contract(rate_per_hour=40, burst=10),
    persona=Persona(agent_name="단비", tone="다정하게", greeting="안녕하세요", signature="단비옷장 드림"),
    hours=Hours(mon=("10:00-18:00",)),
)


def a_contact(name: str = "c1", **changes: Any) -> Contact:
    values: dict[str, Any] = {
        "channel": Channel.CHAT,
        "opened_at": NOON,
        "changed_at": NOON,
        "rank": NOON,
    } | changes
    values.setdefault("weight", WEIGHTS[values["channel"]])
    return Contact(**{"tenant": "danbi", "id": name, "pool": "main", "customer": "u1", "digest": "d1"} | values)


def an_agent(name: str = "mina", **changes: Any) -> Agent:
    values: dict[str, Any] = {"pool": "main", "capacity": 6, "alive_until": NOON + 90_000} | changes
    return Agent(id=name, name=name.title(), **values)


def said(name: str = "m1", author: Author = Author.CUSTOMER, by: str = "", at: Millis = NOON) -> Message:
    return Message(name, author, by, "안녕하세요", at, episode=0, digest=f"digest of {name}")


def an_event(action: Action, actor: str = "agent:mina", at: Millis = NOON, name: str = "e1") -> Event:
    return Event(name, action, actor, at, episode=0)
