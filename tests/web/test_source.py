"""Whom a limit counts: who asks, and not the distribution that passes it on, nor whom a header names."""

from collections.abc import Iterator

import pytest

from chalicelib.aws.settings import settings
from chalicelib.web.source import source

SITE = "s3cret"
EDGE = {"identity": {"sourceIp": "198.51.100.1"}}


@pytest.fixture(autouse=True)
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    monkeypatch.setenv("SITE_SECRET", SITE)
    settings.cache_clear()
    yield monkeypatch
    settings.cache_clear()


@pytest.mark.parametrize(
    ("passed", "proof", "found"),
    [
        ("203.0.113.9, 198.51.100.1", SITE, "203.0.113.9"),
        ("192.0.2.66, 203.0.113.9, 198.51.100.1", SITE, "203.0.113.9"),
        ("2001:db8::7,198.51.100.1", SITE, "2001:db8::7"),
        ("203.0.113.9, 198.51.100.1", "", "198.51.100.1"),
        ("203.0.113.9, 198.51.100.1", "S3cret", "198.51.100.1"),
        ("203.0.113.9, 198.51.100.1", "비밀", "198.51.100.1"),
        ("203.0.113.9", SITE, "198.51.100.1"),
        ("", SITE, "198.51.100.1"),
    ],
)
def test_only_the_distribution_may_say_whom_it_answers(passed: str, proof: str, found: str) -> None:
    assert source({"x-forwarded-for": passed, "x-duredesk-site": proof}, EDGE) == found


def test_without_a_distribution_nobody_may(site: pytest.MonkeyPatch) -> None:
    site.setenv("SITE_SECRET", "")
    settings.cache_clear()
    assert source({"x-forwarded-for": "203.0.113.9, 198.51.100.1", "x-duredesk-site": ""}, EDGE) == "198.51.100.1"


def test_nobody_is_nowhere() -> None:
    assert source({}, {}) == ""
