"""Copies and erasures by the operator: `python -m infra.rights export --tenant danbi --file danbi.jsonl`."""

import argparse
import json
from pathlib import Path

from infra.session import operate
from infra.stages import STAGES


def main() -> None:
    """Do what the command line asks for.

    `export` writes all that is held of a tenant's customers, a page a line, each with its manifest; `tombstones`
    writes who was erased, to be kept beside the backups; `replay` erases those anew after a restore.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", choices=("export", "tombstones", "replay"))
    parser.add_argument("--file", type=Path, required=True)
    parser.add_argument("--tenant", help="the tenant to export")
    parser.add_argument("--stage", choices=STAGES, default="local")
    options = parser.parse_args()
    if options.command == "export" and not options.tenant:
        parser.error("--tenant names the tenant to export")
    desk = operate(options.stage)
    if options.command == "replay":
        lines = options.file.read_text(encoding="utf-8").splitlines()
        begun = desk.replay_erasures([json.loads(line) for line in lines])
        print(f"{begun} erasures begun anew; the sweeper ends them")
        return
    records = desk.export_tenant(options.tenant) if options.command == "export" else desk.tombstones()
    with options.file.open("w", encoding="utf-8") as out:
        written = sum(bool(out.write(json.dumps(record, ensure_ascii=False) + "\n")) for record in records)
    print(f"{written} lines in {options.file}")


if __name__ == "__main__":
    main()
