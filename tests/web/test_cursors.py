"""Cursors: they open the list that they were written for, and no other."""

import pytest

from chalicelib.kernel.errors import BadInput
from chalicelib.web.cursors import read_cursor, write_cursor

POSITION = {"pk": {"S": "danbi#contact#1"}, "n": {"N": "7"}}


def test_cursor_brings_back_the_position_it_was_written_for() -> None:
    cursor = write_cursor("secret", "contacts/danbi/waiting", POSITION)
    assert read_cursor("secret", "contacts/danbi/waiting", cursor) == POSITION


def test_end_of_the_list_has_no_cursor() -> None:
    assert write_cursor("secret", "q", None) is None
    assert read_cursor("secret", "q", None) is None
    assert read_cursor("secret", "q", "") is None


@pytest.mark.parametrize(
    ("secret", "query"),
    [
        ("secret", "contacts/mungmeal/waiting"),
        ("secret", "contacts/danbi/resolved"),
        ("other", "contacts/danbi/waiting"),
    ],
)
def test_cursor_of_another_list_or_stage_is_refused(secret: str, query: str) -> None:
    cursor = write_cursor("secret", "contacts/danbi/waiting", POSITION)
    with pytest.raises(BadInput, match="invalid_cursor"):
        read_cursor(secret, query, cursor)


@pytest.mark.parametrize("place", [0, 5, -1])
def test_changed_cursor_is_refused(place: int) -> None:
    cursor = write_cursor("secret", "q", POSITION)
    assert cursor is not None
    letters = list(cursor)
    letters[place] = "A" if letters[place] != "A" else "B"
    with pytest.raises(BadInput, match="invalid_cursor"):
        read_cursor("secret", "q", "".join(letters))


@pytest.mark.parametrize("cursor", ["x", ".", "a.b.c", "가", "\x00", "e30", "." * 1000])
def test_nonsense_is_refused(cursor: str) -> None:
    with pytest.raises(BadInput, match="invalid_cursor"):
        read_cursor("secret", "q", cursor)
