"""Invites an admin to a stage: `python -m infra.admins --mail kim@desk.example --stage local`."""

import argparse

from infra.session import operate
from infra.stages import STAGES


def main() -> None:
    """Invite whom the command line names, by mail with a temporary password."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mail", required=True)
    parser.add_argument("--stage", choices=STAGES, default="local")
    options = parser.parse_args()
    print(operate(options.stage).invite_admin(options.mail))


if __name__ == "__main__":
    main()
