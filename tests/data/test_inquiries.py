"""Checks that the demo inquiries are complete, varied, allowed by each shop and free of personal data."""

from __future__ import annotations

import json
import re
import tomllib
import unicodedata
from collections import Counter
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent
INQUIRIES = HERE / "inquiries.jsonl"
TENANTS = HERE.parents[1] / "tenants"

SHOPS = {"danbi", "onyubeauty", "mungmeal", "namujip", "chargeon", "haetsalfarm"}
KINDS = {"fashion", "cosmetics", "pet_food", "furniture", "electronics", "farm_fruit"}
CHANNELS = {"chat", "email", "kakao", "talktalk", "phone", "board", "sms", "visit", "api"}
INTENTS = {
    "delivery",
    "exchange",
    "return",
    "warranty",
    "presale",
    "payment",
    "shipping_fee",
    "defect",
    "system",
    "complaint",
    "other",
}
OUTCOMES = {"resolved", "spam", "merged"}
DAYS = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"}
FIELDS = {
    "id",
    "tenant",
    "channel",
    "intent",
    "customer",
    "text",
    "follow_ups",
    "replies",
    "note",
    "outcome",
    "reopen",
    "merge_into",
    "spam_undone",
}
INVISIBLE = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}
MAX_SHARED = 0.70

PHONE = re.compile(r"(?<![0-9A-Za-z-])0\d{1,2}[-. ]?\d{3,4}[-. ]?\d{4}(?![0-9-])")
ALLOWED_PHONE = re.compile(r"010-0000-\d{4}")
MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
LINK = re.compile(r"(?:https?://|www\.)([\w.-]+)", re.ASCII)
RESIDENT_NUMBER = re.compile(r"(?<![\dA-Za-z])\d{6}-?[1-8]\d{6}(?!\d)")
CARD_NUMBER = re.compile(r"(?<![\dA-Za-z])\d{4}([- ]?)\d{4}\1\d{4}\1\d{4}(?!\d)")
SPAN = re.compile(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d")

Row = dict[str, Any]


def load_rows() -> list[Row]:
    rows: list[Row] = []
    for number, line in enumerate(INQUIRIES.read_text(encoding="utf-8").splitlines(), start=1):
        row = json.loads(line)
        assert isinstance(row, dict), f"line {number} is not a JSON object"
        rows.append(row)
    return rows


def load_tenants() -> dict[str, Row]:
    paths = sorted(TENANTS.glob("*.toml"))
    return {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in paths}


ROWS = load_rows()
TENANT = load_tenants()
BY_ID: dict[str, Row] = {row["id"]: row for row in ROWS}
POSITION: dict[str, int] = {row["id"]: index for index, row in enumerate(ROWS)}


def all_strings(row: Row) -> list[str]:
    """Every text of a row that a customer or an agent wrote."""
    strings = [row["text"], *row["follow_ups"], *row["replies"]]
    if row["note"] is not None:
        strings.append(row["note"])
    if row["reopen"] is not None:
        strings += [row["reopen"]["text"], row["reopen"]["reply"]]
    return strings


def form(text: str) -> str:
    """The text without digits, whitespace and letter case: what two filled-in templates would share."""
    return re.sub(r"[\d\s]+", "", text).casefold()


def grams(text: str) -> frozenset[str]:
    bare = form(text)
    return frozenset(bare[i : i + 4] for i in range(max(1, len(bare) - 3)))


def too_similar(texts: list[tuple[str, str]]) -> list[str]:
    """Pairs of (label, text) in which the shorter one shares too many of its 4-grams with the other."""
    bags = [(label, grams(text)) for label, text in texts]
    found = []
    for (label_a, a), (label_b, b) in combinations(bags, 2):
        shared = len(a & b) / min(len(a), len(b))
        if shared > MAX_SHARED:
            found.append(f"{label_a} / {label_b}: {shared:.0%}")
    return found


@pytest.mark.parametrize("shop", sorted(SHOPS))
def test_tenant_file_follows_the_schema(shop: str) -> None:
    assert shop in TENANT, f"tenants/{shop}.toml is missing"
    tenant = TENANT[shop]
    assert tenant["id"] == shop, f"{shop}: the id differs from the file name"
    assert re.fullmatch(r"[a-z0-9]{4,32}", shop), f"{shop}: bad id"
    assert tenant["kind"] in KINDS, f"{shop}: unknown kind {tenant['kind']!r}"
    for key in ("name", "name_en", "pool"):
        assert isinstance(tenant[key], str), f"{shop}: {key} is not a string"
        assert tenant[key].strip(), f"{shop}: {key} is empty"
    assert 600 <= tenant["price_won"] <= 1500, f"{shop}: price {tenant['price_won']} out of 600..1500"
    channels = tenant["channels"]
    assert set(channels) <= CHANNELS, f"{shop}: unknown channels {channels}"
    assert len(set(channels)) == len(channels), f"{shop}: repeated channels {channels}"
    contract = tenant["contract"]
    for key in ("rate_per_hour", "burst"):
        assert type(contract[key]) is int, f"{shop}: {key} is not an integer"
        assert contract[key] >= 1, f"{shop}: {key} is below 1"
    persona = tenant["persona"]
    for key in ("agent_name", "tone", "greeting", "signature"):
        assert isinstance(persona[key], str), f"{shop}: persona.{key} is not a string"
        assert persona[key].strip(), f"{shop}: persona.{key} is empty"
    assert persona["language"] == "ko", f"{shop}: persona.language must be ko"
    assert tenant["hours"], f"{shop}: never open"
    assert set(tenant["hours"]) <= DAYS, f"{shop}: unknown days in hours"
    for day, spans in tenant["hours"].items():
        for span in spans:
            assert SPAN.fullmatch(span), f"{shop}: {day} has the bad span {span!r}"
            start, end = span.split("-")
            assert start < end, f"{shop}: {day} span {span!r} ends before it starts"


def test_tenants_differ_in_price_and_rate() -> None:
    prices = [TENANT[shop]["price_won"] for shop in sorted(SHOPS)]
    rates = [TENANT[shop]["contract"]["rate_per_hour"] for shop in sorted(SHOPS)]
    assert len(set(prices)) == len(SHOPS), f"prices repeat: {prices}"
    assert len(set(rates)) == len(SHOPS), f"rates repeat: {rates}"


def test_every_line_has_exactly_the_agreed_fields() -> None:
    for row in ROWS:
        assert set(row) == FIELDS, f"{row.get('id')}: fields differ: {set(row) ^ FIELDS}"
        for key in ("id", "tenant", "channel", "intent", "customer", "text", "outcome"):
            assert isinstance(row[key], str), f"{row['id']}: {key} is not a string"
        for key in ("follow_ups", "replies"):
            assert isinstance(row[key], list), f"{row['id']}: {key} is not a list"
            assert all(isinstance(item, str) for item in row[key]), f"{row['id']}: {key} holds a non-string"
        assert row["note"] is None or isinstance(row["note"], str), f"{row['id']}: bad note"
        assert isinstance(row["spam_undone"], bool), f"{row['id']}: spam_undone is not a boolean"
        assert len(row["follow_ups"]) <= 3, f"{row['id']}: more than three follow-ups"
        assert len(row["replies"]) <= 3, f"{row['id']}: more than three replies"


def test_counts_per_shop() -> None:
    assert len(ROWS) >= 300, f"only {len(ROWS)} inquiries"
    per_shop = Counter(row["tenant"] for row in ROWS)
    assert set(per_shop) == SHOPS, f"unexpected shops: {set(per_shop) ^ SHOPS}"
    assert min(per_shop.values()) >= 45, f"a shop has too few inquiries: {dict(per_shop)}"


def test_every_intent_and_enough_channels() -> None:
    intents = Counter(row["intent"] for row in ROWS)
    assert set(intents) == INTENTS, f"missing or unknown intents: {set(intents) ^ INTENTS}"
    assert min(intents.values()) >= 10, f"an intent is too rare: {dict(intents)}"
    channels = Counter(row["channel"] for row in ROWS)
    assert set(channels) <= CHANNELS, f"unknown channels: {set(channels) - CHANNELS}"
    assert len(channels) >= 6, f"only these channels: {dict(channels)}"


@pytest.mark.parametrize("shop", sorted(SHOPS))
def test_every_shop_has_every_intent(shop: str) -> None:
    missing = INTENTS - {row["intent"] for row in ROWS if row["tenant"] == shop}
    assert not missing, f"{shop} lacks {missing}"


def test_channel_is_allowed_by_the_shop() -> None:
    for row in ROWS:
        allowed = TENANT[row["tenant"]]["channels"]
        assert row["channel"] in allowed, f"{row['id']}: {row['channel']} is not one of {allowed}"


def test_ids_and_customers_belong_to_their_shop() -> None:
    assert len(BY_ID) == len(ROWS), "ids repeat"
    for row in ROWS:
        assert re.fullmatch(rf"{row['tenant']}-\d{{3}}", row["id"]), f"bad id {row['id']}"
        assert re.fullmatch(rf"{row['tenant']}-c\d{{3}}", row["customer"]), f"{row['id']}: bad customer"


def test_shops_are_interleaved_in_their_own_order() -> None:
    for shop in SHOPS:
        ids = [row["id"] for row in ROWS if row["tenant"] == shop]
        assert ids == sorted(ids), f"{shop}: lines are not in order of arrival"
    for start in range(0, len(ROWS) - 30, 30):
        seen = {row["tenant"] for row in ROWS[start : start + 30]}
        assert seen == SHOPS, f"lines {start + 1}..{start + 30} lack {SHOPS - seen}"


def test_text_is_clean() -> None:
    for row in ROWS:
        for text in all_strings(row):
            assert text == text.strip(), f"{row['id']}: surrounding whitespace in {text!r}"
            assert unicodedata.is_normalized("NFC", text), f"{row['id']}: not NFC: {text!r}"
            bad = [c for c in text if c != "\n" and unicodedata.category(c) in INVISIBLE]
            assert not bad, f"{row['id']}: control characters {bad!r}"


def test_text_lengths() -> None:
    for row in ROWS:
        customer_texts = [row["text"], *row["follow_ups"]]
        agent_texts = list(row["replies"])
        if row["reopen"] is not None:
            customer_texts.append(row["reopen"]["text"])
            agent_texts.append(row["reopen"]["reply"])
        for text in customer_texts:
            assert 2 <= len(text) <= 1500, f"{row['id']}: customer text of {len(text)} characters"
        for text in agent_texts:
            assert 10 <= len(text) <= 800, f"{row['id']}: reply of {len(text)} characters"


def test_replies_are_there_and_not_empty() -> None:
    for row in ROWS:
        assert all(reply.strip() for reply in row["replies"]), f"{row['id']}: empty reply"
        if row["outcome"] == "resolved":
            assert row["replies"], f"{row['id']}: resolved without a reply"


def test_spam_counts() -> None:
    spam = [row for row in ROWS if row["outcome"] == "spam"]
    assert 8 <= len(spam) <= 12, f"{len(spam)} spam lines"
    answered = [row["id"] for row in spam if row["replies"]]
    assert len(answered) == 3, f"spam that the agent answered first: {answered}"
    undone = [row for row in ROWS if row["spam_undone"]]
    assert len(undone) == 2, f"{len(undone)} lines with spam_undone"
    for row in undone:
        assert row["outcome"] == "resolved", f"{row['id']}: undone spam must be resolved"
        assert row["replies"], f"{row['id']}: undone spam without a reply"
    for row in spam:
        assert row["intent"] == "other", f"{row['id']}: spam with intent {row['intent']}"
        assert row["reopen"] is None, f"{row['id']}: reopened spam"


def test_outcomes_are_known() -> None:
    unknown = {row["outcome"] for row in ROWS} - OUTCOMES
    assert not unknown, f"unknown outcomes {unknown}"


def test_merges() -> None:
    merged = [row for row in ROWS if row["outcome"] == "merged"]
    assert len(merged) == 8, f"{len(merged)} merged lines"
    answered = [row["id"] for row in merged if row["replies"]]
    assert len(answered) == 4, f"merged after an answer: {answered}"
    for row in ROWS:
        has_target = row["merge_into"] is not None
        assert has_target == (row["outcome"] == "merged"), f"{row['id']}: merge fields disagree"
    for row in merged:
        target = BY_ID.get(row["merge_into"])
        assert target is not None, f"{row['id']}: merges into the unknown {row['merge_into']}"
        assert POSITION[target["id"]] < POSITION[row["id"]], f"{row['id']}: merge target comes later"
        assert target["tenant"] == row["tenant"], f"{row['id']}: merges into another shop"
        assert target["customer"] == row["customer"], f"{row['id']}: merges into another customer"
        assert target["channel"] != row["channel"], f"{row['id']}: asked again on the same channel"
        assert target["outcome"] == "resolved", f"{row['id']}: merges into a line that is not answered"
        assert target["intent"] == row["intent"], f"{row['id']}: merges into another matter"


def test_reopenings() -> None:
    reopened = [row for row in ROWS if row["reopen"] is not None]
    for row in reopened:
        reopen = row["reopen"]
        assert set(reopen) == {"after_hours", "text", "reply"}, f"{row['id']}: bad reopen fields"
        assert isinstance(reopen["after_hours"], int), f"{row['id']}: after_hours is not an integer"
        assert row["outcome"] == "resolved", f"{row['id']}: reopened but never resolved"
    hours = [row["reopen"]["after_hours"] for row in reopened]
    soon = [h for h in hours if 1 <= h <= 71]
    late = [h for h in hours if 73 <= h <= 400]
    assert len(soon) == 12, f"{len(soon)} reopenings within 71 hours"
    assert len(late) == 8, f"{len(late)} reopenings between 73 and 400 hours"
    assert len(soon) + len(late) == len(hours), f"reopenings out of range: {sorted(hours)}"


def test_enough_customers_write_about_several_matters() -> None:
    matters = Counter(row["customer"] for row in ROWS if row["outcome"] != "merged")
    repeated = [customer for customer, count in matters.items() if count > 1]
    assert len(repeated) >= 30, f"only {len(repeated)} customers wrote more than once"


def test_first_texts_are_distinct() -> None:
    by_form: dict[str, list[str]] = {}
    for row in ROWS:
        by_form.setdefault(form(row["text"]), []).append(row["id"])
    same = [ids for ids in by_form.values() if len(ids) > 1]
    assert not same, f"first texts equal but for digits and spaces: {same}"


def test_no_first_text_is_a_template_copy() -> None:
    found = too_similar([(row["id"], row["text"]) for row in ROWS])
    assert not found, f"first texts that share more than {MAX_SHARED:.0%} of their 4-grams: {found}"


def test_no_reply_is_a_template_copy() -> None:
    bodies = []
    for row in ROWS:
        persona = TENANT[row["tenant"]]["persona"]
        for number, reply in enumerate(row["replies"], start=1):
            body = reply.replace(persona["greeting"], "").replace(persona["signature"], "")
            bodies.append((f"{row['id']}#{number}", body))
    found = too_similar(bodies)
    assert not found, f"replies that share more than {MAX_SHARED:.0%} of their 4-grams: {found}"


@pytest.mark.parametrize("shop", sorted(SHOPS))
def test_replies_sound_like_the_shop(shop: str) -> None:
    answered = [row for row in ROWS if row["tenant"] == shop and row["replies"]]
    persona = TENANT[shop]["persona"]
    greeted = sum(row["replies"][0].startswith(persona["greeting"]) for row in answered)
    assert greeted >= len(answered) // 2, f"{shop}: only {greeted} of {len(answered)} first replies greet"
    signed = sum(any(persona["signature"] in reply for reply in row["replies"]) for row in answered)
    assert signed >= 5, f"{shop}: the signature appears in {signed} conversations only"
    others = [TENANT[other]["persona"]["signature"] for other in SHOPS if other != shop]
    for row in answered:
        for reply in row["replies"]:
            assert not any(other in reply for other in others), f"{row['id']}: signed as another shop"


def test_no_personal_data() -> None:
    for row in ROWS:
        for text in all_strings(row):
            for match in PHONE.finditer(text):
                assert ALLOWED_PHONE.fullmatch(match.group()), f"{row['id']}: phone number {match.group()!r}"
            for match in MAIL.finditer(text):
                assert match.group().endswith("@example.com"), f"{row['id']}: mail address {match.group()!r}"
            for match in LINK.finditer(text):
                assert match.group(1).endswith("example.com"), f"{row['id']}: link to {match.group(1)!r}"
            assert not RESIDENT_NUMBER.search(text), f"{row['id']}: looks like a resident number"
            assert not CARD_NUMBER.search(text), f"{row['id']}: looks like a card number"
