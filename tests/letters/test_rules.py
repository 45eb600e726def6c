"""What mails say, that nothing in them is more than text, and when a letter is sent."""

import re
from dataclasses import replace
from html import escape
from string import Formatter

import pytest

from chalicelib.kernel.clock import DAY, MINUTE
from chalicelib.letters.model import Letter, Name, Post, To
from chalicelib.letters.rules import is_hopeless, is_ours, mail_of, names, notice_of, preview
from chalicelib.letters.templates import NOTICES, TEMPLATES, Text, Values
from tests.samples import NOON

PAGES = "https://pages.example"
HANGUL = re.compile("[가-힣]")
LETTER = Letter("danbi", "welcome", Name.WELCOME, To.OWNERS, NOON)


def placeholders(text: Text) -> set[str]:
    whole = " ".join((text.subject, *text.paragraphs, text.link))
    return {name for _, name, _, _ in Formatter().parse(whole) if name}


@pytest.mark.parametrize("name", list(Name))
def test_every_letter_has_a_template_and_a_sample_for_all_that_it_says(name: Name) -> None:
    template = TEMPLATES[name]
    assert placeholders(template.ko) | placeholders(template.en) == set(template.sample)


@pytest.mark.parametrize("name", list(Name))
def test_a_letter_is_in_the_language_of_its_readers_and_leads_to_a_page(name: Name) -> None:
    ko, en = (mail_of(name, language, TEMPLATES[name].sample, pages_url=PAGES) for language in ("ko", "en"))
    assert HANGUL.search(ko.subject)
    assert not HANGUL.search(en.subject + en.text + en.html)
    for mail in (ko, en):
        link = PAGES + TEMPLATES[name].path
        assert link in mail.text
        assert f'href="{link}"' in mail.html
        assert "{" not in mail.subject + mail.text + mail.html
        assert f"<title>{escape(mail.subject)}</title>" in mail.html
    assert '<html lang="ko">' in ko.html
    assert '<html lang="en">' in en.html


def test_numbers_are_written_as_people_read_them() -> None:
    values: Values = {"month": "2026-11", "percent": 80, "spent_won": 1_240_000, "cap_won": 1_500_000}
    mail = mail_of(Name.ALERT, "ko", values, pages_url=PAGES)
    assert mail.subject == "이번 달 한도의 80%를 썼어요"
    assert "1,240,000원" in mail.text
    assert "1,500,000원" in mail.html


@pytest.mark.parametrize(
    ("until", "korean", "english"),
    [
        ("2027-01-01", "2027년 1월 1일부터는 ", "From January 1, 2027 on "),
        ("2027-02", "2027년 2월부터는 ", "From February 2027 on "),
        ("2027-13-01", "2027-13-01부터는 ", "From 2027-13-01 on "),
    ],
)
def test_months_and_days_are_written_as_people_write_them(until: str, korean: str, english: str) -> None:
    values: Values = {"days": 1, "until": until, "plan": "스타터", "plan_en": "Starter"}
    for language, start in (("ko", korean), ("en", english)):
        assert mail_of(Name.TRIAL_ENDS, language, values, pages_url="https://pages.example").text.startswith(start)


def test_whatever_a_value_holds_it_stays_a_text() -> None:
    said = '</p><script>alert("1")</script>{percent}'
    mail = mail_of(Name.INCIDENT, "ko", {"text": said, "text_en": "", "until": "15:00"}, pages_url=PAGES)
    assert said in mail.text
    assert "<script" not in mail.html
    assert "&lt;script&gt;alert(&quot;1&quot;)" in mail.html


def test_a_letter_without_what_it_must_say_is_none() -> None:
    with pytest.raises(KeyError):
        mail_of(Name.ALERT, "ko", {"percent": 80}, pages_url=PAGES)


@pytest.mark.parametrize("name", list(NOTICES))
def test_the_directorys_mails_are_in_both_languages_with_the_code(name: str) -> None:
    mail = notice_of(name, code="135790", user="kim@danbi.example", pages_url=PAGES)
    assert mail.text.count("135790") == mail.html.count("135790") == 2
    assert HANGUL.search(mail.html)
    assert "Duredesk" in mail.html


def test_who_is_invited_is_led_to_where_one_signs_in_and_a_code_leads_nowhere() -> None:
    mails = {name: notice_of(name, code="1", user="kim", pages_url=PAGES) for name in NOTICES}
    assert f"{PAGES}/sign-in" in mails["invitation"].text
    assert f'href="{PAGES}/sign-in"' in mails["invitation"].html
    assert "href" not in mails["verification"].html


def test_temporary_password_ends_with_its_line() -> None:
    # A password may end with any sign: what follows it must not look like a part of it.
    mail = notice_of("invitation", code="a1.b2", user="kim@danbi.example", pages_url=PAGES)
    assert re.findall(r"good for 7 days: (.+?)<br>", mail.html) == ["a1.b2"]


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_mail_has_a_preview(language: str) -> None:
    shown = {name: preview(name, language, pages_url=PAGES) for name in names()}
    assert set(shown) == {"verification", "invitation", *Name}
    assert all(mail.subject and mail.text and mail.html for mail in shown.values())


@pytest.mark.parametrize(
    ("state", "tried", "ours"),
    [
        (Post.DUE, 0, True),
        (Post.LATER, 0, True),
        (Post.SENDING, NOON - 10 * MINUTE, True),
        (Post.SENDING, NOON - 10 * MINUTE + 1, False),
        (Post.SENT, 0, False),
        (Post.FAILED, 0, False),
    ],
)
def test_a_worker_takes_what_nobody_else_can_be_sending(state: Post, tried: int, ours: bool) -> None:
    assert is_ours(replace(LETTER, state=state, tried_at=tried), NOON) is ours


@pytest.mark.parametrize(
    ("tries", "age", "hopeless"), [(0, 0, False), (1, DAY - 1, False), (2, 0, True), (0, DAY, True)]
)
def test_a_letter_is_given_up_after_two_sendings_or_a_day(tries: int, age: int, hopeless: bool) -> None:
    assert is_hopeless(replace(LETTER, tries=tries), NOON + age) is hopeless
