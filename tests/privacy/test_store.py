"""The access record: one unbroken chain, and no edit that goes unseen."""

import copy
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError

from chalicelib.kernel.clock import DAY, Millis
from chalicelib.kernel.errors import Busy
from chalicelib.privacy import store
from chalicelib.privacy.chain import head_of, number_of, shortened, verify
from chalicelib.privacy.model import Access, Flaw, FlawKind, Head
from chalicelib.privacy.store import KEPT, AccessRecords, chain_key, forget_heads
from tests.moto_desk import MINA, SHOP, Desk, moto_desk
from tests.samples import NOON

CHAIN = "danbi#access#agent:mina"
Json = dict[str, Any]


def an_access(n: int = 0, **changes: Any) -> Access:
    values: Json = {"whose": (f"c{n}",), "what": "unmask phone", "why": "배송지 확인", "at": NOON + n} | changes
    return Access.by(MINA, "192.0.2.1", **values)


def rows(desk: Desk, chain: str = CHAIN) -> list[Json]:
    return sorted((row for row in desk.rows() if row["pk"]["S"] == chain), key=lambda row: str(row["sk"]["S"]))


def kinds(found: list[Flaw]) -> set[FlawKind]:
    return {flaw.kind for flaw in found}


def checked(found: list[Json], chain: str = CHAIN, now: Millis = NOON) -> list[Flaw]:
    return verify(found, chain=chain, key=chain_key(), now=now)


def append(count: int, tenant: str = "danbi", **changes: Any) -> None:
    for n in range(count):
        AccessRecords(tenant).append(an_access(n, **changes))


@pytest.fixture(scope="module")
def stored() -> list[Json]:
    """Five records of one chain, as DynamoDB holds them; a second chain is beside it."""
    with moto_desk() as desk:
        append(5)
        AccessRecords("danbi").append(Access.by(SHOP, "192.0.2.9", whose=("c9",), what="export", at=NOON))
        return [*rows(desk), *rows(desk, "danbi#access#shop:danbi")]


@pytest.fixture
def chain(stored: list[Json]) -> list[Json]:
    return copy.deepcopy(stored[:5])


def test_record_says_who_from_where_whose_what_why_and_when(desk: Desk) -> None:
    access = an_access(whose=("c1", "c2"))
    AccessRecords("danbi").append(access)
    assert AccessRecords("danbi").page("2026-11", limit=9, after=None, now=NOON) == ([access], None)
    [row] = rows(desk)
    assert row["actor"] == {"S": "agent:mina"}
    assert row["role"] == {"S": "agent"}
    assert row["key"] == {"S": MINA.key}
    assert row["expires_at"] == {"N": str(NOON + KEPT)}
    assert KEPT >= 731 * DAY


def test_reason_may_be_empty(desk: Desk) -> None:
    AccessRecords("danbi").append(an_access(why=""))
    assert checked(rows(desk)) == []


def test_record_names_fifty_people_and_no_more(desk: Desk) -> None:
    AccessRecords("danbi").append(an_access(whose=tuple(f"c{n}" for n in range(50))))
    with pytest.raises(ValueError, match="at most 50"):
        an_access(whose=tuple(f"c{n}" for n in range(51)))


def test_next_record_costs_one_write_and_no_read(desk: Desk) -> None:
    append(1)
    queries, writes = desk.watch("Query"), desk.written()
    append(1)
    assert queries == []
    assert writes == ["PutItem"]


def test_new_process_reads_the_tail_and_goes_on(desk: Desk) -> None:
    append(2)
    forget_heads()
    append(2)
    assert [row["sk"]["S"] for row in rows(desk)] == [f"{n:012d}" for n in (1, 2, 3, 4)]
    assert checked(rows(desk)) == []


def test_process_that_was_overtaken_goes_on_behind(desk: Desk) -> None:
    append(1)
    known = dict(store._heads)
    append(3)
    store._heads.update(known)
    append(1)
    assert len(rows(desk)) == 5
    assert checked(rows(desk)) == []


def test_eight_at_once_make_one_unbroken_chain(desk: Desk) -> None:
    with desk.atomic(), ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: AccessRecords("danbi").append(an_access(n)), range(24)))
    found = rows(desk)
    assert [number_of(row) for row in found] == list(range(1, 25))
    assert checked(found) == []
    assert {row["whose"]["L"][0]["S"] for row in found} == {f"c{n}" for n in range(24)}


def test_chains_of_actors_and_tenants_are_apart(desk: Desk) -> None:
    append(2)
    append(1, tenant="mungmeal")
    assert [number_of(row) for row in rows(desk, "mungmeal#access#agent:mina")] == [1]
    assert checked(rows(desk, "mungmeal#access#agent:mina"), "mungmeal#access#agent:mina") == []


@pytest.mark.parametrize(("code", "status"), [("InternalServerError", 500), ("AccessDeniedException", 400)])
def test_what_cannot_be_recorded_fails(desk: Desk, code: str, status: int) -> None:
    append(1)
    desk.fail("PutItem", code, status=status)
    with pytest.raises(ClientError, match=code):
        append(1)
    assert len(rows(desk)) == 1
    append(1)
    assert checked(rows(desk)) == []


def test_tail_that_cannot_be_read_fails(desk: Desk) -> None:
    desk.fail("Query", "InternalServerError", status=500)
    with pytest.raises(Exception, match="InternalServerError"):
        append(1)
    assert rows(desk) == []


def test_chain_that_others_keep_moving_is_busy(desk: Desk) -> None:
    desk.fail("PutItem", "ConditionalCheckFailedException", times=99)
    with pytest.raises(Busy):
        append(1)
    assert rows(desk) == []


def test_expired_records_are_not_shown(desk: Desk) -> None:
    append(2)
    last = NOON + KEPT
    records = AccessRecords("danbi")
    assert len(records.page("2026-11", limit=9, after=None, now=last)[0]) == 1
    assert [access.at for access in records.about("c1", ["2026-11"], now=last)] == [NOON + 1]
    assert records.about("c1", ["2026-11"], now=last + 1) == []


def test_owner_pages_through_a_month_newest_first(desk: Desk) -> None:
    append(5)
    records = AccessRecords("danbi")
    first, after = records.page("2026-11", limit=3, after=None, now=NOON)
    second, _ = records.page("2026-11", limit=3, after=after, now=NOON)
    assert [access.at - NOON for access in [*first, *second]] == [4, 3, 2, 1, 0]
    assert records.page("2026-10", limit=3, after=None, now=NOON) == ([], None)


def test_accesses_to_one_persons_data(desk: Desk) -> None:
    append(3)
    AccessRecords("danbi").append(an_access(7, whose=("c1", "c5")))
    found = AccessRecords("danbi").about("c1", ["2026-10", "2026-11"], now=NOON)
    assert [access.at - NOON for access in found] == [1, 7]


def test_whole_chain_has_no_flaw(chain: list[Json]) -> None:
    assert checked(chain) == []
    assert checked([]) == []


KEYS = ["pk", "sk", "lists_pk", "lists_sk", "kind", "tenant", "prev", "hash", "expires_at"]
FIELDS = ["actor", "role", "key", "source", "whose", "what", "why", "at"]


def test_every_attribute_is_tried(chain: list[Json]) -> None:
    assert sorted(chain[0]) == sorted(KEYS + FIELDS)


def changed(value: Json) -> list[Json]:
    [(kind, content)] = value.items()
    if kind == "L":
        return [{"L": [*content, {"S": "c99"}]}, {"L": []}, {"S": json.dumps(content)}]
    if kind == "N":
        return [{"N": str(int(content) + 1)}, {"S": content}]
    return [{"S": content + "x"}, {"S": ""}, {"S": "0" * len(content)}]


@pytest.mark.parametrize("name", KEYS + FIELDS)
@pytest.mark.parametrize("place", [0, 2, 4])
def test_edit_of_any_field_of_any_row_is_found(chain: list[Json], name: str, place: int) -> None:
    for value in changed(chain[place][name]):
        edited = [*chain[:place], {**chain[place], name: value}, *chain[place + 1 :]]
        if edited != chain:
            assert checked(edited), value
    without = {key: value for key, value in chain[place].items() if key != name}
    assert checked([*chain[:place], without, *chain[place + 1 :]])


def test_field_that_was_added_is_found(chain: list[Json]) -> None:
    chain[1]["work_pk"] = {"S": "x"}
    assert checked(chain) == [Flaw(CHAIN, 2, FlawKind.EDITED)]


@pytest.mark.parametrize("place", [0, 1, 3])
def test_missing_row_is_found(chain: list[Json], place: int) -> None:
    del chain[place]
    assert checked(chain) == [Flaw(CHAIN, place + 1, FlawKind.MISSING)]


def test_swapped_rows_are_found(chain: list[Json]) -> None:
    # As an editor would do it: the rows trade places, so that numbers go on without a gap.
    chain[1]["sk"], chain[2]["sk"] = chain[2]["sk"], chain[1]["sk"]
    chain[1], chain[2] = chain[2], chain[1]
    assert FlawKind.EDITED in kinds(checked(chain))
    assert FlawKind.UNLINKED in kinds(checked(chain))


def test_other_order_is_found(chain: list[Json]) -> None:
    assert FlawKind.ORDER in kinds(checked(chain[::-1]))


def test_row_that_comes_twice_is_found(chain: list[Json]) -> None:
    assert kinds(checked([*chain[:3], chain[2], *chain[3:]])) == {FlawKind.ORDER}


def test_row_of_another_chain_is_found(chain: list[Json], stored: list[Json]) -> None:
    other = stored[5]
    assert kinds(checked([other, *chain[1:]])) >= {FlawKind.FOREIGN}
    moved = {**other, "pk": {"S": CHAIN}}
    assert kinds(checked([moved, *chain[1:]])) >= {FlawKind.EDITED}
    assert FlawKind.EDITED in kinds(checked([*chain, {**other, "pk": {"S": CHAIN}, "sk": {"S": f"{6:012d}"}}]))


def test_record_of_the_same_chain_cannot_stand_in_for_another(chain: list[Json]) -> None:
    assert FlawKind.EDITED in kinds(checked([*chain[:2], {**chain[3], "sk": chain[2]["sk"]}, *chain[3:]]))


def test_hashes_without_the_key_do_not_fit(chain: list[Json]) -> None:
    assert kinds(verify(chain, chain=CHAIN, key=b"guessed", now=NOON)) == {FlawKind.EDITED}


def test_forged_row_is_found_even_with_a_fitting_link(chain: list[Json]) -> None:
    forged = {**chain[4], "sk": {"S": f"{6:012d}"}, "prev": chain[4]["hash"]}
    assert checked([*chain, forged]) == [Flaw(CHAIN, 6, FlawKind.EDITED)]


def test_sort_key_that_is_no_number_is_found(chain: list[Json]) -> None:
    assert FlawKind.ORDER in kinds(checked([*chain, {**chain[4], "sk": {"S": "x"}}]))


def test_expired_front_may_go_as_long_as_the_last_expired_row_stays(chain: list[Json]) -> None:
    # The third is the last that has expired.
    now = NOON + 2 + KEPT
    assert checked(chain[2:], now=now) == []
    assert checked(chain[1:], now=now) == []
    assert checked(chain[3:], now=now) == [Flaw(CHAIN, 1, FlawKind.MISSING)]
    assert checked([chain[2], chain[4]], now=now) == [Flaw(CHAIN, 4, FlawKind.MISSING)]


def test_cut_off_tail_shows_only_against_an_older_head(chain: list[Json]) -> None:
    head = head_of(chain)
    assert head == Head(5, chain[4]["hash"]["S"])
    cut = chain[:4]
    assert checked(cut) == []
    assert shortened(cut, chain=CHAIN, head=head) == [Flaw(CHAIN, 5, FlawKind.CUT)]
    assert shortened([], chain=CHAIN, head=head) == [Flaw(CHAIN, 5, FlawKind.CUT)]
    assert shortened(chain, chain=CHAIN, head=head) == []
    assert shortened(chain, chain=CHAIN, head=head_of(cut)) == []


def test_tail_that_was_written_anew_differs_from_an_older_head(chain: list[Json]) -> None:
    head = Head(5, "0" * 64)
    assert shortened(chain, chain=CHAIN, head=head) == [Flaw(CHAIN, 5, FlawKind.REPLACED)]


def test_head_whose_row_expired_contradicts_nothing(chain: list[Json]) -> None:
    assert shortened(chain[2:], chain=CHAIN, head=Head(1, chain[0]["hash"]["S"])) == []


def test_removal_in_the_table_itself_is_found(desk: Desk) -> None:
    append(3)
    remove: Callable[..., Any] = desk.dynamodb.delete_item
    remove(TableName=desk.table, Key={"pk": {"S": CHAIN}, "sk": {"S": f"{2:012d}"}})
    assert checked(rows(desk)) == [Flaw(CHAIN, 2, FlawKind.MISSING)]
