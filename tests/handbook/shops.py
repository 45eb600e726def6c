"""The six declared shops with their handbooks, and what an agent makes of their canned answers."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from chalicelib.handbook import voices
from chalicelib.handbook.declared import apply_declared, parse_handbook
from chalicelib.handbook.model import Finding, Marks, Shelf, Slot
from chalicelib.handbook.rules import called, check_text, marks_of, said_by
from chalicelib.handbook.slots import fill, slots
from chalicelib.tenants.declared import parse_tenant
from chalicelib.tenants.model import Tenant
from tests.samples import NOON

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "tenants").glob("*.toml"))
KEY = b"the secret of a test's marks"
_VALUES = {"date": "11월 25일 (수)", "number": "12", "won": "12,000", "text": "가나다"}


@dataclass(frozen=True)
class Shop:
    """A declared shop, its handbook and its marks."""

    tenant: Tenant
    shelf: Shelf
    marks: Marks

    def filled(self) -> Iterator[tuple[str, str]]:
        """Yield each canned answer by its shortcut, as an agent of this shop sends it."""
        persona = self.tenant.persona
        name = called("김민수", self.shelf.kept.handbook.address_as)
        data = {"customer.name": name, "shop.name": self.tenant.name, "agent.name": persona.agent_name}
        for one in self.shelf.answers:
            asked = {slot.name: _value(slot) for slot in slots(one.wording.text) if slot.kind != "data"}
            text, left = fill(one.wording.text, data | asked)
            assert left == (), one.wording.shortcut
            yield one.wording.shortcut, text


def _value(slot: Slot) -> str:
    return slot.choices[0] if slot.choices else _VALUES[slot.kind]


@cache
def shops() -> dict[str, Shop]:
    """Return the declared shops by id."""
    found = {}
    for path in FILES:
        text = path.read_text(encoding="utf-8")
        tenant = parse_tenant(text, path.name)
        shelf = apply_declared(parse_handbook(text, path.name), tenant.id, Shelf(), NOON)
        found[tenant.id] = Shop(tenant, shelf, marks_of(tenant, shelf, KEY))
    return found


def findings(text: str, shop: str) -> list[Finding]:
    """Return what is wrong with `text` when it is sent for a declared shop."""
    own = shops()[shop]
    others = [one.marks for name, one in shops().items() if name != shop]
    found = voices.foreign(text, own.marks, others, KEY, said=said_by(own.shelf))
    return [*found, *check_text(text, own.shelf)]


def replies() -> Iterator[tuple[str, str]]:
    """Yield what agents of the demo answered, by shop."""
    for line in (ROOT / "tests/data/inquiries.jsonl").read_text(encoding="utf-8").splitlines():
        inquiry = json.loads(line)
        yield from ((inquiry["tenant"], text) for text in inquiry["replies"])
