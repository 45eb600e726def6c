"""Issues and revokes API keys: `python -m infra.keys issue --tenant danbi`, `… revoke --agent mina --key <id>`."""

import argparse

from chalicelib.kernel.caller import Kind
from infra.session import operate
from infra.stages import STAGES


def main() -> None:
    """Do what the command line asks for; an issued key is printed once and never shown again."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", choices=("issue", "revoke"))
    owner = parser.add_mutually_exclusive_group(required=True)
    owner.add_argument("--tenant", help="the shop whose server gets the key")
    owner.add_argument("--agent", help="the agent who gets the key; made a member if new")
    parser.add_argument("--pool", default="main", help="the pool of a new agent")
    parser.add_argument("--capacity", type=int, default=6, help="the capacity of a new agent")
    parser.add_argument("--key", help="the id of the key to revoke: the fourth part of the key")
    parser.add_argument("--stage", choices=STAGES, default="local")
    options = parser.parse_args()
    desk = operate(options.stage)
    if options.command == "issue" and options.tenant:
        print(desk.issue_for_shop(options.tenant))
    elif options.command == "issue":
        print(desk.issue_for_agent(options.agent, options.pool, options.capacity))
    elif options.key:
        desk.revoke(Kind.SHOP if options.tenant else Kind.AGENT, options.tenant or options.agent, options.key)
    else:
        parser.error("--key names the key to revoke")


if __name__ == "__main__":
    main()
