"""Exports a month for finance: `python -m infra.finance --stage local --month 2026-11 --out DIR`."""

import argparse
import importlib
import shutil
import tomllib
from collections.abc import Iterable
from pathlib import Path

import msgspec

from chalicelib.billing.model import Identity
from chalicelib.finance.model import ShopMonth
from chalicelib.finance.ports import TaxInvoices
from chalicelib.finance.tables import to_csv
from chalicelib.finance.tax import flaws
from chalicelib.finance.taxes import TaxInvoiceFile, to_issue
from chalicelib.kernel.clock import is_month
from infra.session import operate
from infra.sheets import Files, export
from infra.stages import STAGES

_MANIFEST = "manifest.json"


def main() -> None:
    """Write the registers of the month into a directory of its name below DIR, in place of an earlier export."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stage", choices=STAGES, default="local")
    parser.add_argument("--month", required=True, help="yyyy-mm in Asia/Seoul")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seller", type=Path, help="our own company as TOML: with it, the tax invoices to issue")
    options = parser.parse_args()
    if not is_month(options.month):
        parser.error("--month is yyyy-mm")
    seller = read_seller(options.seller) if options.seller else None
    desk = operate(options.stage)
    files = month_files(options.month, desk.now(), seller)
    place = put(files, options.out / options.month)
    print(f"{len(files)} files in {place}")


def month_files(month: str, now: int, seller: Identity | None) -> Files:
    """Return the files of a month's export from the stage whose environment this process has."""
    finance = importlib.import_module("chalicelib.finance.wiring")
    shops = list(finance.months_of(finance.all_tenants(), month))
    taxes = tax_files(shops, seller) if seller else {}
    return export(month, finance.month_registers(month, shops, now), taxes)


def tax_files(shops: Iterable[ShopMonth], seller: Identity) -> Files:
    """Return the tax invoices that are to be issued, and beside them those that have a flaw, by field."""
    wanted = [(shop.tenant, one, flaws(one)) for shop in shops for one in to_issue(shop, seller)]
    file = TaxInvoiceFile()
    # A service that issues them would stand here.
    issuer: TaxInvoices = file
    issuer.issue([one for _, one, wrong in wanted if not wrong])
    flawed = [[tenant, one.mgt_key, " ".join(wrong)] for tenant, one, wrong in wanted if wrong]
    names = ["tenant_id", "invoicerMgtKey", "flaws"]
    return {"tax_invoices.csv": file.content, "tax_flaws.csv": to_csv(names, flawed)}


def read_seller(path: Path) -> Identity:
    """Return our own company as the TOML file at `path` names it; exit with what is wrong."""
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Identity)
    except (OSError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise SystemExit(f"{path}: {error}") from None


def put(files: Files, place: Path) -> Path:
    """Write `files` below `place`, which may hold nothing but an earlier export; return it."""
    if place.exists() and not (place / _MANIFEST).exists():
        raise SystemExit(f"{place} is there, and is no export")
    shutil.rmtree(place, ignore_errors=True)
    for path, content in files.items():
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        (place / path).write_bytes(content)
    return place


if __name__ == "__main__":
    main()
