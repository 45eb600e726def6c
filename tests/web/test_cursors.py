"""Cursors: they open the list that they were written for, to who got them, for a day, and nothing else."""

from dataclasses import replace
from typing import Any

import pytest
from itsdangerous import URLSafeSerializer

from chalicelib.aws.settings import settings
from chalicelib.kernel.caller import Caller, Kind
from chalicelib.kernel.errors import BadInput
from chalicelib.web.api import Call, Empty
from chalicelib.web.cursors import Position, read_cursor, write_cursor
from tests.moto_desk import MUNGMEAL, SHOP, Desk, shop
from tests.samples import NOON

DAY = 86_400_000
POSITION: Position = {
    "pk": {"S": "danbi#contact#1"},
    "sk": {"S": "contact"},
    "lists_pk": {"S": "danbi#waiting"},
    "lists_sk": {"S": "2026-11-21"},
}


def call(cursor: str | None = None, *, who: Caller = SHOP, tenant: str = "danbi", later: int = 0) -> Call[Any]:
    query = {} if cursor is None else {"cursor": cursor}
    return Call(who, {"tenant": tenant}, query, Empty(), "GET /v1/x", None, None, NOON + later)


def written(position: Position | None = None, query: str = "waiting") -> str:
    found = write_cursor(call(), query, position or POSITION)
    assert found is not None
    return found


def test_cursor_brings_back_the_position_it_was_written_for() -> None:
    assert read_cursor(call(written()), "waiting") == POSITION
    assert read_cursor(call(written(), later=DAY - 1), "waiting") == POSITION


def test_end_of_the_list_has_no_cursor() -> None:
    assert write_cursor(call(), "q", None) is None
    assert read_cursor(call(), "q") is None
    assert read_cursor(call(""), "q") is None


def test_cursor_of_another_list_is_refused() -> None:
    with pytest.raises(BadInput, match="invalid_cursor"):
        read_cursor(call(written()), "resolved")


@pytest.mark.parametrize(
    "reader",
    [
        {"who": shop("mungmeal"), "tenant": "mungmeal"},
        {"who": Caller(Kind.STAFF, "", tenant="danbi", person="p")},
        {"tenant": "mungmeal"},
        {"later": DAY},
    ],
    ids=["another shop", "a colleague", "another tenant in the path", "a day later"],
)
def test_cursor_of_another_caller_tenant_or_day_is_refused(reader: dict[str, Any]) -> None:
    cursor = written()
    assert read_cursor(call(cursor), "waiting")
    with pytest.raises(BadInput, match="invalid_cursor"):
        read_cursor(call(cursor, **reader), "waiting")


@pytest.mark.parametrize("name", ["pk", "lists_pk"])
def test_position_cannot_leave_the_tenant_even_if_we_signed_it(name: str) -> None:
    foreign = {**POSITION, name: {"S": f"{MUNGMEAL.id}#waiting"}}
    with pytest.raises(BadInput, match="invalid_cursor"):
        read_cursor(call(written(foreign)), "waiting")


def test_cursor_of_another_stage_is_refused() -> None:
    signed = URLSafeSerializer("other secret", salt="shop:danbi danbi waiting").dumps([NOON + DAY, POSITION])
    with pytest.raises(BadInput, match="invalid_cursor"):
        read_cursor(call(str(signed)), "waiting")
    ours = URLSafeSerializer(settings().id_secret, salt="shop:danbi danbi waiting").dumps([NOON + DAY, POSITION])
    assert read_cursor(call(str(ours)), "waiting") == POSITION


@pytest.mark.parametrize("place", [0, 5, -2])
def test_changed_cursor_is_refused(place: int) -> None:
    letters = list(written())
    letters[place] = "A" if letters[place] != "A" else "B"
    with pytest.raises(BadInput, match="invalid_cursor"):
        read_cursor(call("".join(letters)), "waiting")


@pytest.mark.parametrize("cursor", ["x", ".", "a.b.c", "가", "\x00", "e30", "." * 1000])
def test_nonsense_is_refused(cursor: str) -> None:
    with pytest.raises(BadInput, match="invalid_cursor"):
        read_cursor(call(cursor), "waiting")


def test_pages_of_a_real_list_follow_on(desk: Desk) -> None:
    ids = {desk.open() for _ in range(51)}
    for contact in ids:
        desk.act(SHOP, contact, "spam")
    path = "GET /v1/tenants/danbi/contacts"
    first = desk.call(SHOP, path, query={"status": "spam"}).body
    second = desk.call(SHOP, path, query={"status": "spam", "cursor": first["cursor"]}).body
    assert {contact["id"] for contact in first["contacts"] + second["contacts"]} == ids
    staff = replace(SHOP, kind=Kind.STAFF, person="p")
    assert desk.call(staff, path, query={"status": "spam"}).status == 200
    again = {"status": "spam", "cursor": first["cursor"]}
    assert desk.call(staff, path, query=again).refusal == (400, "invalid_cursor")
