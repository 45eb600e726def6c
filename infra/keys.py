"""Issues and revokes API keys: `python -m infra.keys issue --tenant danbi`, `… revoke --agent mina --key <id>`."""

import argparse
from types import ModuleType

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
    parser.add_argument("--origin", action="append", help="a page (https://…) that gets a widget key of the shop")
    parser.add_argument("--widget", action="store_true", help="the key to revoke is a widget key of the shop")
    parser.add_argument("--key", help="the id of the key to revoke: the fourth part of the key")
    parser.add_argument("--stage", choices=STAGES, default="local")
    options = parser.parse_args()
    if options.command == "revoke" and not options.key:
        parser.error("--key names the key to revoke")
    if (options.origin or options.widget) and not options.tenant:
        parser.error("--tenant names the shop whose pages they are")
    (_issue if options.command == "issue" else _revoke)(operate(options.stage), options)


def _issue(desk: ModuleType, options: argparse.Namespace) -> None:
    if options.origin:
        print(desk.issue_for_pages(options.tenant, options.origin))
    elif options.tenant:
        print(desk.issue_for_shop(options.tenant))
    else:
        print(desk.issue_for_agent(options.agent, options.pool, options.capacity))


def _revoke(desk: ModuleType, options: argparse.Namespace) -> None:
    if options.widget:
        desk.revoke_for_pages(options.tenant, options.key)
    else:
        desk.revoke(Kind.SHOP if options.tenant else Kind.AGENT, options.tenant or options.agent, options.key)


if __name__ == "__main__":
    main()
