"""Files of past contacts, as shops export them, made of the inquiries: the same ones for the same arguments."""

import csv
import io
import json
import random
from datetime import datetime, timedelta
from pathlib import Path

from chalicelib.kernel.clock import KST, SECOND, Millis

HEADER = ["문의일시", "문의채널", "문의내용", "판매처"]
_INQUIRIES = Path(__file__).resolve().parent / "inquiries.jsonl"
_MALLS = ["스마트스토어", "쿠팡", "자사몰"]
_WORKDAY = (10, 19)

Cells = list[str]


def past(contacts: int, until: Millis, *, days: int = 60, seed: int = 7) -> list[Cells]:
    """Return so many contacts in the days before `until`, oldest first, most of them in the daytime of Korea."""
    known = [json.loads(line) for line in _INQUIRIES.read_text(encoding="utf-8").splitlines()]
    chance, end = random.Random(seed), datetime.fromtimestamp(until // SECOND, KST)
    rows = []
    for _ in range(contacts):
        one = chance.choice(known)
        day = end - timedelta(days=chance.randrange(1, days))
        hour = chance.randrange(*_WORKDAY) if chance.random() < 0.8 else chance.randrange(24)
        at = day.replace(hour=hour, minute=chance.randrange(60), second=chance.randrange(60))
        # No two customers write the same words.
        text = f"{one['text']} (주문 {chance.randrange(10**6):06d})"
        rows.append([f"{at:%Y-%m-%d %H:%M:%S}", one["channel"], text, chance.choice(_MALLS)])
    return sorted(rows)


def written(rows: list[Cells], *, header: Cells = HEADER, encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    """Return the file that a spreadsheet makes of the rows."""
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter).writerows([header, *rows])
    return file.getvalue().encode(encoding, errors="replace")
