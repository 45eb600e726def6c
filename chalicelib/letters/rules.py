"""When a letter is sent and when it is given up, and how a mail is made of its template."""

import re
from calendar import month_name
from html import escape

from chalicelib.kernel.clock import DAY, MINUTE, Millis
from chalicelib.letters.model import Letter, Mail, Name, Post
from chalicelib.letters.templates import FOOT, NOTICES, TEMPLATES, Values

# Longer than any worker lives, so nobody is sending it any more.
ANSWERED_WITHIN: Millis = 10 * MINUTE
PUT_OFF: Millis = 5 * MINUTE
_GIVEN_UP_AFTER: Millis = DAY
_SENDINGS = 2
_DATE = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])(?:-([0-9]{2}))?")


def is_ours(letter: Letter, now: Millis) -> bool:
    """Return whether a worker may take `letter` at `now`: nobody else has it, and it is not at its end."""
    if letter.state is Post.SENDING:
        return now >= letter.tried_at + ANSWERED_WITHIN
    return letter.state in {Post.DUE, Post.LATER}


def is_hopeless(letter: Letter, now: Millis) -> bool:
    """Return whether `letter` is not to be sent again: two mails are better than none, and three are not."""
    return letter.tries >= _SENDINGS or now >= letter.at + _GIVEN_UP_AFTER


def mail_of(name: Name, language: str, values: Values, *, pages_url: str) -> Mail:
    """Return the mail of a template, filled with `values`; raise KeyError for one that is missing.

    Months and days, `2026-11` and `2026-11-03`, are written as people write them.
    """
    template = TEMPLATES[name]
    text = template.en if language == "en" else template.ko
    worded = {key: _worded(value, language) for key, value in values.items()}
    subject, *said = (one.format_map(worded) for one in (text.subject, *text.paragraphs))
    link = pages_url + template.path
    plain = "\n\n".join([*said, f"{text.link}: {link}", FOOT[language]]) + "\n"
    return Mail(subject, plain, _framed(language, subject, [*map(_paragraph, said), _button(link, text.link)]))


def notice_of(name: str, *, code: str, user: str, pages_url: str) -> Mail:
    """Return a mail of the directory's own, in both languages."""
    notice = NOTICES[name]
    said = [one.format(code=code, user=user) for one in (notice.ko, notice.en)]
    plain, shown = said, [*map(_paragraph, said)]
    if notice.path:
        link = pages_url + notice.path
        plain, shown = [*said, f"{notice.link}: {link}"], [*shown, _button(link, notice.link)]
    return Mail(notice.subject, "\n\n".join(plain) + "\n", _framed("ko", notice.subject, shown))


def names() -> list[str]:
    """Return the names of all mails, those of the directory first."""
    return [*NOTICES, *TEMPLATES]


def preview(name: str, language: str, *, pages_url: str) -> Mail:
    """Return a mail filled with samples; those of the directory are in both languages at once."""
    if name in NOTICES:
        return notice_of(name, code="135790", user="kim@danbi.example", pages_url=pages_url)
    return mail_of(Name(name), language, TEMPLATES[Name(name)].sample, pages_url=pages_url)


def _worded(value: str | int, language: str) -> str | int:
    date = _DATE.fullmatch(value) if isinstance(value, str) else None
    if date is None:
        return value
    year, month, day = date[1], int(date[2]), int(date[3] or 0)
    if language == "en":
        return f"{month_name[month]} {f'{day}, ' if day else ''}{year}"
    return f"{year}년 {month}월{f' {day}일' if day else ''}"


def _paragraph(text: str) -> str:
    # The only place where a text becomes HTML: whatever it holds, it stays a text.
    return f'<p style="margin:0 0 16px">{escape(text)}</p>'.replace("\n", "<br>")


def _button(link: str, label: str) -> str:
    style = "display:inline-block;padding:10px 16px;border-radius:6px;background:rgb(24,100,171);color:white"
    return f'<p style="margin:24px 0"><a href="{escape(link)}" style="{style}">{escape(label)}</a></p>'


def _framed(language: str, subject: str, parts: list[str]) -> str:
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        f"<title>{escape(subject)}</title></head>"
        '<body style="margin:0;padding:24px;background:rgb(241,243,245);color:rgb(33,37,41);'
        'font:16px/1.6 sans-serif">'
        '<div style="max-width:560px;margin:0 auto;padding:24px;background:white;border-radius:8px">'
        f'<h1 style="margin:0 0 16px;font-size:20px">{escape(subject)}</h1>{"".join(parts)}'
        f'<p style="margin:0;color:rgb(73,80,87);font-size:14px">{FOOT[language]}</p></div></body></html>'
    )
