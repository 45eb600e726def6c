"""The idempotency layer and the faults, refusal beside success."""

import pytest

from tests.fakestripe.conftest import THIS_HOUR, Shop

DAY = 24 * 3600


def test_the_same_request_is_replayed_and_not_repeated(shop: Shop) -> None:
    first = shop.call("POST", "/v1/customers", {"name": "가"}, key="k")
    again = shop.call("POST", "/v1/customers", {"name": "가"}, key="k")
    assert again.body == first.body
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    assert len(shop.fake.dump()["customers"]) == 2


def test_a_key_belongs_to_one_endpoint_and_its_parameters(shop: Shop) -> None:
    shop.call("POST", "/v1/customers", {"name": "가"}, key="k")
    for path, form in (("/v1/customers", {"name": "나"}), ("/v1/billing/meters", {"name": "가"})):
        reply = shop.call("POST", path, form, key="k")
        assert (reply.status, reply.body["error"]["type"]) == (400, "idempotency_error")
    assert shop.call("POST", "/v1/customers", {"name": "나"}, key="x" * 256).status == 400


def test_a_key_is_forgotten_after_a_day(shop: Shop) -> None:
    first = shop.call("POST", "/v1/customers", {"name": "가"}, key="k")
    shop.clock.seconds += DAY
    assert shop.call("POST", "/v1/customers", {"name": "가"}, key="k").body["id"] != first.body["id"]


def test_failed_validation_is_not_stored(shop: Shop) -> None:
    assert shop.event("1", key="k", event_name="later").status == 400
    assert shop.event("1", key="k").status == 200


@pytest.mark.parametrize("accepted", [True, False])
def test_a_500_is_replayed_under_its_key_only(shop: Shop, *, accepted: bool) -> None:
    shop.fake.fault("server_error", accepted=accepted)
    assert shop.event("5", key="a1", identifier="e").status == 500
    assert shop.event("5", key="a1", identifier="e").status == 500
    assert shop.total() == (5 if accepted else 0)
    assert shop.event("5", key="a2", identifier="e").status == (400 if accepted else 200)
    assert shop.total() == 5


def test_a_lost_request_did_nothing_and_a_timed_out_one_did_everything(shop: Shop) -> None:
    shop.fake.fault("lost")
    assert shop.event("5", key="a1", identifier="e").dropped
    assert shop.total() == 0
    shop.fake.fault("timeout", seconds=3)
    reply = shop.event("5", key="a1", identifier="e")
    assert (reply.dropped, reply.hold_seconds) == (True, 3)
    assert shop.total() == 5
    assert shop.event("5", key="a1", identifier="e").headers["Idempotent-Replayed"] == "true"


@pytest.mark.parametrize(("advice", "header"), [(None, None), (True, "true"), (False, "false")])
def test_a_rate_limit_says_whether_to_retry_if_told(shop: Shop, advice: bool | None, header: str | None) -> None:
    shop.fake.fault("rate_limit", should_retry=advice)
    refusal = shop.event("5", key="k")
    assert (refusal.status, refusal.headers.get("Stripe-Should-Retry")) == (429, header)
    assert shop.event("5", key="k").status == 200


def test_a_conflict_is_409_once(shop: Shop) -> None:
    shop.fake.fault("conflict")
    assert [shop.event("5", key="k").status for _ in range(2)] == [409, 200]


def test_a_late_event_is_applied_after_the_given_seconds(shop: Shop) -> None:
    shop.fake.fault("late", seconds=60)
    shop.event("5", timestamp=THIS_HOUR)
    shop.event("7", timestamp=THIS_HOUR)
    assert shop.summaries().body["data"][0]["aggregated_value"] == 7
    shop.clock.seconds += 60
    assert shop.summaries().body["data"][0]["aggregated_value"] == 5


def test_a_late_event_is_applied_behind_the_next_one_of_its_window(shop: Shop) -> None:
    shop.fake.fault("late")
    shop.event("5", timestamp=THIS_HOUR)
    shop.event("3", timestamp=THIS_HOUR - 3600)
    assert shop.total() == 3
    shop.event("7", timestamp=THIS_HOUR)
    assert shop.total() == 8
    shop.event("7", timestamp=THIS_HOUR)
    assert shop.total() == 10


def test_an_event_can_be_refused_later(shop: Shop) -> None:
    shop.fake.fault("reject", code="archived_meter")
    assert shop.event("5", key="k").status == 200
    assert shop.total() == 0
    assert [report["code"] for report in shop.fake.error_reports()] == ["archived_meter"]
    assert shop.event("5").status == 200
    assert shop.total() == 5


def test_faults_hit_what_they_are_meant_for(shop: Shop) -> None:
    shop.fake.fault("rate_limit", times=2, containing="identifier=b")
    assert [shop.event("1", identifier=name).status for name in "abbb"] == [200, 429, 429, 200]
    shop.fake.fault("rate_limit", times=1000, share=0.3)
    statuses = [shop.event("1").status for _ in range(300)]
    assert 60 < statuses.count(429) < 120


def test_a_missing_or_wrong_key_is_401(shop: Shop) -> None:
    for bearer in ("", "sk_test_wrong"):
        reply = shop.call("GET", "/v1/customers", bearer=bearer)
        assert reply.status == 401
        assert reply.headers["Request-Id"].startswith("req_")
    assert shop.call("GET", "/v1/customers").status == 200


def test_unknown_endpoints_are_404(shop: Shop) -> None:
    for method, path in (
        ("GET", "/v1/quotes"),
        ("DELETE", "/v1/customers"),
        ("GET", "/v1/customers/a/event_summaries"),
    ):
        assert shop.call(method, path).status == 404
