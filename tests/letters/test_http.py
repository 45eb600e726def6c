"""Previews of mails, for admins."""

import pytest

from chalicelib.kernel.caller import Caller, Kind
from chalicelib.letters.model import Name
from tests.moto_desk import KEY, SHOP, Desk

CHIEF = Caller(Kind.ADMIN, KEY, person="a")


def test_admins_see_every_mail_as_it_is_sent(desk: Desk) -> None:
    listed = desk.call(CHIEF, "GET /v1/letters").body["letters"]
    assert set(listed) == {"verification", "invitation", *Name}
    for name in listed:
        shown = desk.call(CHIEF, f"GET /v1/letters/{name}")
        assert shown.status == 200
        assert "두레데스크" in shown.body["html"]


@pytest.mark.parametrize(
    ("query", "subject"),
    [(None, "두레데스크 상담을 시작했어요"), ({"language": "en"}, "Your shop is live on Duredesk")],
)
def test_a_preview_is_in_the_language_that_is_asked_for(
    desk: Desk, query: dict[str, str] | None, subject: str
) -> None:
    assert desk.call(CHIEF, "GET /v1/letters/welcome", query=query).body["subject"] == subject


def test_nobody_else_sees_them(desk: Desk) -> None:
    assert desk.call(SHOP, "GET /v1/letters").refusal == (403, "forbidden")
