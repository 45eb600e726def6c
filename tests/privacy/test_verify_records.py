"""`make verify-records` walks all chains of all tenants, and an older witness finds a cut-off end."""

import json
from pathlib import Path

import pytest

from chalicelib.kernel.caller import Caller, Kind
from chalicelib.privacy.model import Access, Flaw, FlawKind
from chalicelib.privacy.store import AccessRecords
from infra.chains import read_witness, verify_records
from tests.moto_desk import MINA, Desk
from tests.samples import NOON

CHAIN = "danbi#access#agent:mina"


def fill(records: int = 3) -> None:
    owner = Caller(Kind.OWNER, "", tenant="mungmeal", person="0000-11")
    for n in range(records):
        AccessRecords("danbi").append(Access.by(MINA, "192.0.2.1", whose=("c1",), what="read", at=NOON + n))
    AccessRecords("mungmeal").append(Access.by(owner, "192.0.2.2", whose=("c1",), what="export", at=NOON))


def drop(desk: Desk, number: int, chain: str = CHAIN) -> None:
    desk.dynamodb.delete_item(TableName=desk.table, Key={"pk": {"S": chain}, "sk": {"S": f"{number:012d}"}})


def test_whole_chains_leave_a_witness(desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fill()
    witness = tmp_path / "heads.json"
    assert verify_records(desk.dynamodb, witness) == []
    assert {chain: head.number for chain, head in read_witness(witness).items()} == {
        CHAIN: 3,
        "mungmeal#access#owner:0000-11": 1,
    }
    assert "2 chains, 4 records, 0 heads known, 0 flaws" in capsys.readouterr().out


def test_empty_stage_has_no_flaw(desk: Desk) -> None:
    assert verify_records(desk.dynamodb) == []


def test_edit_is_found_and_the_witness_stays(desk: Desk, tmp_path: Path) -> None:
    fill()
    witness = tmp_path / "heads.json"
    assert verify_records(desk.dynamodb, witness) == []
    before = witness.read_text(encoding="utf-8")
    desk.dynamodb.update_item(
        TableName=desk.table,
        Key={"pk": {"S": CHAIN}, "sk": {"S": f"{2:012d}"}},
        UpdateExpression="SET why = :why REMOVE lists_pk, lists_sk",
        ExpressionAttributeValues={":why": {"S": "x"}},
    )
    assert verify_records(desk.dynamodb, witness) == [Flaw(CHAIN, 2, FlawKind.EDITED)]
    assert witness.read_text(encoding="utf-8") == before


@pytest.mark.parametrize("cut", [[3], [1, 2, 3]], ids=["last", "all"])
def test_cut_off_end_is_found_with_a_witness_alone(desk: Desk, tmp_path: Path, cut: list[int]) -> None:
    fill()
    witness = tmp_path / "heads.json"
    verify_records(desk.dynamodb, witness)
    for number in cut:
        drop(desk, number)
    assert verify_records(desk.dynamodb) == []
    assert verify_records(desk.dynamodb, witness) == [Flaw(CHAIN, 3, FlawKind.CUT)]


def test_chains_that_grew_pass_and_move_the_witness(desk: Desk, tmp_path: Path) -> None:
    fill()
    witness = tmp_path / "heads.json"
    verify_records(desk.dynamodb, witness)
    fill(2)
    assert verify_records(desk.dynamodb, witness) == []
    assert json.loads(witness.read_text(encoding="utf-8"))[CHAIN]["number"] == 5
