"""Applies `tenants/*.toml`, profiles and handbooks, to a stage: `python -m infra.tenants --stage local`."""

import argparse

from infra.session import operate
from infra.stages import STAGES


def main() -> None:
    """Apply every declared tenant and say what changed; nothing is applied if one of them is invalid."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stage", choices=STAGES, default="local")
    desk = operate(parser.parse_args().stage)
    profiles, handbooks = desk.declared_tenants(), desk.declared_handbooks()
    changed = desk.apply_tenants(profiles)
    for tenant, more in desk.apply_handbooks(handbooks).items():
        print(f"{tenant:16} {', '.join([*changed[tenant], *more]) or 'unchanged'}")


if __name__ == "__main__":
    main()
