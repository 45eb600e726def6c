"""What customers and agents really write, so that rows have the sizes that they will have."""

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass

from infra.stages import ROOT


@dataclass(frozen=True)
class Inquiry:
    """One shop's inquiry with two further messages and two replies."""

    tenant: str
    channel: str
    customer: str
    text: str
    follow_ups: tuple[str, str]
    replies: tuple[str, str]


def inquiries() -> Iterator[Inquiry]:
    """Yield the test data's inquiries for ever; what one lacks is borrowed from its neighbour."""
    lines = (ROOT / "tests" / "data" / "inquiries.jsonl").read_text(encoding="utf-8").splitlines()
    found = [json.loads(line) for line in lines]
    told = [item for item in found if item["replies"]]
    for item, neighbour in itertools.cycle(itertools.pairwise([*told, told[0]])):
        further = [*item["follow_ups"], neighbour["text"], neighbour["text"]]
        replies = [*item["replies"], *neighbour["replies"]]
        yield Inquiry(
            tenant=item["tenant"],
            channel=item["channel"],
            customer=item["customer"],
            text=item["text"],
            follow_ups=(further[0], further[1]),
            replies=(replies[0], replies[1]),
        )
