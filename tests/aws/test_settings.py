"""What the environment may say, and where."""

from collections.abc import Iterator

import pytest

from chalicelib.aws.settings import settings
from chalicelib.queue.wiring import floor
from chalicelib.routing.rules import GUARD_SHARE

NAMES = (
    *(
        "TABLE_NAME",
        "KEYRING_TABLE",
        "KEY_ID",
        "DATA_ROLE",
        "USAGE_QUEUE_URL",
        "OVERFLOW_QUEUE_URL",
        "ERRAND_QUEUE_URL",
        "DIAGNOSIS_QUEUE_URL",
        "FILES_BUCKET",
    ),
    *("ID_SECRET", "SITE_SECRET", "STRIPE_API_KEY", "STRIPE_WEBHOOK_SECRETS", "USER_POOL", "USER_POOL_CLIENT"),
    "PAGES_URL",
    *("MAIL_FROM", "MAIL_SET"),
)


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("CLOCK_OFFSET_SECONDS", "CLOCK_HEADER", "GUARD_SHARE"):
        monkeypatch.delenv(name, raising=False)
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.fixture
def prod(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setenv("STAGE", "prod")
    for name in NAMES:
        monkeypatch.setenv(name, "there")
    return monkeypatch


@pytest.mark.parametrize(("name", "value"), [("CLOCK_OFFSET_SECONDS", "60"), ("CLOCK_HEADER", "1")])
def test_only_the_local_stage_has_another_clock(
    monkeypatch: pytest.MonkeyPatch, prod: pytest.MonkeyPatch, name: str, value: str
) -> None:
    assert not settings().clock_header
    settings.cache_clear()
    prod.setenv(name, value)
    with pytest.raises(RuntimeError, match=f"{name} is refused"):
        settings()
    monkeypatch.setenv("STAGE", "local")
    assert settings().clock_header or settings().clock_offset_seconds == 60


@pytest.mark.parametrize(("text", "share"), [("", GUARD_SHARE), ("0", 0.0), ("0.25", 0.25)])
def test_guard_share_is_the_rules_own_unless_set(monkeypatch: pytest.MonkeyPatch, text: str, share: float) -> None:
    monkeypatch.setenv("GUARD_SHARE", text)
    assert floor().guard_share == share


@pytest.mark.parametrize("text", ["1", "-0.1", "10%"])
def test_guard_share_is_a_share(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("GUARD_SHARE", text)
    with pytest.raises(ValueError, match=r"GUARD_SHARE|float"):
        settings()
