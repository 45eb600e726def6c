"""Wrong requests of shops that are set up."""

from typing import Any

from chalicelib.aws.tables import commit
from chalicelib.tenants.aims import By, Choice
from chalicelib.tenants.history import Choices
from tests.moto_desk import Desk
from tests.samples import NOON
from tests.setup.bodies import ABOUT, EACH, VOICE
from tests.web.bad import Bad, Good

_T = "/v1/tenants/{tenant}"
_ONE = _T + "/choices"

GOOD = {
    **{f"PUT {_ONE}/{section}": Good(body=body) for section, body in EACH.items()},
    f"GET {_ONE}/{{section}}/versions": Good(key="goals"),
    f"POST {_T}/rehearsal": Good(body={"text": "택배 언제 와요?"}),
}


def prepare(_desk: Desk) -> None:
    """Let danbi have chosen once in every section."""
    by = By("owner:x", "192.0.2.1", NOON)
    commit(*(Choices("danbi").record(Choice(section, 1, by, body)) for section, body in EACH.items()))


def _wrong(section: str, name: str, code: str = "invalid_field", **values: Any) -> list[Bad]:
    return [
        Bad(f"`{name}` {what.replace('_', ' ')}", 400, code, body=_put(EACH[section], name, value))
        for what, value in values.items()
    ]


def _put(body: dict[str, Any], name: str, value: Any) -> dict[str, Any]:
    outer, _, inner = name.partition(".")
    return {**body, outer: {**body[outer], inner: value} if inner else value}


def _missing(section: str, *names: str) -> list[Bad]:
    body = EACH[section]
    return [
        Bad(f"no `{name}`", 400, "missing_field", body={key: body[key] for key in body if key != name})
        for name in names or tuple(body)
    ]


def _texts(good: dict[str, Any], section: str, *names: str) -> list[Bad]:
    assert EACH[section] is good
    return [
        bad
        for name in names
        for bad in (
            *_wrong(section, name, "text_empty", blanks_only="  "),
            *_wrong(section, name, "control_character", with_a_null="a\x00b"),
            *_wrong(section, name, empty="", of_301_characters="가" * 301, a_number=1, null=None),
        )
    ]


_STALE = Bad("an If-Match of another version", 412, "version_mismatch", headers={"If-Match": "9"})
_EXTRA = Bad("a body with a field", 400, "unknown_field", body={"a": 1})

OWN: dict[str, list[Bad]] = {
    f"POST {_T}/rehearsal": [
        Bad("no `text`", 400, "missing_field", body={}),
        Bad("`text` blanks only", 400, "text_empty", body={"text": " "}),
        Bad("`text` of 10,001 characters", 400, "text_too_long", body={"text": "가" * 10_001}),
        Bad("`text` with a control character", 400, "control_character", body={"text": "a\x00b"}),
        Bad("`text` a number", 400, "invalid_field", body={"text": 7}),
    ],
    f"GET {_ONE}": [_EXTRA],
    f"GET {_ONE}/{{section}}/versions": [
        *(
            Bad(f"the section `{section}`", 404, "not_found", key=section)
            for section in ("colours", "GOALS", "goals%23", "..", "go")
        ),
        *(
            Bad(f"the cursor `{value}`", 400, "invalid_cursor", query={"cursor": value})
            for value in ("x", "e30.x", "가", ".eJw.x")
        ),
    ],
    f"PUT {_ONE}/goals": [
        *_missing("goals"),
        *_wrong("goals", "first_reply_seconds", zero=0, over_a_day=86_401, a_text="60", a_fraction=1.5),
        *_wrong("goals", "resolved_percent", over_100=101, negative=-1, null=None),
        _STALE,
    ],
    f"PUT {_ONE}/scope": [
        *_missing("scope", "in_house"),
        *_wrong("scope", "in_house", unknown=["refund"], a_text="defect", null=None),
        *_wrong(
            "scope", "in_house", "scope_overlaps", twice_the_same=["defect", "defect"], a_bots_too=["delivery"]
        ),
        _STALE,
    ],
    f"PUT {_ONE}/hours": [
        *_missing("hours"),
        *_wrong(
            "hours",
            "hours.mon",
            beyond_the_day=["10:00-25:00"],
            without_an_end=["10:00"],
            with_a_line_feed=["10:00-11:00\n"],
            of_eleven_spans=["10:00-11:00"] * 11,
            a_text="10:00-11:00",
        ),
        *_wrong("hours", "hours.mon", "invalid_hours", backward=["18:00-10:00"], of_no_length=["10:00-10:00"]),
        *_wrong("hours", "hours.mon", "invalid_hours", with_spans_that_overlap=["10:00-12:00", "11:00-13:00"]),
        *_wrong(
            "hours",
            "holidays.closed_on",
            of_61_days=["2026-12-24"] * 61,
            no_date=["내일"],
            with_a_time=["2026-12-24T00:00"],
            with_a_line_feed=["2026-12-24\n"],
        ),
        *_wrong("hours", "holidays.closed_on", "invalid_day", that_no_month_has=["2026-02-30"]),
        *_wrong("hours", "holidays.open_on", "invalid_day", that_no_month_has=["2027-02-29"]),
        _STALE,
    ],
    f"PUT {_ONE}/voice": [
        *_missing("voice", "agent_name", "tone", "greeting", "signature"),
        *_texts(VOICE, "voice", "agent_name", "tone", "greeting", "signature"),
        *_wrong("voice", "language", unknown="fr", in_capitals="KO", with_a_line_feed="ko\n"),
        _STALE,
    ],
    f"PUT {_ONE}/channels": [
        *_missing("channels"),
        *_wrong("channels", "channels", empty=[], unknown=["pigeon"], a_text="chat", of_ten=["chat"] * 10),
        _STALE,
    ],
    f"PUT {_ONE}/about": [
        *_missing("about", "name", "name_en", "kind", "volume"),
        *_texts(ABOUT, "about", "name", "name_en"),
        *_wrong("about", "kind", unknown="cars"),
        *_wrong("about", "language", unknown="fr"),
        *_wrong("about", "emergency_phone", with_letters="call me", too_long="0" * 31, with_a_line_feed="010\n"),
        *_wrong("about", "volume.contacts_a_day", negative=-1, too_many=100_001, a_text="40"),
        *_wrong("about", "volume.ages", unknown=["nineties"], of_seven=["twenties"] * 7),
        _STALE,
    ],
    f"PUT {_ONE}/surge": [
        *_missing("surge"),
        *_wrong("surge", "message", zero=0, over_a_day=86_401, a_text="60"),
        *_wrong("surge", "message", "backward_steps", after_the_next_step=91),
        *_wrong("surge", "staff", "backward_steps", before_the_step_before=299),
        _STALE,
    ],
    f"GET {_T}/setup": [_EXTRA],
    f"POST {_T}/go-live": [_EXTRA],
}
