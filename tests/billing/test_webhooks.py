"""The provider's webhook, called as API Gateway calls it: what was not signed here and now changes nothing."""

import base64
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stripe import WebhookSignature

from chalicelib.billing.events import Events
from chalicelib.billing.webhooks import check_signature, read_event
from chalicelib.kernel.errors import BadInput
from tests.moto_desk import NOBODY, SHOP, Answer, Desk, moto_desk

SECRET, OLD_SECRET = "whsec_new", "whsec_old"
ROUTE = "POST /v1/webhooks/stripe"
Json = dict[str, Any]


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    with moto_desk() as found:
        found.shift(STRIPE_WEBHOOK_SECRETS=f"{SECRET} {OLD_SECRET}")
        yield found


def an_event(name: str = "1", **changes: Any) -> Json:
    told = {"object": "invoice", "id": "in_1", "customer": "cus_danbi", "description": "단비옷장 11월"}
    event = {"id": f"evt_{name}", "object": "event", "type": "invoice.paid", "created": 1_795_230_000}
    return {**event, "livemode": False, "data": {"object": told}, **changes}


def text(event: Any) -> str:
    return json.dumps(event, ensure_ascii=False)


def signed(raw: str, at: float = 0, secret: str = SECRET) -> str:
    """Return the header that signs `raw`, `at` seconds from now."""
    return str(WebhookSignature.generate_signature_header(raw, secret, int(time.time() + at)))


def send(desk: Desk, raw: str | bytes, header: str | None = None, **parts: Any) -> Answer:
    shown = raw if isinstance(raw, str) else None
    if isinstance(raw, bytes):
        parts |= {"body": base64.b64encode(raw).decode(), "isBase64Encoded": True}
    headers = {} if header is None else {"Stripe-Signature": header}
    return desk.call(NOBODY, ROUTE, raw=shown, headers=headers, parts=parts)


def stored(desk: Desk) -> list[Json]:
    return [row for row in desk.rows() if row["pk"]["S"].startswith("~stripe#")]


def refused(desk: Desk, raw: str | bytes, header: str | None, code: str = "bad_signature", **parts: Any) -> None:
    """Send what must be refused, say no more than that, and write nothing at all."""
    written = desk.written()
    answer = send(desk, raw, header, **parts)
    assert answer.refusal == (413 if code == "body_too_large" else 400, code), answer
    assert set(answer.body["error"]) == {"code", "message", "request_id"}
    assert written == []


def test_a_signed_event_is_stored_once_by_its_ids_and_without_its_content(desk: Desk) -> None:
    raw = text(an_event("once"))
    answers = [send(desk, raw, signed(raw)) for _ in range(3)]
    assert [(answer.status, answer.body) for answer in answers] == [(200, {"received": True})] * 3
    [row] = [row for row in stored(desk) if row["pk"]["S"] == "~stripe#evt_once"]
    assert (row["type"], row["about"]) == ({"S": "invoice.paid"}, {"S": "in_1"})
    assert row["created_at"] == {"N": "1795230000000"}
    assert "단비옷장" not in repr(row)


def test_a_repeat_changes_nothing_of_what_was_stored(desk: Desk) -> None:
    raw, other = text(an_event("twice")), text(an_event("twice", type="invoice.voided"))
    send(desk, raw, signed(raw))
    before = stored(desk)
    assert send(desk, other, signed(other)).status == 200
    assert stored(desk) == before


def test_a_body_in_base64_is_the_same_body(desk: Desk) -> None:
    raw = text(an_event("base64"))
    assert send(desk, raw.encode(), signed(raw)).status == 200


@pytest.mark.parametrize("secret", [SECRET, OLD_SECRET])
def test_while_the_secret_is_rotated_either_one_signs(desk: Desk, secret: str) -> None:
    raw = text(an_event(f"rotated_{secret}"))
    assert send(desk, raw, signed(raw, secret=secret)).status == 200


def test_one_of_several_signatures_is_enough(desk: Desk) -> None:
    raw = text(an_event("several"))
    at, _, good = signed(raw).partition(",")
    bad = "v1=" + "0" * 64
    assert send(desk, raw, f"{at},{bad},{good},v0={'0' * 64}").status == 200
    refused(desk, raw, f"{at},{bad},{bad}")


def test_what_was_not_signed_by_the_provider_is_refused(desk: Desk) -> None:
    raw = text(an_event("forged"))
    good = signed(raw)
    at, _, signature = good.partition(",v1=")
    headers = {
        "none": None,
        "empty": "",
        "another secret's": signed(raw, secret="whsec_guessed"),
        "the empty secret's": signed(raw, secret=""),
        "a signature alone": f"v1={signature}",
        "a time alone": at,
        "another scheme": f"{at},v0={signature}",
        "a time that is none": f"t=now,v1={signature}",
        "a time of 400 digits": f"t={'9' * 400},v1={signature}",
        "another time": f"t={int(time.time()) - 1},v1={signature}",
        "in capitals": f"{at},v1={signature.upper()}",
        "beyond ASCII": f"{at},v1={'가' * 64}",
        "cut off": good[:-1],
        "commas": ",,,=,==",
        "half of a surrogate pair": f"{at},v1=\ud800",
    }
    for header in headers.values():
        refused(desk, raw, header)
    assert send(desk, raw, good).status == 200


def test_two_times_in_a_header_are_one_and_the_one_that_is_signed(desk: Desk) -> None:
    raw = text(an_event("two_times"))
    old = signed(raw, -600)
    refused(desk, raw, f"{old},t={int(time.time())}", "stale_signature")
    refused(desk, raw, f"t={int(time.time())},{old}")


@pytest.mark.parametrize("seconds", [-86_400, -301, 301, 86_400])
def test_a_signature_of_another_time_is_stale_in_the_future_too(desk: Desk, seconds: int) -> None:
    raw = text(an_event(f"stale_{abs(seconds)}"))
    # A second more, since the clock goes on while the request is under way.
    refused(desk, raw, signed(raw, seconds + (1 if seconds > 0 else 0)), "stale_signature")
    assert send(desk, raw, signed(raw)).status == 200


@pytest.mark.parametrize("seconds", [-290, 290])
def test_a_signature_of_the_last_and_next_five_minutes_is_taken(desk: Desk, seconds: int) -> None:
    raw = text(an_event(f"skewed_{seconds % 1000}"))
    assert send(desk, raw, signed(raw, seconds)).status == 200


def test_the_domains_clock_makes_no_signature_fresh_or_stale(desk: Desk) -> None:
    raw = text(an_event("clock"))
    desk.later(86_400)
    try:
        refused(desk, raw, signed(raw, 86_400), "stale_signature")
        assert send(desk, raw, signed(raw)).status == 200
    finally:
        desk.later(0)


@given(st.data())
def test_a_body_of_which_one_byte_is_another_is_refused(data: st.DataObject) -> None:
    raw = text(an_event()).encode()
    place, value = data.draw(st.integers(0, len(raw) - 1)), data.draw(st.integers(0, 255))
    changed = raw[:place] + bytes([value]) + raw[place + 1 :]
    header = signed(raw.decode())
    if changed == raw:
        check_signature(changed, header, [SECRET])
        return
    with pytest.raises(BadInput, match="bad_signature"):
        check_signature(changed, header, [SECRET])


@given(st.text(st.characters(codec="utf-8"), max_size=80))
def test_no_header_that_one_can_think_of_opens(header: str) -> None:
    with pytest.raises(BadInput, match="bad_signature"):
        check_signature(text(an_event()).encode(), header, [SECRET])


@pytest.mark.parametrize("secrets", [[], [""], [" "]])
def test_without_a_secret_nothing_is_taken(secrets: list[str]) -> None:
    raw = text(an_event())
    for secret in ("", " ", SECRET):
        with pytest.raises(BadInput, match="bad_signature"):
            check_signature(raw.encode(), signed(raw, secret=secret), secrets)


def test_the_same_event_written_otherwise_is_another_body(desk: Desk) -> None:
    event = an_event("rewritten")
    raw = text(event)
    for other in (json.dumps(event), json.dumps(event, ensure_ascii=False, indent=1), raw + "\n", " " + raw):
        refused(desk, other, signed(raw))
        refused(desk, raw, signed(other))


def test_an_event_turned_on_another_shop_is_refused(desk: Desk) -> None:
    event = an_event("aimed")
    aimed = json.loads(text(event))
    aimed["data"]["object"] |= {"customer": "cus_mungmeal", "metadata": {"tenant": "mungmeal"}}
    refused(desk, text(aimed), signed(text(event)))


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "null",
        "[]",
        "7",
        "가",
        '"evt_1"',
        '{"id": "evt_1"',
        text([an_event()]),
        text(an_event(id="")),
        text(an_event(id="in_1")),
        text(an_event(id="evt_1#2")),
        text(an_event(id="evt_" + "1" * 121)),
        text(an_event(id=7)),
        text(an_event(type="")),
        text(an_event(type="invoice paid")),
        text(an_event(created=-1)),
        text(an_event(created=10**30)),
        text(an_event(created="soon")),
        text(an_event(livemode="false")),
        text(an_event(livemode=None)),
        text(an_event(data=[])),
        text({name: value for name, value in an_event().items() if name != "livemode"}),
        '{"id": "evt_1", "id": "evt_2", "type": "a", "created": 1, "livemode": false}',
        "[" * 40 + "]" * 40,
        text(an_event()).replace("1795230000", "NaN"),
    ],
)
def test_what_is_signed_and_yet_no_event_is_refused(desk: Desk, raw: str) -> None:
    refused(desk, raw, signed(raw), "invalid_event")


@pytest.mark.parametrize("data", [{}, {"object": None}, {"object": "in_1"}, {"object": {"id": {}, "object": 7}}])
def test_an_event_about_nothing_that_we_know_is_stored_and_done(desk: Desk, data: Json) -> None:
    raw = text(an_event(f"odd_{len(text(data))}", type="some.thing_new", data=data))
    assert send(desk, raw, signed(raw)).status == 200
    assert read_event(raw.encode(), live=False).about == ""


def test_a_thin_event_names_its_object(desk: Desk) -> None:
    meter = {"id": "mtr_1", "type": "billing.meter", "url": "/v1/billing/meters/mtr_1"}
    thin = {"id": "evt_thin", "object": "v2.core.event", "type": "v1.billing.meter.error_report_triggered"}
    raw = text({**thin, "created": "2026-11-21T03:00:00.000Z", "livemode": False, "related_object": meter})
    assert send(desk, raw, signed(raw)).status == 200
    found = Events().waiting("evt_thin", desk.now)
    assert found is not None
    assert (found.kind, found.about, found.created_at) == ("billing.meter", "mtr_1", 1_795_230_000_000)


def test_each_stage_takes_events_of_its_own_mode_alone(desk: Desk) -> None:
    live = text(an_event("live", livemode=True))
    refused(desk, live, signed(live), "wrong_mode")
    assert read_event(live.encode(), live=True).id == "evt_live"
    with pytest.raises(BadInput, match="wrong_mode"):
        read_event(text(an_event()).encode(), live=True)


def test_what_is_huge_or_no_text_is_refused(desk: Desk) -> None:
    huge = text(an_event("huge", padding="가" * 90_000))
    refused(desk, huge, signed(huge), "body_too_large")
    refused(desk, huge, None, "body_too_large")
    for raw in (b"\xff\xfe", text(an_event()).encode("utf-16"), b"\x00" * 100):
        refused(desk, raw, signed(text(an_event())))
    refused(desk, text(an_event()), "t=1,v1=" + "0" * 1100, "header_too_large")
    refused(desk, "", None, body=None)


def test_a_credential_makes_no_difference(desk: Desk) -> None:
    raw = text(an_event("credential"))
    assert desk.call(SHOP, ROUTE, raw=raw).refusal == (400, "bad_signature")
    assert desk.call(SHOP, ROUTE, raw=raw, headers={"Stripe-Signature": signed(raw)}).status == 200


def test_signed_events_are_never_too_many(desk: Desk) -> None:
    desk.limited = True
    try:
        for number in range(40):
            raw = text(an_event(f"many_{number}"))
            assert send(desk, raw, signed(raw)).status == 200
    finally:
        desk.limited = False


def test_the_sdk_is_not_imported_before_it_is_needed() -> None:
    code = "import sys, app; sys.exit('stripe' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
