"""The ledger over HTTP."""

from tests.moto_desk import MINA, SHOP, Desk

USAGE = "GET /v1/tenants/danbi/usage"


def test_month_shows_each_line_with_its_evidence_and_the_sums(desk: Desk) -> None:
    contact = desk.claimed()
    reply = desk.act(MINA, contact, "replies", {"text": "네"}).body
    shown = desk.call(SHOP, USAGE).body
    assert (shown["month"], shown["billable"], shown["won"]) == ("2026-11", 1, 900)
    [entry] = shown["entries"]
    assert entry == {
        "contact": contact,
        "episode": 1,
        "delta": 1,
        "reason": "handled",
        "price_won": 900,
        "price_version": "flat/900",
        "evidence": reply["id"],
        "rule": "first-human-reply/1",
        "actor": "agent:mina",
        "occurred_at": reply["at"],
        "booked_at": reply["at"],
    }


def test_correction_is_a_line_of_its_own(desk: Desk) -> None:
    contact = desk.answered()
    desk.act(SHOP, contact, "spam")
    shown = desk.call(SHOP, USAGE).body
    assert (shown["billable"], shown["won"]) == (0, 0)
    assert [(entry["delta"], entry["reason"]) for entry in shown["entries"]] == [(1, "handled"), (-1, "spam")]


def test_other_month_is_empty_and_the_current_one_is_the_default(desk: Desk) -> None:
    desk.answered()
    month = "2026-11"
    assert desk.call(SHOP, USAGE, query={"month": month}).body == desk.call(SHOP, USAGE).body
    assert desk.call(SHOP, USAGE, query={"month": "2020-01"}).body == {
        "month": "2020-01",
        "billable": 0,
        "won": 0,
        "entries": [],
    }
