"""Applies `tenants/*.toml` to a stage: `python -m infra.tenants --stage local`."""

import argparse

from infra.session import operate
from infra.stages import STAGES


def main() -> None:
    """Apply every declared tenant and say what changed; nothing is applied if one of them is invalid."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stage", choices=STAGES, default="local")
    desk = operate(parser.parse_args().stage)
    for tenant, changed in desk.apply_tenants(desk.declared_tenants()).items():
        print(f"{tenant:16} {', '.join(changed) or 'unchanged'}")


if __name__ == "__main__":
    main()
