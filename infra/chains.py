"""Verifies every chain of access records of a stage; `infra.session.enter` comes first."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from chalicelib.aws.keys import split
from chalicelib.aws.settings import settings
from chalicelib.privacy.chain import head_of, shortened, verify
from chalicelib.privacy.model import Flaw, Head
from chalicelib.privacy.store import chain_key
from infra.operate import now

Item = dict[str, Any]
Heads = dict[str, Head]


def verify_records(dynamodb: Any, witness: Path | None = None) -> list[Flaw]:
    """Verify all chains, print what was found, and return all flaws.

    `witness` holds the heads that a clean run saw before: no chain may have lost them. A clean run replaces it.
    """
    known = read_witness(witness) if witness and witness.exists() else {}
    flaws: list[Flaw] = []
    heads: Heads = {}
    records = 0
    for chain in sorted({*_chains(dynamodb), *known}):
        rows = list(_rows(dynamodb, chain))
        flaws += verify(rows, chain=chain, key=chain_key(), now=now())
        flaws += shortened(rows, chain=chain, head=known[chain]) if chain in known else []
        heads |= {chain: head_of(rows)} if rows else {}
        records += len(rows)
    for flaw in flaws:
        print(f"{flaw.kind} {' '.join(split(flaw.chain))} {flaw.number}")
    print(f"{len(heads)} chains, {records} records, {len(known)} heads known, {len(flaws)} flaws")
    if witness and not flaws:
        write_witness(witness, heads)
    return flaws


def read_witness(path: Path) -> Heads:
    """Return the heads that an earlier run wrote."""
    return {chain: Head(**head) for chain, head in json.loads(path.read_text(encoding="utf-8")).items()}


def write_witness(path: Path, heads: Heads) -> None:
    """Write `heads`, whole or not at all."""
    partial = path.with_suffix(".part")
    shown = {chain: asdict(head) for chain, head in heads.items()}
    partial.write_text(json.dumps(shown, indent=2) + "\n", encoding="utf-8")
    partial.replace(path)


def _chains(dynamodb: Any) -> Iterator[str]:
    # A scan, which no function may do: a record whose index keys were taken away must not hide its chain.
    pages = dynamodb.get_paginator("scan").paginate(
        TableName=settings().table, ProjectionExpression="pk", ConsistentRead=True
    )
    for page in pages:
        for row in page["Items"]:
            parts = split(row["pk"]["S"])
            if len(parts) > 1 and parts[1] == "access":
                yield row["pk"]["S"]


def _rows(dynamodb: Any, chain: str) -> Iterator[Item]:
    pages = dynamodb.get_paginator("query").paginate(
        TableName=settings().table,
        KeyConditionExpression="pk = :chain",
        ExpressionAttributeValues={":chain": {"S": chain}},
        ConsistentRead=True,
    )
    for page in pages:
        yield from page["Items"]
