"""Verifies the access records: `python -m infra.records --stage local --witness heads.json`; 1 on any flaw."""

import argparse
import importlib
import sys
from pathlib import Path

from infra.cloud import client
from infra.session import operate
from infra.stages import STAGES, outputs


def main() -> None:
    """Verify every chain of the stage; a witness of earlier runs finds what was cut off at the end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stage", choices=STAGES, default="local")
    parser.add_argument(
        "--witness", type=Path, help="the heads of the last clean run; keep it outside of the stage"
    )
    options = parser.parse_args()
    operate(options.stage)
    endpoint = outputs(options.stage).get("Endpoint")
    chains = importlib.import_module("infra.chains")
    sys.exit(bool(chains.verify_records(client("dynamodb", endpoint), options.witness)))


if __name__ == "__main__":
    main()
