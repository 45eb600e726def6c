import csv
import hashlib
import io
import json
import os
import subprocess
import sys
import zipfile
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.finance.catalogue import NAMES, all_registers
from chalicelib.finance.tables import Register, to_csv
from infra.finance import put, read_seller
from infra.sheets import Files, export
from tests.finance.asking import ask
from tests.finance.samples import MONTH, a_month, a_payment, an_entry, billed

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Row:
    tenant_id: str
    business_number: str
    quantity: int
    amount_krw: int


def a_register(*rows: Row) -> Register:
    return Register("sample", Row, rows)


def a_month_of_files() -> Files:
    danbi = a_month([an_entry("c1"), an_entry("c2", at=an_entry("c2").booked_at + 1)])
    bill = danbi.invoices[0].invoice
    danbi = replace(danbi, invoices=(billed(bill, a_payment(bill.total)),))
    other = a_month([an_entry("c9", tenant="1234")], tenant="1234")
    return export(MONTH, all_registers(MONTH, [other, danbi], [], []), {"tax_invoices.csv": b""})


FILES = a_month_of_files()


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_no_text_runs_as_a_formula(start: str) -> None:
    text = f"{start}HYPERLINK(1)"
    content = to_csv(["a", "b"], [[text, f"a{start}"]])
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert rows == [["a", "b"], [f"'{text}", f"a{start}"]]


def test_a_negative_number_stays_a_number() -> None:
    assert to_csv(["a", "b"], [[-5, "-5"]]) == "\ufeffa,b\r\n-5,'-5\r\n".encode()


def test_csv_is_for_spreadsheets_in_korea() -> None:
    content = FILES["csv/invoice_register.csv"]
    assert content.startswith(b"\xef\xbb\xbftenant_id,business_number,month,")
    assert content.count(b"\n") == content.count(b"\r\n") == 3


@given(st.lists(st.tuples(st.text(), st.integers(-(10**15), 10**15)), max_size=5))
def test_csv_gives_back_what_went_in(cells: list[tuple[str, int]]) -> None:
    content = to_csv(["a", "b"], cells).decode().removeprefix("\ufeff")
    [_, *rows] = csv.reader(io.StringIO(content, newline=""))
    risky = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
    assert [(a[1:] if a[:1] == "'" and a[1:].startswith(risky) else a, int(b)) for a, b in rows] == [
        (a, b) for a, b in cells
    ]


def sheet_cells(content: bytes, number: int) -> list[list[tuple[str, str]]]:
    """Return type and text of each cell of a sheet, as a reader of the format sees them."""
    book = zipfile.ZipFile(io.BytesIO(content))
    name = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    shared = ["".join(one.itertext()) for one in ElementTree.fromstring(book.read("xl/sharedStrings.xml"))]
    found = []
    for row in ElementTree.fromstring(book.read(f"xl/worksheets/sheet{number}.xml")).iter(f"{name}row"):
        cells = []
        for cell in row.iter(f"{name}c"):
            assert cell.find(f"{name}f") is None
            kind, value = cell.get("t", "n"), cell.findtext(f"{name}v") or ""
            cells.append((kind, shared[int(value)] if kind == "s" else value))
        found.append(cells)
    return found


def test_the_workbook_has_typed_cells_and_nothing_that_runs() -> None:
    nasty = Row("=1+1", "0123456789", 3, -1_000), Row("https://x.example", "1e5", 0, 900)
    content = export(MONTH, [a_register(*nasty)], {})["registers.xlsx"]
    assert sheet_cells(content, 1)[1:] == [
        [("s", "=1+1"), ("s", "0123456789"), ("n", "3"), ("n", "-1000")],
        [("s", "https://x.example"), ("s", "1e5"), ("n", "0"), ("n", "900")],
    ]
    assert not [
        name for name in zipfile.ZipFile(io.BytesIO(content)).namelist() if "rels" in name and "sheet1" in name
    ]


def test_what_no_sheet_can_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="row 1 has a cell"):
        export(MONTH, [a_register(Row("a" * 40_000, "", 0, 0))], {})


def test_the_workbook_has_a_sheet_for_each_register() -> None:
    book = zipfile.ZipFile(io.BytesIO(FILES["registers.xlsx"]))
    sheets = ElementTree.fromstring(book.read("xl/workbook.xml")).iter(
        "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}sheet"
    )
    assert [sheet.get("name") for sheet in sheets] == list(NAMES)


def test_parquet_holds_won_exactly_and_one_file_a_shop() -> None:
    paths = [path for path in FILES if path.startswith("parquet/usage_ledger/")]
    assert paths == [
        f"parquet/usage_ledger/booked_period={MONTH}/tenant={tenant}/part-0.parquet"
        for tenant in ("1234", "danbi")
    ]
    table = pq.read_table(io.BytesIO(FILES[paths[1]]))
    assert str(table.schema.field("amount_krw").type) == "decimal128(18, 0)"
    assert str(table.schema.field("delta").type) == "int64"
    assert table.column("amount_krw").to_pylist() == [Decimal(1_000), Decimal(1_000)]


def test_an_empty_register_can_be_read() -> None:
    [path] = [path for path in FILES if path.startswith("parquet/payout_register/")]
    assert pq.read_table(io.BytesIO(FILES[path])).num_rows == 0


def test_the_manifest_vouches_for_every_file() -> None:
    told = json.loads(FILES["manifest.json"])
    assert told["files"].keys() == FILES.keys() - {"manifest.json"}
    for path, said in told["files"].items():
        content = FILES[path]
        assert said == {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    assert told["registers"]["usage_ledger"] == {
        "rows": 3,
        "delta": 3,
        "amount_krw": 3_000,
    }


def test_the_same_rows_make_the_same_bytes_in_any_process() -> None:
    code = (
        "import hashlib; from tests.finance.test_sheets import a_month_of_files as f;"
        "print(sorted((k, hashlib.sha256(v).hexdigest()) for k, v in f().items()))"
    )
    expected = str(sorted((name, hashlib.sha256(content).hexdigest()) for name, content in FILES.items()))
    for seed, zone in (("1", "UTC"), ("2", "America/New_York")):
        env = os.environ | {"PYTHONHASHSEED": seed, "TZ": zone}
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=True
        )
        assert done.stdout.strip() == expected


def test_an_export_replaces_an_earlier_one_and_nothing_else(tmp_path: Path) -> None:
    place = put(FILES, tmp_path / MONTH)
    (place / "csv/stale.csv").write_text("")
    put(FILES, place)
    assert {str(path.relative_to(place)) for path in place.rglob("*") if path.is_file()} == FILES.keys()
    (tmp_path / "photos").mkdir()
    with pytest.raises(SystemExit, match="is no export"):
        put(FILES, tmp_path / "photos")


def test_a_shop_whose_id_is_a_number_stays_a_text(tmp_path: Path) -> None:
    put(FILES, tmp_path / MONTH)
    ledgers = "*/parquet/usage_ledger/*/*/*.parquet"
    sql = f"SELECT DISTINCT tenant_id FROM read_parquet('{ledgers}', hive_partitioning = false) ORDER BY 1"
    assert ask(sql, tmp_path) == [["1234"], ["danbi"]]


def test_our_own_company_is_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "seller.toml"
    path.write_text('name = "두레"\nmail = "a@b.example"\nregistration = "2208162517"\n', encoding="utf-8")
    assert read_seller(path).registration == "2208162517"
    for wrong in ("name = ", 'name = "두레"\n', "name = 1\nmail = 2\n"):
        path.write_text(wrong, encoding="utf-8")
        with pytest.raises(SystemExit, match=r"seller\.toml: "):
            read_seller(path)
    with pytest.raises(SystemExit, match="No such file"):
        read_seller(tmp_path / "absent.toml")
