"""Bodies and headers: what is taken, beside what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from chalicelib.kernel.errors import BadInput, TooLarge
from chalicelib.web.parse import (
    MAX_BODY_BYTES,
    MAX_DEPTH,
    MAX_HEADER_CHARACTERS,
    check_headers,
    check_params,
    expected_version,
    idempotency_key,
    parse_body,
    parse_json,
    parse_query,
)


class Note(Struct, forbid_unknown_fields=True):
    text: str
    stars: int = 0


def refusal(raw: bytes) -> str:
    with pytest.raises(BadInput) as refused:
        parse_body(raw, Note)
    return refused.value.code


def test_body_becomes_its_shape() -> None:
    assert parse_body('{"text": "언제 와요? 🐾", "stars": 5}'.encode(), Note) == Note("언제 와요? 🐾", 5)


def test_a_whole_surrogate_pair_is_a_character_and_half_of_one_is_refused() -> None:
    assert parse_body(rb'{"text": "\ud83d\udc3e"}', Note).text == "🐾"
    assert refusal(rb'{"text": "\ud83d"}') == "lone_surrogate"
    assert refusal(rb'{"text": "\udc3e\ud83d"}') == "lone_surrogate"


def test_size_is_counted_in_bytes_up_to_the_limit() -> None:
    fits = b'{"text": "' + b"a" * (MAX_BODY_BYTES - 12) + b'"}'
    assert len(fits) == MAX_BODY_BYTES
    assert len(parse_body(fits, Note).text) == MAX_BODY_BYTES - 12
    with pytest.raises(TooLarge, match="body_too_large"):
        parse_body(fits + b" ", Note)


@pytest.mark.parametrize(("depth", "code"), [(MAX_DEPTH, "invalid_field"), (MAX_DEPTH + 1, "too_deep")])
def test_depth_is_counted_up_to_the_limit(depth: int, code: str) -> None:
    assert refusal(b"[" * depth + b"]" * depth) == code
    assert refusal(b'{"a":' * (depth - 1) + b"{}" + b"}" * (depth - 1)) == (code.replace("invalid", "unknown"))


def test_brackets_inside_a_text_are_no_depth() -> None:
    text = '{["' * 100 + "\\"
    raw = b'{"text": "' + text.replace("\\", "\\\\").replace('"', '\\"').encode() + b'"}'
    assert parse_body(raw, Note).text == text


def test_many_shallow_brackets_are_no_depth() -> None:
    assert parse_json(b"[" + b",".join([b"[]"] * 100) + b"]") == [[]] * 100


@pytest.mark.parametrize("raw", [b"{", b"{]", b"nul", b"'a'", b"{} x", b"\xff", "{}".encode("utf-16"), b"NaN"])
def test_what_is_not_json_in_utf_8_is_refused(raw: bytes) -> None:
    assert refusal(raw) == "invalid_json"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "missing_field"),
        (b"{}", "missing_field"),
        (b'{"text": "a", "more": 1}', "unknown_field"),
        (b'{"text": 1}', "invalid_field"),
        (b'{"text": "a", "stars": "5"}', "invalid_field"),
        (b'{"text": "a", "stars": 1.5}', "invalid_field"),
        (b'{"text": "a", "stars": true}', "invalid_field"),
        (b'{"text": "a", "text": "a"}', "duplicate_field"),
    ],
)
def test_wrong_shapes_have_a_code_each(raw: bytes, code: str) -> None:
    assert refusal(raw) == code


@given(raw=st.binary(max_size=200) | st.text('[]{}":,\\0u d', max_size=80).map(str.encode))
def test_any_bytes_are_taken_or_refused_and_nothing_else(raw: bytes) -> None:
    code = "taken"
    try:
        parse_json(raw)
    except BadInput as refused:
        code = refused.code
    assert code in {"taken", "invalid_json", "too_deep", "duplicate_field", "lone_surrogate"}


@pytest.mark.parametrize(("value", "version"), [('"7"', 7), ("7", 7), (" 0 ", 0), ('"999999999"', 999_999_999)])
def test_if_match_is_a_version(value: str, version: int) -> None:
    assert expected_version({"if-match": value}) == version


@pytest.mark.parametrize("value", ["", "*", 'W/"7"', "07", "-1", "1.0", "1٣", "7, 8", "1234567890"])
def test_if_match_that_is_no_version_is_refused(value: str) -> None:
    assert expected_version({}) is None
    with pytest.raises(BadInput, match="invalid_if_match"):
        expected_version({"if-match": value})


@pytest.mark.parametrize("key", ["a", "~" * 128, "order:2026-11-21#7"])
def test_idempotency_key_is_printable_ascii(key: str) -> None:
    assert idempotency_key({"idempotency-key": key}) == key


@pytest.mark.parametrize("key", ["", " ", "a b", "a\n", "\x1f", "~" * 129, "주문", "a\u00a0"])
def test_other_idempotency_keys_are_refused(key: str) -> None:
    assert idempotency_key({}) is None
    with pytest.raises(BadInput, match="invalid_idempotency_key"):
        idempotency_key({"idempotency-key": key})


def test_ids_in_paths_are_plain() -> None:
    check_params({"tenant": "danbi", "contact": "0" * 32, "agent": "mina", "key": "0" * 16})
    for name, value in (("tenant", "danbi\n"), ("contact", "０" * 32), ("agent", "mi"), ("key", "0" * 32)):
        with pytest.raises(Exception, match="not_found"):
            check_params({name: value})


@pytest.mark.parametrize("name", ["idempotency-key", "if-match", "origin", "x-widget-key"])
def test_headers_that_we_read_are_short_and_others_may_be_long(name: str) -> None:
    check_headers({name: "k" * MAX_HEADER_CHARACTERS, "user-agent": "u" * 9_000})
    with pytest.raises(BadInput, match="header_too_large"):
        check_headers({name: "k" * (MAX_HEADER_CHARACTERS + 1)})


def test_known_parameters_are_taken_once_each() -> None:
    assert parse_query({"status": ["waiting"], "cursor": [""]}, ("status", "cursor")) == {
        "status": "waiting",
        "cursor": "",
    }
    assert parse_query({}, ()) == {}


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"nope": ["1"]}, "unknown_parameter"),
        ({"Status": ["waiting"]}, "unknown_parameter"),
        ({"status": ["a", "a"]}, "repeated_parameter"),
        ({"status": []}, "repeated_parameter"),
    ],
)
def test_unknown_and_repeated_parameters_are_refused(given: dict[str, list[str]], code: str) -> None:
    with pytest.raises(BadInput, match=code):
        parse_query(given, ("status",))


def test_visitors_bodies_have_a_limit_of_their_own() -> None:
    raw = b'{"text": "' + b"a" * 100 + b'"}'
    assert parse_body(raw, Note, limit=len(raw)).text == "a" * 100
    with pytest.raises(TooLarge, match="body_too_large"):
        parse_body(raw, Note, limit=len(raw) - 1)
